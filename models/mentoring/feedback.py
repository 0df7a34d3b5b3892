"""Feedback: what a mentee answers to the questions of an IVR after a call."""

from collections.abc import Sequence
from typing import Any

from peewee import BigAutoField, BooleanField, ForeignKeyField, TextField

from models import clock
from models.database import Row, UtcField, on_postgres
from models.mentoring.calls import Call
from models.people import Contact

QUESTIONS = 4  # each a column of its own


class Feedback(Row):
    """One survey's answers. `survey_key` is what makes reports of one survey the same; null for what is no survey's.

    `mentor` is told of it and sees it: the call's mentor, or the one in touch with the mentee when none was known.
    The first report decides.
    """

    id = BigAutoField()
    received_at = UtcField(default=clock.now)
    start_time = UtcField(null=True)
    sender = ForeignKeyField(Contact, backref="feedback", on_delete="RESTRICT")
    mentor = ForeignKeyField(Contact, null=True, backref="feedback_told", on_delete="RESTRICT")
    call = ForeignKeyField(Call, null=True, backref="feedback", on_delete="RESTRICT")
    question_1 = TextField(null=True)
    question_2 = TextField(null=True)
    question_3 = TextField(null=True)
    question_4 = TextField(null=True)
    completed = BooleanField(default=False)
    reported_complete = BooleanField(default=False)
    content = TextField(default="")
    conversation_id = TextField(null=True)
    survey_id = TextField(null=True)
    cdr_id = TextField(null=True)
    survey_key = TextField(null=True, unique=True)

    sender_id: int
    mentor_id: int | None
    call_id: int | None

    class Meta:
        table_name = "feedback"

    @classmethod
    def locked(cls, feedback_id: int) -> "Feedback":
        """The feedback, its row locked until the transaction ends."""
        query = cls.select().where(cls.id == feedback_id)
        return (query.for_update() if on_postgres() else query).get()

    @property
    def complete(self) -> bool:
        """Whether all was answered: the answers say so for a survey, whoever handed it in for anything else [M-41]."""
        return bool(self.completed if self.survey_key else self.reported_complete)


def answered(texts: Sequence[str | None]) -> dict[str, Any]:
    """The columns for the answers to the four questions; a blank one is none."""
    texts = [text if text and text.strip() else None for text in texts]
    columns = {f"question_{place}": text for place, text in enumerate(texts, start=1)}
    return {**columns, "completed": None not in texts}
