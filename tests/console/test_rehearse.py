"""`trunkline rehearse`: what would ring between two moments."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from models.appointments.alarms import SMS, Alarm
from models.database import db
from models.people import User
from tests.appointments.clinic import Clinic, at
from tests.console.conftest import Type
from tests.house import password_hash

NOW = datetime(2027, 3, 27, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
INDIAN = "+919876543210"


@pytest.fixture
def clinic(door: Type, jump: Callable[[float], None]) -> Clinic:
    """One with an alarm for somebody in India, in two hours, and one that says nothing."""
    jump(at(NOW))
    made = Clinic(timezone="Europe/Berlin", quiet_start="22:00", quiet_stop="14:00")
    event = made.event(title="Check-up", start=NOW + 2 * HOUR)
    made.alarm(event, date_start_notice=NOW + 2 * HOUR, alarm_phonenumber=INDIAN)
    made.alarm(
        event, date_start_notice=NOW + 1 * HOUR, method=SMS, alarm_phonenumber=INDIAN, sms_template=None
    )
    return made


def test_it_lists_what_would_be_made_and_what_would_not(door: Type, clinic: Clinic) -> None:
    told = door("rehearse", "--from", "2027-03-27", "--to", "2027-03-28")

    assert told.exit_code == 0
    when = "2027-03-27 09:30:00 Europe/Berlin (2027-03-27 14:00:00 Asia/Calcutta)"
    first, second = told.stdout.splitlines()
    assert first == f"{when}  call  alarm:1  hidden  Check-up  after quiet hours"
    assert second == (
        f"{when}  text  alarm:2  hidden  Check-up  after quiet hours  NOT: there is no template of a text"
    )
    assert told.stderr == "2 alarms, 1 of which would tell nobody\n"


def test_programs_read_json(door: Type, clinic: Clinic) -> None:
    told = json.loads(door("rehearse", "--json").stdout)

    assert told["more"] is False
    assert datetime.fromisoformat(told["to"]) - datetime.fromisoformat(told["from"]) == timedelta(days=1)
    first = told["alarms"][0]
    assert (first["at"], first["method"], first["to"]) == ("2027-03-27T08:30:00+00:00", "call", "hidden")
    assert (first["waits_for"], first["why_not"]) == (["quiet hours"], "")


def test_numbers_are_shown_when_they_are_asked_for(door: Type, clinic: Clinic) -> None:
    assert INDIAN not in door("rehearse").stdout + door("rehearse", "--json").stdout
    assert door("rehearse", "--numbers").stdout.count(INDIAN) == 2
    assert json.loads(door("rehearse", "--json", "--numbers").stdout)["alarms"][0]["to"] == INDIAN


def test_a_user_may_be_named(door: Type, clinic: Clinic) -> None:
    User.create(username="eve", password=password_hash())
    User.create(username="root", password=password_hash(), is_staff=True)

    def seen(name: str) -> int:
        return len(door("rehearse", "--user", name).stdout.splitlines())

    assert {name: seen(name) for name in ("mona", "doc", "root", "eve")} == {
        "mona": 2,
        "doc": 2,
        "root": 2,
        "eve": 0,
    }
    nobody = door("rehearse", "--user", "nobody")
    assert (nobody.exit_code, "--user" in nobody.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (("--from", "tomorrow"), "--from"),
        (("--from", "2027-03-28", "--to", "2027-03-28"), "--to"),
        (("--to", "2029-03-28"), "--to"),
        (("--from", "2029-03-28"), "--from"),
    ],
)
def test_what_is_no_time_to_come_is_refused(
    door: Type, clinic: Clinic, words: tuple[str, ...], wrong: str
) -> None:
    told = door("rehearse", *words)

    assert (told.exit_code, wrong in told.stderr) == (2, True)


def test_it_changes_nothing(door: Type, clinic: Clinic) -> None:
    def rows() -> list[tuple[object, ...]]:
        return [
            row
            for table in db.get_tables()
            if not table.startswith("sqlite")
            for row in db.execute_sql(f'SELECT * FROM "{table}"')
        ]

    before = rows()
    door("rehearse", "--to", "2027-09-01")

    assert rows() == before
    assert Alarm.select().count() == 2
