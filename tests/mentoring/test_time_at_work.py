"""Time on a running system: its clock is moved, and the carrier's log of pushes tells what mentors heard, and when."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import holds
from tests.house import ADMIN, wait_for
from tests.mentoring.planting import ADAM, PASSWORD, TONY
from tests.mentoring.running import Alone, Apart, System
from tests.servers import PrivatePostgres, PrivateRabbit

pytestmark = [pytest.mark.lengthy, pytest.mark.timeout(120)]

BEFORE = {"day_before": timedelta(days=1), "hour_before": timedelta(hours=1),
          "quarter_hour_before": timedelta(minutes=15), "at_time": timedelta()}  # fmt: skip
EARLY = timedelta(seconds=30)  # a margin that no slow machine uses up between setting the clock and looking
TOKEN = "device-1"


class Mentor:
    """Adam, who has a device and plans calls with tony, on a system whose clock he moves."""

    def __init__(self, system: System) -> None:
        self.system = system
        assert ADMIN in system.type("user", "add", ADMIN, "--staff", "--password-stdin", said=PASSWORD)
        mentee = self._ask("POST", "/mentor/mentee", TONY.body(), user=ADMIN)
        self._ask("POST", "/mentor/mentor", ADAM.body(mentee=mentee["id"]), user=ADMIN)
        self._ask("PUT", "/mentor/device/", {"token": TOKEN})

    def _ask(self, verb: str, path: str, body: Any = None, user: str = ADAM.user) -> Any:
        answer = self.system.ask(verb, path, body, user=user, password=PASSWORD)
        assert answer.status_code < 300, (verb, path, answer.text)
        return answer.json() if answer.text else None

    def be(self, moment: datetime) -> None:
        """It is now this moment."""
        self.system.jump((moment - datetime.now(UTC)).total_seconds())

    def plan(self, call_time: datetime) -> str:
        """Schedule a call, and wait until the mentee was told; its path."""
        made = self._ask("POST", "/mentor/schedule/", {"call_time": call_time.isoformat()})
        self.system.drain()
        return f"/mentor/schedule/{made['id']}/"

    def move(self, path: str, call_time: datetime) -> None:
        """To another time."""
        self._ask("PUT", path, {"call_time": call_time.isoformat()})

    def cancel(self, path: str) -> None:
        """Not to be made."""
        self._ask("DELETE", path)

    def heard(self) -> list[str]:
        """What his device was reminded of, in order."""
        pushes = self.system.carrier.log("push")
        assert {push["token"] for push in pushes} <= {TOKEN}
        assert len({push["reference"] for push in pushes}) == len(pushes), "nothing came twice"
        return [f"{push['data']['reminder_type']} {push['data']['scheduled_call']}" for push in pushes]

    def hears(self, *reminders: str) -> None:
        """Wait until he has heard these, and nothing else is due; what is due at once may come in any order."""
        wait_for(lambda: len(self.heard()) >= len(reminders), patience=30)
        self.system.drain()
        assert sorted(self.heard()) == sorted(reminders)


@pytest.fixture
def alone(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Mentor]:
    """The system in one process, in the zone that the test names, with every hint delivered twice."""
    with Alone(tmp_path, LOCAL_ZONE=getattr(request, "param", "Asia/Kolkata"), DOUBLE_HINTS="1") as system:
        system.start()
        yield Mentor(system)


@pytest.mark.parametrize(
    ("alone", "call_time", "told"),
    [
        pytest.param("Asia/Kolkata", datetime(2027, 1, 1, 18, 35, tzinfo=UTC),
                     "Saturday 2 January 2027 at 00:05 (IST)", id="across midnight"),
        pytest.param("Europe/Berlin", datetime(2027, 3, 28, 1, 0, tzinfo=UTC),
                     "Sunday 28 March 2027 at 03:00 (CEST)", id="an hour is left out"),
        pytest.param("Europe/Berlin", datetime(2027, 10, 31, 1, 10, tzinfo=UTC),
                     "Sunday 31 October 2027 at 02:10 (CET)", id="an hour comes twice"),
    ],
    indirect=["alone"],
)  # fmt: skip
@holds(
    "M-19", "reminder day_before", "reminder hour_before", "reminder quarter_hour_before", "reminder at_time"
)
def test_four_reminders_come_each_at_its_moment(alone: Mentor, call_time: datetime, told: str) -> None:
    alone.be(call_time - timedelta(days=3))
    alone.plan(call_time)
    expected: list[str] = []

    for kind, before in BEFORE.items():
        alone.be(call_time - before - EARLY)
        alone.hears(*expected)
        alone.be(call_time - before)
        expected.append(f"{kind} 1")
        alone.hears(*expected)

    pushes, (text,) = alone.system.carrier.log("push"), alone.system.carrier.log("text")
    lags = [datetime.fromisoformat(push["at"]) - (call_time - before)
            for push, before in zip(pushes, BEFORE.values(), strict=True)]  # fmt: skip
    assert all(timedelta() <= lag < EARLY for lag in lags)
    assert text["body"] == f"Your mentor will call you on {told}."
    assert [push["body"] for push in pushes] == [f"On {told}."] * 3 + ["It is time for your call."]


@holds("M-19")
def test_a_call_moved_in_its_last_second_is_reminded_of_at_its_new_time_only(alone: Mentor) -> None:
    start = datetime.now(UTC)
    old, new = start + timedelta(hours=3), start + timedelta(hours=5)
    path = alone.plan(old)
    alone.be(old - timedelta(hours=1) - timedelta(seconds=1))
    alone.move(path, new)  # when the answer is there, the second is over or nearly so

    for moment in (old - BEFORE["quarter_hour_before"], old, new - timedelta(hours=1) - EARLY):
        alone.be(moment)
        alone.system.drain()
    late = (
        alone.heard()
    )  # the machine may have been slow, and the first reminder may have come before the move
    for before in (timedelta(hours=1), timedelta(minutes=15), timedelta()):
        alone.be(new - before)
        alone.system.drain()

    assert late in ([], ["hour_before 1"])
    alone.hears(*late, "hour_before 1", "quarter_hour_before 1", "at_time 1")


@holds("M-19", "M-30")
def test_a_cancelled_call_is_not_reminded_of(alone: Mentor) -> None:
    start = datetime.now(UTC)
    first = alone.plan(start + timedelta(hours=3))
    alone.plan(start + timedelta(hours=3, minutes=1))
    alone.be(start + timedelta(hours=1, minutes=59))
    alone.cancel(first)

    for hours in (2.1, 2.9, 3.05):
        alone.be(start + timedelta(hours=hours))
        alone.system.drain()

    alone.hears("hour_before 2", "quarter_hour_before 2", "at_time 2")


def test_a_system_killed_and_down_for_two_days_says_only_what_is_still_of_use(alone: Mentor) -> None:
    start = datetime.now(UTC)
    for hours in (30, 47.95, 60, 100):  # over; just over; its day-before is past; all of it is ahead
        alone.plan(start + timedelta(hours=hours))
    texts = len(alone.system.carrier.log("text"))

    alone.system.kill("dev")
    alone.be(start + timedelta(days=2))
    alone.system.start()

    alone.hears("at_time 2", "day_before 3")
    alone.be(start + timedelta(hours=60))
    alone.hears("at_time 2", "day_before 3", "at_time 3")
    assert len(alone.system.carrier.log("text")) == texts == 4


@pytest.fixture
def apart(
    tmp_path: Path, postgres: PrivatePostgres, rabbit: PrivateRabbit, request: pytest.FixtureRequest
) -> Iterator[Mentor]:
    """The system in processes of its own, on PostgreSQL and RabbitMQ."""
    name = f"t{abs(hash(request.node.name))}"
    with Apart(tmp_path, postgres.create_database(name), rabbit.vhost(name)) as system:
        system.start()
        yield Mentor(system)


@pytest.mark.servers
def test_with_the_clock_process_down_for_two_days_reminders_come_all_the_same_and_once(apart: Mentor) -> None:
    start, system = datetime.now(UTC), apart.system
    for hours in (30, 60):
        apart.plan(start + timedelta(hours=hours))
    system.end("clock")

    for hours in (6, 29, 29.75, 30, 36):
        apart.be(start + timedelta(hours=hours))
        system.drain()
    without = apart.heard()
    apart.be(start + timedelta(days=2))
    system.run("clock", "clock")
    for hours in (59, 59.75, 60):
        apart.be(start + timedelta(hours=hours))
        system.drain()

    first = ["day_before 1", "hour_before 1", "quarter_hour_before 1", "at_time 1", "day_before 2"]
    assert sorted(without) == sorted(first)
    apart.hears(*first, "hour_before 2", "quarter_hour_before 2", "at_time 2")


@pytest.mark.servers
def test_with_two_of_every_process_each_reminder_comes_once(apart: Mentor) -> None:
    start, system = datetime.now(UTC), apart.system
    for part in ("relay", "clock", "worker"):
        system.run(f"second {part}", part)
    for minutes in (0, 1, 2, 3):
        apart.plan(start + timedelta(hours=30, minutes=minutes))

    for kind, before in BEFORE.items():
        said = len(apart.heard())
        apart.be(start + timedelta(hours=30, minutes=4) - before)
        wait_for(lambda said=said: len(apart.heard()) >= said + 4, patience=30)
        system.drain()
        assert sorted(apart.heard()[said:]) == [f"{kind} {number}" for number in (1, 2, 3, 4)]


@pytest.mark.servers
def test_a_reminder_whose_worker_died_with_the_clock_down_for_two_days_came_once(apart: Mentor) -> None:
    start, system = datetime.now(UTC), apart.system
    apart.plan(start + timedelta(hours=30))
    apart.plan(start + timedelta(hours=73))
    system.end("clock")
    system.die("carrier.after_request", lambda: apart.be(start + timedelta(hours=6)))

    apart.be(start + timedelta(days=2))
    system.run("clock", "clock")
    apart.hears("day_before 1")
    apart.be(start + timedelta(hours=49))

    apart.hears("day_before 1", "day_before 2")


@pytest.mark.servers
def test_a_relay_down_for_two_days_lets_pass_what_is_of_no_use_any_more(apart: Mentor) -> None:
    start, system = datetime.now(UTC), apart.system
    for hours in (30, 60):
        apart.plan(start + timedelta(hours=hours))

    system.end("relay")
    apart.be(start + timedelta(days=2))
    wait_for(lambda: apart.system.ask("GET", "/health", user="", password="").json()["oldest_due_s"] > 3600)
    before = apart.heard()
    system.run("relay", "relay")

    assert before == []
    apart.hears("day_before 2")
