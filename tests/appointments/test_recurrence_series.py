"""A series goes on until its end or its count, whatever the dispatcher missed meanwhile."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from models.appointments import Rule
from models.appointments.recurrence.occurrences import following
from models.appointments.recurrence.params import fitting, parse
from models.appointments.recurrence.predefined import RULES, seed
from models.appointments.recurrence.series import next_start
from models.settings import Settings
from tests.conformance import holds

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def nexts(
    params: str, start: datetime, after: datetime, end: datetime | None = None, produced: int = 0
) -> datetime | None:
    return next_start("DAILY", parse(params), start, BERLIN, after, end, produced)


def test_an_occurrence_may_start_when_the_period_ends_and_not_later():
    assert nexts("", MONDAY, MONDAY, end=MONDAY + DAY) == MONDAY + DAY
    assert nexts("", MONDAY, MONDAY, end=MONDAY + DAY - timedelta(seconds=1)) is None
    assert nexts("", MONDAY, MONDAY + 30 * DAY, end=MONDAY + 25 * DAY) is None


def test_the_root_counts_when_the_rule_names_its_start():
    assert nexts("count:2", MONDAY, MONDAY, produced=0) == MONDAY + DAY
    assert nexts("count:2", MONDAY, MONDAY + DAY, produced=1) is None
    assert nexts("count:1", MONDAY, MONDAY) is None


def test_the_root_does_not_count_when_the_rule_does_not_name_its_start():
    assert nexts("count:1;byweekday:TU", MONDAY, MONDAY, produced=0) == MONDAY + DAY
    assert nexts("count:1;byweekday:TU", MONDAY, MONDAY + DAY, produced=1) is None


def test_what_was_missed_does_not_count():
    """Ten are made, be it over three weeks: an outage of a week costs no occurrence of the series."""
    made, now = 0, MONDAY
    while found := nexts("count:10", MONDAY, now, produced=made):
        made += 1
        now = found + (7 * DAY if made == 4 else timedelta())

    assert made == 9  # and the root
    assert now == MONDAY + (9 + 7) * DAY


def test_every_other_week_keeps_its_weeks_whatever_was_missed():
    found = next_start("WEEKLY", parse("interval:2"), MONDAY, BERLIN, MONDAY + 15 * DAY, None, 1)

    assert found == MONDAY + 28 * DAY


class Dispatching(RuleBasedStateMachine):
    """A dispatcher that is late, or down, as it likes; the model is a list of what it made."""

    @initialize(
        frequency=st.sampled_from(("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY")),
        params=st.sampled_from(("", "interval:2", "byweekday:TU,TH", "bymonthday:1,15", "byhour:9,17")),
        count=st.none() | st.integers(1, 6),
        lasts=st.none() | st.integers(0, 400),
        zone=st.sampled_from(("UTC", "Europe/Berlin", "America/New_York")),
    )
    def plan(self, frequency: str, params: str, count: int | None, lasts: int | None, zone: str) -> None:
        self.frequency, self.zone, self.count = frequency, ZoneInfo(zone), count
        self.plain = parse(params)
        self.params = parse(f"{params};count:{count}" if count else params)
        self.end = MONDAY + lasts * DAY if lasts is not None else None
        self.now, self.made, self.over = MONDAY, [], False
        self.root = (
            following(frequency, self.plain, MONDAY, self.zone, MONDAY - timedelta(seconds=1)) == MONDAY
        )

    @rule(minutes=st.integers(0, 3 * 365 * 1440))
    def be_down(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: not self.over)
    @rule()
    def dispatch(self) -> None:
        found = next_start(self.frequency, self.params, MONDAY, self.zone, self.now, self.end, len(self.made))
        uncounted = following(self.frequency, self.plain, MONDAY, self.zone, self.now)
        if found is None:
            assert uncounted is not None
            counted_out = self.count is not None and len(self.made) + self.root == self.count
            assert counted_out or (self.end is not None and uncounted > self.end)
            self.over = True
            return
        assert found == uncounted
        assert found > self.now
        self.made.append(found)
        self.now = found

    @invariant()
    def never_more_than_its_count_and_never_after_its_end(self) -> None:
        made = getattr(self, "made", [])
        if made:
            assert self.count is None or len(made) + self.root <= self.count
            assert self.end is None or made[-1] <= self.end
            assert made == sorted(set(made))


TestDispatching = Dispatching.TestCase
TestDispatching.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)


@holds("rule: the predefined set", "rule: predefined ones are there, and daily is daily")
def test_the_predefined_rules_are_there_once(home: Settings):
    assert seed() == len(RULES)
    Rule.update(name="Daily, as we say").where(Rule.id == 6).execute()
    Rule.delete().where(Rule.id == 1).execute()

    assert seed() == 1
    assert Rule.get_by_id(6).name == "Daily, as we say"
    assert Rule.get_by_id(2).params == "count:10;byweekday:0,1,2,3,4"
    assert Rule.create(name="Ours", frequency="DAILY").id > max(row[0] for row in RULES)


@holds("rule: the predefined set", "codes: rule.frequency")
@pytest.mark.parametrize(("frequency", "params"), [row[3:] for row in RULES])
def test_the_predefined_rules_are_rules(frequency: str, params: str | None):
    assert next_start(frequency, fitting(frequency, params), MONDAY, BERLIN, MONDAY, None, 0)
