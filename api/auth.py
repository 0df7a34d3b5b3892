"""Who asks: HTTP Basic, checked on every route, and what each role may."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import falcon
from falcon import Request, Response

from api.callrequests.auth import TOKENS
from models import settings
from models.database import Sql
from models.donotcall import Unwanted
from models.numbers import PhoneNumber
from models.people import MENTOR
from models.people.passwords import TooManyFailures, Verifier

# Whom `/rest-api` is for: see `api/appointments/auth.py`.
REST = "rest callers"

# Whom pages are for. They are let in by `api.pages.session`, not by HTTP Basic.
PAGES = ("browsers", "visitors", "holders of a link", "mentor pages", "admin pages", "module pages")

_CHALLENGE = 'Basic realm="Trunkline", charset="UTF-8"'

THEIRS = (
    "The mentee's number is on the do-not-call list: its owner asked for no more calls and texts. "
    "A text of the word START from that phone takes it off."
)
YOURS = "Your own number is on the do-not-call list. A text of the word START from your phone takes it off."

# What a `Caller` is made of, and where it stands: the user, the contact he is, and his mentee.
# Who is not to be called is told with it, so that asking for that costs no statement.
CALLER = """
    p.id, p.is_staff, p.is_service, c.id, c.kind, c.contact_number, c.mentee_id, m.contact_number,
    cd.id IS NOT NULL, md.id IS NOT NULL
    """
JOINED = """
    person AS p LEFT JOIN contact AS c ON c.user_id = p.id LEFT JOIN contact AS m ON m.id = c.mentee_id
    LEFT JOIN do_not_call AS cd ON cd.msisdn = c.msisdn AND cd.lifted_at IS NULL
    LEFT JOIN do_not_call AS md ON md.msisdn = m.msisdn AND md.lifted_at IS NULL
    """

# One query tells everything the hot paths need.
_WHO = Sql(f"SELECT p.password, p.is_active, {CALLER} FROM {JOINED} WHERE p.username = %s")


@dataclass(frozen=True, slots=True)
class Caller:
    """The authenticated user, and the contact he is, if any.

    `unwanted` and `mentee_unwanted`: whether his own number, or that of his mentee, is on the do-not-call list.
    """

    user_id: int
    is_staff: bool
    is_service: bool
    contact_id: int | None
    kind: str | None
    number: PhoneNumber | None
    mentee_id: int | None
    mentee_number: PhoneNumber | None
    unwanted: bool = False
    mentee_unwanted: bool = False

    @classmethod
    def of(cls, row: Sequence[Any]) -> "Caller":
        """The user of a row of the columns `CALLER`."""
        user_id, staff, service, contact, kind, number, mentee, mentee_number, unwanted, mentee_unwanted = row
        return cls(
            user_id, bool(staff), bool(service), contact, kind, PhoneNumber(number) if number else None,
            mentee, PhoneNumber(mentee_number) if mentee_number else None, bool(unwanted), bool(mentee_unwanted),
        )  # fmt: skip

    def reaching_mentee(self, *, calling: bool = False) -> PhoneNumber | None:
        """The mentee's number, for a mentor who would call him or write to him.

        Parameters:
          calling: whether the mentor's own phone is to ring too.

        Raises:
          Unwanted: somebody whose phone it is asked for no more.
        """
        if self.mentee_unwanted:
            raise Unwanted(THEIRS)
        if calling and self.unwanted:
            raise Unwanted(YOURS)
        return self.mentee_number

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


class Known(NamedTuple):
    """A user whose password was right, and the stored hash that it was right for."""

    caller: Caller
    stored: str


class Authentication:
    """Middleware: every resource names whom it is `for_`: `everyone`, `users`, `mentors` or `admins`.

    Pages are for others (see `api/pages/session.py`), who log in once with the same names and passwords; so is
    `/api/v1` (see `api/callrequests/auth.py`), whose members have no name to log in by here, and `/rest-api` (see
    `api/appointments/auth.py`).
    """

    def __init__(self) -> None:
        self._verifier = Verifier()

    def process_resource(self, req: Request, _resp: Response, resource: Any, _params: dict[str, Any]) -> None:
        """Let the request in, or refuse it with 401 (who are you?) or 403 (not you)."""
        allowed = resource.for_ if resource is not None else "everyone"
        if allowed in ("everyone", REST, *TOKENS, *PAGES):
            return
        refuse_strangers_pages(req)
        known = self.known(*credentials(req.auth))
        if known is None:
            raise _unauthorized("Wrong username or password.")
        caller = req.context.caller = known.caller
        if allowed == "mentors" and not caller.mentor_id:
            raise falcon.HTTPForbidden(description="Only mentors may use this.")
        if allowed == "admins" and not caller.is_staff:
            raise falcon.HTTPForbidden(description="Only administrators may use this.")

    def known(self, username: str, password: str) -> Known | None:
        """The active user of this name, if this is his password. As slow for a wrong name as for a wrong password.

        Raises:
          falcon.HTTPTooManyRequests: this name was tried wrongly too often.
        """
        row: Any = None if ":" in username else _WHO.one(username)  # nobody's who logs in here
        stored, active = (row[0], row[1]) if row else (None, False)
        try:
            right = self._verifier.right(username, password, stored)
        except TooManyFailures as error:
            text = "Too many wrong passwords for this user; wait a little."
            raise falcon.HTTPTooManyRequests(description=text, retry_after=error.retry_after) from None
        return Known(Caller.of(row[2:]), row[0]) if row and right and active else None


def refuse_strangers_pages(req: Request) -> None:
    """Browsers remember names and passwords, and send them along with what any site's page has them post.

    Raises:
      falcon.HTTPForbidden: the browser says that this is such a post.
    """
    site = req.get_header("Sec-Fetch-Site", default="none")  # programs send none
    if site not in ("none", "same-origin") and req.method not in ("GET", "HEAD", "OPTIONS"):
        raise falcon.HTTPForbidden(description="A page of another site may not send this.")


def credentials(header: str | None) -> tuple[str, str]:
    """The name and the password of an `Authorization` header.

    Raises:
      falcon.HTTPUnauthorized: it has none.
    """
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
