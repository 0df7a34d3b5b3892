"""Performing what is due: each alarm is called, texted or mailed, waits, or fails; one that cannot, fails alone.

Who performs holds the rows until everything is written, so any number of dispatchers may do so at once. The statements
of one round are of a fixed number, however many alarms it takes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from models import clock, events
from models.appointments import closing, failing, holding, ringing, taking, telling
from models.appointments.alarms import CALL, FAILURE, IN_PROCESS, PENDING, SMS, Alarm, AlarmRequest
from models.appointments.planning import ELIGIBLE, GiveUp, Terms, Wait, decide
from models.appointments.ringing import Attempt
from models.appointments.taking import MOST, Due
from models.appointments.telling import Untellable
from models.bulk import Among, among, change_many, write_many
from models.database import LOST, Sql, db, transaction
from models.deliveries import Delivery, Mail, Text
from models.ledger import LedgerRow
from models.logs import spoken

log = structlog.get_logger(__name__)

LEAST = timedelta(minutes=10)  # what is asked of a carrier is useful for so long at least
BROKEN = "it could not be made: {}. The log tells more; once it is mended, status 4 has it tried again"
STRANDED = "the event's creator has no profile, so no setting says how"


@dataclass
class _Round:
    """What one round does."""

    now: datetime
    attempts: list[Attempt] = field(default_factory=list)
    texts: list[Due] = field(default_factory=list)
    mails: list[Due] = field(default_factory=list)
    waits: list[tuple[Due, datetime]] = field(default_factory=list)
    failures: list[tuple[Due, str]] = field(default_factory=list)


def perform() -> datetime | None:
    """Do what is due now. Returns when there may be more: at once, or soon; None when nobody knows of any."""
    now = clock.now()
    with transaction("alarms.performed"):
        if holding.hold(now):
            return now
        waited, found = taking.in_line(now), taking.alarms(now)
        _perform(waited + found, now)
        posted = taking.posted(now)
        _perform(posted, now)
        _ORPHANS(FAILURE, now)
        more = waited or MOST in (len(found), len(posted))
        return now if more else taking.soonest(now)


# How many texts or mails each alarm has had so far.
_NUMBERS: Mapping[type[Delivery], Among] = {
    table: Among(
        f"""
        SELECT origin_id, COUNT(*) FROM {table._meta.table_name}
        WHERE origin = 'alarm' AND origin_id = ANY(%s) GROUP BY origin_id
        """
    )
    for table in (Text, Mail)
}
_ORPHANS = Sql(
    """
    UPDATE alarm_request SET status = %s
    WHERE status = 1 AND attempt IS NULL AND date <= %s AND alarm_id IS NULL
    """
)


def _perform(dues: Sequence[Due], now: datetime) -> None:
    """All at once, or, when the database refuses something, each by itself."""
    if not dues:
        return
    try:
        with db.atomic():
            _write(_sorted(dues, now))
    except LOST:
        raise
    except (
        Exception
    ) as error:  # whatever it is about one alarm: the others are made, and it says why it was not
        if len(dues) > 1:
            for due in dues:
                _perform([due], now)
        else:
            log.error("alarm.failed", alarm_id=dues[0].id, error=spoken(error))
            _write(_Round(now, failures=[(dues[0], BROKEN.format(type(error).__name__))]))


def _sorted(dues: Sequence[Due], now: datetime) -> _Round:
    """Decide what is done with each, the oldest first."""
    todo = _Round(now)
    run: list[Due] = []
    for due in dues:
        if due.manager_id is None:
            todo.failures.append((due, STRANDED))
            continue
        decision = decide(Terms.of(due, due), now)
        if isinstance(decision, GiveUp):
            todo.failures.append((due, decision.cause))
        elif isinstance(decision, Wait):
            todo.waits.append((due, decision.until))
        else:
            run.append(due)
    _calls(todo, [due for due in run if due.method == CALL or due.request_id])
    told = [due for due in run if due.method != CALL and not due.request_id]
    todo.texts = [due for due in told if due.method == SMS]
    todo.mails = [due for due in told if due.method != SMS]
    return todo


def _calls(todo: _Round, dues: Sequence[Due]) -> None:
    """Plan calls, as far as their calendars have room; the others stay due."""
    rooms = taking.rooms(dues)
    numbers = taking.attempts([due.id for due in dues])
    for due in dues:
        if due.calendar_id in rooms:
            if rooms[due.calendar_id] <= 0:
                continue
            rooms[due.calendar_id] -= 1
        todo.attempts.append(ringing.planned(due, numbers.get(due.id, 0) + 1, todo.now))


def _write(todo: _Round) -> None:
    owed: list[Mapping[str, Any]] = []
    if todo.attempts:
        rings = ringing.write(todo.attempts, todo.now)
        rung = [attempt.due for attempt in todo.attempts if attempt.dialled]
        owed += _owed(todo, "ring", rung, rings)
    told = _told(todo, owed, Text, todo.texts, telling.text) + _told(
        todo, owed, Mail, todo.mails, telling.mail
    )
    final = [one for one in todo.attempts if one.next.status == FAILURE]
    last = [failing.text(one.due, one.request_id, one.number, one.made) for one in final]
    texts = write_many(Text, [row for row in last if row])
    owed += events.follow_each("text.requested", "text_id", texts, [None] * len(texts), todo.now)
    write_many(LedgerRow, owed)
    _move(todo, told)


def _told(
    todo: _Round,
    owed: list[Mapping[str, Any]],
    table: type[Delivery],
    dues: Sequence[Due],
    said: Callable[[Due, int], Mapping[str, Any]],
) -> list[Due]:
    """Write texts or mails, and what is owed for them. Returns whose; what lacks something fails."""
    if not dues:
        return []
    numbers = dict(_NUMBERS[table].all(among([due.id for due in dues])))
    rows, whose = [], []
    for due in dues:
        try:
            rows.append({**said(due, numbers.get(due.id, 0) + 1), "created_at": todo.now})
            whose.append(due)
        except Untellable as error:
            todo.failures.append((due, str(error)))
    owed += _owed(todo, table.word, whose, write_many(table, rows))
    return whose


def _owed(todo: _Round, word: str, dues: Sequence[Due], ids: Sequence[int]) -> list[Mapping[str, Any]]:
    """What follows deliveries: useful while the alarm is, and as long as its window is open."""
    until = [_until(due, todo.now) for due in dues]
    return events.follow_each(f"{word}.requested", f"{word}_id", ids, until, todo.now)


def _until(due: Due, now: datetime) -> datetime:
    late = max(due.due_at, due.date_start_notice) + ELIGIBLE
    return min(max(late, now + LEAST), closing.closes(Terms.of(due, due).hours(), now))


def _move(todo: _Round, told: Sequence[Due]) -> None:
    """Change the alarms; of an attempt that was posted and is not made, only that."""
    moved: list[tuple[Any, ...]] = [
        (one.due.id, one.next.status, one.next.due_at, 1, one.refused or None) for one in todo.attempts
    ]
    moved += [(due.id, IN_PROCESS, None, 0, None) for due in told]
    moved += [(due.id, due.status, until, 0, None) for due, until in todo.waits if not due.request_id]
    moved += [(due.id, FAILURE, None, 0, cause) for due, cause in todo.failures if not due.request_id]
    change_many(
        Alarm, ("id", "status", "due_at", "num_attempt", "cause"), moved,
        "status = v.status, due_at = v.due_at, num_attempt = t.num_attempt + v.num_attempt, cause = v.cause,"
        " held_by = 0",
    )  # fmt: skip
    posted = [(due.request_id, PENDING, until) for due, until in todo.waits if due.request_id]
    posted += [(due.request_id, FAILURE, due.due_at) for due, _ in todo.failures if due.request_id]
    change_many(AlarmRequest, ("id", "status", "date"), posted, "status = v.status, date = v.date")
