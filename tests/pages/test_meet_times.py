"""Times on the page of a call request: in the reader's own zone, on the days when clocks are changed too."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from models import clock
from models.callrequests import TimeSuggestion, moving
from models.people.accounts import Account
from tests.callrequests.members import Member
from tests.conformance import holds
from tests.pages.meeting import Pair, deeds_of, times, typed, walls

Jump = Callable[[float], None]


def lives_in(who: Member, zone: str) -> None:
    Account.update(timezone=zone).where(Account.id == who.account.id).execute()
    who.account.timezone = zone


def it_is(jump: Jump, text: str) -> None:
    """Have it be this moment in UTC."""
    jump((datetime.fromisoformat(text).replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds())


def offered(pair: Pair) -> tuple[datetime, ...]:
    latest = pair.now.suggestions.order_by(TimeSuggestion.id.desc()).get()
    return tuple(latest.times)


@holds("a public page: the reader's own zone")
def test_each_reads_the_same_moments_by_his_own_clock_and_beside_it_the_others(pair: Pair, jump: Jump):
    it_is(jump, "2026-11-20T09:00")
    pair.accepted(*(datetime(2026, 11, 24, hour, 15, tzinfo=UTC) for hour in (3, 14, 23)))
    ritas, toms = pair.look(pair.rita), pair.look(pair.tom)
    for mine, his in (
        ("Tue 24 Nov, 04:15", "Mon 23 Nov, 21:15 for Tom"),
        ("Tue 24 Nov, 15:15", "08:15 for Tom"),
        ("Wed 25 Nov, 00:15", "Tue 24 Nov, 17:15 for Tom"),
    ):
        assert f">{mine}</time> <small>{his}</small>" in ritas
    for mine, his in (
        ("Mon 23 Nov, 21:15", "Tue 24 Nov, 04:15 for Rita"),
        ("Tue 24 Nov, 08:15", "15:15 for Rita"),
        ("Tue 24 Nov, 17:15", "Wed 25 Nov, 00:15 for Rita"),
    ):
        assert f">{mine}</time> <small>{his}</small>" in toms
    assert "Europe/Berlin" in ritas
    assert "America/Chicago" in toms


def test_who_shares_a_clock_reads_each_time_once(pair: Pair):
    lives_in(pair.tom, "Europe/Paris")
    pair.accepted()
    assert "for Tom" not in pair.look(pair.rita)


def test_the_year_is_told_when_it_is_another(pair: Pair, jump: Jump):
    it_is(jump, "2026-12-30T09:00")
    pair.accepted(*(datetime(2027, 1, 2, hour, tzinfo=UTC) for hour in (12, 13, 14)))
    assert "Sat 2 Jan 2027, 13:00" in pair.look(pair.rita)


@holds("a public page: the reader's own zone")
@pytest.mark.parametrize(
    ("zone", "wall", "moment"),
    [
        ("Asia/Kathmandu", "2036-07-01 09:00", datetime(2036, 7, 1, 3, 15, tzinfo=UTC)),
        ("Australia/Eucla", "2036-07-01 09:00", datetime(2036, 7, 1, 0, 15, tzinfo=UTC)),
        ("America/St_Johns", "2036-01-15 23:30", datetime(2036, 1, 16, 3, 0, tzinfo=UTC)),
        ("Pacific/Kiritimati", "2036-01-01 00:00", datetime(2035, 12, 31, 10, 0, tzinfo=UTC)),
    ],
)
def test_what_is_typed_is_meant_in_the_typists_zone(pair: Pair, zone: str, wall: str, moment: datetime):
    lives_in(pair.tom, zone)
    later = [f"{wall[:5]}0{month}{wall[7:]}" for month in (8, 9)]
    assert pair.do(pair.tom, "accept", **typed(wall, *later)).status_code == 303
    assert offered(pair)[0] == moment


@pytest.mark.parametrize(
    ("zone", "now", "day", "wall", "instead"),
    [
        ("America/Chicago", "2027-03-10T12:00", "2027-03-14", "02:30", "03:30"),
        ("Europe/Berlin", "2027-03-20T12:00", "2027-03-28", "02:00", "03:00"),
        ("Australia/Lord_Howe", "2027-09-30T12:00", "2027-10-03", "02:15", "02:45"),
    ],
)
def test_a_time_that_the_clocks_leave_out_is_refused_beside_its_field(
    pair: Pair, jump: Jump, zone: str, now: str, day: str, wall: str, instead: str
):
    it_is(jump, now)
    lives_in(pair.tom, zone)
    fields = typed(f"{day} 10:00", f"{day} {wall}", f"{day} 12:00")
    answer = pair.do(pair.tom, "accept", **fields)
    assert answer.status_code == 400
    assert f"and {wall} is left out. Write {instead}" in answer.text
    assert answer.text.count('aria-invalid="true"') == 2, "the day and the time of the second, and no more"
    assert fields.items() <= deeds_of(answer.text)["accept"].items()
    assert pair.now.status == "o"


def test_of_a_time_that_comes_twice_the_first_is_taken_and_everybody_is_told_which(pair: Pair, jump: Jump):
    it_is(jump, "2026-10-20T12:00")
    fields = typed("2026-11-01 01:30", "2026-11-01 02:30", "2026-11-01 00:30")  # the night in Chicago
    answer = pair.do(pair.tom, "accept", **fields)
    assert answer.status_code == 303
    assert offered(pair)[0] == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)  # still on summer time
    said = "the first 01:30 of that night, as the clocks go back"
    assert pair.look(pair.tom).count(said) == 1
    assert "that night" not in pair.look(pair.rita), "it is morning in Berlin"


def test_the_second_of_two_such_times_can_be_offered_by_another_and_is_told_apart(pair: Pair, jump: Jump):
    it_is(jump, "2026-10-20T12:00")
    night = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    pair.accepted(night, night + timedelta(hours=1), night + timedelta(hours=9))
    moving.suggest(pair.id, pair.rita.account.id, tuple(m + timedelta(minutes=15) for m in offered(pair)))  # type: ignore[arg-type]  # three
    page = pair.look(pair.tom)
    assert "the first 01:45 of that night" in page
    assert "the second 01:45 of that night" in page
    assert pair.do(pair.tom, "agree", agreed_time=offered(pair)[1].isoformat()).status_code == 303
    assert pair.now.agreed_time == night + timedelta(hours=1, minutes=15)


def test_two_zones_that_change_their_clocks_on_other_days_are_told_apart(pair: Pair, jump: Jump):
    """Between the 14th and the 28th of March, Berlin is six hours ahead of Chicago and not seven."""
    it_is(jump, "2027-03-01T12:00")
    pair.accepted(*(datetime(2027, 3, day, 15, tzinfo=UTC) for day in (12, 20, 30)))
    page = pair.look(pair.rita)
    for mine, his in (
        ("Fri 12 Mar, 16:00", "09:00"),
        ("Sat 20 Mar, 16:00", "10:00"),
        ("Tue 30 Mar, 17:00", "10:00"),
    ):
        assert f">{mine}</time> <small>{his} for Tom</small>" in page


def test_times_that_have_passed_cannot_be_chosen(pair: Pair, jump: Jump):
    moments = times()
    pair.accepted(*moments)
    jump((moments[1] - datetime.now(UTC)).total_seconds() + 60)
    page = pair.look(pair.rita)
    assert page.count(" disabled") == 2
    assert page.count("has passed") == 2
    answer = pair.press(pair.rita, "agree", agreed_time=moments[0].isoformat())
    assert "This time has passed" in answer.text
    assert pair.now.agreed_time is None

    jump((moments[2] - datetime.now(UTC)).total_seconds() + 60)
    page = pair.look(pair.rita)
    assert "The proposed times have passed." in page
    assert set(deeds_of(page)) == {"propose", "cancel"}
    assert '<details class="card" open>' in page
    assert pair.do(pair.rita, "propose", **walls(pair.rita, *times(5))).status_code == 303


def test_today_is_the_readers_today(pair: Pair, jump: Jump):
    it_is(jump, "2026-11-24T23:30")
    assert 'min="2026-11-24"' in pair.look(pair.tom)
    lives_in(pair.tom, "Asia/Tokyo")
    assert 'min="2026-11-25"' in pair.look(pair.tom)
    assert clock.now().date().isoformat() == "2026-11-24"
