"""Pacing: how fast a queue or a route may go, over all processes together."""

from datetime import UTC, datetime, timedelta

from peewee import DoubleField, TextField

from models import clock
from models.database import Row, Sql


class Pace(Row):
    """The next free slot of one limit, in seconds since 1970."""

    key = TextField(primary_key=True)
    next_at = DoubleField()

    class Meta:
        table_name = "pace"


# A slot that was reserved for a command is good for this long; a worker that comes later reserves anew.
GRACE = timedelta(seconds=1)

_RESERVE = Sql(
    """
    INSERT INTO pace (key, next_at) VALUES (%s, %s)
    ON CONFLICT (key) DO UPDATE SET next_at = GREATEST(pace.next_at, %s) + %s RETURNING next_at
    """,
    sqlite={"GREATEST": "MAX"},
)


def reserve(key: str, interval: timedelta) -> datetime:
    """The next free slot under a limit; it is then nobody else's.

    Parameters:
      key: the limit's name, the same in every process.
      interval: the distance between two slots.
    """
    now, step = clock.now().timestamp(), interval.total_seconds()
    (next_at,) = _RESERVE.one(key, now + step, now, step)
    return datetime.fromtimestamp(next_at - step, UTC)


def still_good(slot: datetime | None) -> bool:
    """Whether a reserved slot may be used now."""
    return slot is not None and slot <= clock.now() < slot + GRACE
