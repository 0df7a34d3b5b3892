"""Time on a running system: its clock is moved, and the carrier's log tells what the two heard, and when."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.callrequests.members import PROFILE
from tests.conformance import holds
from tests.house import wait_for
from tests.mentoring.running import Alone, Apart, System
from tests.servers import PrivatePostgres, PrivateRabbit

pytestmark = [pytest.mark.lengthy, pytest.mark.timeout(180)]

PASSWORD = "correct horse 1"
RITA, TOM = "+13125550001", "+13125550002"
QUARTER, MINUTE, SECOND = timedelta(minutes=15), timedelta(minutes=1), timedelta(seconds=1)
EARLY = timedelta(seconds=30)  # a margin that no slow machine uses up between setting the clock and looking
AT = datetime(2027, 2, 1, 18, 0, tzinfo=UTC)


class Two:
    """Rita in Berlin, who asks, and tom in Chicago, a hero, on a system whose clock they move.

    Parameters:
      now: when they log in.
    """

    def __init__(self, system: System, now: datetime) -> None:
        self.system = system
        self.be(now)
        add = ("user", "add", "--password-stdin")
        self._type(*add, "root", "--staff", "--email", "root@example.com")
        for name, phone, zone in (("rita", RITA, "Europe/Berlin"), ("tom", TOM, "America/Chicago")):
            self._type(*add, name)
            account = ("--email", f"{name}@example.com", "--phone", phone.removeprefix("+1"), "--zone", zone)
            self._type("user", "account", name, *account)
        self.tokens: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        for name in ("root", "rita", "tom"):
            self.log_in(name)
        for name, last in (("rita", "Requester"), ("tom", "Brady")):
            self.ask(name, "PATCH", "accounts/profile", {"first_name": name.title(), "last_name": last})
            verified = f"accounts/users/{self.ids[name]}/verification"
            self.ask("root", "PATCH", verified, {"payment_verified": True})
        self.ask("tom", "POST", "heroes/apply", PROFILE)
        self.ask("root", "POST", "heroes/accept", {"hero_id": 1})
        system.drain()

    def _type(self, *words: str) -> None:
        assert "Error" not in (said := self.system.type(*words, said=PASSWORD)), said

    def log_in(self, name: str) -> None:
        """As an app does."""
        body = {"email": f"{name}@example.com", "password": PASSWORD}
        answer = self.ask(name, "POST", "accounts/login", body)
        self.tokens[name], self.ids[name] = answer["token"], answer["id"]

    def ask(
        self, name: str, verb: str, path: str, body: Any = None, *, good: tuple[int, ...] = (200, 201)
    ) -> Any:
        """What one of them is answered by the API."""
        headers = {"Authorization": self.tokens[name]} if name in self.tokens else {}
        answer = self.system.ask(verb, f"/api/v1/{path}", body, user="", password="", headers=headers)
        assert answer.status_code in good, (verb, path, answer.text)
        return answer.json()

    def be(self, moment: datetime) -> None:
        """It is now this moment."""
        self.system.jump((moment - datetime.now(UTC)).total_seconds())

    def offered(self, at: datetime) -> int:
        """Rita has asked, and tom proposed this time and the quarters of an hour after it."""
        asked = {"hero_id": 1, "message": "About databases", "estimated_length": 15}
        request = int(self.ask("rita", "POST", "call-requests/", asked)["id"])
        times = dict(
            zip(("time_one", "time_two", "time_three"), (at, at + QUARTER, at + 2 * QUARTER), strict=True)
        )
        body = {name: moment.isoformat() for name, moment in times.items()}
        self.ask("tom", "PATCH", f"call-requests/{request}/accept/", body)
        return request

    def agree(self, request: int, at: datetime) -> None:
        """Rita takes the time."""
        self.ask("rita", "PATCH", f"call-requests/{request}/agreed-time/", {"agreed_time": at.isoformat()})

    def agreed(self, at: datetime) -> int:
        """All of that, everything that follows done."""
        request = self.offered(at)
        self.agree(request, at)
        self.system.drain()
        return request

    def cancel(self, request: int, who: str = "tom") -> None:
        """One of them calls it off."""
        self.ask(who, "PATCH", f"call-requests/{request}/cancel/", {"reason": "Ill", "force": True})

    def status(self, request: int) -> str:
        """The request's."""
        return str(self.ask("rita", "GET", f"call-requests/{request}")["status"])

    def texts(self) -> list[tuple[str, str]]:
        """To whom what was texted, in order."""
        sent = self.system.carrier.log("text")
        assert len({text["reference"] for text in sent}) == len(sent), "nothing came twice"
        return [(text["to"], text["body"]) for text in sent]

    def hear(self, minutes: int, calls: int = 1) -> None:
        """Wait until both were reminded of so many calls, with so many minutes left, and nothing else is due."""
        wait_for(lambda: len(self.texts()) >= 2 * calls, patience=30)
        self.system.drain()
        left = f"starts in {minutes} minute{'s' if minutes > 1 else ''}. Join by dialing +13125550100."
        said = {(RITA, f"Your call with Tom Brady {left}"), (TOM, f"Your call with Rita Requester {left}")}
        assert sorted(self.texts()) == sorted(list(said) * calls)

    def ends(self) -> list[str]:
        """What became of the reminders, in order."""
        return [state for (state,) in self.system.sql("SELECT state FROM request_reminder ORDER BY id")]


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Callable[..., Two]]:
    """The system in one process, with every hint delivered twice; it is three hours before the call, or then."""
    with Alone(tmp_path, DOUBLE_HINTS="1") as system:
        system.start()
        yield lambda now=AT - timedelta(hours=3): Two(system, now)


