"""Times of day between which something may begin, on one clock or on two: of the setting and of who is told.

What the wall shows decides, in whole seconds. Where clocks are put on, times that they never show open nothing: a
window that begins in the gap opens at its end, and one that lies in it wholly is left out that day. Where they are put
back, what they show twice counts twice.
"""

from collections.abc import Sequence
from datetime import datetime, time, tzinfo
from functools import lru_cache
from typing import NamedTuple, Self

from models.appointments.recurrence.walls import DAY, Wall, at, moment_of

PATIENCE = 14  # days after which windows that have not met are taken never to meet
REMEMBERED = 1000  # windows whose texts were read


class Window(NamedTuple):
    """From `first` to `last`, in seconds since midnight, both of them in it; over midnight when `first` is greater."""

    first: int
    last: int

    @classmethod
    @lru_cache(REMEMBERED)
    def daily(cls, start: str, stop: str) -> Self | None:
        """The daily window of an alarm; None when it leaves nothing out.

        Parameters: texts `hh:mm[:ss[.ffffff]]`, of which parts of a second are dropped; both the same: all day.
        """
        first, last = _seconds(start), _seconds(stop)
        return None if first == last or (last + 1) % DAY == first else cls(first, last)

    @classmethod
    @lru_cache(REMEMBERED)
    def outside(cls, start: str, stop: str) -> Self | None:
        """What quiet hours leave of the day: from the second at which they stop until before they start.

        Both the same: they have no length, and there are none.
        """
        first, last = _seconds(stop), (_seconds(start) - 1) % DAY
        return None if (last + 1) % DAY == first else cls(first, last)

    def wait(self, shown: int) -> int:
        """Seconds from a time on the wall until it is open, on a clock that nobody touches; 0: it is."""
        return (
            0 if (shown - self.first) % DAY <= (self.last - self.first) % DAY else (self.first - shown) % DAY
        )


class Hours(NamedTuple):
    """A window on the clock of a zone."""

    window: Window
    zone: tzinfo

    def allow(self, moment: datetime) -> bool:
        """Whether it is open at a moment."""
        return self.window.wait(Wall(self.zone).shown(moment_of(moment))) == 0


def next_open(hours: Sequence[Hours], moment: datetime) -> datetime | None:
    """The first moment, from this one on, at which all of them are open; None when there is none in two weeks.

    A moment that is open is told as it is, any other in UTC and in whole seconds.
    """
    if all(one.allow(moment) for one in hours):
        return moment
    now = moment_of(moment) + 1
    end = now + PATIENCE * DAY
    walls = [(one.window, Wall(one.zone)) for one in hours]
    while now < end:
        found = now
        for window, wall in walls:
            found = _opening(window, wall, found, end)
        if found == now:
            return at(found)
        now = found
    return None


def _opening(window: Window, wall: Wall, begin: int, end: int) -> int:
    """The first moment from `begin` on, before `end`, at which a window is open; `end` if there is none."""
    while begin < end:
        until = min(begin + DAY, end)  # day by day: no zone changes twice in one
        for stretch in wall.moments(begin, until):
            found = stretch.begin + window.wait(stretch.begin + stretch.offset)
            if found < stretch.end:
                return found
        begin = until
    return end


def _seconds(text: str) -> int:
    read = time.fromisoformat(text)
    return read.hour * 3600 + read.minute * 60 + read.second
