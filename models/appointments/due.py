"""When an alarm is next to be seen to: everybody who writes alarms asks here."""

from datetime import UTC, datetime, timedelta
from typing import Any

from models import clock
from models.appointments.alarms import PENDING, RETRY, Alarm
from models.appointments.under_way import begins_anew
from models.database import on_postgres

BEARING = ("status", "date_start_notice", "advance_notice")  # what its due moment follows from
HOURS = ("daily_start", "daily_stop", "recipient_timezone")  # for what it may have been postponed
_EARLIEST = datetime.min.replace(tzinfo=UTC)


def due_at(status: int, date_start_notice: datetime, advance_notice: int) -> datetime | None:
    """The moment, of an alarm that is written down anew; None when there is nothing to wait for.

    Parameters:
      status: of the alarm; one to be tried again, of which nobody knows when, is due now.
      advance_notice: seconds before `date_start_notice`.
    """
    if status == RETRY:
        return clock.now()
    if status != PENDING:
        return None
    try:
        return date_start_notice - timedelta(seconds=advance_notice)
    except OverflowError:
        return _EARLIEST


def changed(alarm_id: int, values: dict[str, Any]) -> dict[str, Any]:
    """What is to be written to an alarm, with its due moment if that changes, inside a transaction that locks it.

    Parameters:
      values: its columns that somebody changes. One that waits for another attempt goes on waiting, unless it is to
        wait no more. One that was postponed to another time of day asks again, when its hours change.

    Raises:
      UnderWay: it is to begin anew, while an attempt of it is under way.
    """
    values = values | {"held_by": 0}  # it is looked at anew
    if not any(name in values for name in (*BEARING, *HOURS)):
        return values
    columns = [getattr(Alarm, name) for name in (*BEARING, *HOURS)]
    query = Alarm.select(Alarm.id, Alarm.due_at, *columns).where(Alarm.id == alarm_id)
    alarm = (query.for_update() if on_postgres() else query).first()
    if alarm is None:
        return values
    begins_anew(alarm_id, values.get("status"))
    status, notice, advance = (values.get(name, getattr(alarm, name)) for name in BEARING)
    if status == alarm.status == RETRY:
        return values
    due = due_at(status, notice, advance)
    moved = any(values.get(name, getattr(alarm, name)) != getattr(alarm, name) for name in BEARING)
    if not moved and due is not None and alarm.due_at is not None and due < alarm.due_at:
        due = min(alarm.due_at, clock.now())  # it was postponed: perhaps it need not wait so long any more
    return values | {"due_at": due}
