"""The schedule: calls that a mentor means to make, what the mentee is told of them, and the mentor's reminders."""

from datetime import datetime, timedelta
from typing import Any, Self

from peewee import BigAutoField, ForeignKeyField, TextField

from models import clock, settings
from models.database import Row, Sql, UtcField, on_postgres, utc
from models.mentoring import notices
from models.mentoring.activities import Activity
from models.mentoring.messages import SYSTEM, Message
from models.people import Contact

AT_TIME = "at_time"
STILL_NOW = timedelta(minutes=5)  # how long after it "it is time" is still true [M-19]
# A call so long before or after a scheduled one is that one [M-20].
EARLY, LATE = timedelta(minutes=30), timedelta(minutes=60)


def in_words(moment: datetime) -> str:
    """A moment as people here read it, in the tool's local zone: `Friday 23 December 2016 at 23:00 (IST)`."""
    local = moment.astimezone(settings.current().zone)
    zone = local.tzname() or ""
    named = f"UTC{zone}" if zone[:1] in ("+", "-") else zone
    return f"{local:%A} {local.day} {local:%B} {local.year} at {local:%H:%M} ({named})"


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

    @classmethod
    def of(cls, mentor: int) -> Any:
        """A query of what stands in a mentor's schedule, by contact id."""
        return cls.select().where((cls.caller == mentor) & cls.cancelled_at.is_null())

    @classmethod
    def locked(cls, scheduled_call_id: int, mentor: int) -> Self | None:
        """One of the mentor's, nobody else changing it until the transaction ends; None when he has no such.

        Weaker than `FOR UPDATE`: a reminder that is just being written down refers to the row, and need not wait.
        """
        query = cls.of(mentor).where(cls.id == scheduled_call_id)
        return (query.for_update("FOR NO KEY UPDATE") if on_postgres() else query).first()  # type: ignore[no-any-return]  # Peewee is untyped

    @property
    def instant(self) -> int:
        """Its time as a number: what tells the reminders of one time from another's."""
        return clock.microseconds(self.call_time)

    def useful_until(self, reminder_type: str) -> datetime:
        """From when on a reminder would only surprise."""
        until: datetime = self.call_time + (STILL_NOW if reminder_type == AT_TIME else timedelta())
        return until

    def notify_callee(self, message: str, *, until: datetime | None = None) -> Message:
        """Have the tool write to the mentee: not his mentor's words, and never a number.

        Parameters:
          until: from when on it would only surprise him, if that is sooner than with any text.
        """
        to = self.callee.contact_number
        made = Message.send_and_create(self.caller_id, self.callee_id, to, message, kind=SYSTEM, until=until)
        return Message.get_by_id(made)

    def notify_callee_scheduled(self) -> Message:
        """Tell the mentee that there is to be a call."""
        text = f"Your mentor will call you on {in_words(self.call_time)}."
        return self.notify_callee(text, until=self.call_time)

    def notify_callee_rescheduled(self, new_time: datetime) -> Message:
        """Tell the mentee that the call has been moved."""
        text = f"Your mentor has moved your call. It is now on {in_words(new_time)}."
        return self.notify_callee(text, until=new_time)

    def notify_callee_cancelled(self) -> Message:
        """Tell the mentee that there is to be no call after all [M-18]."""
        text = f"Your mentor has cancelled your call on {in_words(self.call_time)}."
        return self.notify_callee(text, until=self.call_time)

    def remind_caller(self, reminder_type: str, text: str | None = None) -> bool:
        """Push a reminder to the mentor's device and write it down, once per type and `call_time`.

        Parameters:
          reminder_type: `day_before`, `hour_before`, `quarter_hour_before`, `at_time`, or what an operator added.
          text: instead of the usual one.

        Returns:
          False when he was reminded before.
        """
        reminder = CallReminder(scheduled_call=self, reminder_type=reminder_type, call_time=self.call_time)
        if not reminder.note():
            return False
        usual = "It is time for your call." if reminder_type == AT_TIME else f"On {in_words(self.call_time)}."
        notices.about_scheduled_call(
            self.caller, reminder.push_reference, text or usual,
            {"scheduled_call": str(self.id), "reminder_type": reminder_type}, self.useful_until(reminder_type),
        )  # fmt: skip
        return True


_NOTE = Sql(
    """
    INSERT INTO call_reminder (scheduled_call_id, reminder_type, call_time, sent_at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (scheduled_call_id, reminder_type, call_time) DO NOTHING
    """
)


class CallReminder(Row):
    """A reminder that the mentor was sent; at most one per scheduled call, type and time [M-19]."""

    id = BigAutoField()
    scheduled_call = ForeignKeyField(ScheduledCall, backref="reminders", on_delete="RESTRICT")
    reminder_type = TextField()
    call_time = UtcField()
    sent_at = UtcField(default=clock.now)

    scheduled_call_id: int

    class Meta:
        table_name = "call_reminder"

    @classmethod
    def of(cls, scheduled_call_id: int) -> Any:
        """A query of what the mentor was reminded of, by the id of the scheduled call."""
        return cls.select().where(cls.scheduled_call == scheduled_call_id)

    @property
    def push_reference(self) -> str:
        """What its push is called."""
        return f"push:reminder:{self.scheduled_call_id}:{self.reminder_type}:{clock.microseconds(self.call_time)}"

    def note(self) -> bool:
        """Write it down; False when it is written down already."""
        return _NOTE.count(self.scheduled_call_id, self.reminder_type, self.call_time, self.sent_at) == 1


_AROUND = Sql(
    """
    SELECT id, activity_id, call_time FROM (
        SELECT id, activity_id, call_time FROM scheduled_call
        WHERE caller_id = %s AND cancelled_at IS NULL AND call_time BETWEEN %s AND %s ORDER BY call_time DESC LIMIT 1
    ) AS before UNION ALL SELECT id, activity_id, call_time FROM (
        SELECT id, activity_id, call_time FROM scheduled_call
        WHERE caller_id = %s AND cancelled_at IS NULL AND call_time BETWEEN %s AND %s ORDER BY call_time LIMIT 1
    ) AS ahead
    """
)


def meant(mentor: int, now: datetime) -> tuple[int | None, int | None]:
    """Which scheduled call a mentor means who starts a call now, and its activity: the nearest [M-20], or none."""
    found = _AROUND.all(mentor, now - LATE, now, mentor, now, now + EARLY)
    if not found:
        return None, None
    nearest = min(found, key=lambda row: abs((utc(row[2]) or now) - now))
    return nearest[0], nearest[1]
