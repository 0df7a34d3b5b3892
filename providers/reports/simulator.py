"""What the simulator reports: signed by Standard Webhooks, then one event as JSON."""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache

from standardwebhooks import Webhook, WebhookVerificationError

from providers.errors import BadReport, BadSignature
from providers.reports.base import (
    Answer,
    CallEnded,
    Cdr,
    FeedbackGiven,
    Kept,
    Report,
    RingEnded,
    RingHeard,
    TextOutcome,
    TextReceived,
)
from providers.reports.reading import Fields

MOST_CDRS = 100
LONGEST_BODY = 100_000  # characters of a text
QUESTIONS = 4  # of a whole survey
MOST_ANSWERS = 100
LONGEST_ANSWER = 2000  # characters


def read(headers: Mapping[str, str], body: bytes, *, secret: str) -> list[Report]:
    """The reports in one webhook.

    Parameters:
      headers: of the request; the names' case does not matter.
      body: the raw bytes, as they were signed.
      secret: the one shared with the simulator (`whsec_…`).

    Raises:
      BadSignature: not signed with `secret`, or more than five minutes off the wall clock.
      BadReport: signed, but not a report; names the fields.
    """
    _verify(dict(headers), body, secret)
    return [parsed(body)]


def parsed(body: bytes) -> Report:
    """The report in a body that has been verified, now or when it was kept.

    Raises:
      BadReport: it is not a report; names the fields.
    """
    event = Fields(_json(body))
    kind = event.text("type", 64, least=1)
    event.done()
    reader = READERS.get(kind)
    if reader is None:
        return Kept(kind)
    report = reader(event.inside("data"))
    event.done()
    return report


def _verify(headers: dict[str, str], body: bytes, secret: str) -> None:
    webhook = _webhook(secret)
    try:
        webhook.verify(body, headers, json_parse=False)
    except (WebhookVerificationError, ValueError) as error:  # ValueError: the library on odd bytes and base64
        raise BadSignature(str(error)) from error


@lru_cache(maxsize=8)
def _webhook(secret: str) -> Webhook:
    return Webhook(secret)


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadReport({"body": ["must be JSON"]}) from error


def _call_ended(data: Fields) -> CallEnded:
    success = data.raw("success")
    if not isinstance(success, bool):
        data.fault("success", "must be true or false")
    return CallEnded(
        success=success is True,
        reference=data.identifier("reference"),
        provider_id=data.identifier("id", required=True),
        conversation_id=data.identifier("conversation_id"),
        started_at=data.moment("started_at", required=success is True),
        ended_at=data.moment("ended_at", required=success is True),
        recording_url=data.url("recording_url"),
        cdrs=_cdrs(data),
    )


def _cdrs(data: Fields) -> tuple[Cdr, ...]:
    records = [
        (
            record.identifier("id", required=True),
            record.moment("started_at", required=True),
            record.text("cause", 64),
        )
        for record in data.objects("cdrs", MOST_CDRS)
    ]
    # A record that lacks either has been noted as a fault.
    return tuple(Cdr(id, at, cause) for id, at, cause in records if id and at)


def _text_delivered(data: Fields) -> TextOutcome:
    return _outcome(data, delivered=True)


def _text_failed(data: Fields) -> TextOutcome:
    return _outcome(data, delivered=False)


def _outcome(data: Fields, *, delivered: bool) -> TextOutcome:
    cause = data.text("cause", 64) if data.raw("cause") is not None else ""
    return TextOutcome(delivered, data.identifier("reference"), data.identifier("id", required=True), cause)


def _text_received(data: Fields) -> TextReceived:
    return TextReceived(
        sender=data.identifier("from", required=True) or "",
        recipient=data.identifier("to", required=True) or "",
        body=data.text("body", LONGEST_BODY),
        message_id=data.identifier("id", required=True),
    )


def _call_feedback(data: Fields) -> FeedbackGiven:
    """Answers, in the order of their questions."""
    at = data.moment("received_at")
    given = data.raw("answers")
    if not isinstance(given, list) or len(given) > MOST_ANSWERS:
        data.fault("answers", f"must be a list of at most {MOST_ANSWERS} texts")
        given = []
    texts = Fields(
        {str(place): text for place, text in enumerate(given, start=1)}, "data.answers", data.wrong
    )
    answers = [
        Answer(str(place), texts.text(str(place), LONGEST_ANSWER), place, at)
        for place in range(1, len(given) + 1)
    ]
    return FeedbackGiven(
        sender=data.identifier("from", required=True) or "",
        complete=len(answers) >= QUESTIONS,
        conversation_id=data.identifier("conversation_id"),
        cdr_id=data.identifier("id", required=True),
        reference=data.identifier("reference"),
        started_at=at,
        answers=tuple(answers),
    )


HEARD = ("answered", "digits", "silence", "recorded", "done")
MOST_TURNS, MOST_DIGITS = 10_000, 1000
LONGEST_CALL = 86_400  # seconds
LONGEST_CAUSE = 64


def _number(data: Fields, field: str, most: int) -> float:
    value = data.raw(field)
    if value is None:
        return 0.0
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        data.fault(field, f"must be a number from 0 to {most}")
        return 0.0
    return float(value)


def _pressed(data: Fields) -> str:
    return data.text("digits", MOST_DIGITS) if data.raw("digits") is not None else ""


def _ring_heard(data: Fields) -> RingHeard:
    turn, what = data.raw("turn"), data.raw("what")
    if isinstance(turn, bool) or not isinstance(turn, int) or not 1 <= turn <= MOST_TURNS:
        data.fault("turn", f"must be a whole number from 1 to {MOST_TURNS}")
        turn = 1
    if what not in HEARD:
        data.fault("what", f"must be one of {', '.join(HEARD)}")
    return RingHeard(
        turn=turn,
        what=str(what),
        reference=data.identifier("reference"),
        provider_id=data.identifier("id", required=True),
        digits=_pressed(data),
        file=data.url("file") or "",
        seconds=_number(data, "seconds", LONGEST_CALL),
        cause=data.text("cause", LONGEST_CAUSE) if data.raw("cause") is not None else "",
        machine=data.flag("machine", absent=False),
    )


def _ring_ended(data: Fields) -> RingEnded:
    return RingEnded(
        cause=data.text("cause", LONGEST_CAUSE, least=1),
        reference=data.identifier("reference"),
        provider_id=data.identifier("id", required=True),
        seconds=_number(data, "seconds", LONGEST_CALL),
        machine=data.flag("machine", absent=False),
        digits=_pressed(data),
    )


READERS: dict[str, Callable[[Fields], Report]] = {
    "call.ended": _call_ended,
    "call.feedback": _call_feedback,
    "ring.ended": _ring_ended,
    "ring.heard": _ring_heard,
    "text.delivered": _text_delivered,
    "text.failed": _text_failed,
    "text.received": _text_received,
}
