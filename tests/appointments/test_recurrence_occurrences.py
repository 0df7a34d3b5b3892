"""Occurrences keep to the clock on the wall, come in order, and are found at once however odd the rule is."""

import time
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.appointments.recurrence.days import AHEAD
from models.appointments.recurrence.occurrences import following, names_start, occurrences
from models.appointments.recurrence.params import FREQUENCIES, Params, Weekday, parse
from tests.conformance import holds

ZONE = ZoneInfo("UTC")
BERLIN = ZoneInfo("Europe/Berlin")
SECOND = timedelta(seconds=1)
ALL = {"byhour": range(24), "byminute": range(60), "bysecond": range(60)}
EVERY = {name: f"{name}:{','.join(map(str, values))}" for name, values in ALL.items()}


def at(text: str) -> datetime:
    """A moment, in UTC when it does not say otherwise."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def first(
    frequency: str, params: str, start: str, number: int, zone: str = "UTC", after: str = ""
) -> list[str]:
    """The first occurrences as the wall of the zone shows them, with its distance from UTC when that is not UTC."""
    found = occurrences(frequency, parse(params), at(start), ZoneInfo(zone), at(after) if after else None)
    shown = [moment.astimezone(ZoneInfo(zone)) for moment in islice(found, number)]
    return [f"{moment:%Y-%m-%d %H:%M}{moment:%z}".removesuffix("+0000") for moment in shown]


@holds(
    "§5.3 next: WEEKLY byweekday TU", "§5.3 next: Monday to Friday over a weekend",
    "§5.3 next: MONTHLY skips months without a 31st", "§5.3 next: YEARLY from 29 February",
    "§5.3 next: HOURLY dispatched late",
)  # fmt: skip
@pytest.mark.parametrize(
    ("frequency", "params", "start", "after", "wanted"),
    [
        ("WEEKLY", "byweekday:TU", "2026-11-23T10:00", "2026-11-23T10:00", ["2026-11-24 10:00", "2026-12-01 10:00"]),
        ("WEEKLY", "byweekday:0,1,2,3,4", "2026-11-27T10:00", "2026-11-27T10:00", ["2026-11-30 10:00"]),
        ("MONTHLY", "", "2026-01-31T10:00", "2026-01-31T10:00", ["2026-03-31 10:00", "2026-05-31 10:00"]),
        ("YEARLY", "", "2028-02-29T10:00", "2028-02-29T10:00", ["2032-02-29 10:00"]),
        ("HOURLY", "", "2026-11-23T06:00", "2026-11-23T09:30", ["2026-11-23 10:00"]),
        ("WEEKLY", "", "2026-11-25T10:00", "2026-11-25T10:00", ["2026-12-02 10:00"]),
    ],
)  # fmt: skip
def test_the_specifications_examples_come_out(
    frequency: str, params: str, start: str, after: str, wanted: list[str]
):
    assert first(frequency, params, start, len(wanted), after=after) == wanted


def test_ten_in_the_morning_stays_ten_when_the_clocks_change():
    assert first("DAILY", "", "2026-03-28T10:00+01:00", 2, "Europe/Berlin") == [
        "2026-03-28 10:00+0100",
        "2026-03-29 10:00+0200",
    ]
    assert first("WEEKLY", "", "2026-10-22T10:00+02:00", 2, "Europe/Berlin") == [
        "2026-10-22 10:00+0200",
        "2026-10-29 10:00+0100",
    ]


def test_a_time_that_the_clocks_leave_out_moves_on_by_what_they_leave_out():
    assert first("DAILY", "", "2026-03-28T02:30+01:00", 3, "Europe/Berlin") == [
        "2026-03-28 02:30+0100",
        "2026-03-29 03:30+0200",
        "2026-03-30 02:30+0200",
    ]


def test_a_time_that_comes_twice_is_the_first_one():
    assert first("DAILY", "", "2026-10-24T02:30+02:00", 3, "Europe/Berlin") == [
        "2026-10-24 02:30+0200",
        "2026-10-25 02:30+0200",
        "2026-10-26 02:30+0100",
    ]


def test_a_series_that_starts_the_second_time_starts_then():
    start = "2026-10-25T02:30+01:00"

    assert first("DAILY", "", start, 2, "Europe/Berlin") == ["2026-10-25 02:30+0100", "2026-10-26 02:30+0100"]
    assert names_start("DAILY", Params(), at(start), BERLIN)


def test_two_times_that_fall_together_are_one_occurrence():
    night = first("DAILY", "byhour:2,3;byminute:0,30", "2026-03-28T03:30+01:00", 4, "Europe/Berlin")

    assert night == [
        "2026-03-28 03:30+0100",
        "2026-03-29 03:00+0200",
        "2026-03-29 03:30+0200",
        "2026-03-30 02:00+0200",
    ]


def test_a_day_that_a_country_leaves_out_falls_on_the_next():
    assert first("DAILY", "", "2011-12-29T10:00-10:00", 3, "Pacific/Apia") == [
        "2011-12-29 10:00-1000",
        "2011-12-31 10:00+1400",
        "2012-01-01 10:00+1400",
    ]


def test_a_day_that_was_left_out_is_not_forgotten_by_a_dispatcher_that_looks_on_the_next():
    fridays = first("WEEKLY", "", "2011-12-23T10:00-10:00", 2, "Pacific/Apia", after="2011-12-31T00:30+14:00")

    assert fridays == ["2011-12-31 10:00+1400", "2012-01-06 10:00+1400"]


def test_an_hourly_alarm_rings_every_hour_also_in_the_night_of_the_change():
    for start, zone in (
        ("2026-03-28T22:15", "Europe/Berlin"),
        ("2026-10-24T22:15", "Europe/Berlin"),
        ("2026-04-04T11:15", "Australia/Lord_Howe"),  # half an hour back
    ):
        found = list(islice(occurrences("HOURLY", Params(), at(start), ZoneInfo(zone)), 9))

        assert {later - earlier for earlier, later in pairwise(found)} == {timedelta(hours=1)}


def test_hours_that_a_fast_rule_names_are_those_on_the_wall():
    assert first("HOURLY", "byhour:9,10", "2026-10-24T08:00", 4, "Europe/Berlin") == [
        "2026-10-24 10:00+0200",
        "2026-10-25 09:00+0100",
        "2026-10-25 10:00+0100",
        "2026-10-26 09:00+0100",
    ]


def test_plain_and_nth_weekdays_add_up():
    assert first("MONTHLY", "byweekday:MO(1),FR", "2026-11-01T09:00", 5) == [
        "2026-11-02 09:00", "2026-11-06 09:00", "2026-11-13 09:00", "2026-11-20 09:00", "2026-11-27 09:00",
    ]  # fmt: skip


def test_good_friday_is_two_days_before_easter():
    assert first("YEARLY", "byeaster:-2", "2026-01-01T12:00", 2) == ["2026-04-03 12:00", "2027-03-26 12:00"]


def test_what_is_not_within_fifty_years_never_comes():
    start = datetime(2026, 1, 1, tzinfo=UTC)

    assert following("YEARLY", parse(f"interval:{AHEAD}"), start, ZONE, start) == start.replace(
        year=2026 + AHEAD
    )
    assert following("YEARLY", parse(f"interval:{AHEAD + 1}"), start, ZONE, start) is None


@pytest.mark.parametrize(
    ("frequency", "params", "least"),
    [
        ("SECONDLY", "", 0.02),
        ("SECONDLY", "bymonth:2;bymonthday:29;byhour:23;byminute:59;bysecond:59", 0.05),
        ("MINUTELY", "interval:7;byhour:9", 0.02),
        ("YEARLY", "bymonth:2;bymonthday:30", 0.1),
        ("DAILY", "bymonth:2;bymonthday:30", 0.1),
        ("SECONDLY", "bymonth:2;bymonthday:30", 0.1),
        ("YEARLY", ";".join(EVERY.values()) + ";bysetpos:-1", 0.1),
        ("HOURLY", ";".join(EVERY.values()) + ";bysetpos:-1", 0.1),
        ("SECONDLY", "byhour:3;bysetpos:2", 0.02),
        ("HOURLY", "interval:1000000", 0.2),
        ("SECONDLY", "interval:60;bysecond:30", 1.0),
        ("SECONDLY", "interval:420;byhour:3;byminute:1;bysecond:7;byweekday:MO", 1.0),
    ],
)  # fmt: skip
def test_an_answer_costs_next_to_nothing_though_the_series_is_old(frequency: str, params: str, least: float):
    """Seconds of the processor; the last two are rules whose interval never meets what they name."""
    costs = []
    for later in range(3):
        began = time.process_time()
        following(
            frequency, parse(params), at("1999-01-01T10:07:01"), BERLIN, at(f"2026-01-01T00:00:0{later}")
        )
        costs.append(time.process_time() - began)

    assert min(costs) < least


def numbers(lowest: int, highest: int, *, negative: bool = False) -> st.SearchStrategy[tuple[int, ...]]:
    one = st.integers(lowest, highest)
    one = one | one.map(int.__neg__) if negative else one
    return st.just(()) | st.lists(one, min_size=1, max_size=8, unique=True).map(sorted).map(tuple)


WEEKDAYS = st.builds(Weekday, st.integers(0, 6), st.sampled_from((0, 0, 1, 5, -1, -5)))
PARAMS = st.builds(
    Params,
    interval=st.sampled_from((1, 1, 2, 3, 7, 60, 1000, 86399, 1_000_000)),
    bysetpos=st.just(()) | numbers(1, 366, negative=True),
    bymonth=numbers(1, 12),
    bymonthday=numbers(1, 31, negative=True),
    byyearday=st.just(()) | numbers(1, 366, negative=True),
    byweekno=st.just(()) | numbers(1, 53, negative=True),
    byweekday=st.just(()) | st.lists(WEEKDAYS, max_size=4, unique=True).map(sorted).map(tuple),
    byhour=numbers(0, 23),
    byminute=numbers(0, 59),
    bysecond=numbers(0, 59),
    byeaster=st.just(()) | numbers(-80, 250),
)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - its bounds have none
ZONES = st.sampled_from(
    ("UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca")
)
RULE = (st.sampled_from(FREQUENCIES), PARAMS, MOMENTS, ZONES.map(ZoneInfo))


@given(*RULE, MOMENTS)
@settings(deadline=timedelta(seconds=5), max_examples=60)
def test_whatever_the_rule_its_next_occurrence_is_later_or_there_is_none(
    frequency: str, params: Params, start: datetime, zone: ZoneInfo, after: datetime
):
    found = following(frequency, params, start, zone, after)

    assert found is None or (
        found > after and found >= start.replace(microsecond=0) and found.utcoffset() == timedelta()
    )


@given(*RULE, st.lists(st.floats(0, 1), max_size=5))
@settings(deadline=timedelta(seconds=5), max_examples=60)
def test_skipping_any_stretch_of_time_leaves_the_later_occurrences_what_they_are(
    frequency: str, params: Params, start: datetime, zone: ZoneInfo, skips: list[float]
):
    found = list(islice(occurrences(frequency, params, start, zone), 8))

    assert found == sorted(set(found))
    for part in skips:
        last = found[-1] if found else start
        moment = start + (last - start) * part
        later = [one for one in found if one > moment]
        assert not later or following(frequency, params, start, zone, moment) == later[0]


@pytest.mark.parametrize("frequency", FREQUENCIES)
@pytest.mark.parametrize("hours", [-12, 0, 14])
def test_the_calendars_ends_are_no_accidents(frequency: str, hours: int):
    zone = timezone(timedelta(hours=hours))
    earliest, latest = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    start = at("2026-01-01")

    assert following(frequency, Params(), start, zone, latest) is None
    assert following(frequency, Params(), start, zone, earliest) == start
    assert following(frequency, Params(), earliest, zone, start) is None
    assert following(frequency, Params(), latest, zone, start) is None
    assert following(frequency, Params(), at("0002-01-01"), zone, earliest) == at("0002-01-01")
