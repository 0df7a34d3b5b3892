"""What OnionDev reports: a call's end, a text received, answers to a survey, in its own words and India's time."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from providers.reports.base import Answer, CallEnded, Cdr, FeedbackGiven, TextReceived
from providers.reports.reading import LONGEST_ID, Fields, is_identifier

MOST_CDRS = 100
LONGEST_CAUSE = 64
LONGEST_TEXT = 1600  # code points
MOST_ANSWERS = 200
LONGEST_ANSWER = 2000  # characters

CALL_END = (
    "handler",
    "beneficiary",
    "conversationId",
    "conversationStartTime",
    "conversationEndTime",
    "conversationSuccess",
    "recordingUrl",
    "scheduledCallId",
    "cdrs",
    "totalTries",
    "feedbackSubscriptionStatus",
)
MESSAGE = ("mobile", "text", "message", "messageId")
FEEDBACK = ("conversationId", "surveyId", "complete", "completed", "cdr", "records")
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")
EITHER = ("scheduledCallId", "conversationId", "handler")


@dataclass(frozen=True)
class OnionDevCallEnd:
    """The end of a call, the two numbers as OnionDev wrote them, and the known fields of the body as sent."""

    ended: CallEnded
    handler: str | None = field(repr=False)
    beneficiary: str | None = field(repr=False)
    echo: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class OnionDevText:
    """A text received, and the known fields of the body as sent."""

    received: TextReceived
    echo: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class OnionDevFeedback:
    """Answers to a survey, and the known fields of the body as sent."""

    given: FeedbackGiven
    echo: Mapping[str, Any] = field(repr=False)


def read_call_end(body: object) -> OnionDevCallEnd:
    """The report of a call's end, from its parsed JSON.

    `provider_id` is the `scheduledCallId`, given in the answer to our dial. Without `conversationSuccess` a
    call with both conversation times was a success.

    Raises:
      BadReport: with every field that is wrong and what would be right.
    """
    fields = Fields(body)
    ids = {name: fields.identifier(name) for name in EITHER}
    if not fields.wrong and not any(ids.values()):
        fields.fault(EITHER[0], f"is required when there is neither {EITHER[1]} nor {EITHER[2]}")
    started, ended = fields.raw("conversationStartTime"), fields.raw("conversationEndTime")
    success = fields.flag("conversationSuccess", absent=started is not None and ended is not None)
    started_at = fields.ist("conversationStartTime", required=success)
    ended_at = fields.ist("conversationEndTime", required=success)
    if started_at is not None and ended_at is not None and ended_at < started_at:
        fields.fault("conversationEndTime", "must not be before conversationStartTime")
    beneficiary = fields.identifier("beneficiary")
    report = CallEnded(
        success=success,
        provider_id=ids["scheduledCallId"],
        conversation_id=ids["conversationId"],
        started_at=started_at,
        ended_at=ended_at,
        recording_url=fields.url("recordingUrl"),
        cdrs=_cdrs(fields),
    )
    fields.done()
    return OnionDevCallEnd(report, ids["handler"], beneficiary, fields.only(CALL_END))


def read_message(body: object) -> OnionDevText:
    """A text received, from its parsed JSON. Its words are in `text` or `message`: its papers say both.

    Raises:
      BadReport: with every field that is wrong and what would be right.
    """
    fields = Fields(body)
    mobile = fields.identifier("mobile", required=True) or ""
    given = [name for name in ("text", "message") if fields.raw(name) is not None] or ["text"]
    texts = [fields.text(name, LONGEST_TEXT, least=1) for name in given]
    if not fields.wrong and texts[0] != texts[-1]:
        fields.fault("message", "must be the same as text when both are given")
    elif texts[0].isspace():
        fields.fault(given[0], "must not be blank")
    received = TextReceived(
        sender=mobile, recipient="", body=texts[0], message_id=fields.identifier("messageId")
    )
    fields.done()
    return OnionDevText(received, fields.only(MESSAGE))


def _cdrs(fields: Fields) -> tuple[Cdr, ...]:
    records = [
        (
            record.identifier("id", required=True),
            record.ist("startTime", required=True),
            record.text("errorCause", LONGEST_CAUSE),
        )
        for record in fields.objects("cdrs", MOST_CDRS)
    ]
    # A record that lacks either has been noted as a fault.
    return tuple(Cdr(id, at, cause) for id, at, cause in records if id and at)


def read_feedback(body: object) -> OnionDevFeedback:
    """Answers to a survey, all or some so far, from the report's parsed JSON.

    The flag is `complete` in OnionDev's papers and `completed` in their example; `records` an object in the example
    and a text in the papers. Both are taken both ways.

    Raises:
      BadReport: with every field that is wrong and what would be right.
    """
    fields = Fields(body)
    cdr = fields.inside("cdr")
    given = FeedbackGiven(
        sender=cdr.identifier("callerid", required=True) or "",
        complete=_complete(fields),
        conversation_id=fields.identifier("conversationId"),
        survey_id=fields.identifier("surveyId"),
        cdr_id=cdr.identifier("id"),
        started_at=cdr.ist("start_time"),
        answers=_answers(fields),
    )
    fields.done()
    return OnionDevFeedback(given, fields.only(FEEDBACK))


def _complete(fields: Fields) -> bool:
    names = [*fields.only(("complete", "completed"))]
    if not names:
        fields.fault("complete", "is required")
    flags = [fields.flag(name, absent=False) for name in names]
    if not fields.wrong and len(set(flags)) > 1:
        fields.fault("completed", "must be the same as complete when both are given")
    return any(flags)


def _answers(fields: Fields) -> tuple[Answer, ...]:
    records = _object(fields.raw("records"))
    if records is None or len(records) > MOST_ANSWERS:
        right = f"must be a JSON object of at most {MOST_ANSWERS} answers, or a text holding one"
        fields.fault("records", right)
        return ()
    if not all(is_identifier(question) for question in records):
        fields.fault("records", f"must have printable texts of at most {LONGEST_ID} characters as its names")
        return ()
    each = {
        question: Fields(record, f"records.{question}", fields.wrong) for question, record in records.items()
    }
    return tuple(
        Answer(question, _answered(record), _order(record), record.ist("questionTime"))
        for question, record in each.items()
    )


def _object(value: object) -> dict[str, Any] | None:
    """A JSON object, or one inside a text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, dict) else None


def _answered(record: Fields) -> str:
    value = record.raw("answer")
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return record.text("answer", LONGEST_ANSWER)


def _order(record: Fields) -> float | None:
    """A question's place: a number, or a text that is one. Absent it has none; a null is not a number."""
    if not record.only(("order",)):
        return None
    value = record.raw("order")
    text = "" if isinstance(value, bool) else str(value)
    if not isinstance(value, int | float | str) or not _NUMBER.fullmatch(text):
        record.fault("order", "must be a number like 1")
        return None
    return float(text)
