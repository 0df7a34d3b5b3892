"""Rules of days and longer, true to the wall clock: 10:00 stays 10:00 when the clocks change."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from models.appointments.recurrence.days import periods
from models.appointments.recurrence.params import Params
from models.appointments.recurrence.times import Times, times_of
from models.appointments.recurrence.walls import DAY, Wall, day_of, midnight

MOST_DAYS = {"YEARLY": 366, "MONTHLY": 31, "WEEKLY": 7, "DAILY": 1}  # in a period


class Daily:
    """What a YEARLY, MONTHLY, WEEKLY or DAILY rule names, day by day. `start` is a moment."""

    def __init__(self, frequency: str, params: Params, start: int, wall: Wall) -> None:
        self._frequency, self._params, self._wall = frequency, params, wall
        self._moment, self._start = start, wall.shown(start)
        self._times = times_of(params, self._start)

    def days(self, since: date) -> Iterator[tuple[int, Callable[[int], int | None]]]:
        """Days from `since` on with something named, each with what gives its first moment not before another."""
        most = MOST_DAYS[self._frequency] * self._times.number
        if all(abs(place) > most for place in self._params.bysetpos or (1,)):
            return
        for days in periods(self._frequency, self._params, day_of(self._start), since):
            for day, times in self._chosen(days):
                if day >= since.toordinal():
                    yield day, partial(self._first_on, day, times)

    def _first_on(self, day: int, times: Times, begin: int) -> int | None:
        """The start is itself, also when the wall shows its time twice and it is the second."""
        begins = midnight(day)
        if begin == self._moment and times.first(self._start - begins, self._start - begins + 1) is not None:
            return begin
        found = [
            begins + time - stretch.offset
            for stretch in self._wall.readings(begins, begins + DAY)
            if (time := _first(times, begins, stretch.begin, stretch.end, begin + stretch.offset)) is not None
        ]
        return min(found, default=None)

    def _chosen(self, days: list[int]) -> Iterator[tuple[int, Times]]:
        """Of one period's days and times those that `bysetpos` picks; all when it says nothing."""
        if not self._params.bysetpos:
            yield from ((day, self._times) for day in days)
            return
        each = self._times.number
        number = each * len(days)
        for place in sorted({place - 1 if place > 0 else place + number for place in self._params.bysetpos}):
            if 0 <= place < number:
                yield days[place // each], self._times.nth(place % each)


def _first(times: Times, midnight: int, begin: int, end: int, not_before: int) -> int | None:
    return times.first(max(begin, not_before) - midnight, end - midnight)
