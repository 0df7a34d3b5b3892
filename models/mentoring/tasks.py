"""The mentor's to-do list."""

from datetime import datetime

from peewee import BigAutoField, ForeignKeyField, TextField

from models.database import Row, UtcField
from models.people import Contact

PENDING, IN_PROGRESS, DONE = "pending", "in-progress", "done"
STATUSES = (PENDING, IN_PROGRESS, DONE)


class Task(Row):
    """Something the mentor has yet to do."""

    id = BigAutoField()
    mentor = ForeignKeyField(Contact, backref="tasks", on_delete="RESTRICT")
    description = TextField()
    link = TextField(default="")
    due_date = UtcField(null=True)
    status = TextField(default=PENDING)

    class Meta:
        table_name = "task"

    @classmethod
    def for_feedback(cls, mentor_id: int, call_started: datetime) -> "Task":
        """The task that follows a call that took place. The time is the call's start in UTC [M-24]."""
        text = f"Complete feedback for call at {call_started:%H:%M} on {call_started:%Y-%m-%d}"
        return cls.create(mentor=mentor_id, description=text)
