"""The event log that a mentor reads: what happened to his calls and messages."""

from datetime import datetime

from peewee import BigAutoField, BigIntegerField, ForeignKeyField, TextField

from models import clock
from models.database import Row, Sql, UtcField
from models.people import Contact

# The labels that the API shows (specification 3.8).
DESCRIPTIONS = {
    "start_call": "Call started",
    "end_call": "Call ended",
    "call_failed": "Call failed",
    "feedback_requested": "Feedback requested",
    "feedback_received": "Feedback received",
    "message_sent": "Message sent",
    "message_failed": "Message failed",
    "message_received": "Message received",
    "call_scheduled": "Call scheduled",
    "call_rescheduled": "Call rescheduled",
    "call_cancelled": "Call cancelled",
}

_NOTE = Sql(
    """
    INSERT INTO event (occured_at, event_type, relevant_mentor_id, object_id) VALUES (%s, %s, %s, %s)
    ON CONFLICT (event_type, object_id) WHERE event_type <> 'call_rescheduled' DO NOTHING
    """
)


class Event(Row):
    """One thing that happened. `occured_at` is spelled as the reference spells it."""

    id = BigAutoField()
    occured_at = UtcField(default=clock.now)
    event_type = TextField()
    relevant_mentor = ForeignKeyField(Contact, backref="events", on_delete="RESTRICT")
    object_id = BigIntegerField()

    relevant_mentor_id: int

    class Meta:
        table_name = "event"

    @property
    def description(self) -> str:
        """The fixed label of its type."""
        return DESCRIPTIONS[str(self.event_type)]

    @classmethod
    def note(cls, event_type: str, mentor_id: int, object_id: int, *, at: datetime | None = None) -> bool:
        """Write down that something happened; once per type and object, however often it is said."""
        return _NOTE.count(at or clock.now(), event_type, mentor_id, object_id) == 1
