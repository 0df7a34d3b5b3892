"""A dry run: every alarm that would be made in a time to come, when, how and to whom, or why it would not. Only reads.

It supposes that the dispatchers keep pace, that nobody changes anything, that calls find room in their calendars, and
that first attempts do not fail: what is tried again then is not foreseen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from models import clock, donotcall
from models.appointments import foreseeing, ringing, telling
from models.appointments.alarms import CALL, PENDING, RETRY, SMS
from models.appointments.dispatching import PATIENCE
from models.appointments.due import due_at
from models.appointments.events import PAUSED
from models.appointments.performing import STRANDED
from models.appointments.planning import GiveUp, Run, Terms, Wait, decide
from models.appointments.taking import COLUMNS, JOINED, Due
from models.database import Sql, utc

FURTHEST = timedelta(days=366)  # from now
ROWS = 1000  # that are told
EFFORT = 10_000  # alarms that are looked at, and occurrences
HELD = "its event is paused"
DAILY, QUIET = "the daily window", "quiet hours"

EXISTING, FUTURE, POSTED = "alarm", "occurrence", "posted"  # what would be made


class TooMuch(Exception):
    """More happens in this time than is looked at."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One alarm that would be made, or given up, or that is held.

    Parameters:
      at: when.
      due: from when on it may be made.
      alarm_id, event_id: of one of an occurrence that is not there yet, those that it will be copied from.
      start: of the event, or of that occurrence.
      kind: `EXISTING`, `FUTURE`, or `POSTED` for an attempt that somebody posted.
      again: whether it is not its first attempt.
      waits_for: what put it off until `at`, if anything.
      why_not: why nobody would be told; empty: he would.
    """

    at: datetime
    due: datetime
    alarm_id: int
    event_id: int
    title: str
    start: datetime
    kind: str
    again: bool
    method: int
    to: str
    zone: str
    recipient_zone: str
    waits_for: Sequence[str] = ()
    why_not: str = ""


class Rehearsal(NamedTuple):
    """What was foreseen, in order of time; `more`: only the first of it."""

    rows: list[Foreseen]
    more: bool


@dataclass(slots=True)
class _Planned:
    """An alarm, its event, and from when on it is there to be made."""

    due: Due
    event_id: int
    title: str
    start: datetime
    paused: bool
    advance: int
    kind: str
    there: datetime


_MORE = "e.id, e.title, e.start, e.status, a.advance_notice"
_ALARMS = f"SELECT a.id, NULL, a.status, a.due_at, {COLUMNS}, {_MORE} FROM alarm AS a {JOINED} WHERE"


def rehearse(
    begin: datetime, end: datetime, user_id: int | None = None, effort: int = EFFORT, rows: int = ROWS
) -> Rehearsal:
    """What would be made from one moment until before another; of the past, nothing.

    Parameters:
      user_id: of the manager or the calendar user whose alarms are meant; None: everybody's.
      effort: how many alarms and occurrences are looked at.
      rows: how many are told.

    Raises:
      TooMuch: there is more to look at.
    """
    now = clock.now()
    planned = _effort(_all(end, now, user_id, effort), effort)
    found = [seen for one in planned if begin <= (seen := _foreseen(one)).at < end]
    found.sort(key=lambda seen: (seen.at, seen.alarm_id, seen.start))
    return Rehearsal(_without_unwanted(found[:rows]), len(found) > rows)


def _effort(planned: Iterator[_Planned], effort: int) -> Iterator[_Planned]:
    for number, one in enumerate(planned):
        if number >= effort:
            raise TooMuch
        yield one


def _all(end: datetime, now: datetime, user_id: int | None, most: int) -> Iterator[_Planned]:
    """Everything that is there to be made before the end, and what will be."""
    whose, ids = _of(user_id)
    waiting = (
        f"{_ALARMS} a.due_at < %s AND a.status IN ({PENDING}, {RETRY}){whose} ORDER BY a.due_at LIMIT %s"
    )
    for row in Sql(waiting).all(end, *ids, most + 1):
        yield _read(row, EXISTING, now)
    posted = f"""
        SELECT a.id, r.id, {RETRY}, r.date, {COLUMNS}, {_MORE}
        FROM alarm_request AS r JOIN alarm AS a ON a.id = r.alarm_id {JOINED}
        WHERE r.status = {PENDING} AND r.attempt IS NULL AND r.date < %s{whose} ORDER BY r.date LIMIT %s
    """
    for row in Sql(posted).all(end, *ids, most + 1):
        yield _read(row, POSTED, now)
    yield from _occurring(end, now, user_id, most)


def _of(user_id: int | None) -> tuple[str, tuple[int, ...]]:
    """The condition on whose alarms are meant, with its parameters."""
    return (
        ("", ()) if user_id is None else (" AND (p.manager_id = %s OR e.creator_id = %s)", (user_id, user_id))
    )


def _occurring(end: datetime, now: datetime, user_id: int | None, most: int) -> Iterator[_Planned]:
    """The alarms of occurrences that are not there yet."""
    alarms: dict[int, list[_Planned]] = {}
    whose, ids = _of(user_id)
    going_on = f"""
        {_ALARMS} e.status = 1 AND e.rule_id IS NOT NULL AND e.start < %s
            AND (e.start >= %s OR e.parent_event_id IS NOT NULL){whose} ORDER BY a.id LIMIT %s
    """
    for row in Sql(going_on).all(end, now - PATIENCE, *ids, most + 1):
        planned = _read(row, FUTURE, now)
        alarms.setdefault(planned.event_id, []).append(planned)
    if sum(map(len, alarms.values())) > most:
        raise TooMuch
    events = foreseeing.series(end, now, user_id).limit(most) if alarms else ()
    for event in events:
        theirs = alarms.get(event.id, [])
        for occurrence in foreseeing.following(event, end, now) if theirs else ():
            yield from (_copy(one, occurrence) for one in theirs)


def _read(row: Sequence[Any], kind: str, now: datetime) -> _Planned:
    event_id, title, start, status, advance = row[-5:]
    due = Due.of(row[:-5])
    return _Planned(due, event_id, title, utc(start) or start, status == PAUSED, advance, kind, now)


def _copy(one: _Planned, occurrence: foreseeing.Occurrence) -> _Planned:
    """An alarm of an event, as it will be of an occurrence."""
    notice = occurrence.start + (one.due.date_start_notice - one.start)
    due = replace(
        one.due,
        status=PENDING,
        date_start_notice=notice,
        due_at=due_at(PENDING, notice, one.advance) or notice,
        num_attempt=0,
    )
    return replace(one, due=due, start=occurrence.start, there=occurrence.made_at)


def _foreseen(one: _Planned) -> Foreseen:
    """What would become of it: asked at its time, and again at each moment that it is put off to."""
    due, terms = one.due, Terms.of(one.due, one.due)
    first = at = max(terms.due_at, one.there)
    decision = decide(terms, at)
    while isinstance(decision, Wait):
        at = decision.until
        terms = replace(terms, due_at=at)
        decision = decide(terms, at)
    limits = ((DAILY, terms.daily), (QUIET, terms.loud)) if at > first else ()
    waits = [name for name, hours in limits if hours and not hours.allow(first)]
    return Foreseen(
        at=at, due=due.due_at, alarm_id=due.id, event_id=one.event_id, title=one.title, start=one.start, kind=one.kind,
        again=due.status == RETRY, method=_method(due), to=_to(due), zone=str(terms.zone),
        recipient_zone=str(terms.recipient_zone), waits_for=waits, why_not=_why_not(one, decision, at),
    )  # fmt: skip


def _method(due: Due) -> int:
    """An attempt that somebody posted is a call."""
    return CALL if due.request_id else due.method


def _to(due: Due) -> str:
    return (due.alarm_phonenumber if _method(due) in (CALL, SMS) else due.alarm_email) or ""


def _why_not(one: _Planned, decision: Run | Wait | GiveUp, at: datetime) -> str:
    """As the dispatcher finds it, in the same order and by the same rules."""
    if one.paused:
        return HELD
    if one.due.manager_id is None:
        return STRANDED
    if isinstance(decision, GiveUp):
        return decision.cause
    try:
        if _method(one.due) == CALL:
            return ringing.planned(one.due, 1, at).refused
        (telling.text if one.due.method == SMS else telling.mail)(one.due, 1)
    except telling.Untellable as error:
        return str(error)
    return ""


def _without_unwanted(found: list[Foreseen]) -> list[Foreseen]:
    """Say of whom nobody may call or text that nobody would."""
    numbers = {seen.to for seen in found if seen.method in (CALL, SMS) and not seen.why_not}
    refused = donotcall.refused_of(numbers)
    return [
        replace(seen, why_not=donotcall.CAUSE)
        if seen.to in numbers and not seen.why_not and donotcall.digits(seen.to) in refused
        else seen
        for seen in found
    ]
