"""What the exchange tells its customer, in its own words, in OnionDev's or in Twilio's."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from providers.base import Channel
from providers.exchange.phones import Course, Dialect
from providers.reports.twilio import Form

IST = timezone(timedelta(hours=5, minutes=30))  # OnionDev's wall clock, without daylight saving
SURVEY = "484"
JOIN = "/api/v1/conferences/webhook/join"
ACCOUNT = "AC" + 32 * "0"


@dataclass(frozen=True)
class Order:
    """One request: its channel's fields as the log shows them, and in whose words it is reported on."""

    channel: Channel
    reference: str
    fields: Mapping[str, Any]
    dialect: Dialect = "simulator"


@dataclass(frozen=True)
class Report:
    """One webhook: where to, what, and whether signed or sent with OnionDev's Basic credentials.

    Parameters:
      path: below the customer's address, or the whole of one that he named.
      form: the fields of a form in Twilio's words, which is signed as Twilio does it.
    """

    path: str
    body: bytes
    signed: bool
    id: str
    form: Form = ()


def call_ended(order: Order, id: str, way: Course, asked_at: datetime, conversation: str) -> Report:
    """The end of a call, with one call data record per leg."""
    recording = f"https://recordings.example/{conversation}.mp3" if way.joined is not None else None
    if order.dialect == "oniondev":
        return _oniondev("call_end", _oniondev_end(order, id, way, asked_at, conversation, recording))
    at = _Clock(asked_at)
    data = {
        "reference": order.reference,
        "id": id,
        "conversation_id": conversation,
        "digits": list(way.digits),
        "success": way.joined is not None,
        "started_at": at.utc(way.joined),
        "ended_at": at.utc(way.ended if way.joined is not None else None),
        "recording_url": recording,
        "cdrs": [
            {"id": f"{id}-{n}", "started_at": at.utc(leg.begins), "cause": leg.cause}
            for n, leg in enumerate(way.legs, 1)
        ],
    }
    return _signed("call.ended", data)


def _oniondev_end(
    order: Order, id: str, way: Course, asked_at: datetime, conversation: str, recording: str | None
) -> dict[str, Any]:
    at = _Clock(asked_at)
    return {
        "conversationId": conversation,
        "conversationStartTime": at.ist(way.joined),
        "conversationEndTime": at.ist(way.ended if way.joined is not None else None),
        "conversationSuccess": way.joined is not None,
        "feedbackSubscriptionStatus": True,
        "cdrs": [
            {"id": f"{id}-{n}", "startTime": at.ist(leg.begins, fraction=False), "errorCause": leg.cause}
            for n, leg in enumerate(way.legs, 1)
        ],
        "totalTries": len(way.legs),
        "handler": _msisdn(order.fields["a_number"]),
        "beneficiary": _msisdn(order.fields["b_number"]),
        "recordingUrl": recording,
        "scheduledCallId": id,
    }


def ring_heard(order: Order, id: str, turn: int, what: Mapping[str, Any]) -> Report:
    """Something was heard in a call of one leg; the answer says what is done next."""
    return _signed("ring.heard", {"reference": order.reference, "id": id, "turn": turn, **what})


def ring_ended(order: Order, id: str, end: Mapping[str, Any]) -> Report:
    """The end of a call of one leg."""
    return _signed("ring.ended", {"reference": order.reference, "id": id, **end})


def call_feedback(
    order: Order, id: str, number: str, answers: tuple[str, ...], asked_at: datetime, conversation: str
) -> Report:
    """What the person at `number` answered to the survey after a conversation."""
    at = _Clock(asked_at)
    if order.dialect == "oniondev":
        body = {
            "conversationId": conversation,
            "surveyId": SURVEY,
            "completed": len(answers) >= 4,
            "cdr": {"start_time": at.ist(0.0), "id": _token(), "callerid": _msisdn(number)},
            "records": {
                f"{SURVEY}{place:02}": {
                    "answer": answer,
                    "questionTime": at.ist(float(place), fraction=False),
                    "order": str(place),
                }
                for place, answer in enumerate(answers, start=1)
            },
        }
        return _oniondev("feedback", body)
    data = {
        "reference": order.reference,
        "id": id,
        "conversation_id": conversation,
        "from": number,
        "answers": list(answers),
        "received_at": at.utc(0.0),
    }
    return _signed("call.feedback", data)


def text_outcome(order: Order, id: str, delivered: bool) -> Report:
    """The delivery report of a text."""
    cause = "" if delivered else "SUBSCRIBER_ABSENT"
    data = {"reference": order.reference, "id": id, "cause": cause}
    return _signed("text.delivered" if delivered else "text.failed", data)


def text_received(id: str, sender: str, to: str, body: str, dialect: Dialect) -> Report:
    """Somebody texted one of our customer's numbers."""
    if dialect == "oniondev":
        return _oniondev("message", {"mobile": _msisdn(sender), "message": body, "messageId": id})
    return _signed("text.received", {"id": id, "from": sender, "to": to, "body": body})


def call_received(id: str, caller: str, to: str, digits: str) -> Report:
    """Somebody called one of our customer's numbers and pressed keys."""
    return _signed("call.received", {"id": id, "from": caller, "to": to, "digits": digits})


def call_coming_in(id: str, caller: str, to: str) -> Report:
    """Somebody dials a number that its owner answers by TwiML."""
    told = {"CallSid": id, "Caller": caller, "From": caller, "To": to, "Called": to, "CallStatus": "ringing"}
    return _form(JOIN, {**told, "Direction": "inbound", "AccountSid": ACCOUNT}, id)


def room_event(
    url: str, conference: str, room: str, event: str, call: str | None, sequence: int, at: datetime
) -> Report:
    """Something happened in a conference room, to somebody's call or to all."""
    told = {
        "AccountSid": ACCOUNT, "ConferenceSid": conference, "FriendlyName": room, "StatusCallbackEvent": event,
        "SequenceNumber": str(sequence), "Timestamp": format_datetime(at.astimezone(UTC)),
    }  # fmt: skip
    return _form(url, told if call is None else {**told, "CallSid": call}, f"{conference} {sequence}")


def moment(when: datetime) -> str:
    """ISO 8601 in UTC with a Z."""
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


class _Clock:
    """Moments counted in seconds from when a request was made, as each dialect writes them."""

    def __init__(self, zero: datetime) -> None:
        self._zero = zero

    def utc(self, seconds: float | None) -> str | None:
        return None if seconds is None else moment(self._zero + timedelta(seconds=seconds))

    def ist(self, seconds: float | None, *, fraction: bool = True) -> str | None:
        if seconds is None:
            return None
        when = (self._zero + timedelta(seconds=seconds)).astimezone(IST)
        return when.strftime("%Y-%m-%d %H:%M:%S.%f" if fraction else "%Y-%m-%d %H:%M:%S")


def _signed(kind: str, data: Mapping[str, Any]) -> Report:
    body = json.dumps({"type": kind, "data": data}).encode()
    return Report("/carriers/simulator/", body, signed=True, id=f"msg_{_token()}")


def _oniondev(what: str, body: Mapping[str, Any]) -> Report:
    return Report(f"/comms/onion_dev_{what}/", json.dumps(body).encode(), signed=False, id=_token())


def _form(path: str, fields: Mapping[str, str], id: str) -> Report:
    return Report(path, urlencode(fields).encode(), signed=True, id=id, form=tuple(fields.items()))


def _msisdn(number: str) -> str:
    return number.removeprefix("+")


def _token() -> str:
    return secrets.token_hex(8)