@holds(
    "§7 one for each party, 15 minutes before", "agreed-time: a text is scheduled 15 minutes before for both"
)
def test_both_are_reminded_at_the_moment_and_once(alone: Callable[..., Two]) -> None:
    two = alone()
    two.agreed(AT)

    two.be(AT - QUARTER - EARLY)
    two.system.drain()
    early = two.texts()
    two.be(AT - QUARTER)
    two.hear(15)

    assert early == []
    lags = [datetime.fromisoformat(text["at"]) - (AT - QUARTER) for text in two.system.carrier.log("text")]
    assert all(timedelta() <= lag < EARLY for lag in lags)


@holds("§7 past due is sent at once with the true minutes")
def test_a_time_agreed_in_the_last_quarter_of_an_hour_is_reminded_of_at_once(
    alone: Callable[..., Two],
) -> None:
    two = alone()
    request = two.offered(AT)

    two.be(AT - 7 * MINUTE)
    two.agree(request, AT)

    two.hear(7)
    two.be(AT - MINUTE)
    two.system.drain()
    assert len(two.texts()) == 2


@holds("§7 cancel revokes")
def test_a_call_cancelled_in_between_is_not_reminded_of_and_another_one_is(alone: Callable[..., Two]) -> None:
    two = alone()
    request = two.agreed(AT)
    two.agreed(AT)
    two.be(AT - QUARTER - EARLY)
    two.cancel(request)

    for before in (QUARTER, 5 * MINUTE, timedelta()):
        two.be(AT - before)
        two.system.drain()

    two.hear(15)
    assert two.ends() == ["revoked", "revoked", "sent", "sent"]


@holds("§7 overdue: sent before the call, else expired", "D-24")
@pytest.mark.parametrize(
    ("woken", "minutes"), [(4 * MINUTE, 4), (timedelta(), 0), (-timedelta(days=2), 0)], ids=str
)
def test_a_system_killed_over_the_due_time_reminds_late_or_not_at_all(
    alone: Callable[..., Two], woken: timedelta, minutes: int
) -> None:
    two = alone()
    two.agreed(AT)

    two.system.kill("dev")
    two.be(AT - woken)
    two.system.start()

    if minutes:
        two.hear(minutes)
    wait_for(lambda: "pending" not in two.ends())
    two.system.drain()
    assert two.ends() == ["sent" if minutes else "expired"] * 2
    assert len(two.texts()) == (2 if minutes else 0)


