"""What the routes of call requests take and give: asking a hero for a call, and agreeing on a time."""

from typing import Any

from marshmallow import fields, validate

from api.callrequests.bodies import AgreedTime, Cancellation, NewCallRequest, Reason, ThreeTimes
from api.docs.members import LimitedUser, instant, meaning
from api.docs.shapes import Shape
from api.docs.told import Section, Told
from models.callrequests.asking import LENGTH_STEP, LONGEST_CALL, LONGEST_TEXT
from models.callrequests.requests import ACCEPTED, CANCELED, DECLINED, OPEN, SUCCESSFUL

_STATUSES = (OPEN, ACCEPTED, DECLINED, CANCELED, SUCCESSFUL)
_LENGTHS = range(LENGTH_STEP, LONGEST_CALL + 1, LENGTH_STEP)


class Suggestion(Shape):
    """Three times that a party proposed."""

    user = fields.Nested(LimitedUser, metadata=meaning("Who proposed them."))
    datetime_one = instant("The first of the three.")
    datetime_two = instant("The second.")
    datetime_three = instant("The third.")
    timestamp = instant("When they were proposed.")


class CallRequest(Shape):
    """A call request, as its parties see it."""

    id = fields.Integer(metadata=meaning("The request's id."))
    user = fields.UUID(metadata=meaning("Who asks, by user id."))
    hero = fields.Integer(metadata=meaning("Who is asked, by hero id."))
    message = fields.String(
        validate=validate.Length(0, LONGEST_TEXT),
        metadata=meaning("What it is about; empty when who asked was erased."),
    )
    estimated_length = fields.Integer(
        validate=validate.OneOf(_LENGTHS), metadata=meaning("How many minutes the call may take.")
    )
    status = fields.String(
        validate=validate.OneOf(_STATUSES),
        metadata=meaning(
            "`o`: open. `a`: accepted. `d`: declined. `c`: canceled. `s`: successful, the two have met."
        ),
    )
    reason = fields.String(
        metadata=meaning(
            "Why it was declined; empty otherwise. Why it was cancelled only the other party is told."
        )
    )
    times = fields.List(
        fields.Nested(Suggestion), metadata=meaning("All that was proposed, the oldest first.")
    )
    agreed_time = instant(
        "When the call begins; null until it is agreed. It stays after a cancellation.", allow_none=True
    )
    created = instant("When it was made.")
    updated = instant("When it moved last.")


_PICTURE = "https://media.licdn.com/mpr/mpr/shrink_100_100/p/5/005/040/0cd/008cf89.jpg"
TOM: dict[str, Any] = {
    "id": "b6513c6f-e3b5-4c00-ae10-1b78950d8c8a", "first_name": "Tom", "last_name": "Brady", "profile_image": _PICTURE,
    "timezone": "America/Chicago", "created": "2016-12-03T00:23:57.364198Z",
}  # fmt: skip
SOME_USER: dict[str, Any] = {
    "id": "90bad282-b2ac-48d7-b18b-2b4ad2e33007", "first_name": "Some", "last_name": "User", "profile_image": _PICTURE,
    "timezone": "America/Chicago", "created": "2016-12-05T16:29:36.676173Z",
}  # fmt: skip
NEW = {
    "hero_id": 1,
    "message": "This is a general summary or reason for the call",
    "estimated_length": 15,
}
OPENED: dict[str, Any] = {
    "id": 1, "user": "fd6494d8-e684-4f4b-960c-c83f56d1d790", "hero": 1, "message": NEW["message"],
    "estimated_length": 15, "status": "o", "reason": "", "times": [], "agreed_time": None,
    "created": "2016-11-17T22:06:50.108634Z", "updated": "2016-11-17T22:06:50.108634Z",
}  # fmt: skip
_FIRST = {
    "user": TOM, "datetime_one": "2017-12-25T06:00:00.000000Z", "datetime_two": "2017-12-25T07:30:00.000000Z",
    "datetime_three": "2017-12-25T08:30:00.000000Z", "timestamp": "2016-12-05T17:04:23.659493Z",
}  # fmt: skip
_SECOND = {
    "user": SOME_USER, "datetime_one": "2017-12-25T10:00:00.000000Z", "datetime_two": "2017-12-25T11:30:00.000000Z",
    "datetime_three": "2017-12-25T12:30:00.000000Z", "timestamp": "2016-12-05T17:43:42.067673Z",
}  # fmt: skip
_MOVED = {**OPENED, "updated": "2016-12-05T17:19:58.206376Z"}
ACCEPTED_ONE = {**_MOVED, "status": "a", "times": [_FIRST]}
DECLINED_ONE = {**_MOVED, "status": "d", "reason": "Not comfortable talking about this subject."}
COUNTERED = {**ACCEPTED_ONE, "times": [_FIRST, _SECOND], "updated": _SECOND["timestamp"]}
AGREED = {**ACCEPTED_ONE, "agreed_time": _FIRST["datetime_one"], "updated": "2016-12-05T17:37:05.617390Z"}


