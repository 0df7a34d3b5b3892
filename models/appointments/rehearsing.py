"""A dry run: every alarm that would be made in a time to come, when, how and to whom, or why it would not. Only reads.

It supposes that the dispatchers keep pace, that nobody changes anything, that calls find room in their calendars, and
that first attempts do not fail: what is tried again then is not foreseen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from models import clock, donotcall
from models.appointments import ringing, telling
from models.appointments.alarms import CALL, RETRY, SMS
from models.appointments.awaiting import Awaited, TooMuch, awaited, awaited_of
from models.appointments.performing import STRANDED
from models.appointments.planning import GiveUp, Run, Terms, Wait, decide
from models.appointments.taking import Due
from models.deliveries import Ring, Text
from models.numbers import PhoneNumber

FURTHEST = timedelta(days=366)  # from now
USUAL = timedelta(days=1)
ROWS = 1000  # that are told
EFFORT = 10_000  # alarms that are looked at, and occurrences
_FURTHER = "At most 366 days from now can be foreseen."
_TOO_MUCH = "More happens until then than is looked at: choose an earlier time."
HELD = "its event is paused"
DAILY, QUIET = "the daily window", "quiet hours"


class BadSpan(ValueError):
    """This time cannot be foreseen; `field` is `from` or `to`, and the text says why."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One alarm that would be made, or given up, or that is held.

    Parameters:
      at: when.
      due: from when on it may be made.
      alarm_id, event_id: of one of an occurrence that is not there yet, those that it will be copied from.
      start: of the event, or of that occurrence.
      kind: `EXISTING`, `FUTURE` or `POSTED`, as `awaiting` has them.
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
    to: str = field(repr=False)
    zone: str
    recipient_zone: str
    waits_for: Sequence[str] = ()
    why_not: str = ""


class _Seen(NamedTuple):
    """One that is foreseen, and whose phones would be reached, as a carrier would be asked for them."""

    row: Foreseen
    reaches: Sequence[PhoneNumber]


class Rehearsal(NamedTuple):
    """What was foreseen, in order of time; `more`: only the first of it."""

    begin: datetime
    end: datetime
    rows: list[Foreseen]
    more: bool


def rehearse(
    begin: datetime | None = None,
    end: datetime | None = None,
    user_id: int | None = None,
    effort: int = EFFORT,
    rows: int = ROWS,
) -> Rehearsal:
    """What would be made from one moment until before another; of the past, nothing.

    Parameters:
      begin, end: now, and a day later, where nothing else is said.
      user_id: of the manager or the calendar user whose alarms are meant; None: everybody's.
      effort: how many alarms and occurrences are looked at.
      rows: how many are told.

    Raises:
      BadSpan: it ends before it begins or too late, or there is more to look at.
    """
    now = clock.now()
    begin, end = _span(begin or now, end, now)
    try:
        seen = [_foreseen(one) for one in awaited(end, now, user_id, effort)]
    except TooMuch:
        raise BadSpan("to", _TOO_MUCH) from None
    found = [one for one in seen if begin <= one.row.at < end]
    found.sort(key=lambda one: (one.row.at, one.row.alarm_id, one.row.start))
    return Rehearsal(begin, end, _without_unwanted(found[:rows]), len(found) > rows)


def foreseen_of(alarm_id: int) -> Foreseen | None:
    """What would become of one alarm; None when it does not wait to be made."""
    one = awaited_of(alarm_id, clock.now())
    return _without_unwanted([_foreseen(one)])[0] if one else None


def _span(begin: datetime, end: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    if begin > now + FURTHEST:
        raise BadSpan("from", _FURTHER)
    end = end or begin + USUAL
    if end <= begin:
        raise BadSpan("to", "It has to end after it begins.")
    if end > now + FURTHEST:
        raise BadSpan("to", _FURTHER)
    return begin, end


def _foreseen(one: Awaited) -> _Seen:
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
    why_not, reaches = _outcome(one, decision, at)
    row = Foreseen(
        at=at, due=due.due_at, alarm_id=due.id, event_id=one.event_id, title=one.title, start=one.start, kind=one.kind,
        again=due.status == RETRY, method=_method(due), to=_to(due), zone=str(terms.zone),
        recipient_zone=str(terms.recipient_zone), waits_for=waits, why_not=why_not,
    )  # fmt: skip
    return _Seen(row, reaches)


def _method(due: Due) -> int:
    """An attempt that somebody posted is a call."""
    return CALL if due.request_id else due.method


def _to(due: Due) -> str:
    return (due.alarm_phonenumber if _method(due) in (CALL, SMS) else due.alarm_email) or ""


def _outcome(one: Awaited, decision: Run | Wait | GiveUp, at: datetime) -> tuple[str, Sequence[PhoneNumber]]:
    """Why nobody would be told, as the dispatcher finds it, in the same order and by the same rules; and whose phones
    would be reached when somebody would.
    """
    if one.paused:
        return HELD, ()
    if one.due.manager_id is None:
        return STRANDED, ()
    if isinstance(decision, GiveUp):
        return decision.cause, ()
    try:
        if _method(one.due) == CALL:
            attempt = ringing.planned(one.due, 1, at)
            return attempt.refused, Ring(**attempt.dialled._asdict()).numbers if attempt.dialled else ()
        if one.due.method == SMS:
            return "", Text(**telling.text(one.due, 1)).numbers
        telling.mail(one.due, 1)
    except telling.Untellable as error:
        return str(error), ()
    return "", ()


def _without_unwanted(found: Sequence[_Seen]) -> list[Foreseen]:
    """Say of whom nobody may call or text that nobody would."""
    refused = donotcall.refused_of({number for seen in found for number in seen.reaches})
    return [
        replace(row, why_not=donotcall.CAUSE)
        if any(donotcall.digits(number) in refused for number in reaches)
        else row
        for row, reaches in found
    ]
