"""Reminders of a scheduled call: owed ahead for each moment in pipelines.yaml, void as soon as the call moves."""

from datetime import datetime, timedelta

from models import clock, flow, ledger
from models.commands import Remind
from models.deliveries import Push
from models.mentoring.schedule import AT_TIME, CallReminder, ScheduledCall
from models.pipelines.parts import spelled

SECOND = timedelta(seconds=1)
TYPES = {
    timedelta(hours=24): "day_before",
    timedelta(hours=1): "hour_before",
    timedelta(minutes=15): "quarter_hour_before",
    timedelta(): AT_TIME,
}


def type_of(before: timedelta) -> str:
    """The type of the reminder that comes so long before its call: one of the four [M-19], else `before_2h`."""
    return TYPES.get(before) or f"before_{spelled(before)}"


def plan(scheduled: ScheduledCall, now: datetime) -> None:
    """Owe the reminders of a call's time; the moments that are over already are left out."""
    for before in _moments():
        due, kind = scheduled.call_time - before, type_of(before)
        if due >= now:
            command = Remind(scheduled.id, before // SECOND, scheduled.instant)
            ledger.enqueue(command, due=due, key=_key(scheduled, kind), expires=scheduled.useful_until(kind))


def drop(scheduled: ScheduledCall) -> None:
    """Owe no reminder of the time the call has now, and call off the pushes that no carrier has yet."""
    for before in _moments():
        ledger.cancel(_key(scheduled, type_of(before)))
    for reminder in CallReminder.of(scheduled.id).where(CallReminder.call_time == scheduled.call_time):
        Push.call_off(reminder.push_reference)


def remind(scheduled_call_id: int, before: timedelta, instant: int) -> bool:
    """Remind the mentor, if there is still what to remind him of.

    Parameters:
      instant: the time of the call that this was owed for, as `ScheduledCall.instant` has it.

    Returns:
      False when the call was cancelled or moved, when it is too late, or when he was reminded before.
    """
    scheduled = ScheduledCall.get_by_id(scheduled_call_id)
    if scheduled.cancelled_at is not None or scheduled.instant != instant:
        return False
    kind = type_of(before)
    return clock.now() < scheduled.useful_until(kind) and scheduled.remind_caller(kind)


def _moments() -> list[timedelta]:
    """How long before a call each reminder is due, in whole seconds."""
    return [before // SECOND * SECOND for before in flow.current().reminders.get("scheduled_call", ())]


def _key(scheduled: ScheduledCall, kind: str) -> str:
    return f"reminder:{scheduled.id}:{kind}"
