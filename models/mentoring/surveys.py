"""Surveys: reports of what a mentee answered, some or all, in any order, become one row of feedback [M-40, M-41]."""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from peewee import fn

from models import clock
from models.database import Sql
from models.events import emit
from models.mentoring.calls import Call
from models.mentoring.events import Event
from models.mentoring.feedback import QUESTIONS, Feedback, answered
from models.mentoring.messages import mentor_in_touch
from models.people import Contact
from models.receipts import DONE, INVALID, UNMATCHED, Receipt

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Survey:
    """What a report says of a survey, besides the answers.

    Parameters:
      number: who answered, as the carrier writes numbers.
      call: the call it is about, where the carrier was told our reference.
      handlers_too: the carrier may give the mentor's number for his mentee's, as OnionDev's papers do.
    """

    number: str = field(repr=False)
    complete: bool
    started_at: datetime | None = None
    conversation_id: str | None = None
    survey_id: str | None = None
    cdr_id: str | None = None
    call: int | None = None
    handlers_too: bool = False

    def key(self, receipt: Receipt) -> str:
        """What all reports of this survey share. A form's id alone names nobody's: such a report stands alone."""
        if self.conversation_id is None and self.cdr_id is None:
            return f"receipt:{receipt.id}"
        return json.dumps([receipt.source, self.conversation_id, self.survey_id, self.cdr_id])


class Answer(NamedTuple):
    """An answer to one question. Of two to the same, the greater `weight` counts, in whatever order they came."""

    question: str
    text: str
    order: float | None
    at: datetime | None

    @property
    def weight(self) -> tuple[Any, ...]:
        """Something beats nothing, then the later beats the earlier; the rest only settles what is left."""
        order = -math.inf if self.order is None else self.order
        return bool(self.text.strip()), self.at or NEVER, self.text, order, self.question


def take(survey: Survey, receipt: Receipt) -> bool | None:
    """Make or find the survey's row, and tell the mentor once. The answers are read from the receipt afterwards.

    Inside the transaction that keeps the receipt, which is settled.

    Returns:
      True for a survey's first report, False for a further one, None when nobody here can have answered it.
    """
    mentee, call = _who(survey)
    if mentee is None:
        receipt.settle(UNMATCHED)
        return None
    if mentee.erased:  # found by his mentor's number
        receipt.settle(UNMATCHED, about=f"contact:{mentee.id}")
        return None
    key = survey.key(receipt)
    made = _MAKE.one(clock.now(), mentee.id, survey.conversation_id, survey.survey_id, survey.cdr_id, key)
    feedback = Feedback.locked(made[0] if made else Feedback.get(Feedback.survey_key == key).id)
    if feedback.sender_id != mentee.id:
        receipt.settle(INVALID, note="the survey is another mentee's")
        return None
    feedback.call = feedback.call or call
    if made is not None:
        feedback.mentor_id = call.caller_id if call is not None else mentor_in_touch(mentee)
    feedback.start_time = min((at for at in (feedback.start_time, survey.started_at) if at), default=None)
    feedback.reported_complete = feedback.reported_complete or survey.complete
    feedback.save()
    tell(feedback)
    receipt.settle(DONE, about=f"feedback:{feedback.id}")
    emit("feedback.reported", feedback_id=feedback.id, receipt_id=receipt.id)
    return made is not None


_MAKE = Sql(
    """
    INSERT INTO feedback (received_at, sender_id, completed, reported_complete, content,
                          conversation_id, survey_id, cdr_id, survey_key)
    VALUES (%s, %s, FALSE, FALSE, '{}', %s, %s, %s, %s) ON CONFLICT (survey_key) DO NOTHING RETURNING id
    """
)


def tell(feedback: Feedback) -> None:
    """Note in its mentor's event log that feedback came, once; there may be none."""
    if feedback.mentor_id is not None:
        Event.note("feedback_received", feedback.mentor_id, feedback.id)


def add_answers(feedback_id: int, answers: Iterable[Answer]) -> None:
    """Merge answers into a survey's row. In any order, any number of times, the row becomes the same."""
    feedback = Feedback.locked(feedback_id)
    known = _known(feedback.content)
    for answer in answers:
        known[answer.question] = _weightier(answer, known.get(answer.question, answer))
    texts = []
    for place in range(1, QUESTIONS + 1):
        here = [answer for answer in known.values() if answer.order == place]
        texts.append(max(here, key=lambda answer: answer.weight).text if here else None)
    call = feedback.call or _marked(
        _carriers(feedback.conversation_id, feedback.cdr_id), Call.receiver == feedback.sender_id
    )
    content = json.dumps(
        {answer.question: _written(answer) for answer in known.values()}, ensure_ascii=False, sort_keys=True
    )
    told = {"content": content, "call": call, **answered(texts)}
    Feedback.update(**told).where(Feedback.id == feedback_id).execute()


def overtaken(call_id: int) -> None:
    """Surveys that overtook the report of their call's end are about that call, now that its carrier's id is known.

    To be done when the report has been committed: whoever commits second, this or the reading of answers, finds the
    other one.
    """
    call = Call.get_by_id(call_id)
    his = (Feedback.sender == call.receiver_id) & Feedback.call.is_null()
    if call.partner_id:
        Feedback.update(call=call).where(his & (Feedback.conversation_id == call.partner_id)).execute()


def _weightier(one: Answer, other: Answer) -> Answer:
    return max(one, other, key=lambda answer: answer.weight)


def _known(content: str) -> dict[str, Answer]:
    return {
        question: Answer(
            question, row["answer"], row["order"],
            datetime.fromisoformat(row["questionTime"]) if row["questionTime"] else None,
        )
        for question, row in json.loads(content).items()
    }  # fmt: skip


def _written(answer: Answer) -> dict[str, Any]:
    order = answer.order if answer.order is None or answer.order % 1 else int(answer.order)
    at = None if answer.at is None else answer.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return {"answer": answer.text, "order": order, "questionTime": at}


def _who(survey: Survey) -> tuple[Contact | None, Call | None]:
    """The mentee who answered, and the call it is about."""
    person = Contact.by_number(survey.number)
    if person is None or (person.is_mentor and not survey.handlers_too):
        return None, None
    call = _call(survey, Call.caller == person if person.is_mentor else Call.receiver == person)
    if not person.is_mentor:
        return person, call
    return (call.receiver if call is not None else person.mentee), call


def _call(survey: Survey, his: Any) -> Call | None:
    """Among a person's calls: by our reference, by the carrier's ids, else the last that ended before the survey."""
    marks = [Call.id == survey.call] if survey.call else []
    call = _marked([*marks, *_carriers(survey.conversation_id, survey.cdr_id)], his)
    if call is not None or survey.started_at is None:
        return call
    ended = fn.COALESCE(Call.partner_end_time, Call.end_time)
    last = Call.select().where(his & (ended < survey.started_at)).order_by(ended.desc(), Call.id.desc())
    return last.first()  # type: ignore[no-any-return]  # peewee's queries have no types


def _carriers(*ids: str | None) -> list[Any]:
    """Conditions on calls: that a carrier knows one by one of these ids."""
    return [column == id for id in ids if id for column in (Call.partner_id, Call.call_id)]


def _marked(marks: Iterable[Any], his: Any) -> Call | None:
    """The first of a person's calls that any of these conditions finds, the sooner ones first."""
    found = (Call.get_or_none(his & mark) for mark in marks)
    return next((call for call in found if call is not None), None)
