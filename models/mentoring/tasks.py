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

    mentor_id: int

    class Meta:
        table_name = "task"

    @classmethod
    def for_feedback(cls, mentor_id: int, call_started: datetime) -> "Task":
        """The task that follows a call that took place. The time is the call's start in UTC [M-24]."""
        text = f"Complete feedback for call at {call_started:%H:%M} on {call_started:%Y-%m-%d}"
        return cls.create(mentor=mentor_id, description=text)

    def move(self, status: str) -> None:
        """Say how far it is. Any of the three may follow any other.

        Raises:
          ValueError: no such status.
        """
        if status not in STATUSES:
            raise ValueError(f"a task's status is one of {', '.join(STATUSES)}, not {status!r}")
        type(self).update(status=status).where(type(self).id == self.id).execute()
        self.status = status
