"""Which days a rule names: python-dateutil's rrule asked for one year at a time, so that no rule can keep it busy.

Only days: what an hour, minute or second has to be is no matter of this module. A day is an ordinal, as
`date.toordinal()` counts. Weeks begin on Monday.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from dateutil.rrule import YEARLY, rrule, weekday

from models.appointments.recurrence.params import Params, Weekday

AHEAD = (
    50  # years: what has nothing in them is over. February 29 on a Monday comes every 28, at worst 40 years
)
LAST_YEAR = 9997  # the calendar's end is 9999, and a day must have days after it
EVERY_DAY = tuple(Weekday(day) for day in range(7))
EVERY_MONTH = tuple(range(1, 13))
_ONE_YEAR = 9999  # an interval that leads out of the calendar: dateutil looks at one year and ends


class Picked(NamedTuple):
    """What picks days, with all that a rule leaves to its start filled in."""

    bymonth: tuple[int, ...]
    bymonthday: tuple[int, ...]
    byyearday: tuple[int, ...]
    byweekno: tuple[int, ...]
    byweekday: tuple[Weekday, ...]
    byeaster: tuple[int, ...]


def periods(
    frequency: str, params: Params, start: date, since: date, every: bool = False
) -> Iterator[list[int]]:
    """The rule's days, period by period, from `since` until AHEAD years later.

    A period is a year, a month, a week or a day, as the frequency says; those that `interval`, counted from the period
    of `start`, passes over are left out, unless `every` asks for all. Periods without a day are left out too. With
    `bysetpos`, whose places count from a period's beginning, the period that `since` lies in is whole.
    """
    picked = _picked(frequency, params, start)
    interval = 1 if every else params.interval
    phase = _number(frequency, start.toordinal()) % interval
    begin = _begin(frequency, since) if params.bysetpos else since

    def number(day: int) -> int:
        return _number(frequency, day)

    for period, days in groupby(_days(picked, begin, since.year + AHEAD), number):
        if period % interval == phase:
            yield list(days)


def _days(picked: Picked, begin: date, last_year: int) -> Iterator[int]:
    for year in range(begin.year, min(last_year, LAST_YEAR) + 1):
        days = _days_of(year, picked)
        yield from days[bisect_left(days, begin.toordinal()) if year == begin.year else 0 :]


def _picked(frequency: str, params: Params, start: date) -> Picked:
    """A rule that names no day means its start's: the day of the year, of the month or of the week, or every day."""
    months, monthdays, weekdays = params.bymonth, params.bymonthday, params.byweekday
    named = monthdays or weekdays or params.byyearday or params.byweekno or params.byeaster
    if frequency == "YEARLY" and not named:
        months, monthdays = months or (start.month,), (start.day,)
    elif frequency == "MONTHLY":
        # Of a year whose months are named, rrule counts nth weekdays within each month.
        months = months or EVERY_MONTH
        monthdays = monthdays if named else (start.day,)
    elif frequency == "WEEKLY" and not named:
        weekdays = (Weekday(start.weekday()),)
    elif frequency not in ("YEARLY", "MONTHLY"):
        weekdays = tuple(sorted({Weekday(day.day) for day in weekdays}))
    return Picked(months, monthdays, params.byyearday, params.byweekno, weekdays, params.byeaster)


@lru_cache(maxsize=256)
def _days_of(year: int, picked: Picked) -> tuple[int, ...]:
    """The days of one year. Plain and nth weekdays are asked for one by one: rrule wants both at once, not either."""
    plain = tuple(day for day in picked.byweekday if not day.nth)
    nth = tuple(day for day in picked.byweekday if day.nth)
    parts = [part for part in (plain, nth) if part] or [EVERY_DAY]
    days = sorted({day for part in parts for day in _asked(year, picked._replace(byweekday=part))})
    return tuple(day for day in days if not picked.byweekno or _week_fits(day, picked.byweekno))


def _week_fits(day: int, weeks: tuple[int, ...]) -> bool:
    """Counted here, since rrule takes the last week of some years for another: January 1, 2022 for week 53's."""
    year, week, _ = date.fromordinal(day).isocalendar()
    return week in weeks or week - date(year, 12, 28).isocalendar().week - 1 in weeks


def _asked(year: int, picked: Picked) -> Iterator[int]:
    weekdays = tuple(weekday(day.day, day.nth or None) for day in picked.byweekday)
    rule = rrule(
        YEARLY, datetime(year, 1, 1), interval=_ONE_YEAR, wkst=0,  # noqa: DTZ001 - days have no zone
        bymonth=picked.bymonth or None, bymonthday=picked.bymonthday or None, byyearday=picked.byyearday or None,
        byweekday=weekdays, byeaster=picked.byeaster or None,
        byhour=0, byminute=0, bysecond=0,
    )  # fmt: skip
    return (found.toordinal() for found in rule)


def _number(frequency: str, day: int) -> int:
    """Which period a day is in."""
    if frequency == "WEEKLY":
        return (day - 1) // 7
    if frequency not in ("YEARLY", "MONTHLY"):
        return day
    found = date.fromordinal(day)
    return found.year if frequency == "YEARLY" else found.year * 12 + found.month


def _begin(frequency: str, day: date) -> date:
    """The first day of the period that a day is in."""
    if frequency == "YEARLY":
        return day.replace(month=1, day=1)
    if frequency == "MONTHLY":
        return day.replace(day=1)
    return date.fromordinal(day.toordinal() - day.weekday()) if frequency == "WEEKLY" else day
