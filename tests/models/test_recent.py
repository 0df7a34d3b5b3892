"""What happened lately: counted right by the hour of the wall clock, and bounded."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models import clock, recent, settings
from models.deliveries import Attempt
from models.mentoring import Call, Message
from models.settings import Settings
from tests.api.looking import statements
from tests.house import Staff

Jump = Callable[[float], None]


@pytest.fixture
def at(home: Settings, jump: Jump) -> Callable[[datetime, str], None]:
    """Make it a moment, in a zone."""

    def move(moment: datetime, zone: str = "Asia/Kolkata") -> None:
        settings.use(replace(settings.current(), local_zone=zone))
        jump((moment - datetime.now(UTC)).total_seconds())

    return move


def _call(staff: Staff, moment: datetime, status: str = "successful") -> None:
    Call.create(caller=staff.mentor, receiver=staff.mentee, start_time=moment, status=status)


def _attempt(
    number: int, provider: str, took: float, outcome: str = "accepted", cause: str | None = None
) -> None:
    begun = clock.now() - timedelta(minutes=1)
    facts = {
        "begun_at": begun,
        "ended_at": begun + timedelta(seconds=took),
        "outcome": outcome,
        "cause": cause,
    }
    Attempt.create(channel="text", delivery_id=number, number=1, provider=provider, **facts)


def test_a_call_counts_in_the_hour_that_the_clock_on_the_wall_shows(
    staff: Staff, at: Callable[..., None]
) -> None:
    at(datetime(2026, 3, 10, 12, 0, tzinfo=UTC))  # 17:30 in Kolkata, whose day began at 18:30 UTC
    _call(staff, datetime(2026, 3, 9, 18, 29, 59, 999999, tzinfo=UTC))  # yesterday
    _call(staff, datetime(2026, 3, 9, 18, 30, tzinfo=UTC))
    _call(staff, datetime(2026, 3, 9, 19, 29, 59, 999999, tzinfo=UTC), "inactive")
    _call(staff, datetime(2026, 3, 9, 19, 30, tzinfo=UTC))

    day = recent.calls_today()

    assert day.hours == tuple(range(24))
    assert day.counts["successful"][:3] == [1, 1, 0]
    assert day.counts["inactive"][:3] == [1, 0, 0]
    assert day.since is None


@pytest.mark.parametrize(("day", "hours"), [(29, 23), (30, 24)])
def test_a_day_on_which_the_clock_is_moved_has_fewer_hours(
    at: Callable[..., None], day: int, hours: int
) -> None:
    at(datetime(2026, 3, day, 12, 0, tzinfo=UTC), "Europe/Berlin")

    assert len(recent.texts_today().hours) == hours


def test_a_day_on_which_the_clock_is_set_back_shows_that_hour_twice(
    staff: Staff, at: Callable[..., None]
) -> None:
    at(datetime(2026, 10, 25, 12, 0, tzinfo=UTC), "Europe/Berlin")
    for hour in (0, 1):
        _call(staff, datetime(2026, 10, 25, hour, 30, tzinfo=UTC))  # 02:30, and 02:30 once more

    day = recent.calls_today()

    assert day.hours[:5] == (0, 1, 2, 2, 3)
    assert day.counts["successful"][:5] == [0, 0, 1, 1, 0]


def test_a_day_busier_than_is_counted_says_from_when_on_it_is(
    staff: Staff, at: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
    at(noon)
    rows = [
        {"sender": staff.mentor, "recipient": staff.mentee, "content": "x", "state": "sent",
         "time_sent": noon - timedelta(seconds=number)}
        for number in range(recent.MOST_ROWS + 10, 0, -1)
    ]  # fmt: skip
    for first in range(0, len(rows), 500):
        Message.insert_many(rows[first : first + 500]).execute()

    day = recent.texts_today()

    assert sum(day.counts["sent"]) == recent.MOST_ROWS
    assert day.since == noon - timedelta(seconds=recent.MOST_ROWS)


def test_a_carriers_answers_are_told_by_outcome_with_the_median_of_yes_and_no(home: Settings) -> None:
    for number, took in enumerate((0.1, 0.2, 0.9)):
        _attempt(number, "simulator", took)
    _attempt(3, "oniondev", 0.2, "rejected", "oniondev said 400: no +919812345678")
    _attempt(4, "oniondev", 0.4)
    _attempt(5, "oniondev", 15, "unclear", "oniondev did not answer")

    onion, sim = recent.carriers()

    assert (sim.name, sim.outcomes, sim.cause) == ("simulator", {"accepted": 3}, "")
    assert sim.median == pytest.approx(0.2, abs=0.001)
    assert onion.outcomes == {"accepted": 1, "rejected": 1, "unclear": 1}
    assert onion.median == pytest.approx(0.3, abs=0.001)
    assert onion.cause == "oniondev did not answer"


def test_the_last_failure_is_told_without_the_numbers_in_it(home: Settings) -> None:
    _attempt(1, "oniondev", 0.2, "rejected", "no route to +919812345678")

    (onion,) = recent.carriers()

    assert onion.cause == "no route to hidden"


def test_what_was_asked_over_an_hour_ago_is_not_lately(home: Settings, jump: Jump) -> None:
    _attempt(1, "simulator", 0.1)
    jump(3700)

    assert recent.carriers() == []


def test_a_carrier_that_never_answered_has_no_median(home: Settings) -> None:
    _attempt(1, "simulator", 5, "unavailable", "away")
    Attempt.create(channel="text", delivery_id=2, number=1, provider="simulator")  # still open

    assert recent.carriers()[0].median is None


def test_looking_takes_few_statements_and_the_same_however_much_there_is(home: Settings) -> None:
    counts = []
    for base in (0, 1000):
        for number in range(base, base + 50):
            _attempt(number, f"carrier{number % 4}", 0.1, "rejected", "no")
        with statements() as asked:
            recent.carriers()
        counts.append(len(asked))

    assert counts == [3, 3]