@pytest.mark.parametrize(
    ("at", "in_berlin", "in_chicago"),
    [
        pytest.param(datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "March 28, 03:00 AM", "March 27, 08:00 PM",
                     id="an hour is left out in Berlin"),
        pytest.param(datetime(2027, 10, 31, 1, 0, tzinfo=UTC), "October 31, 02:00 AM", "October 30, 08:00 PM",
                     id="an hour comes twice in Berlin"),
        pytest.param(datetime(2027, 3, 14, 8, 0, tzinfo=UTC), "March 14, 09:00 AM", "March 14, 03:00 AM",
                     id="an hour is left out in Chicago"),
    ],
)  # fmt: skip
@holds("§6 the form of clock times, in the recipient's zone")
def test_when_the_clocks_of_one_are_moved_both_read_their_own_and_are_reminded_at_the_same_moment(
    alone: Callable[..., Two], at: datetime, in_berlin: str, in_chicago: str
) -> None:
    two = alone(at - timedelta(hours=3))
    two.agreed(at)

    letters = {(mail["to"], mail["subject"]): mail["text"] for mail in two.system.carrier.log("mail")}
    two.be(at - QUARTER - EARLY)
    two.system.drain()
    early = two.texts()
    two.be(at - QUARTER)
    two.hear(15)

    assert early == []
    to_rita = [text for (to, _), text in letters.items() if to == "rita@example.com"]
    to_tom = [text for (to, _), text in letters.items() if to == "tom@example.com"]
    assert in_berlin in to_rita[-1]
    assert in_chicago in to_tom[-1]


@holds("§7 no phone: skipped", "§7 retries, and one party's failure is its own")
def test_the_failure_of_one_party_is_nothing_to_the_other(alone: Callable[..., Two]) -> None:
    two = alone()
    two.agreed(AT)
    two.system.carrier.phone(RITA, text="refused")

    two.be(AT - QUARTER)
    wait_for(lambda: set(two.ends()) == {"failed", "sent"})
    two.system.drain()

    assert [to for to, _ in two.texts()] == [TOM]


@holds("§9 dial-out: rung at the agreed time, masked, success sets s")
def test_two_of_whom_one_would_rather_be_rung_are_rung_at_the_agreed_time(alone: Callable[..., Two]) -> None:
    two = alone()
    two.ask("tom", "PATCH", "accounts/profile", {"call_me": True})
    request = two.agreed(AT)

    two.be(AT - EARLY)
    two.system.drain()
    early = two.system.carrier.log("call")
    two.be(AT)
    wait_for(lambda: two.status(request) == "s", patience=30)
    two.system.drain()

    assert early == []
    (call,) = two.system.carrier.log("call")
    assert timedelta() <= datetime.fromisoformat(call["at"]) - AT < EARLY
    assert (call["a_number"], call["b_number"]) == (TOM, RITA)
    assert {call["shown_to_a"], call["shown_to_b"]} == {"+15550100"}
    told = two.system.type("trace", f"callrequest:{request}")
    assert "held" in told
    assert not [secret for secret in (RITA, TOM, "@example.com", "Brady") if secret in told]


def test_rung_in_vain_they_have_not_met(alone: Callable[..., Two]) -> None:
    two = alone()
    two.ask("rita", "PATCH", "accounts/profile", {"call_me": True})
    two.system.carrier.phone(TOM, call="no_answer")
    request = two.agreed(AT)

    two.be(AT)
    wait_for(lambda: "not_connected" in two.system.type("trace", f"callrequest:{request}"), patience=30)

    assert (two.status(request), len(two.system.carrier.log("call"))) == ("a", 1)


