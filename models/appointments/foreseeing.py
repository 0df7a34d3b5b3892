"""Occurrences of a series that nobody has made yet: when each would be made, and when it would start."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from peewee import JOIN, fn

from models.appointments.alarms import Alarm
from models.appointments.calendars import CalendarSetting
from models.appointments.dispatching import PATIENCE, BadRule, phase_of, read
from models.appointments.events import PENDING, Event, Rule
from models.appointments.recurrence.series import next_start
from models.appointments.users import CalendarUserProfile

_ROOT, _NEXT = Event.alias(), Event.alias()


class Occurrence(NamedTuple):
    """One of a series: `made_at` is when the one before it starts, `start` when it starts itself."""

    made_at: datetime
    start: datetime


def series(until: datetime, now: datetime, user_id: int | None) -> Any:
    """Events with alarms from which a series goes on before a moment, as a query with all that `following` needs.

    Parameters:
      user_id: of the manager or the calendar user whose they are; None: everybody's.
    """
    query = (
        Event.select(
            Event.id, Event.start, Event.occ_count, Event.series_start, Event.end_recurring_period,
            Rule.id, Rule.frequency, Rule.params, _ROOT.id, _ROOT.start,
            fn.COALESCE(CalendarSetting.timezone, "UTC").alias("zone_name"),
        )
        .join(Rule)
        .switch(Event)
        .join(_ROOT, JOIN.LEFT_OUTER, on=(Event.parent_event == _ROOT.id), attr="parent_event")
        .switch(Event)
        .join(CalendarUserProfile, JOIN.LEFT_OUTER, on=(CalendarUserProfile.user == Event.creator), attr="of")
        .join(CalendarSetting, JOIN.LEFT_OUTER, on=(CalendarUserProfile.calendar_setting == CalendarSetting.id))
    )  # fmt: skip
    alive = (Event.start >= now - PATIENCE) | Event.parent_event.is_null(False)
    told = fn.EXISTS(Alarm.select(Alarm.id).where(Alarm.event == Event.id))
    query = query.where(
        (Event.status == PENDING) & (Event.start < until) & alive & told & ~fn.EXISTS(_made())
    )
    if user_id is not None:
        query = query.where((CalendarUserProfile.manager == user_id) | (Event.creator == user_id))
    return query.order_by(Event.start, Event.id)


def _made() -> Any:
    """What follows an event, when that is there already."""
    root, place = fn.COALESCE(Event.parent_event, Event.id), fn.COALESCE(Event.occ_count, 0) + 1
    here = (_NEXT.parent_event == root) & (_NEXT.occ_count == place) & _NEXT.produced
    return _NEXT.select(_NEXT.id).where(here)


def following(event: Any, until: datetime, now: datetime) -> Iterator[Occurrence]:
    """The occurrences that are made after an event before a moment, each at the very start of the one before it.

    None of a rule that cannot be read: its event is never dispatched.

    Parameters:
      event: as `series` tells it.
    """
    zone: tzinfo = ZoneInfo(event.zone_name)
    try:
        frequency, params = read(event.rule)
    except BadRule:
        return
    phase = phase_of(event, frequency, params, zone)
    made_at, place = max(event.start, now), event.occ_count or 0
    while made_at < until:
        start = next_start(frequency, params, phase, zone, made_at, event.end_recurring_period, place)
        if start is None:
            return
        yield Occurrence(made_at, start)
        made_at, place = start, place + 1
