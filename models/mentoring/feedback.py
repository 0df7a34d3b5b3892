"""Feedback: what a mentee answers to the questions of an IVR after a call."""

from peewee import BigAutoField, BooleanField, ForeignKeyField, TextField

from models import clock
from models.database import Row, UtcField
from models.mentoring.calls import Call
from models.people import Contact


class Feedback(Row):
    """One survey's answers. `survey_key` is what makes reports of one survey the same; null for what is no survey's."""

    id = BigAutoField()
    received_at = UtcField(default=clock.now)
    start_time = UtcField(null=True)
    sender = ForeignKeyField(Contact, backref="feedback", on_delete="RESTRICT")
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
    call_id: int | None

    class Meta:
        table_name = "feedback"
