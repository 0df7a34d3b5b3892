"""What the routes of conferences take and give: the voice provider's forms, and what the two parties see."""

from marshmallow import fields, validate

from api.callrequests import twiml
from api.callrequests.conferences import THE_ROOM
from api.docs.members import instant, meaning
from api.docs.reports import Body
from api.docs.shapes import Shape
from api.docs.told import Section, Told
from providers.reports import twilio
from providers.reports.reading import LONGEST_ID


class KeptRequest(Shape):
    """The call request that a conference kept."""

    id = fields.Integer(metadata=meaning("The call request's id."))
    user = fields.String(metadata=meaning("The full name of who asked."))
    hero = fields.String(metadata=meaning("The full name of the hero who was asked."))
    message = fields.String(metadata=meaning("What it was to be about."))
    estimated_length = fields.Integer(metadata=meaning("How long it was to be, in minutes."))
    agreed_time = fields.DateTime(
        allow_none=True, metadata=meaning("When it was to begin.", pattern=r"\.[0-9]{6}Z$")
    )


class Conference(Shape):
    """A room in which two met, or were to meet."""

    sid = fields.String(metadata=meaning("What the voice provider calls it."))
    friendly_name = fields.String(metadata=meaning("The hero's short name."))
    call_request = fields.Nested(KeptRequest, metadata=meaning("The call request that was kept in it."))
    created = instant("When we heard of it first.")


class ConferenceLog(Shape):
    """Something that happened in it."""

    user = fields.String(metadata=meaning(f"Who came or went, by full name; else `{THE_ROOM}`."))
    action = fields.String(
        validate=validate.OneOf([twilio.JOINED, twilio.LEFT, twilio.STARTED, twilio.ENDED]),
        metadata=meaning("What happened."),
    )
    timestamp = instant("When it happened, as the voice provider says.")


class WholeConference(Conference):
    """A room, and what happened in it."""

    logs = fields.List(fields.Nested(ConferenceLog), metadata=meaning("What happened, in its order."))


def _sid(text: str, required: bool = False) -> fields.String:
    return fields.String(required=required, validate=validate.Length(1, LONGEST_ID), metadata=meaning(text))


class Joining(Body):
    """Somebody has dialled the conference number."""

    Caller = fields.String(
        required=True, validate=validate.Length(1, twilio.LONGEST_CALLER),
        metadata=meaning("His number: `+1` and ten digits. Any other is a stranger's."),
    )  # fmt: skip
    CallSid = _sid("What the voice provider calls his call.", required=True)


class InRoom(Body):
    """Something happened in a room."""

    ConferenceSid = _sid("What the voice provider calls the conference.", required=True)
    FriendlyName = fields.String(
        required=True, validate=validate.Length(1, twilio.LONGEST_NAME),
        metadata=meaning("The room's name, as we gave it."),
    )  # fmt: skip
    StatusCallbackEvent = _sid("What happened; other words than those of the log are kept.", required=True)
    CallSid = _sid("Whose call it is about; required of who comes and goes.")
    SequenceNumber = fields.Integer(
        validate=validate.Range(0, twilio.LARGEST), metadata=meaning("The event's number.")
    )
    Timestamp = fields.String(metadata=meaning("When it happened, as RFC 2822 writes it."))


_REQUEST = {
    "id": 7, "user": "Rita Requester", "hero": "Tom Brady", "message": "How do you read a query plan?",
    "estimated_length": 30, "agreed_time": "2017-12-25T06:00:00.000000Z",
}  # fmt: skip
SID = "CFd3f2c1b0a99887766554433221100fed"
CONFERENCE = {
    "sid": SID, "friendly_name": "tom-brady", "call_request": _REQUEST, "created": "2017-12-25T05:58:12.004711Z",
}  # fmt: skip
_LOGS = [
    {"user": who, "action": action, "timestamp": f"2017-12-25T0{at}.000000Z"}
    for who, action, at in (
        ("Rita Requester", twilio.JOINED, "5:58:11"),
        ("Tom Brady", twilio.JOINED, "6:00:04"),
        (THE_ROOM, twilio.STARTED, "6:00:04"),
        ("Tom Brady", twilio.LEFT, "6:28:40"),
        ("Rita Requester", twilio.LEFT, "6:28:42"),
        (THE_ROOM, twilio.ENDED, "6:28:42"),
    )
]
_CALL = {"Caller": "+13125550123", "CallSid": "CA00112233445566778899aabbccddeeff"}
_EVENT = {
    "ConferenceSid": SID, "FriendlyName": "call-request-7", "StatusCallbackEvent": twilio.JOINED,
    "CallSid": _CALL["CallSid"], "SequenceNumber": 1, "Timestamp": "Mon, 25 Dec 2017 05:58:11 +0000",
}  # fmt: skip

_UNSIGNED = {
    403: "The signature is not the voice provider's, or nobody's is taken here.",
    415: "The body says that it is no form.",
}

SECTIONS = (
    Section(
        "Conferences",
        "At the agreed time both dial one number, each from the phone that he has verified, and are led into a room of "
        "their own; neither sees the other's number. When both have been in it and it is over, the call request is "
        "`s`. The two webhooks are for the voice provider alone, which signs its forms as Twilio does.",
        {
            "/api/v1/conferences/": {"GET": Told(gives=Conference, many=True, shown=CONFERENCE)},
            "/api/v1/conferences/{sid}/": {
                "GET": Told(gives=WholeConference, shown={**CONFERENCE, "logs": _LOGS}),
            },
            "/api/v1/conferences/webhook/join/": {
                "POST": Told(
                    takes=Joining, sent=_CALL, sends=twilio.MEDIA, media=twiml.MEDIA, security="form_signature",
                    errors=_UNSIGNED,
                    shown=twiml.led_into("call-request-7", "Hello Rita.", "https://example.com/api/v1/conferences/…"),
                )
            },
            "/api/v1/conferences/webhook/event/": {
                "POST": Told(
                    takes=InRoom, sent=_EVENT, sends=twilio.MEDIA, media=twiml.MEDIA, security="form_signature",
                    errors=_UNSIGNED, shown=twiml.nothing(),
                )
            },
        },
    ),
)  # fmt: skip
