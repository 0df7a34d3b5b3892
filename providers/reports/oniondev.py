"""What OnionDev reports: the end of a call and a text received, in its own words and India's time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from providers.reports.base import CallEnded, Cdr, TextReceived
from providers.reports.reading import Fields

MOST_CDRS = 100
LONGEST_CAUSE = 64
LONGEST_TEXT = 1600  # code points

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
