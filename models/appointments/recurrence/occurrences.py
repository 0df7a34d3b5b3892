"""Occurrences of a rule from its series' start, in the wall clock of a zone.

Days and longer keep the time on the wall (`daily.py`), hours and faster the time that passes (`elapsed.py`). The start
stays what it is for the whole series, so an interval keeps its phase whatever was skipped. Work is bounded: years are
looked at one by one, fifty of them at most, and nothing that lies before the moment asked for.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from models.appointments.recurrence.daily import Daily
from models.appointments.recurrence.days import LAST_YEAR
from models.appointments.recurrence.elapsed import UNITS, Elapsed
from models.appointments.recurrence.params import Params
from models.appointments.recurrence.walls import DAY, Wall, at, day_of, moment_of

SLACK = 2  # days: a clock put on or back by up to a whole day (Samoa, 2011) may bring moments out of the days' order
FIRST_YEAR = 2  # the calendar begins with 1, and a day must have days before it
_SECOND = timedelta(seconds=1)


def following(
    frequency: str, params: Params, start: datetime, zone: tzinfo, after: datetime
) -> datetime | None:
    """The first occurrence strictly after a moment, and not before the start; None when there is none in 50 years.

    `count` is no matter of this function. Moments are aware; the answer is in UTC, in whole seconds.
    """
    if not FIRST_YEAR <= start.year <= max(start, after).year <= LAST_YEAR:
        return None
    wall, first = Wall(zone), moment_of(start)
    rule = (Elapsed if frequency in UNITS else Daily)(frequency, params, first, wall)
    begin = max(moment_of(after) + 1, first)
    found = _earliest(rule, wall, begin)
    return None if found is None else at(found)


def names_start(frequency: str, params: Params, start: datetime, zone: tzinfo) -> bool:
    """Whether the start of a series is an occurrence of its rule."""
    return following(frequency, params, start, zone, start - _SECOND) == at(moment_of(start))


def occurrences(
    frequency: str, params: Params, start: datetime, zone: tzinfo, after: datetime | None = None
) -> Iterator[datetime]:
    """One occurrence after the other, from the start or strictly after a moment; `count` is not looked at."""
    found = following(frequency, params, start, zone, after or start - _SECOND)
    while found is not None:
        yield found
        found = following(frequency, params, start, zone, found)


def _earliest(rule: Daily | Elapsed, wall: Wall, begin: int) -> int | None:
    """The first moment from `begin` on; where the clock changes, later days are looked at as well."""
    best, last = None, 0
    since = day_of(wall.shown(begin) - (0 if wall.calm(begin) else SLACK * DAY))
    for day, first_from in rule.days(since):
        if best is not None and day > last:
            break
        found = first_from(begin)
        if found is None or (best is not None and found >= best):
            continue
        if best is None and wall.calm(found):
            return found
        best, last = found, last or day + SLACK
    return best
