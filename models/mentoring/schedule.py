"""The schedule: calls that a mentor means to make, and the reminders of them."""

from peewee import BigAutoField, ForeignKeyField, TextField

from models import clock
from models.database import Row, UtcField
from models.mentoring.activities import Activity
from models.people import Contact


class ScheduledCall(Row):
    """A call that is to take place at `call_time`. Cancelled ones are kept, and seen by nobody [M-30]."""

    id = BigAutoField()
    created_at = UtcField(default=clock.now)
    call_time = UtcField()
    caller = ForeignKeyField(Contact, backref="scheduled_calls", on_delete="RESTRICT")
    callee = ForeignKeyField(Contact, backref="expected_calls", on_delete="RESTRICT")
    activity = ForeignKeyField(Activity, null=True, backref="scheduled_calls", on_delete="RESTRICT")
    cancelled_at = UtcField(null=True)

    caller_id: int
    callee_id: int
    activity_id: int | None

    class Meta:
        table_name = "scheduled_call"


class CallReminder(Row):
    """A reminder that the mentor was sent; at most one per scheduled call, type and time [M-19]."""

    id = BigAutoField()
    scheduled_call = ForeignKeyField(ScheduledCall, backref="reminders", on_delete="RESTRICT")
    reminder_type = TextField()
    call_time = UtcField()
    sent_at = UtcField(default=clock.now)

    class Meta:
        table_name = "call_reminder"
