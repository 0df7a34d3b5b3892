"""Who asks: HTTP Basic, checked on every route, and what each role may."""

import base64
import binascii
from dataclasses import dataclass, replace
from typing import Any

import falcon
from falcon import Request, Response

from models import settings
from models.database import Sql
from models.numbers import PhoneNumber
from models.passwords import TooManyFailures, Verifier
from models.people import MENTOR

_CHALLENGE = 'Basic realm="Trunkline", charset="UTF-8"'

# One query tells everything the hot paths need: the user, the contact he is, and his mentee.
_WHO = Sql(
    """
    SELECT p.id, p.password, p.is_active, p.is_staff, p.is_service,
           c.id, c.kind, c.contact_number, c.mentee_id, m.contact_number
    FROM person AS p LEFT JOIN contact AS c ON c.user_id = p.id LEFT JOIN contact AS m ON m.id = c.mentee_id
    WHERE p.username = %s
    """
)


@dataclass(frozen=True, slots=True)
class Caller:
    """The authenticated user, and the contact he is, if any."""

    user_id: int
    is_staff: bool
    is_service: bool
    contact_id: int | None
    kind: str | None
    number: PhoneNumber | None
    mentee_id: int | None
    mentee_number: PhoneNumber | None

    @property
    def sees_all(self) -> bool:
        """Whether every row and every full number is his to see on `/comms/`."""
        return self.is_staff or self.is_service

    def as_mentor(self) -> "Caller":
        """The same user as he is on his own routes, where nobody's rights show him another's number."""
        return replace(self, is_staff=False, is_service=False)

    @property
    def own_id(self) -> int:
        """His contact id, for looking up his own rows; 0, which no contact has, when he is none."""
        return self.contact_id or 0

    @property
    def mentor_id(self) -> int:
        """His contact id as a mentor; 0 when he is none."""
        return self.own_id if self.kind == MENTOR else 0


class Authentication:
    """Middleware: every resource names whom it is `for_`: `everyone`, `users`, `mentors` or `admins`."""

    def __init__(self) -> None:
        self._verifier = Verifier()

    def process_resource(self, req: Request, _resp: Response, resource: Any, _params: dict[str, Any]) -> None:
        """Let the request in, or refuse it with 401 (who are you?) or 403 (not you)."""
        allowed = resource.for_ if resource is not None else "everyone"
        if allowed == "everyone":
            return
        caller = req.context.caller = self._caller(req)
        if allowed == "mentors" and not caller.mentor_id:
            raise falcon.HTTPForbidden(description="Only mentors may use this.")
        if allowed == "admins" and not caller.is_staff:
            raise falcon.HTTPForbidden(description="Only administrators may use this.")

    def _caller(self, req: Request) -> Caller:
        username, password = _credentials(req.auth)
        row = _WHO.one(username)
        stored, active = (row[1], row[2]) if row else (None, False)
        try:
            right = self._verifier.right(username, password, stored)
        except TooManyFailures as error:
            text = "Too many wrong passwords for this user; wait a little."
            raise falcon.HTTPTooManyRequests(description=text, retry_after=error.retry_after) from None
        if not right or not active:
            raise _unauthorized("Wrong username or password.")
        user_id, _, _, staff, service, contact, kind, number, mentee, mentee_number = row
        return Caller(
            user_id, bool(staff), bool(service), contact, kind, PhoneNumber(number) if number else None,
            mentee, PhoneNumber(mentee_number) if mentee_number else None,
        )  # fmt: skip


def _credentials(header: str | None) -> tuple[str, str]:
    if not header:
        raise _unauthorized("Send your username and password by HTTP Basic authentication.")
    scheme, _, value = header.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError
        username, colon, password = (
            base64.b64decode(value.strip(), validate=True).decode("utf-8").partition(":")
        )
        if not colon or "\0" in username:
            raise ValueError
    except (ValueError, binascii.Error):
        raise _unauthorized(
            "The Authorization header is not Basic with base64 of username:password."
        ) from None
    return username, password


def _unauthorized(text: str) -> falcon.HTTPUnauthorized:
    return falcon.HTTPUnauthorized(description=text, challenges=[_CHALLENGE])


def may_write_comms(req: Request) -> None:
    """Refuse a provider's post from an ordinary user where the operator has narrowed it.

    Raises:
      falcon.HTTPForbidden: `COMMS_WRITES=service_only`, and the caller is neither service account nor administrator.
    """
    if settings.current().comms_writes == "service_only" and not req.context.caller.sees_all:
        raise falcon.HTTPForbidden(description="Only service accounts and administrators may post this.")
