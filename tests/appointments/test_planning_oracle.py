"""Windows and quiet hours on two clocks, against a brute force that looks at every quarter of an hour.

The oracle knows only what a clock shows: it tries one moment after the other, for two weeks. Since 2000 all clocks are
whole quarters of an hour from UTC, and so are the times it draws, or a second after one.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.appointments.planning import MISSED, NEVER, GiveUp, Run, Terms, Wait, decide
from tests.oracle.zones import names, transitions

QUARTER, SECOND, HOUR, DAY = (
    timedelta(minutes=15),
    timedelta(seconds=1),
    timedelta(hours=1),
    timedelta(days=1),
)
SHARES, EACH = 8, 80


def open_at(terms: Terms, moment: datetime) -> bool:
    """Whether both clocks allow it, by the words of the specification."""
    start, stop = time.fromisoformat(terms.daily_start), time.fromisoformat(terms.daily_stop)
    ours = moment.astimezone(terms.zone).time().replace(microsecond=0)
    daily = start == stop or (start <= ours <= stop if start < stop else ours >= start or ours <= stop)
    if terms.quiet_start is None or terms.quiet_stop is None or not daily:
        return daily
    begin, end = time.fromisoformat(terms.quiet_start), time.fromisoformat(terms.quiet_stop)
    theirs = moment.astimezone(ZoneInfo(str(terms.recipient_timezone))).time()
    return not (begin <= theirs < end if begin <= end else theirs >= begin or theirs < end)


def first_open(terms: Terms, moment: datetime) -> datetime | None:
    """The moment itself, or the first quarter of an hour, or second after one, that is allowed."""
    if open_at(terms, moment):
        return moment
    quarter = datetime.fromtimestamp(moment.timestamp() // 900 * 900, UTC)
    for number in range(14 * 96 + 1):
        for near in (0 * SECOND, SECOND):
            found = quarter + number * QUARTER + near
            if found > moment and open_at(terms, found):
                return found
    return None


def expected(terms: Terms, now: datetime) -> Run | Wait | GiveUp:
    """What becomes of it, told from the moment it could first be made."""
    if now < terms.due_at:
        return Wait(terms.due_at)
    opens = first_open(terms, terms.due_at)
    if opens is None:
        return GiveUp(NEVER)
    if now < opens:
        return Wait(opens)
    last = max(opens, terms.notice) if terms.notice else opens
    if now > last + HOUR:
        return GiveUp(MISSED)
    again = first_open(terms, now)
    return GiveUp(NEVER) if again is None else Run() if again == now else Wait(again)


def ends(chance: random.Random) -> tuple[str, str]:
    """Two times of day, most of them in the small hours, when clocks are changed."""
    hours = 4 if chance.random() < 0.4 else 24
    first, last = (
        time(chance.randrange(hours), chance.choice((0, 15, 30, 45)), chance.choice((0, 0, 0, 1)))
        for _ in "ab"
    )
    return (first.isoformat(), first.isoformat() if chance.random() < 0.05 else last.isoformat())


def draws(seed: int) -> Iterator[tuple[Terms, datetime]]:
    chance = random.Random(seed)
    changing = [name for name in names() if transitions(name)]
    for _ in range(EACH):
        ours, theirs = chance.choice(changing), chance.choice(names())
        change = chance.choice(transitions(ours))
        due = change + chance.randrange(-30 * 3600, 30 * 3600) * SECOND
        daily = ends(chance) if chance.random() < 0.8 else ("00:00:00", "23:59:59")
        quiet = ends(chance) if chance.random() < 0.7 else (None, None)
        notice = chance.choice((None, due, due + chance.randrange(24 * 3600) * SECOND))
        terms = Terms(due, notice, *daily, ZoneInfo(ours), *quiet, theirs)
        for late in (-1, 0, chance.randrange(7200), chance.randrange(2 * 86400)):
            yield terms, due + late * SECOND
        if (opens := first_open(terms, due)) is not None:
            yield from (
                (terms, near) for near in (opens - SECOND, opens, opens + HOUR, opens + HOUR + SECOND)
            )


@pytest.mark.parametrize("seed", range(SHARES))
def test_it_is_decided_as_by_looking_at_the_clocks(seed: int) -> None:
    seen: dict[type, int] = {}
    for terms, now in draws(seed):
        found = decide(terms, now)
        assert found == expected(terms, now), (terms, now)
        seen[type(found)] = seen.get(type(found), 0) + 1

    assert min(seen.get(kind, 0) for kind in (Run, Wait, GiveUp)) > 20


@pytest.mark.parametrize("seed", range(2))
def test_whoever_asks_often_enough_makes_it_in_open_hours_and_in_time_or_is_told_never(seed: int) -> None:
    """However an alarm is postponed, it ends: made at its first open moment, or given up at once."""
    for terms, _ in draws(100 + seed):
        now, asked = terms.due_at, 0
        while isinstance(found := decide(terms, now), Wait):
            assert found.until > now
            now, asked = found.until, asked + 1
            terms = Terms(now, terms.notice, *_rest(terms))
        assert asked <= 1
        assert open_at(terms, now) if found == Run() else found == GiveUp(NEVER)


def _rest(terms: Terms) -> tuple[object, ...]:
    return (
        terms.daily_start, terms.daily_stop, terms.zone, terms.quiet_start, terms.quiet_stop, terms.recipient_timezone,
    )  # fmt: skip


def test_every_zone_of_the_world_waits_for_nine_on_its_own_clock() -> None:
    for name in names():
        zone = ZoneInfo(name)
        for change in transitions(name)[::5]:
            midnight = (change.astimezone(zone) - DAY).replace(
                hour=0, minute=0, second=0, microsecond=0, fold=0
            )
            due = midnight.astimezone(UTC)
            found = decide(Terms(due, due, "09:00:00", "17:00:00", zone), due)

            assert isinstance(found, Wait)
            assert found.until.astimezone(zone).time() == time(9)
            assert 0 < (found.until - due).total_seconds() <= 34 * 3600
