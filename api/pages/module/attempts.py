"""Every attempt of an alarm, as its page tells it: calls, and the texts and mails that were sent."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import JOIN

from api.pages.module.values import lasting
from api.pages.module.words import Told, outcome, why
from models.appointments.alarms import Alarm, AlarmRequest
from models.appointments.callrequests import AlarmCall
from models.appointments.surveys import SealedSection, SurveyResult
from models.deliveries import Hook, Mail, Text
from models.deliveries.story import clean

MOST = 100  # attempts of each kind that are shown
FAILURE = "Text about the failure"

# What becomes of a text or a mail, in a word.
SENT: dict[str, Told] = {
    "queued": ("on its way", "busy"), "sending": ("on its way", "busy"), "sent": ("sent", "good"),
    "delivered": ("delivered", "good"), "failed": ("not sent", "bad"), "expired": ("too late, not sent", "bad"),
    "unknown": ("not known", "busy"), "skipped": ("not sent", "bad"),
}  # fmt: skip


@dataclass(frozen=True)
class Attempt:
    """One attempt: when, how it went, how many seconds it lasted, what was answered, and why it ended so."""

    what: str
    at: datetime
    went: Told
    seconds: int
    answers: tuple[str, ...]
    cause: str

    @property
    def lasted(self) -> str:
        """How long, in words; an empty text when nobody spoke."""
        return lasting(self.seconds) if self.seconds else ""


def attempts_of(alarm: Alarm) -> list[Attempt]:
    """The attempts of an alarm, in order of time; by a fixed number of statements."""
    calls = _calls(alarm)
    given = _answers([request.callrequest_id for request in calls if request.callrequest_id])
    sent = [f"alarm:{alarm.id}:{number}" for number in range(1, MOST + 1)]
    failures = [f"alarm:{alarm.id}:{request.attempt}:failure" for request in calls if request.attempt]
    told = [_of_call(request, given) for request in calls]
    told += [
        _of_delivery(FAILURE if text.origin == "alarm_failure" else "Text", text)
        for text in _named(Text, sent + failures)
    ]
    told += [_of_delivery("Mail", mail) for mail in _named(Mail, sent)]
    hooks = Hook.select().where((Hook.origin == "alarm") & (Hook.origin_id == alarm.id)).limit(MOST)
    told += [_of_delivery("Answer told to your system", hook) for hook in hooks.order_by(Hook.id)]
    return sorted(told, key=lambda one: one.at)


def _calls(alarm: Alarm) -> list[AlarmRequest]:
    query = AlarmRequest.select(AlarmRequest, AlarmCall).join(AlarmCall, JOIN.LEFT_OUTER)
    mine = query.where(AlarmRequest.alarm == alarm.id)
    return list(mine.order_by(AlarmRequest.date.desc(), AlarmRequest.id.desc()).limit(MOST))


def _answers(call_ids: list[int]) -> dict[int, list[str]]:
    """What was answered in each call, node by node."""
    given: dict[int, list[str]] = defaultdict(list)
    rows = (
        SurveyResult.select(SurveyResult, SealedSection)
        .join(SealedSection)
        .where(SurveyResult.callrequest.in_(call_ids))
        .order_by(SurveyResult.id)
    )
    for row in rows if call_ids else ():
        given[row.__data__["callrequest"]].append(f"{row.section.question} {row.response}")
    return given


def _named(table: Any, references: list[str]) -> list[Any]:
    return list(table.select().where(table.reference.in_(references)))


def _of_call(request: AlarmRequest, given: dict[int, list[str]]) -> Attempt:
    call = request.callrequest if request.callrequest_id else None
    answers = tuple(given.get(request.callrequest_id or 0, ()))
    return Attempt(
        "Call",
        request.date,
        outcome(request),
        request.duration or 0,
        answers,
        why(call.hangup_cause) if call else "",
    )


def _of_delivery(what: str, delivery: Any) -> Attempt:
    went = SENT.get(delivery.status, (str(delivery.status), ""))
    return Attempt(what, delivery.created_at, went, 0, (), clean(delivery.cause) if delivery.cause else "")
