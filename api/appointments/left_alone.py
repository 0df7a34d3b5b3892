"""`/rest-api/do-not-call/`: numbers that nobody calls or texts any more: listed, added, checked and lifted."""

from collections.abc import Mapping, Sequence
from typing import Any

from falcon import HTTP_201, Request, Response
from marshmallow import ValidationError

from api.appointments import sent
from api.appointments.fields import Text
from api.appointments.links import BASE, Links
from api.appointments.lists import page
from api.appointments.moments import shown
from api.appointments.resources import Body
from api.auth import REST
from api.errors import FieldErrors
from models import donotcall
from models.donotcall import DoNotCall
from models.numbers import HIDDEN, PhoneNumber

NAME = "do-not-call"
PATH = f"{BASE}{NAME}"
LONGEST_PROOF = 1000  # characters


def a_number(text: str) -> None:
    """Raises `ValidationError` when a text is no phone number."""
    try:
        PhoneNumber.parse(f"+{donotcall.digits(text)}")
    except ValueError as error:
        raise ValidationError(str(error)) from None


class NumberBody(Body):
    """Whose phone it is about."""

    number = Text(
        50, "A phone number with its country's code, however it is spelled.", required=True, also=[a_number]
    )


class SaidBody(NumberBody):
    """What was said about a number."""

    proof = Text(
        LONGEST_PROOF, "Who asked for it, when, how and in which words: kept.", blank=False, required=True
    )
    language = Text(8, "The language it was asked for in (ISO 639-1), where that is known.", default="")


class _List:
    """What the routes share."""

    for_ = REST
    allow: tuple[str, ...] = ("POST", "OPTIONS")

    def permission_for(self, verb: str) -> str:
        """Of a kind of its own; who may add a number may also check one."""
        return f"{verb}_donotcall"


class Numbers(_List):
    """The list."""

    allow = ("GET", "POST", "HEAD", "OPTIONS")

    def on_get(self, req: Request, resp: Response) -> None:
        """List who is to be left alone, the oldest first. Only superusers see the numbers and what was said."""
        standing = DoNotCall.select().where(DoNotCall.lifted_at.is_null()).order_by(DoNotCall.id)
        resp.media = page(req, standing, _rows)

    def on_post(self, req: Request, resp: Response) -> None:
        """Add a number: nobody calls or texts it any more, whoever asked for that. What is said of it is kept."""
        said = _read(req, SaidBody)
        donotcall.add(said["number"], _by(req), said["proof"], said["language"])
        resp.status = HTTP_201
        row = DoNotCall.get(DoNotCall.msisdn == donotcall.digits(said["number"]))
        resp.media = told(row, seen=req.context.rest.is_superuser) | {"number": f"+{row.msisdn}"}


class Check(_List):
    """One number."""

    def on_post(self, req: Request, resp: Response) -> None:
        """Say whether a number is on the list. The number stands in the body, so that no log of URLs holds it."""
        resp.media = {"refused": donotcall.refused(_read(req, NumberBody)["number"])}


class Lift(_List):
    """The way off the list."""

    reserved = True

    def on_post(self, req: Request, resp: Response) -> None:
        """Take a number off the list, because who has it asked for that. What is said of it is kept."""
        said = _read(req, SaidBody)
        resp.media = {"lifted": donotcall.lift(said["number"], _by(req), said["proof"], said["language"])}


def told(row: DoNotCall, *, seen: bool) -> dict[str, Any]:
    """An entry as it is told.

    Parameters:
      seen: whether the number and what was said may be seen.
    """
    return {
        "number": f"+{row.msisdn}" if seen else HIDDEN,
        "source": row.source if seen else row.source.partition(":")[0],  # which user it was is not for others
        "proof": row.proof if seen else HIDDEN,
        "language": row.language,
        "added_at": shown(row.added_at),
    }


def _rows(rows: Sequence[DoNotCall], links: Links) -> list[dict[str, Any]]:
    return [told(row, seen=links.to_superuser) for row in rows]


def _by(req: Request) -> str:
    """Who says so, by his id: a name would outlive him."""
    return f"user:{req.context.rest.user_id}"


def _read(req: Request, body: type[Body]) -> Mapping[str, Any]:
    """What was sent.

    Raises:
      FieldErrors: of what is wrong with it.
    """
    try:
        return dict(body().load(sent.values(req)))
    except ValidationError as error:
        raise FieldErrors(error.messages_dict) from None
