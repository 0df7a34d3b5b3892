"""The changes of all clocks: every zone of tzdata, and when its distance from UTC changes."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
STEP = timedelta(days=14)  # nobody has changed clocks twice within them since 2000


def names() -> list[str]:
    """All zones, in a fixed order."""
    return sorted(available_timezones() - {"localtime"})  # that one is whatever the machine's is


@cache
def transitions(name: str) -> tuple[datetime, ...]:
    """The moments of 2000-2037 from which the clock is another one."""
    zone, found = ZoneInfo(name), []
    moment, offset = FIRST, FIRST.astimezone(zone).utcoffset()
    while moment < LAST:
        later = moment + STEP
        if later.astimezone(zone).utcoffset() != offset:
            low, high = moment, later
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // timedelta(seconds=2) * timedelta(seconds=1)
                low, high = (middle, high) if middle.astimezone(zone).utcoffset() == offset else (low, middle)
            found.append(high)
            offset = later.astimezone(zone).utcoffset()
        moment = later
    return tuple(found)