@pytest.fixture
def apart(
    tmp_path: Path, postgres: PrivatePostgres, rabbit: PrivateRabbit, request: pytest.FixtureRequest
) -> Iterator[Two]:
    """The system in processes of its own, on PostgreSQL and RabbitMQ, three hours before the call."""
    name = f"t{abs(hash(request.node.name))}"
    with Apart(tmp_path, postgres.create_database(name), rabbit.vhost(name)) as system:
        system.start()
        yield Two(system, AT - timedelta(hours=3))


@pytest.mark.servers
@holds("§7 overdue: sent before the call, else expired")
def test_with_the_clock_process_down_over_the_due_time_both_are_reminded(apart: Two) -> None:
    apart.agreed(AT)
    apart.system.end("clock")

    apart.be(AT - QUARTER)
    apart.hear(15)
    apart.system.run("clock", "clock")
    apart.be(AT)
    apart.system.drain()

    assert len(apart.texts()) == 2


@pytest.mark.servers
@holds("§7 overdue: sent before the call, else expired", "D-24")
def test_a_relay_down_over_the_due_time_is_made_up_for_until_the_call(apart: Two) -> None:
    later = AT + timedelta(hours=1)
    for at in (AT, later):
        apart.agreed(at)

    apart.system.end("relay")
    apart.be(later - 5 * MINUTE)
    wait_for(lambda: apart.system.ask("GET", "/health", user="", password="").json()["oldest_due_s"] > 600)
    before = apart.texts()
    apart.system.run("relay", "relay")

    assert before == []
    apart.hear(5)
    assert apart.ends() == ["expired"] * 2 + ["sent"] * 2


@pytest.mark.servers
@holds("§7 at most one text")
def test_a_reminder_whose_worker_died_as_it_was_sent_came_once(apart: Two) -> None:
    apart.agreed(AT)

    apart.system.die("carrier.after_request", lambda: apart.be(AT - QUARTER))
    apart.be(AT - 10 * MINUTE)  # the dead worker's leases are over
    wait_for(lambda: apart.ends() == ["sent", "sent"], patience=60)
    apart.system.drain()

    assert sorted(to for to, _ in apart.texts()) == [RITA, TOM]


@pytest.mark.servers
@holds("§7 at most one text")
def test_with_two_of_every_process_each_is_reminded_and_rung_once(apart: Two) -> None:
    for part in ("relay", "clock", "worker"):
        apart.system.run(f"second {part}", part)
    apart.ask("rita", "PATCH", "accounts/profile", {"call_me": True})
    requests = [apart.agreed(AT) for _ in range(3)]

    apart.be(AT - QUARTER)
    wait_for(lambda: len(apart.texts()) >= 6, patience=30)
    apart.system.drain()
    apart.be(AT)
    wait_for(lambda: {apart.status(request) for request in requests} == {"s"}, patience=60)
    apart.system.drain()

    assert len(apart.texts()) == 6
    rung = sorted(call["reference"] for call in apart.system.carrier.log("call"))
    assert rung == sorted(f"callrequest:{request}" for request in requests)


@pytest.mark.servers
@holds("agree against cancel")
def test_agreed_and_cancelled_at_once_nobody_is_reminded_afterwards(apart: Two) -> None:
    apart.ask("rita", "PATCH", "accounts/profile", {"call_me": True})
    requests = [apart.offered(AT) for _ in range(20)]
    agree = {"agreed_time": AT.isoformat()}

    def agreeing(request: int) -> Any:
        return apart.ask("rita", "PATCH", f"call-requests/{request}/agreed-time/", agree, good=(200, 400))

    with ThreadPoolExecutor(4) as pool:
        for request in requests:
            both = pool.submit(agreeing, request), pool.submit(apart.cancel, request)
            for one in both:
                one.result()
    statuses = {apart.status(request) for request in requests}
    for before in (QUARTER, MINUTE, timedelta(), -QUARTER):
        apart.be(AT - before)
        apart.system.drain()

    assert statuses == {"c"}
    assert apart.texts() == []
    assert apart.system.carrier.log("call") == []
    assert set(apart.ends()) <= {"revoked"}
