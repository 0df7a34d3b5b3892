"""What the clinic's patients must be told, and when: worked out quarter by quarter, by none of the product's code."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.clinic.practices import BEGIN, CALL, DAY, LIVES, MINUTE, SENDER, TEXT, Practice, Reminder, Terms

QUARTER, PATIENCE = 15 * MINUTE, 60 * MINUTE
CHANNELS = {CALL: "ring", TEXT: "text", "mail": "mail"}
TAKEN = 3 * MINUTE  # by when what is due on a quarter has been done


class Told(NamedTuple):
    """One request to the carrier: the quarter in which it is made, and which attempt it is; of a failure, the last."""

    at: datetime
    channel: str
    to: str
    shown: str
    attempt: int
    words: str


@dataclass
class Expected:
    """All that is to be told; how many alarms end how; and every quarter in which something is to be done."""

    told: list[Told] = field(default_factory=list)
    ended: Counter[str] = field(default_factory=Counter)
    rounds: set[datetime] = field(default_factory=set)
    events: int = 0


class _Alarm(NamedTuple):
    """One alarm of one event, which is held during a pause."""

    practice: Practice
    reminder: Reminder
    notice: datetime
    made: datetime
    pause: tuple[datetime, datetime] | None


def expected(practices: Sequence[Practice], days: int) -> Expected:
    """The whole plan."""
    plan, end = Expected(), BEGIN + days * DAY
    for practice in practices:
        if practice.pause:
            plan.rounds |= set(practice.pause)
        for start, made, pause in _events(practice, end):
            plan.events += 1
            plan.rounds |= {start} if start < end else set()
            for reminder in practice.reminders:
                notice = start - reminder.before * MINUTE
                _remind(plan, _Alarm(practice, reminder, notice, made, pause), end)
    plan.rounds |= {one.at for one in plan.told}
    return plan


def _events(
    practice: Practice, end: datetime
) -> Iterator[tuple[datetime, datetime, tuple[datetime, datetime] | None]]:
    """Each event: its start, when it was made, and the pause in which it stands."""
    made, start, number = BEGIN, practice.start, 1
    while True:
        pause = practice.pause if number > 1 else None
        if pause and not made <= pause[0] < start:
            pause = None
        yield start, made, pause
        completed = max(start, pause[1]) if pause and pause[0] < start < pause[1] else start
        following = next((day for day in _starts(practice) if day > completed), None)
        if completed >= end or following is None or following > practice.until or number == practice.count:
            return
        made, start, number = completed, following, number + 1


def _starts(practice: Practice) -> Iterator[datetime]:
    """Every start of the series that there could be, at the same time on the wall."""
    zone, first = ZoneInfo(practice.terms.zone), practice.first
    for number in range((practice.until.date() - first).days + 2):
        day = first + timedelta(days=number)
        same_weekday = number % 7 == 0
        recurs = {
            "weekly": same_weekday,
            "monthly": same_weekday and (day.day - 1) // 7 == (first.day - 1) // 7,
            "last": day.day == 31,
        }
        if recurs[practice.recurs]:
            yield datetime.combine(day, practice.at, zone).astimezone(UTC)


def _remind(plan: Expected, alarm: _Alarm, end: datetime) -> None:
    reminder = alarm.reminder
    due, notice, attempt = alarm.notice - reminder.advance * MINUTE, alarm.notice, 1
    while True:
        at = _when(alarm, due, notice)
        if at is None or at >= end:
            plan.ended["failure" if at is None else "retry" if attempt > 1 else "pending"] += 1
            return
        reached = _try(plan, alarm, at, attempt)
        if reached or attempt > reminder.retries:
            plan.ended["success" if reached else "failure"] += 1
            if not reached and reminder.failure_to:
                plan.told.append(_failure(alarm, at, attempt))
            return
        due = notice = _quarter(at + reminder.delay * MINUTE)
        attempt += 1


def _try(plan: Expected, alarm: _Alarm, at: datetime, attempt: int) -> bool:
    """One attempt; whether it reached somebody. What a carrier refuses is in no log."""
    reminder, terms, doctor = alarm.reminder, alarm.practice.terms, alarm.practice.doctor
    shown, words = terms.callerid, ""
    if reminder.method == TEXT:
        words = f"Please see {doctor} soon."
    elif reminder.method != CALL:
        shown, words = SENDER, f"Your visit to {doctor}"
    if reminder.phone != "refused":
        plan.told.append(Told(at, CHANNELS[reminder.method], reminder.to, shown, attempt, words))
    else:
        plan.rounds.add(at)
    return reminder.phone == "answer"


def _failure(alarm: _Alarm, at: datetime, attempt: int) -> Told:
    reminder, practice = alarm.reminder, alarm.practice
    words = f"{practice.doctor}: {reminder.to} not reached in {attempt}"
    return Told(at, "text", str(reminder.failure_to), practice.terms.callerid, attempt, words)


def _when(alarm: _Alarm, due: datetime, notice: datetime) -> datetime | None:
    """The quarter in which an attempt is made that is due; None when it is missed."""
    while True:
        opens = _open(alarm, due)
        at = max(opens, alarm.made)
        if alarm.pause and alarm.pause[0] < at < alarm.pause[1]:
            at = alarm.pause[1]
        if at > max(opens, notice) + PATIENCE:
            return None
        if _open(alarm, at) == at:
            return at
        due = notice = _open(alarm, at)


def _open(alarm: _Alarm, moment: datetime) -> datetime:
    """The first quarter, from this one on, in which he may be told."""
    while not _may(alarm.practice.terms, alarm.reminder, moment):
        moment += QUARTER
    return moment


def _may(terms: Terms, reminder: Reminder, moment: datetime) -> bool:
    if reminder.window:
        start, stop = reminder.window
        shown = f"{moment.astimezone(ZoneInfo(terms.zone)):%H:%M:%S}"
        if not (start <= shown <= stop if start <= stop else shown >= start or shown <= stop):
            return False
    if terms.quiet:
        home = reminder.lives or LIVES.get(reminder.to[1:3], terms.zone)
        begins, ends = terms.quiet  # over midnight
        shown = f"{moment.astimezone(ZoneInfo(home)):%H:%M:%S}"
        return ends <= shown < begins
    return True


def _quarter(moment: datetime) -> datetime:
    """The quarter that begins then, or the next one."""
    return moment + (BEGIN - moment) % QUARTER
