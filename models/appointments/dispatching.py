"""Events whose start has come: each is completed, and of a series the next occurrence is made with its alarms.

An outage or a pause skips occurrences, never repeats them: the one that follows starts after the present. What cannot
be dispatched, because its rule cannot be read, stays as it is and fails alone.
"""

from datetime import datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from peewee import IntegrityError

from models import clock
from models.appointments.alarms import PENDING as AWAITED
from models.appointments.alarms import Alarm
from models.appointments.calendars import CalendarSetting
from models.appointments.due import due_at
from models.appointments.events import COMPLETED, PENDING, Event, Rule
from models.appointments.recurrence.occurrences import following
from models.appointments.recurrence.params import FREQUENCIES, BadParams, Params, parse
from models.appointments.recurrence.series import next_start
from models.appointments.users import CalendarUserProfile
from models.commands import DispatchEvent
from models.database import Sql, db, transaction
from models.ledger import enqueue

PATIENCE = timedelta(hours=12)  # a root whose start is older than this was posted as history
MOST = 500  # events owed in one round

_DUE = Sql(
    """
    SELECT id FROM appointment_event
    WHERE status = 1 AND start <= %s AND (start >= %s OR parent_event_id IS NOT NULL)
        AND 'dispatch_event:' || id NOT IN (
            SELECT key FROM command WHERE name = 'dispatch_event' AND key IS NOT NULL)
    ORDER BY start, id LIMIT %s
    """
)

_COPIED = (
    "title",
    "description",
    "creator",
    "rule",
    "end_recurring_period",
    "calendar",
    "notify_count",
    "data",
)
_ALARM_COPIED = (
    "alarm_phonenumber", "alarm_email", "daily_start", "daily_stop", "advance_notice", "maxretry", "retry_delay",
    "method", "survey", "mail_template", "sms_template", "url_cancel", "url_confirm", "phonenumber_transfer",
    "phonenumber_sms_failure", "recipient_timezone",
)  # fmt: skip
_SECOND = timedelta(seconds=1)


class BadRule(Exception):
    """An event's rule cannot be read; the text says which rule and why."""


def owe_due() -> bool:
    """Owe the dispatch of each pending event whose start has come: occurrences of any age, roots of twelve hours.

    The oldest first. What is owed already is passed over, and so is what failed for good until somebody replays or
    drops it. Returns whether there may be more to owe at once.
    """
    now = clock.now()
    with transaction("events.owed"):
        found = _DUE.all(now, now - PATIENCE, MOST)
        for (event_id,) in found:
            enqueue(DispatchEvent(event_id), key=f"dispatch_event:{event_id}")
    return len(found) == MOST


def dispatch(event_id: int) -> Event | None:
    """Complete an event whose start has come, and make the next occurrence if there is one.

    Whoever completes it makes the occurrence, in one transaction; to everybody else there is nothing left to do.

    Returns: the new occurrence; None when the series is over, there is none, or it was made before.
    Raises: BadRule; the event stays pending.
    """
    with transaction("event.dispatched"):
        now = clock.now()
        ours = (Event.id == event_id) & (Event.status == PENDING) & (Event.start <= now)
        if Event.update(status=COMPLETED).where(ours).execute() != 1:
            return None
        event = Event.get_by_id(event_id)
        return None if event.rule is None else _followed(event, event.rule, now)


def zone_of(event: Event) -> tzinfo:
    """The zone of the wall clock that an event recurs by: of its calendar user's setting, UTC where there is none."""
    setting = (
        CalendarSetting.select()
        .join(CalendarUserProfile, on=CalendarUserProfile.calendar_setting == CalendarSetting.id)
        .where(CalendarUserProfile.user == event.creator_id)
        .first()
    )
    return ZoneInfo("UTC") if setting is None else setting.zone


def _followed(event: Event, rule: Rule, now: datetime) -> Event | None:
    frequency, params = read(rule)
    zone = zone_of(event)
    phase = phase_of(event, frequency, params, zone)
    place = event.occ_count or 0
    start = next_start(frequency, params, phase, zone, now, event.end_recurring_period, place)
    if start is None:
        return None
    try:
        with db.atomic():
            child = _occurrence(event, start, phase, place + 1)
    except IntegrityError:
        if not _made(event, place + 1):
            raise
        return None
    _copy_alarms(event, child)
    return child


def read(rule: Rule) -> tuple[str, Params]:
    """A rule's frequency and params. Raises: BadRule."""
    if rule.frequency not in FREQUENCIES:
        raise BadRule(f"rule {rule.id}: a frequency is one of {', '.join(FREQUENCIES)}, not {rule.frequency}")
    try:
        return rule.frequency, parse(rule.params)
    except BadParams as error:
        raise BadRule(f"rule {rule.id}: {error}") from error


def phase_of(event: Event, frequency: str, params: Params, zone: tzinfo) -> datetime:
    """From when on its rule is counted: the root's start; its own, when somebody moved it or gave it another rule."""
    root = event.parent_event or event
    series: datetime = event.series_start or root.start
    own: datetime = event.start.replace(microsecond=0)
    return series if following(frequency, params, series, zone, own - _SECOND) == own else event.start


def _root_id(event: Event) -> int:
    return int(event.parent_event_id or event.id)


def _made(event: Event, place: int) -> bool:
    """Whether this place of the series has its occurrence."""
    there = (Event.parent_event == _root_id(event)) & (Event.occ_count == place) & Event.produced
    return bool(Event.select().where(there).exists())


def _occurrence(event: Event, start: datetime, phase: datetime, place: int) -> Event:
    """The event again, at another time and place of its series. Raises: IntegrityError, when the place is taken."""
    child: Event = Event.create(
        **{name: event.__data__[name] for name in _COPIED},
        start=start,
        end=start + (event.end - event.start),
        parent_event=_root_id(event),
        occ_count=place,
        produced=True,
        series_start=phase,
    )
    return child


def _copy_alarms(event: Event, child: Event) -> None:
    """All alarms of an event, however they ended, as if nobody had been told yet; each as far from its start."""
    alarms = list(Alarm.select().where(Alarm.event == event.id).order_by(Alarm.id))
    if alarms:
        Alarm.insert_many([_copy(alarm, event, child) for alarm in alarms]).execute()


def _copy(alarm: Alarm, event: Event, child: Event) -> dict[str, Any]:
    notice = child.start + (alarm.date_start_notice - event.start)
    return {
        **{name: alarm.__data__[name] for name in _ALARM_COPIED},
        "event": child.id,
        "date_start_notice": notice,
        "due_at": due_at(AWAITED, notice, alarm.advance_notice),
    }