def _times(suggestion: dict[str, Any]) -> dict[str, Any]:
    return {name: suggestion[f"date{name}"] for name in ("time_one", "time_two", "time_three")}


_HERO, _PARTY = "the hero who was asked", "the requester and the hero"
_STATE = "As the request stands, this may be refused with 400: "

SECTIONS = (
    Section(
        "Call requests",
        "A user asks a hero for a call. The hero accepts and proposes three times, or declines; the two propose other "
        "times until one agrees to one of the other's. Then both are reminded, and meet. Whoever is to act next is "
        "told by mail.",
        {
            "/api/v1/call-requests/": {
                "GET": Told(gives=CallRequest, many=True, shown=AGREED),
                "POST": Told(
                    takes=NewCallRequest, sent=NEW, gives=CallRequest, shown=OPENED, once=True,
                    errors={409: "You have asked this hero before, and the request is still open."},
                    who="everybody with a verified mail address, phone and means of payment",
                ),
            },
            "/api/v1/call-requests/{call_request_id}/": {
                "GET": Told(gives=CallRequest, shown=AGREED, who=f"{_PARTY}, and staff"),
            },
            "/api/v1/call-requests/{call_request_id}/accept/": {
                "PATCH": Told(
                    takes=ThreeTimes, sent=_times(_FIRST), gives=CallRequest, shown=ACCEPTED_ONE, who=_HERO,
                    note=f"{_STATE}only an open one can be accepted.",
                ),
            },
            "/api/v1/call-requests/{call_request_id}/decline/": {
                "PATCH": Told(
                    takes=Reason, sent={"reason": DECLINED_ONE["reason"]}, gives=CallRequest, shown=DECLINED_ONE,
                    who=_HERO, note=f"{_STATE}only an open one can be declined.",
                ),
            },
            "/api/v1/call-requests/{call_request_id}/new-times/": {
                "PATCH": Told(
                    takes=ThreeTimes, sent=_times(_SECOND), gives=CallRequest, shown=COUNTERED, who=_PARTY,
                    errors={409: "One of these times was proposed before: propose others."},
                    note=f"{_STATE}it must be accepted, and no time agreed.",
                ),
            },
            "/api/v1/call-requests/{call_request_id}/agreed-time/": {
                "PATCH": Told(
                    takes=AgreedTime, sent={"agreed_time": AGREED["agreed_time"]}, gives=CallRequest, shown=AGREED,
                    who=_PARTY, note=f"{_STATE}it must be accepted, no time agreed, and the other one have proposed.",
                ),
            },
            "/api/v1/call-requests/{call_request_id}/cancel/": {
                "PATCH": Told(
                    takes=Cancellation,
                    sent={"reason": "I have to cancel because I have better things to do.", "force": True},
                    gives=CallRequest, shown={**AGREED, "status": "c"}, who=_PARTY,
                    errors={409: "You have cancelled too often: send `force` to cancel all the same."},
                    note=f"{_STATE}only an open or accepted one can be cancelled.",
                ),
            },
        },
    ),
)  # fmt: skip
