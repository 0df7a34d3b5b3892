"""What a mentor does to his schedule: a call is scheduled, moved, cancelled; and what follows, in one transaction."""

from datetime import datetime

from models import clock
from models.database import transaction
from models.mentoring import reminding
from models.mentoring.activities import Activity
from models.mentoring.events import Event
from models.mentoring.schedule import ScheduledCall
from models.writing import New, write


class NotAhead(ValueError):
    """A call can only be scheduled for a time to come [M-29]."""


class NoSuchActivity(LookupError):
    """There is no activity with this id, or it is not offered any more."""


class NotScheduled(LookupError):
    """The mentor has no such scheduled call: never had, or cancelled it."""


def schedule_call(
    mentor: int, mentee: int, call_time: datetime, activity: int | None = None, once: New | None = None
) -> int:
    """Put a call into a mentor's schedule, tell his mentee, and owe the reminders. Returns its id.

    Parameters:
      mentor, mentee: contact ids.
      activity: what the call is about.
      once: the row of an idempotency key, whose `object_id` is the scheduled call's.

    Raises:
      NotAhead, NoSuchActivity: nothing is written.
      peewee.IntegrityError: the idempotency key was used before.
    """
    now = _ahead(call_time)
    with transaction("schedule"):
        if activity is not None and not _offered(activity):
            raise NoSuchActivity
        facts = {"created_at": now, "call_time": call_time, "caller": mentor, "callee": mentee}
        new = New(ScheduledCall, {**facts, "activity": activity})
        scheduled = ScheduledCall.get_by_id(write(new, *([once] if once else []))[0])
        message = scheduled.notify_callee_scheduled()
        Event.note("call_scheduled", mentor, scheduled.id, at=message.time_sent)
        reminding.plan(scheduled, now)
    return int(scheduled.id)


def reschedule_call(mentor: int, scheduled_call_id: int, call_time: datetime) -> ScheduledCall:
    """Move a call, tell the mentee, and owe the reminders of the new time instead. The same instant moves nothing.

    Raises:
      NotAhead, NotScheduled: nothing is changed.
    """
    with transaction("reschedule"):
        scheduled = _locked(mentor, scheduled_call_id)
        if scheduled.call_time == call_time:
            return scheduled
        now = _ahead(call_time)
        reminding.drop(scheduled)
        scheduled.call_time = call_time
        scheduled.save(only=[ScheduledCall.call_time])
        message = scheduled.notify_callee_rescheduled(call_time)
        Event.note("call_rescheduled", mentor, scheduled.id, at=message.time_sent)
        reminding.plan(scheduled, now)
    return scheduled


def cancel_call(mentor: int, scheduled_call_id: int) -> None:
    """Take a call out of the schedule, and tell the mentee if it was still to come.

    Raises:
      NotScheduled: there is none to cancel.
    """
    with transaction("cancel"):
        scheduled = _locked(mentor, scheduled_call_id)
        reminding.drop(scheduled)
        now = scheduled.cancelled_at = clock.now()
        scheduled.save(only=[ScheduledCall.cancelled_at])
        if scheduled.call_time > now:
            now = scheduled.notify_callee_cancelled().time_sent
        Event.note("call_cancelled", mentor, scheduled.id, at=now)


def _ahead(call_time: datetime) -> datetime:
    """Now, which is before that."""
    now = clock.now()
    if call_time <= now:
        raise NotAhead
    return now


def _offered(activity: int) -> bool:
    return Activity.select().where((Activity.id == activity) & Activity.active).exists()


def _locked(mentor: int, scheduled_call_id: int) -> ScheduledCall:
    scheduled = ScheduledCall.locked(scheduled_call_id, mentor)
    if scheduled is None:
        raise NotScheduled
    return scheduled
