"""Does this moment match this rule? Asked of one day, or one second, after the other; nothing is computed ahead.

From RFC 5545 §3.3.10 (rules) and §3.3.5 (what a time means that the clocks leave out or show twice). What the product
adds is said where it is: `byeaster`, weeks without a weekday, and hours, minutes and seconds as time that passes.
"""

from calendar import isleap, monthrange
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

Parts = dict[str, list[int | tuple[int, int]]]  # as params has them; a weekday is (0 = Monday, nth or 0)

SECONDS = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}
DAY = timedelta(days=1)
DAY_NUMBERS = ("bymonth", "bymonthday", "byyearday", "byweekno", "byeaster")


def expected(
    frequency: str, parts: Parts, start: datetime, zone: ZoneInfo, begin: datetime, end: datetime
) -> list[datetime]:
    """All occurrences from `begin` to `end`, both included, of a series that starts at `start`."""
    walk = _by_seconds if frequency in SECONDS else _by_days
    found = {moment for moment in walk(frequency, parts, start, zone, begin, end) if moment >= start}
    return sorted(moment for moment in found if begin <= moment <= end)


def _by_days(
    frequency: str, parts: Parts, start: datetime, zone: ZoneInfo, begin: datetime, end: datetime
) -> Iterator[datetime]:
    local = start.astimezone(zone).replace(tzinfo=None)
    times = _times(parts, local)
    first, last = (moment.astimezone(zone).date() for moment in (begin - 2 * DAY, end + 2 * DAY))
    if "bysetpos" in parts:  # positions are counted in whole periods
        first, last = _period_of(frequency, first)[0], _period_of(frequency, last)[1]
    days = (first + n * DAY for n in range((last - first).days + 1))
    matching = (day for day in days if _phase(frequency, parts, local.date(), day))
    matching = (day for day in matching if day_matches(frequency, parts, local.date(), day))
    for _, members in groupby(matching, key=lambda day: _period_of(frequency, day)):
        for shown in _positions(parts, [datetime.combine(day, each) for day in members for each in times]):
            yield start if shown == local else moment_of(shown, zone)


def _by_seconds(
    frequency: str, parts: Parts, start: datetime, zone: ZoneInfo, begin: datetime, end: datetime
) -> Iterator[datetime]:
    """OURS: an hour is an hour that passes, counted from the full hour (minute, second) on the start's clock."""
    unit = SECONDS[frequency]
    local = start.astimezone(zone).replace(tzinfo=None)
    anchor = start - timedelta(seconds=(local.minute * 60 + local.second) % unit)
    step = 1 if "bysecond" in parts or unit == 1 else 60 if "byminute" in parts or unit == 60 else 3600
    moment = start + (max(begin - timedelta(seconds=unit), start) - start) // timedelta(
        seconds=step
    ) * timedelta(seconds=step)
    if "bysetpos" in parts and moment < anchor + timedelta(seconds=unit):
        moment -= (moment - anchor) // timedelta(seconds=step) * timedelta(seconds=step)
    found, known = [], {}
    while moment <= end + timedelta(seconds=unit):
        period, shown = (moment - anchor) // timedelta(seconds=unit), moment.astimezone(zone)
        unchanged = local + (moment - start)
        if period % parts.get("interval", [1])[0] == 0 and _second_matches(
            unit, parts, local, shown, unchanged
        ):
            day = shown.date()
            if day not in known:
                known[day] = day_matches(frequency, parts, local.date(), day)
            if known[day]:
                found.append(((period, day, shown.utcoffset()), moment))
        moment += timedelta(seconds=step)
    for _, members in groupby(found, key=lambda each: each[0]):
        yield from _positions(parts, [moment for _, moment in members])


def _second_matches(unit: int, parts: Parts, start: datetime, shown: datetime, unchanged: datetime) -> bool:
    """What is said is read off the clock; what is not is as at the start, on a clock that nobody ever changed."""
    if "byhour" in parts and shown.hour not in parts["byhour"]:
        return False
    if (
        shown.minute not in parts["byminute"]
        if "byminute" in parts
        else unit > 60 and unchanged.minute != start.minute
    ):
        return False
    return (
        shown.second in parts["bysecond"]
        if "bysecond" in parts
        else unit == 1 or unchanged.second == start.second
    )


def _positions(parts: Parts, members: list[datetime]) -> Iterable[datetime]:
    if "bysetpos" not in parts:
        return members
    wanted = parts["bysetpos"]
    return [each for n, each in enumerate(members) if n + 1 in wanted or n - len(members) in wanted]


