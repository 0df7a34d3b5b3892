"""The plan of the clinic: worked out by hand for a few practices, and complete for many."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from tests.clinic.expected import expected
from tests.clinic.practices import CALL, TERMS, TEXT, Practice, Reminder, practices

CAPE, MITTE, HUDSON = TERMS


def told(practice: Practice, days: int = 40) -> list[str]:
    """What is told, in a few words."""
    plan = sorted(expected([practice], days).told)
    return [f"{one.at:%d %b %H:%M} {one.channel} {one.attempt}" for one in plan]


def weekly(*reminders: Reminder, **more: Any) -> Practice:
    until = datetime(2027, 1, 20, 23, tzinfo=UTC)
    practice = Practice(7, CAPE, "weekly", date(2027, 1, 6), time(10), until, reminders=reminders)
    return replace(practice, **more)


REACHED = Reminder(CALL, "+27710070000")


def test_a_weekly_series_ends_with_its_period_or_its_count():
    assert told(weekly(REACHED)) == ["06 Jan 10:00 ring 1", "13 Jan 10:00 ring 1", "20 Jan 10:00 ring 1"]
    assert told(weekly(REACHED, count=2)) == ["06 Jan 10:00 ring 1", "13 Jan 10:00 ring 1"]


def test_a_monthly_series_keeps_its_wednesday_and_the_31st():
    until = datetime(2027, 6, 1, tzinfo=UTC)
    second = weekly(REACHED, recurs="monthly", first=date(2027, 1, 13), until=until)
    last = weekly(REACHED, recurs="last", first=date(2027, 1, 31), until=until)

    days = ["13 Jan", "10 Feb", "10 Mar", "14 Apr", "12 May"]
    assert [line[:6] for line in told(second, 150)] == days
    assert [line[:6] for line in told(last, 150)] == ["31 Jan", "31 Mar", "31 May"]


def test_the_wall_clock_is_the_settings():
    practice = weekly(REACHED, terms=MITTE, first=date(2027, 3, 24), until=datetime(2027, 4, 1, tzinfo=UTC))

    assert told(practice, 90) == ["24 Mar 09:00 ring 1", "31 Mar 08:00 ring 1"]


def test_who_is_busy_is_called_again_and_his_family_is_texted():
    busy = Reminder(CALL, "+27710079901", "busy", retries=2, delay=13, failure_to="+2783")

    assert told(weekly(busy, count=1)) == [
        "06 Jan 10:00 ring 1", "06 Jan 10:15 ring 2", "06 Jan 10:30 ring 3", "06 Jan 10:30 text 3",
    ]  # fmt: skip


def test_notice_is_given_in_advance_and_within_the_day():
    early = Reminder(TEXT, "+2782", advance=1440)
    night = replace(REACHED, window=("22:00", "05:59:59"))
    morning = replace(REACHED, before=240, window=("08:00", "19:59:59"))

    assert told(weekly(early, count=1)) == ["05 Jan 10:00 text 1"]
    assert told(weekly(night, count=1)) == ["06 Jan 22:00 ring 1"]
    assert told(weekly(morning, count=1)) == ["06 Jan 08:00 ring 1"]


def test_nobody_is_told_anything_in_his_quiet_hours():
    """Half past nine in Johannesburg is half past seven in UTC; in Berlin half past eight."""
    for lives, at in ((None, "07 Jan 07:30"), ("Europe/Berlin", "07 Jan 08:30")):
        one = replace(REACHED, before=-9 * 60, lives=lives)
        assert told(weekly(one, terms=HUDSON, count=1)) == [f"{at} ring 1"]


def test_a_pause_holds_what_it_is_not_too_late_for_and_skips_the_rest():
    brief = datetime(2027, 1, 13, 9, 15, tzinfo=UTC), datetime(2027, 1, 13, 10, 30, tzinfo=UTC)
    long = datetime(2027, 1, 12, 12, 30, tzinfo=UTC), datetime(2027, 1, 15, 12, 30, tzinfo=UTC)

    assert told(weekly(REACHED, pause=brief))[1:] == ["13 Jan 10:30 ring 1", "20 Jan 10:00 ring 1"]
    assert told(weekly(REACHED, pause=long))[1:] == ["20 Jan 10:00 ring 1"]
    assert expected([weekly(REACHED, pause=long)], 40).ended == {"success": 2, "failure": 1}


def test_a_year_has_something_of_everything():
    year = practices(1, 200, 365)
    plan = expected(year, 365)

    assert {one.channel for one in plan.told} == {"ring", "text", "mail"}
    assert {reminder.phone for practice in year for reminder in practice.reminders} == {
        "answer", "busy", "no_answer", "unreachable", "refused"
    }  # fmt: skip
    assert {practice.recurs for practice in year} == {"weekly", "monthly", "last"}
    assert sum(practice.pause is not None for practice in year) >= 20
    assert len({reminder.to for practice in year for reminder in practice.reminders}) == 600
    assert max(one.attempt for one in plan.told) == 4
    assert plan.ended.total() == plan.events * 3
    assert plan.ended.keys() == {"success", "failure"}
