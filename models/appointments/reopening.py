"""What no carrier has taken before the hours in which it may be made are over: it waits for the next of them."""

from datetime import datetime

from models.appointments import closing, taking
from models.appointments.planning import ELIGIBLE, Terms
from models.appointments.windows import next_open

CLOSED = "its hours ended before a carrier took it: it waits for the next"


def next_hours(alarm_id: int, taken: datetime, now: datetime) -> datetime | None:
    """When an alarm may be made that nobody carried; None when it was not the end of its hours that came before that.

    Parameters:
      taken: when it was asked for, in its hours.
    """
    due = taking.one(alarm_id)
    if due is None or due.manager_id is None:
        return None
    hours = Terms.of(due, due, taken).hours()
    closed = closing.closes(hours, taken)
    if closed > min(now, max(taken, due.date_start_notice) + ELIGIBLE):
        return None
    return next_open(hours, now)
