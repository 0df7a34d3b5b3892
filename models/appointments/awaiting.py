"""What is to be made in a time to come: alarms that wait, posted attempts, and alarms of occurrences not there yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from models.appointments import foreseeing
from models.appointments.alarms import PENDING, RETRY
from models.appointments.dispatching import PATIENCE
from models.appointments.due import due_at
from models.appointments.events import PAUSED
from models.appointments.taking import COLUMNS, JOINED, Due
from models.database import Sql, utc

EXISTING, FUTURE, POSTED = "alarm", "occurrence", "posted"
LAG = timedelta(seconds=1)  # after which an occurrence is there: nobody makes it at the very moment


class TooMuch(Exception):
    """There is more than is looked at."""


@dataclass(slots=True)
class Awaited:
    """An alarm with its event, and from when on it is there to be made.

    Parameters:
      advance: its advance notice, in seconds.
      kind: `EXISTING`, `FUTURE`, whose occurrence is not there yet, or `POSTED`, of an attempt that somebody posted.
    """

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


def awaited(until: datetime, now: datetime, user_id: int | None, most: int) -> Iterator[Awaited]:
    """Everything that is to be made before a moment, or may be; read in a fixed number of statements.

    Parameters:
      user_id: of the manager or the calendar user whose alarms are meant; None: everybody's.
      most: how many are told.

    Raises:
      TooMuch: there are more.
    """
    for number, one in enumerate(_all(until, now, user_id, most)):
        if number >= most:
            raise TooMuch
        yield one


def awaited_of(alarm_id: int, now: datetime) -> Awaited | None:
    """One alarm that waits to be made; None when there is none such that does."""
    row = Sql(f"{_ALARMS} a.id = %s AND a.due_at IS NOT NULL AND a.status IN ({PENDING}, {RETRY})").one(
        alarm_id
    )
    return _read(row, EXISTING, now) if row else None


def _all(end: datetime, now: datetime, user_id: int | None, most: int) -> Iterator[Awaited]:
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


def _occurring(end: datetime, now: datetime, user_id: int | None, most: int) -> Iterator[Awaited]:
    """The alarms of occurrences that are not there yet."""
    alarms: dict[int, list[Awaited]] = {}
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
    events = foreseeing.series(end, now, user_id) if alarms else ()
    for event in events:
        theirs = alarms.get(event.id, [])
        for occurrence in foreseeing.following(event, end, now) if theirs else ():
            yield from (_copy(one, occurrence) for one in theirs)


def _read(row: Sequence[Any], kind: str, now: datetime) -> Awaited:
    event_id, title, start, status, advance = row[-5:]
    due = Due.of(row[:-5])
    return Awaited(due, event_id, title, utc(start) or start, status == PAUSED, advance, kind, now)


def _copy(one: Awaited, occurrence: foreseeing.Occurrence) -> Awaited:
    """An alarm of an event, as it will be of an occurrence."""
    notice = occurrence.start + (one.due.date_start_notice - one.start)
    due = replace(
        one.due,
        status=PENDING,
        date_start_notice=notice,
        due_at=due_at(PENDING, notice, one.advance) or notice,
        num_attempt=0,
    )
    return replace(one, due=due, start=occurrence.start, there=occurrence.made_at + LAG)
