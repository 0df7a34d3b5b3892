"""A month as people read it: its days on one wall clock, with what happens on each, when the clocks change too."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Happening:
    """Something on one day: `times` says when it begins and ends, as far as that is on this day."""

    event: Any
    times: str


@dataclass(frozen=True)
class Day:
    """One day; `note` says that its clocks are changed."""

    date: date
    happenings: Sequence[Happening]
    note: str
    today: bool


def begin_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day begins somewhere: its first, where midnight comes twice or is left out."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def around(year: int, month: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When a month begins somewhere, and when the next one does."""
    first = date(year, month, 1)
    return begin_of(first, zone), begin_of(first + timedelta(days=monthrange(year, month)[1]), zone)


def days_of(year: int, month: int, zone: ZoneInfo, events: Sequence[Any], now: datetime) -> list[Day]:
    """The days of a month.

    Parameters:
      events: in order of time; each stands on every day that it touches.
      now: on whose day is today.
    """
    first, length = date(year, month, 1), monthrange(year, month)[1]
    last = first + timedelta(days=length - 1)
    on: dict[date, list[Happening]] = defaultdict(list)
    for event in events:
        begins, ends = _local_days(event, zone)
        for number in range((min(ends, last) - max(begins, first)).days + 1):
            day = max(begins, first) + timedelta(days=number)
            on[day].append(Happening(event, _times(event, day, begins, ends, zone)))
    today = now.astimezone(zone).date()
    dates = [first + timedelta(days=number) for number in range(length)]
    return [Day(day, on[day], _note(day, zone), day == today) for day in dates]


def _local_days(event: Any, zone: ZoneInfo) -> tuple[date, date]:
    """The first and the last day of an event; what ends at midnight is not on the day that begins then."""
    begins = event.start.astimezone(zone).date()
    ends = (max(event.end - _INSTANT, event.start)).astimezone(zone).date()
    return begins, ends


def _times(event: Any, day: date, begins: date, ends: date, zone: ZoneInfo) -> str:
    shape = "%H:%M %Z" if _note(day, zone) else "%H:%M"  # an hour may come twice
    start, end = (moment.astimezone(zone).strftime(shape) for moment in (event.start, event.end))
    if begins == ends:
        return f"{start} to {end}"
    if day == begins:
        return f"from {start}"
    return f"until {end}" if day == ends else "all day"


def _note(day: date, zone: ZoneInfo) -> str:
    """What the clocks do on a day; an empty text on most."""
    before, after = (
        begin_of(day + timedelta(days=number), zone).astimezone(zone).utcoffset() or timedelta()
        for number in (0, 1)
    )
    if before == after:
        return ""
    minutes = int((after - before).total_seconds() // 60)
    return f"The clocks go {'forward' if minutes > 0 else 'back'} by {_span(abs(minutes))}."


def _span(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    told = [f"{hours} hour{'s' if hours > 1 else ''}"] if hours else []
    return " ".join([*told, *([f"{rest} minutes"] if rest else [])])
