"""A month of a calendar: every day once, on the wall clock of the zone, when the clocks change too."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api.pages.module.days import Day, around, begin_of, days_of
from models.people.accounts import zones

BERLIN, HAVANA, BEIRUT, APIA = (
    ZoneInfo(name) for name in ("Europe/Berlin", "America/Havana", "Asia/Beirut", "Pacific/Apia")
)
NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)


@dataclass
class Event:
    """As much of an event as a month needs."""

    start: datetime
    end: datetime


def event(start: str, end: str, zone: ZoneInfo = BERLIN) -> Event:
    """One from then to then on a wall clock."""
    return Event(
        *(datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC) for text in (start, end))
    )


def shown(days: list[Day]) -> dict[int, list[str]]:
    """What stands on each day on which something stands."""
    return {day.date.day: [one.times for one in day.happenings] for day in days if day.happenings}


def test_a_day_has_what_happens_on_it_on_the_clock_of_the_zone() -> None:
    late = event("2026-03-10T23:30", "2026-03-10T23:45")

    assert shown(days_of(2026, 3, BERLIN, [late], NOW)) == {10: ["23:30 to 23:45"]}
    assert shown(days_of(2026, 3, ZoneInfo("Asia/Kolkata"), [late], NOW)) == {11: ["04:00 to 04:15"]}


def test_what_takes_several_days_stands_on_each_and_ends_at_midnight_before_the_next() -> None:
    congress, night = (
        event("2026-03-18T08:00", "2026-03-20T18:00"),
        event("2026-03-05T20:00", "2026-03-06T00:00"),
    )

    assert shown(days_of(2026, 3, BERLIN, [night, congress], NOW)) == {
        5: ["20:00 to 00:00"], 18: ["from 08:00"], 19: ["all day"], 20: ["until 18:00"],
    }  # fmt: skip


def test_what_began_before_the_month_or_goes_on_after_it_stands_within_it() -> None:
    long = event("2026-02-27T08:00", "2026-04-02T18:00")

    days = shown(days_of(2026, 3, BERLIN, [long], NOW))

    assert len(days) == 31
    assert days[1] == days[31] == ["all day"]


def test_when_the_clocks_go_forward_the_day_says_so_and_times_stay_wall_clock() -> None:
    days = days_of(2026, 3, BERLIN, [event("2026-03-28T22:00", "2026-03-29T08:00")], NOW)

    assert shown(days) == {28: ["from 22:00"], 29: ["until 08:00 CEST"]}
    assert [day.date.day for day in days if day.note] == [29]
    assert days[28].note == "The clocks go forward by 1 hour."


def test_when_the_clocks_go_back_two_times_that_read_alike_are_told_apart() -> None:
    first = Event(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, 45, tzinfo=UTC))
    second = Event(first.start + timedelta(hours=1), first.end + timedelta(hours=1))

    days = days_of(2026, 10, BERLIN, [first, second], NOW)

    assert shown(days)[25] == ["02:30 CEST to 02:45 CEST", "02:30 CET to 02:45 CET"]
    assert days[24].note == "The clocks go back by 1 hour."


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        (BERLIN, date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (BEIRUT, date(2026, 3, 29), datetime(2026, 3, 28, 22, tzinfo=UTC)),  # midnight is left out
        (HAVANA, date(2026, 11, 1), datetime(2026, 11, 1, 4, tzinfo=UTC)),  # midnight comes twice
    ],
)
def test_a_day_begins_at_its_first_moment(zone: ZoneInfo, day: date, begins: datetime) -> None:
    assert begin_of(day, zone) == begins
    assert begins.astimezone(zone).date() == day
    assert (begins - timedelta(seconds=1)).astimezone(zone).date() < day


def test_a_day_that_never_was_holds_nothing() -> None:
    """On Samoa the 30th of December 2011 was left out."""
    before, after = (
        event("2011-12-29T12:00", "2011-12-29T13:00", APIA),
        event("2011-12-31T12:00", "2011-12-31T13:00", APIA),
    )

    assert shown(days_of(2011, 12, APIA, [before, after], NOW)).keys() == {29, 31}


def test_today_is_today_where_the_calendar_is() -> None:
    late = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)

    assert [day.date.day for day in days_of(2026, 3, BERLIN, [], late) if day.today] == [11]
    assert [day.date.day for day in days_of(2026, 3, HAVANA, [], late) if day.today] == [10]
    assert [day for day in days_of(2026, 4, BERLIN, [], late) if day.today] == []


def test_in_every_zone_the_months_of_a_year_follow_on_each_other_and_have_all_their_days() -> None:
    for name in sorted(zones()):
        zone = ZoneInfo(name)
        spans = [around(2026, month, zone) for month in range(1, 13)]
        assert [end for _, end in spans[:-1]] == [begin for begin, _ in spans[1:]], name
        assert sum(len(days_of(2026, month, zone, [], NOW)) for month in (2, 3)) == 59
