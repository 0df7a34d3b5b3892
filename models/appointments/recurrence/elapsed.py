"""Rules of hours, minutes and seconds: time that has really passed, counted from the start.

An hourly alarm rings every hour, also in the night in which the clocks change: such a rule measures distances, and
sixty minutes must not become none or two hours. What it says of days, hours, minutes and seconds is read off the wall.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache, partial

from models.appointments.recurrence.days import periods
from models.appointments.recurrence.params import Params
from models.appointments.recurrence.walls import DAY, Wall, day_of, midnight

UNITS = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}  # seconds of a period
PATIENCE = 250_000  # steps (0.2 s) until a rule whose interval never meets what it names is taken as over
_FURTHEST = 16 * 3600  # seconds that a wall can be off UTC, and some


class Elapsed:
    """What a rule of hours or faster names, day by day. `start` is a moment.

    Inside, time is the start's clock going on for ever as if nothing changed it; `shift` leads to what the wall shows.
    Where a change of the clock or a midnight cuts a period in two, `bysetpos` counts in each part by itself.
    """

    def __init__(self, frequency: str, params: Params, start: int, wall: Wall) -> None:
        self._params, self._wall = params, wall
        self._unit = UNITS[frequency]
        self._offset = wall.offset_at(start)
        self._start = start + self._offset
        self._anchor = self._start - self._start % self._unit
        self._until_second = _distances(params.bysecond)
        self._patience = PATIENCE

    def days(self, since: date) -> Iterator[tuple[int, Callable[[int], int | None]]]:
        """Days from `since` on with something named, each with what gives its first moment not before another."""
        most = (len(self._params.byminute) or 1) * (len(self._params.bysecond) or 1)
        if all(abs(place) > most for place in self._params.bysetpos or (1,)):
            return
        step = self._unit * self._params.interval
        for (day,) in periods("DAILY", self._params, day_of(self._start), since, every=True):
            if self._patience <= 0:
                return
            begin = midnight(day) - DAY  # whatever the wall's offset is
            if (self._anchor - begin) % step < 3 * DAY:
                yield day, partial(self._first_on, day)

    def _first_on(self, day: int, begin: int) -> int | None:
        begins = midnight(day)
        for stretch in self._wall.moments(begins - _FURTHEST, begins + DAY + _FURTHEST):
            low = max(stretch.begin, begins - stretch.offset) + self._offset
            high = min(stretch.end, begins + DAY - stretch.offset) + self._offset
            shift = stretch.offset - self._offset
            for found in self._picked(max(low, self._anchor), high, shift, begin + self._offset):
                if found >= begin + self._offset:
                    return found - self._offset
        return None

    def _picked(self, low: int, high: int, shift: int, begin: int) -> Iterator[int]:
        """What the rule names in a stretch, from some moment before or at `begin` on."""
        if not self._params.bysetpos:
            yield from self._named(max(low, begin), high, shift)
            return
        low = max(low, begin - (begin - self._anchor) % self._unit)
        while (first := next(self._named(low, high, shift), None)) is not None:
            low = min(high, first + self._unit - (first - self._anchor) % self._unit)
            named = list(self._named(first, low, shift))
            places = {place - 1 if place > 0 else place + len(named) for place in self._params.bysetpos}
            yield from (named[place] for place in sorted(places) if 0 <= place < len(named))

    def _named(self, second: int, high: int, shift: int) -> Iterator[int]:
        """Every second that the rule names, found by leaps: each goes to the next second that may be one."""
        while second < high and self._patience > 0:
            self._patience -= 1
            if leap := self._leap(second, second + shift):
                second += leap
            else:
                yield second
                second += 1

    def _leap(self, second: int, shown: int) -> int:
        """Seconds until something may be named; 0 when this second is. What is not said is as at the start."""
        said = self._params
        period, within = divmod(second - self._anchor, self._unit)
        if over := period % said.interval:
            return (said.interval - over) * self._unit - within
        if said.byhour and shown // 3600 % 24 not in said.byhour:
            return 3600 - shown % 3600
        if said.byminute and shown // 60 % 60 not in said.byminute:
            return 60 - shown % 60
        if not said.byminute and self._unit > 60 and second // 60 % 60 != self._start // 60 % 60:
            return 60 - second % 60
        if said.bysecond:
            return self._until_second[shown % 60]
        return (self._start - second) % 60 if self._unit > 1 else 0


@lru_cache(maxsize=64)
def _distances(seconds: tuple[int, ...]) -> tuple[int, ...]:
    """From each second of a minute to the next that is named, or to the next minute."""
    ends = (*seconds, 60)
    return tuple(min(end - second for end in ends if end >= second) for second in range(60))
