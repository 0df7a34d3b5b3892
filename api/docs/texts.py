"""The shapes of what is told about numbers that are to be left alone, and about texts before they are sent."""

from marshmallow import fields

from api.appointments import left_alone, segments
from api.docs.members import meaning
from api.docs.shapes import Shape
from api.docs.told import Section, Told

_SAID = {
    "number": "+91 98765 43210",
    "proof": "asked at the desk on 3 May: please do not call me",
    "language": "en",
}
_ENTRY = {
    "number": "+919876543210", "source": "text", "proof": "receipt 4711: STOP", "language": "en",
    "added_at": "2026-11-22T09:30:00Z",
}  # fmt: skip


class LeftAlone(Shape):
    """A number that nobody calls or texts."""

    number = fields.String(metadata=meaning("The number; `hidden` for who is no superuser."))
    source = fields.String(
        metadata=meaning("Where it comes from: `text`, `survey`, `operator`, or the user who added it.")
    )
    proof = fields.String(metadata=meaning("What was said; `hidden` for who is no superuser."))
    language = fields.String(metadata=meaning("The language of that (ISO 639-1), or empty."))
    added_at = fields.String(metadata=meaning("When.", format="date-time"))


class Refused(Shape):
    """Whether a number is on the list."""

    refused = fields.Boolean(metadata=meaning("Whether nobody may call or text it."))


class Lifted(Shape):
    """Whether a number was taken off the list."""

    lifted = fields.Boolean(metadata=meaning("Whether it was on it."))


class Because(Shape):
    """The first character that the default alphabet lacks."""

    character = fields.String(metadata=meaning("The character."))
    position = fields.Integer(metadata=meaning("Where it stands, counted from 1.", minimum=1))
    name = fields.String(metadata=meaning("Its name in Unicode."))


class Price(Shape):
    """What a text costs."""

    each = fields.String(metadata=meaning("Each segment."))
    total = fields.String(metadata=meaning("All of them."))
    currency = fields.String(metadata=meaning("ISO 4217."))


class Preview(Shape):
    """A text as it would be sent."""

    text = fields.String(metadata=meaning("What would be sent."))
    encoding = fields.String(metadata=meaning("`GSM-7` or `UCS-2`."))
    segments = fields.Integer(metadata=meaning("In how many segments it travels.", minimum=0))
    units = fields.Integer(metadata=meaning("Septets of GSM-7, or code units of UCS-2.", minimum=0))
    left = fields.Integer(metadata=meaning("How many more the last segment has room for.", minimum=0))
    because = fields.Nested(Because, allow_none=True, metadata=meaning("What made it UCS-2."))
    price = fields.Nested(Price, allow_none=True, metadata=meaning("What it costs, where a price is known."))


SECTIONS = (
    Section(
        "Appointments: do not call",
        "Numbers that nobody calls or texts, whichever part of the system is asked to: who writes STOP (or the word "
        "of his language) to a number of ours is on the list, who chooses so in a call, and who is added here. START "
        "takes him off again. All that was said is kept.",
        {
            f"{left_alone.PATH}/": {
                "GET": Told(gives=LeftAlone, many=True, shown=_ENTRY),
                "POST": Told(
                    takes=left_alone.SaidBody, sent=_SAID, gives=LeftAlone, status=201,
                    shown={**_ENTRY, "source": "user:7", "proof": _SAID["proof"]},
                ),
            },
            f"{left_alone.PATH}/check/": {
                "POST": Told(
                    takes=left_alone.NumberBody, sent={"number": _SAID["number"]}, gives=Refused,
                    shown={"refused": True},
                )
            },
            f"{left_alone.PATH}/lift/": {
                "POST": Told(takes=left_alone.SaidBody, sent=_SAID, gives=Lifted, shown={"lifted": True})
            },
        },
    ),
    Section(
        "Appointments: segments of texts",
        "Texts travel in segments, and are paid for by segment: one of 160 characters, or several of 153; with a "
        "single character that the default alphabet of GSM lacks, one of 70, or several of 67.",
        {
            f"{segments.PATH}/": {
                "POST": Told(
                    takes=segments.SegmentsBody,
                    sent={"text": "Grüße, {name} – bis morgen!", "number": "+49151000000", "data": {"name": "Ann"}},
                    gives=Preview,
                    shown={
                        "text": "Grüße, Ann – bis morgen!", "encoding": "UCS-2", "segments": 1, "units": 24, "left": 46,
                        "because": {"character": "–", "position": 12, "name": "EN DASH"},
                        "price": {"each": "0.0079", "total": "0.0079", "currency": "USD"},
                    },
                )
            }
        },
    ),
)  # fmt: skip
