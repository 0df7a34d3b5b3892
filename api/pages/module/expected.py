"""Occurrences to come that nobody has made yet: each is made when the one before it begins, if nothing changes."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from peewee import JOIN

from api.appointments import kinds
from api.appointments.callers import RestCaller
from api.pages.module import zones
from models.appointments.dispatching import PATIENCE
from models.appointments.events import PENDING, Event, Rule
from models.appointments.foreseeing import following

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
) -> list[Expected]:
    """What is to be expected of a calendar's series between two moments; as far as it can be counted with patience."""
    found, left = [], STEPS
    for event in _series(caller, calendar_id, end, now):
        length = event.end - event.start
        for occurrence in islice(following(event, end, now), left):
            left -= 1
            if occurrence.start < end and occurrence.start + length > begin:
                stays = (event.id, event.title, event.status)
                found.append(Expected(*stays, occurrence.start, occurrence.start + length))
    return sorted(found, key=lambda one: (one.start, one.id))


def _series(caller: RestCaller, calendar_id: int, end: datetime, now: datetime) -> Any:
    """Pending events that a rule goes on from, with all that `following` needs."""
    query = Event.select(Event, Rule, _ROOT.id, _ROOT.start, zones.ZONE_NAME).join(Rule).switch(Event)
    query = query.join(_ROOT, JOIN.LEFT_OUTER, on=(Event.parent_event == _ROOT.id), attr="parent_event")
    alive = (Event.start >= now - PATIENCE) | Event.parent_event.is_null(False)
    here = (Event.calendar == calendar_id) & (Event.status == PENDING) & (Event.start < end) & alive
    query = zones.joined(query.switch(Event), Event.creator).where(here & kinds.EVENT.visible(caller))
    return query.order_by(Event.start, Event.id).limit(SERIES)
