"""`/api/v1/conferences/webhook/…`: what the voice provider asks and tells, in its own signed forms [D-27]."""

from dataclasses import asdict
from functools import partial

import falcon
from falcon import Request, Response

from api.bodies import raw
from api.callrequests import twiml
from api.errors import FieldErrors
from models import settings
from models.callrequests import joining, meeting
from models.callrequests.joining import Refusal
from models.receipts import Receipt
from providers.errors import BadReport, BadSignature
from providers.reports.twilio import (
    HEADER,
    MEDIA,
    Form,
    InRoom,
    parsed,
    read_in_room,
    read_joining,
    verified,
)

JOIN, EVENT = "conference.join", "conference.event"
EVENTS = "/api/v1/conferences/webhook/event"

_SPOKEN = {
    Refusal.STRANGER: "We do not know this number. Please call from the phone that you have verified. Goodbye.",
    Refusal.NOTHING_NOW: "You have no call scheduled for now. Goodbye.",
}


class Joins:
    """Somebody has dialled the conference number."""

    for_ = "everyone"

    def on_post(self, req: Request, resp: Response) -> None:
        """Say what to do with a call: greet its caller and lead him to his agreed call, or turn him away.

        The same question again gets the same answer.
        """
        try:
            asked = read_joining(_form(req))
        except BadReport as error:
            raise FieldErrors(error.fields) from None
        take = partial(joining.take, asked.caller, asked.call_sid)
        came = Receipt.take(JOIN, raw(req), take, once_by=asked.call_sid)
        resp.content_type = twiml.MEDIA
        if isinstance(came, Refusal):
            resp.text = twiml.said(_SPOKEN[came])
            return
        call = came or joining.let_in(asked.call_sid)
        greeting = f"Hello {call.account.user.first_name}. Your call begins when you are both here."
        room = meeting.room(call.call_request_id)
        resp.text = twiml.led_into(room, greeting, settings.current().api_url + EVENTS)


class InRooms:
    """What happens in a conference room."""

    for_ = "everyone"

    def on_post(self, req: Request, resp: Response) -> None:
        """Take what happened in a room, once; when both have been there and it is over, the call request is `s`."""
        try:
            told = read_in_room(_form(req))
        except BadReport as error:
            raise FieldErrors(error.fields) from None
        same = f"{told.conference_sid}\n{told.event}\n{told.call_sid}\n{told.sequence}"
        Receipt.take(EVENT, raw(req), partial(_take, told), once_by=same)
        resp.content_type, resp.text = twiml.MEDIA, twiml.nothing()


def take_event(body: bytes, receipt: Receipt) -> None:
    """Take a report that was verified when it came.

    Raises:
      BadReport
    """
    _take(read_in_room(parsed(body)), receipt)


def _take(told: InRoom, receipt: Receipt) -> None:
    meeting.take(meeting.InRoom(**asdict(told)), receipt)


def _form(req: Request) -> Form:
    """The signed form in a request.

    The signature is over the URL that the provider was told, not over what the request says of its host.

    Raises:
      falcon.HTTPForbidden: it is not signed by the provider, or nobody's signature is taken here.
      falcon.HTTPUnsupportedMediaType: it is no form.
      BadReport: it is too much of one.
    """
    ours, given = settings.current(), req.get_header(HEADER)
    if not given:
        raise falcon.HTTPForbidden(description=f"Only the voice provider may post this, signed in {HEADER}.")
    if (req.content_type or "").partition(";")[0].strip().lower() != MEDIA:
        raise falcon.HTTPUnsupportedMediaType(description=f"Send a form, as {MEDIA}.")
    query = f"?{req.query_string}" if req.query_string else ""
    url = ours.api_url + str(req.env["PATH_INFO"]) + query
    try:
        return verified(url, raw(req), given, (ours.twilio_auth_token, ours.simulator_secret))
    except BadSignature:
        raise falcon.HTTPForbidden(description="The signature is not the voice provider's.") from None
