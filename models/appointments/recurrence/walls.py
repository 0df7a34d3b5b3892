"""A zone's clock on the wall, in whole seconds: of a moment, and of a time read off the wall.

A moment is seconds since 1970 in UTC; a wall time is what the clock shows, as seconds since 1970-01-01 00:00 on it.
Both readings of RFC 5545 §3.3.5 for the nights in which clocks change: a wall time that comes twice is the first one,
and one that is left out is taken by the clock as it was before, so 02:30 becomes 03:30.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

DAY = 86400  # seconds
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - what a clock shows has no zone
_EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_SECOND = timedelta(seconds=1)


class Stretch(NamedTuple):
    """From `begin` until before `end`, the wall is `offset` seconds ahead of UTC."""

    begin: int
    end: int
    offset: int


class Wall:
    """The clock on the wall of one zone."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone

    def offset_at(self, moment: int) -> int:
        """How far ahead of UTC the wall is, in seconds."""
        return _seconds(datetime.fromtimestamp(moment, self._zone).utcoffset())

    def offset_of(self, shown: int) -> int:
        """The same by a time read off the wall."""
        return _seconds((_EPOCH + timedelta(seconds=shown)).replace(tzinfo=self._zone).utcoffset())

    def shown(self, moment: int) -> int:
        """What the wall shows at a moment."""
        return moment + self.offset_at(moment)

    def calm(self, moment: int) -> bool:
        """Nothing changes on the wall within three days of a moment."""
        return self.offset_at(moment - 3 * DAY) == self.offset_at(moment + 3 * DAY)

    def moments(self, begin: int, end: int) -> Iterator[Stretch]:
        """The time between two moments, cut where the clock changes. Meant for some days."""
        return _stretches(self.offset_at, begin, end)

    def readings(self, begin: int, end: int) -> Iterator[Stretch]:
        """The time between two times read off the wall, cut where their reading changes. Meant for some days."""
        return _stretches(self.offset_of, begin, end)


def midnight(day: int) -> int:
    """The wall time at which a day, by its ordinal, begins."""
    return (day - _EPOCH_DAY) * DAY


def day_of(shown: int) -> date:
    """The day of a wall time."""
    return date.fromordinal(shown // DAY + _EPOCH_DAY)


def moment_of(aware: datetime) -> int:
    """An aware datetime as a moment; parts of a second are dropped."""
    return (aware - _EPOCH_UTC) // _SECOND


def at(moment: int) -> datetime:
    """A moment as an aware datetime in UTC."""
    return _EPOCH_UTC + timedelta(seconds=moment)


def _seconds(offset: timedelta | None) -> int:
    return offset // _SECOND if offset else 0


def _stretches(offset_at: Callable[[int], int], begin: int, end: int) -> Iterator[Stretch]:
    while begin < end:
        offset = offset_at(begin)
        change = end
        if offset_at(end - 1) != offset:
            same, change = begin, end - 1
            while change - same > 1:
                middle = (same + change) // 2
                same, change = (middle, change) if offset_at(middle) == offset else (same, middle)
        yield Stretch(begin, change, offset)
        begin = change
