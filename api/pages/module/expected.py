"""Occurrences to come that nobody has made yet: each is made when the one before it begins, if nothing changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from peewee import JOIN

from api.appointments import kinds
from api.appointments.callers import RestCaller
from api.pages.module import zones
from models.appointments.dispatching import PATIENCE, BadRule, phase_of, read
from models.appointments.events import PENDING, Event, Rule
from models.appointments.foreseeing import following
from models.appointments.recurrence.series import next_start

SERIES, STEPS = (
    200,
    2000,
)  # series that are looked at, and occurrences that are counted through, of all of them
_ROOT = Event.alias()


@dataclass(frozen=True)
class Expected:
    """One occurrence; `id`, `title` and `status` are those of the event that it follows."""

    id: int
    title: str
    status: int
    start: datetime
    end: datetime
    expected: bool = True


def expected(
    caller: RestCaller, calendar_id: int, begin: datetime, end: datetime, now: datetime
) -> tuple[list[Expected], bool]:
    """What is to be expected of a calendar's series between two moments; and whether that is all of it."""
    found, left = [], STEPS
    series = list(_series(caller, calendar_id, end, now))
    for event in series:
        length = event.end - event.start
        for start in islice(_starts(event, begin - length, end, now), left):
            left -= 1
            if start < end and start + length > begin:
                found.append(Expected(event.id, event.title, event.status, start, start + length))
    return sorted(found, key=lambda one: (one.start, one.id)), bool(left) and len(series) < SERIES


def _starts(event: Any, begin: datetime, end: datetime, now: datetime) -> Iterator[datetime]:
    """When the occurrences after an event start. Those of a rule with a count are counted from the event on."""
    try:
        frequency, params = read(event.rule)
    except BadRule:
        return
    if params.count is not None:
        yield from (occurrence.start for occurrence in following(event, end, now))
        return
    zone = zones.of_row(event) or zones.UTC
    phase = phase_of(event, frequency, params, zone)
    after: datetime | None = max(event.start, now, begin)
    while after is not None and after < end:
        after = next_start(frequency, params, phase, zone, after, event.end_recurring_period, 0)
        if after is not None:
            yield after


def _series(caller: RestCaller, calendar_id: int, end: datetime, now: datetime) -> Any:
    """Pending events that a rule goes on from, with all that `following` needs."""
    query = Event.select(Event, Rule, _ROOT.id, _ROOT.start, zones.ZONE_NAME).join(Rule).switch(Event)
    query = query.join(_ROOT, JOIN.LEFT_OUTER, on=(Event.parent_event == _ROOT.id), attr="parent_event")
    alive = (Event.start >= now - PATIENCE) | Event.parent_event.is_null(False)
    here = (Event.calendar == calendar_id) & (Event.status == PENDING) & (Event.start < end) & alive
    query = zones.joined(query.switch(Event), Event.creator).where(here & kinds.EVENT.visible(caller))
    return query.order_by(Event.start, Event.id).limit(SERIES)
