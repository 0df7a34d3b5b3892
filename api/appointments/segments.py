"""`/rest-api/segments/`: what a text will be like when it is sent: its segments, its cost, and what made it so long."""

from typing import Any

from falcon import Request, Response
from marshmallow import ValidationError

from api.appointments import kinds, sent
from api.appointments.fields import Json, Text
from api.appointments.left_alone import a_number
from api.appointments.links import BASE
from api.appointments.resources import Body
from api.auth import REST
from api.errors import FieldErrors
from models import donotcall
from models.appointments.placeholders import filled, known
from models.deliveries.pricing import cost
from models.deliveries.segments import Odd, counted

NAME = "segments"
PATH = f"{BASE}{NAME}"
LONGEST = 10_000  # characters


def _a_number_or_none(text: str) -> None:
    if text:
        a_number(text)


class SegmentsBody(Body):
    """A text, and whom it is for."""

    text = Text(LONGEST, "What is to be sent; placeholders like `{contact}` are filled in.", required=True)
    number = Text(
        50,
        "Who is to get it: decides the price, and is `{contact}`.",
        null=True,
        default=None,
        also=[_a_number_or_none],
    )
    data = Json("The `data` of an event, for the other placeholders.", null=True, default=None)


class Preview:
    """Texts that are not sent."""

    for_ = REST
    allow = ("POST", "OPTIONS")

    def permission_for(self, verb: str) -> str:
        """That of templates: it is what they are written with."""
        return kinds.SMS_TEMPLATE.word(verb)

    def on_post(self, req: Request, resp: Response) -> None:
        """Count the segments of a text as it would be sent, say what it would cost, and what made it UCS-2, if it is.

        Nothing is sent or kept.
        """
        try:
            wanted: dict[str, Any] = dict(SegmentsBody().load(sent.values(req)))
        except ValidationError as error:
            raise FieldErrors(error.messages_dict) from None
        resp.media = previewed(wanted["text"], wanted["number"] or "", wanted["data"])


def previewed(text: str, number: str = "", data: str | None = None) -> dict[str, Any]:
    """What is told of a text.

    Parameters:
      number: of who would get it.
      data: of the event, as JSON.
    """
    said = filled(text, known(number, data))
    segments = counted(said)
    price = cost(segments, f"+{donotcall.digits(number)}" if number else "")
    return {
        "text": said,
        "encoding": segments.encoding,
        "segments": segments.parts,
        "units": segments.units,
        "left": segments.left,
        "because": _because(segments.because),
        "price": price
        and {"each": f"{price.each:f}", "total": f"{price.total:f}", "currency": price.currency},
    }


def _because(odd: Odd | None) -> dict[str, Any] | None:
    if odd is None:
        return None
    return {"character": odd.character, "position": odd.position, "name": odd.name}
