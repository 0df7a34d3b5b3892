"""When an alarm may be made: its window, quiet hours, and the hour within which it must be (§5.5)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.appointments.planning import MISSED, NEVER, GiveUp, Run, Terms, Wait, decide
from models.appointments.quiet import recipient_zone, zone_of_number
from tests.conformance import holds

DAY = datetime(2027, 3, 1, tzinfo=UTC)  # a Monday
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
BERLINER, INDIAN = "+493012345678", "+919876543210"


def at(clock: str, day: datetime = DAY) -> datetime:
    """A moment of a day by what a clock shows in its zone."""
    hour, minute, *second = (int(part) for part in clock.split(":"))
    return day.replace(hour=hour, minute=minute, second=second[0] if second else 0)


def first(due: datetime, **terms: Any) -> Terms:
    """A first attempt without advance notice."""
    return Terms(due_at=due, notice=due, **terms)


def verdict(due: str, now: str, **terms: object) -> object:
    return decide(first(at(due), **terms), at(now))


@holds("§5.5 due: at its notice, oldest first")
def test_an_alarm_is_made_from_its_time_on() -> None:
    due = at("10:00")

    assert decide(first(due), due - SECOND) == Wait(due)
    assert decide(first(due), due) == Run()


@holds("§5.5 due: until 60 minutes later, then FAILURE without traffic")
def test_an_alarm_is_made_within_an_hour_or_never() -> None:
    due = at("10:00")

    assert decide(first(due), due + HOUR) == Run()
    assert decide(first(due), due + HOUR + timedelta(microseconds=1)) == GiveUp(MISSED)


@holds("§5.5 due: advance_notice")
def test_advance_notice_begins_early_and_ends_an_hour_after_the_time_of_the_notice() -> None:
    terms = Terms(due_at=at("07:00"), notice=at("10:00"))

    assert decide(terms, at("06:59:59")) == Wait(at("07:00"))
    assert decide(terms, at("07:00")) == decide(terms, at("11:00")) == Run()
    assert decide(terms, at("11:00:01")) == GiveUp(MISSED)


def test_a_retry_has_an_hour_from_its_own_time() -> None:
    retry = Terms(due_at=at("07:00"), notice=None)

    assert decide(retry, at("08:00")) == Run()
    assert decide(retry, at("08:00:01")) == GiveUp(MISSED)


@holds("§5.5 due: a window within the day")
def test_both_ends_of_a_window_are_in_it_to_the_second() -> None:
    window = {"daily_start": "09:00:00", "daily_stop": "17:00:00"}

    assert verdict("08:59:59", "08:59:59", **window) == Wait(at("09:00"))
    assert verdict("09:00", "09:00", **window) == verdict("17:00", "17:00", **window) == Run()
    assert decide(first(at("17:00"), **window), at("17:00") + SECOND - timedelta(microseconds=1)) == Run()
    assert verdict("17:00:01", "17:00:01", **window) == Wait(at("09:00") + 24 * HOUR)


@pytest.mark.parametrize("clock", ["00:00", "12:34:56", "23:59:59"])
def test_the_default_window_leaves_no_instant_out(clock: str) -> None:
    due = at(clock) + timedelta(microseconds=999_999)

    assert decide(first(due), due) == Run()


@holds("§5.5 due: a window over midnight")
def test_a_window_may_go_over_midnight() -> None:
    window = {"daily_start": "22:00:00", "daily_stop": "06:00:00"}

    assert all(verdict(clock, clock, **window) == Run() for clock in ("22:00", "23:59:59", "00:00", "06:00"))
    assert verdict("06:00:01", "06:00:01", **window) == Wait(at("22:00"))
    assert verdict("21:59:59", "21:59:59", **window) == Wait(at("22:00"))


@holds("§5.5 due: a window of equal ends")
@pytest.mark.parametrize("ends", ["00:00:00", "09:00:00", "23:59:59"])
def test_a_window_of_equal_ends_is_always_open(ends: str) -> None:
    assert verdict("08:00", "08:00", daily_start=ends, daily_stop=ends) == Run()


@holds(
    "§5.5 due: outside it waits for the next daily_start",
    "§5.5 due: the hour counts from the postponed instant",
)
def test_the_hour_counts_from_the_moment_it_was_postponed_to() -> None:
    window = {"daily_start": "09:00:00", "daily_stop": "17:00:00"}

    assert verdict("06:00", "06:00", **window) == Wait(at("09:00"))
    assert verdict("06:00", "10:00", **window) == Run()
    assert verdict("06:00", "10:00:01", **window) == GiveUp(MISSED)


def test_who_was_late_until_the_window_closed_waits_for_the_next_day() -> None:
    window = {"daily_start": "09:00:00", "daily_stop": "17:00:00"}

    assert verdict("16:50", "17:30", **window) == Wait(at("09:00") + 24 * HOUR)
    assert verdict("16:50", "17:50:01", **window) == GiveUp(MISSED)


@holds("§5.5 due: retries keep the window")
def test_a_retry_waits_for_the_window_as_well() -> None:
    retry = Terms(due_at=at("18:00"), notice=None, daily_start="09:00:00", daily_stop="17:00:00")

    assert decide(retry, at("18:00")) == Wait(at("09:00") + 24 * HOUR)


@holds("§5.5 due: the setting's zone")
def test_the_window_is_on_the_clock_of_the_setting() -> None:
    window = {"daily_start": "09:00:00", "daily_stop": "17:00:00", "zone": BERLIN}

    assert verdict("08:00", "08:00", **window) == Run()  # 09:00 in Berlin
    assert verdict("16:00:01", "16:00:01", **window) == Wait(at("08:00") + 24 * HOUR)


def test_quiet_hours_are_on_the_clock_of_who_is_told() -> None:
    quiet = {"quiet_start": "21:00:00", "quiet_stop": "08:00:00", "zone": BERLIN}

    assert verdict("14:00", "14:00", **quiet) == Run()
    assert verdict("15:30", "15:30", number=INDIAN, **quiet) == Wait(at("02:30") + 24 * HOUR)
    assert verdict("15:29:59", "15:29:59", number=INDIAN, **quiet) == Run()
    assert verdict("02:29:59", "02:29:59", number=INDIAN, **quiet) == Wait(at("02:30"))


def test_nobody_is_told_in_quiet_hours_of_which_only_one_end_is_known_or_both_are_the_same() -> None:
    for ends in ((None, "08:00"), ("08:00", None), ("08:00", "08:00:00")):
        assert verdict("08:00", "08:00", quiet_start=ends[0], quiet_stop=ends[1]) == Run()


def test_window_and_quiet_hours_count_together() -> None:
    both = {
        "daily_start": "09:00",
        "daily_stop": "12:00",
        "quiet_start": "21:00",
        "quiet_stop": "08:00",
        "zone": BERLIN,
    }

    # Nine in Berlin is three in New York; at noon in Berlin it is six there.
    assert verdict("08:00", "08:00", recipient_timezone="America/New_York", **both) == GiveUp(NEVER)
    later = both | {"daily_stop": "15:00"}
    assert verdict("08:00", "08:00", recipient_timezone="America/New_York", **later) == Wait(at("13:00"))


def test_hours_that_leave_no_time_of_day_are_given_up_at_once() -> None:
    never = {"daily_start": "22:00", "daily_stop": "06:00", "quiet_start": "20:00", "quiet_stop": "08:00"}

    assert verdict("10:00", "10:00", **never) == GiveUp(NEVER)


@pytest.mark.parametrize(
    ("daily_start", "daily_stop", "opens"),
    [
        ("02:30:00", "05:00:00", "2027-03-28T01:00:00"),  # at the end of the gap: 03:00
        ("02:15:00", "02:45:00", "2027-03-29T00:15:00"),  # nothing that day
        ("01:59:59", "02:45:00", "2027-03-28T00:59:59"),
    ],
)
def test_times_that_a_clock_leaves_out_open_nothing(daily_start: str, daily_stop: str, opens: str) -> None:
    due = datetime(2027, 3, 27, 23, 30, tzinfo=UTC)  # 02:00 becomes 03:00 an hour and a half later
    terms = first(due, daily_start=daily_start, daily_stop=daily_stop, zone=BERLIN)

    assert decide(terms, due) == Wait(datetime.fromisoformat(f"{opens}+00:00"))


def test_times_that_a_clock_shows_twice_count_twice() -> None:
    terms = {"daily_start": "02:30:00", "daily_stop": "02:45:00", "zone": BERLIN}
    once = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)  # 03:00 becomes 02:00 at 01:00 UTC

    assert decide(first(once, **terms), once) == decide(first(once + HOUR, **terms), once + HOUR) == Run()
    assert decide(first(once + 16 * MINUTE, **terms), once + 16 * MINUTE) == Wait(once + HOUR)


def test_what_was_due_in_the_year_1_or_is_in_the_year_9999_is_decided_as_well() -> None:
    ages = {"daily_start": "09:00", "daily_stop": "10:00", "zone": NEW_YORK}
    early, late = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)

    assert decide(first(early, **ages), at("12:00")) == GiveUp(MISSED)
    assert decide(first(late, **ages), at("12:00")) == Wait(late)


@pytest.mark.parametrize(
    ("explicit", "number", "expected"),
    [
        ("Asia/Kolkata", BERLINER, "Asia/Kolkata"),
        (None, BERLINER, "Europe/Berlin"),
        (None, "49 (30) 12345678", "Europe/Berlin"),
        (None, "+12125550123w12#", "America/New_York"),
        ("Mars/Olympus", BERLINER, "Europe/Berlin"),
        (None, "+18005550100", "Etc/GMT+1"),  # toll-free: all over North America
        (None, "+61412345678", "Etc/GMT+1"),  # a mobile phone, anywhere in Australia
        (None, "+15550100", "Etc/GMT+1"),  # nobody's
        (None, "reception", "Etc/GMT+1"),
        (None, "", "Etc/GMT+1"),
        (None, None, "Etc/GMT+1"),
    ],
)
def test_who_is_told_has_the_zone_that_is_said_or_his_numbers_or_the_settings(
    explicit: str | None, number: str | None, expected: str
) -> None:
    assert str(recipient_zone(explicit, number, ZoneInfo("Etc/GMT+1"))) == expected


def test_a_number_is_looked_up_once() -> None:
    zone_of_number.cache_clear()

    assert zone_of_number(BERLINER) is zone_of_number(BERLINER)
    assert zone_of_number.cache_info().hits == 1