def _times(parts: Parts, start: datetime) -> list[time]:
    return [
        time(hour, minute, second)
        for hour in sorted(parts.get("byhour", [start.hour]))
        for minute in sorted(parts.get("byminute", [start.minute]))
        for second in sorted(parts.get("bysecond", [start.second]))
    ]


def _phase(frequency: str, parts: Parts, start: date, day: date) -> bool:
    """Whether `interval` reaches this day's period. Weeks begin on Monday."""
    apart = {
        "YEARLY": day.year - start.year,
        "MONTHLY": (day.year - start.year) * 12 + day.month - start.month,
        "WEEKLY": ((day - timedelta(days=day.weekday())) - (start - timedelta(days=start.weekday()))).days
        // 7,
        "DAILY": (day - start).days,
    }[frequency]
    return apart % parts.get("interval", [1])[0] == 0


def _period_of(frequency: str, day: date) -> tuple[date, date]:
    if frequency == "YEARLY":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    if frequency == "MONTHLY":
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    if frequency == "WEEKLY":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    return day, day


def day_matches(frequency: str, parts: Parts, start: date, day: date) -> bool:
    """Whether a day is one that the rule names, leaving `interval` aside."""
    if not all(_number_matches(name, parts[name], day) for name in DAY_NUMBERS if name in parts):
        return False
    if "byweekday" in parts:
        return any(_weekday_matches(frequency, parts, day, one) for one in parts["byweekday"])
    if parts.keys() & {
        "bymonthday",
        "byyearday",
        "byweekno",
        "byeaster",
    }:  # OURS of byweekno: all days of the week
        return True
    return {
        "YEARLY": day.day == start.day and (day.month == start.month or "bymonth" in parts),
        "MONTHLY": day.day == start.day,
        "WEEKLY": day.weekday() == start.weekday(),
    }.get(frequency, True)


def _number_matches(name: str, wanted: list[int | tuple[int, int]], day: date) -> bool:
    """Numbers of days, months and weeks, from the beginning or from the end."""
    if name == "bymonth":
        return day.month in wanted
    if name == "bymonthday":
        return day.day in wanted or day.day - monthrange(day.year, day.month)[1] - 1 in wanted
    if name == "byyearday":
        of_year = day.timetuple().tm_yday
        return of_year in wanted or of_year - (366 if isleap(day.year) else 365) - 1 in wanted
    if name == "byweekno":
        year, week, _ = day.isocalendar()
        return week in wanted or week - date(year, 12, 28).isocalendar().week - 1 in wanted
    return (day - easter(day.year)).days in wanted  # OURS, as python-dateutil has it


def _weekday_matches(frequency: str, parts: Parts, day: date, wanted: int | tuple[int, int]) -> bool:
    weekday, nth = wanted
    if day.weekday() != weekday:
        return False
    if not nth:
        return True
    if frequency == "MONTHLY" or "bymonth" in parts:
        first, last = day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    else:
        first, last = date(day.year, 1, 1), date(day.year, 12, 31)
    return nth in ((day - first).days // 7 + 1, -((last - day).days // 7) - 1)


@lru_cache
def easter(year: int) -> date:
    """Easter Sunday, by Gauss's rule with Lichtenberg's amendments."""
    k = year // 100
    m, s = 15 + (3 * k + 3) // 4 - (8 * k + 13) // 25, 2 - (3 * k + 3) // 4
    d = (19 * (year % 19) + m) % 30
    full_moon = 21 + d - (d + year % 19 // 11) // 29
    sunday = 7 - (year + year // 4 + s) % 7
    return date(year, 3, 1) + timedelta(days=full_moon + 7 - (full_moon - sunday) % 7 - 1)


def moment_of(shown: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which a clock shows this: the first if it does so twice; left out, by the clock before the gap."""
    guess = shown.replace(tzinfo=UTC)
    offsets = {(guess + n * DAY).astimezone(zone).utcoffset() for n in range(-2, 3)}
    exact = [
        guess - offset for offset in offsets if offset is not None and _shown(guess - offset, zone) == shown
    ]
    if exact:
        return min(exact)
    before, after = guess - 2 * DAY, guess + 2 * DAY  # the clock jumps over `shown` between these two
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // timedelta(seconds=2) * timedelta(seconds=1)
        before, after = (middle, after) if _shown(middle, zone) < shown else (before, middle)
    return guess - (before.astimezone(zone).utcoffset() or timedelta())


def _shown(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)
