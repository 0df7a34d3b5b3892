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
MOVED = (  # a moment around which clocks are moved, and what it is in Berlin and in Chicago
    (
        datetime(2027, 3, 14, 8, 0, tzinfo=UTC),
        "March 14, 09:00 AM",
        "March 14, 03:00 AM",
    ),  # Chicago leaves out an hour
    (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "March 28, 03:00 AM", "March 27, 08:00 PM"),  # Berlin does
    (
        datetime(2027, 10, 31, 1, 0, tzinfo=UTC),
        "October 31, 02:00 AM",
        "October 30, 08:00 PM",
    ),  # Berlin repeats one
)


class Two:
    """Rita in Berlin, who asks, and tom in Chicago, a hero, on a system whose clock they move.

    Parameters:
      now: when they log in.
    """

    def __init__(self, system: System, now: datetime) -> None:
        self.system = system
        self.be(now)
        self.tokens: dict[str, str] = {}
        root = ("user", "add", "root", "--staff", "--email", "root@example.com", "--password-stdin")
        assert "root" in system.type(*root, said=PASSWORD)
        self.log_in("root")
        self._register("rita", last_name="Requester", phone=RITA, timezone="Europe/Berlin")
        self._register("tom", last_name="Brady", phone=TOM, timezone="America/Chicago")
        self.ask("tom", "POST", "heroes/apply", PROFILE)
        self.ask("root", "POST", "heroes/accept", {"hero_id": 1})
        system.drain()

    def _register(self, name: str, *, phone: str, **facts: str) -> None:
        """As an app does; the staff vouch for the rest."""
        digits = phone.removeprefix("+1")
        self.ask(name, "POST", "accounts/phone-token", {"phone": digits})
        sent = wait_for(
            lambda: [text["body"] for text in self.system.carrier.log("text") if text["to"] == phone]
        )
        code = sent[0].split()[0]
        body = {"first_name": name.title(), "email": f"{name}@example.com", "password": PASSWORD, **facts}
        answer = self.ask(name, "POST", "accounts/register", {**body, "phone": digits, "phone_token": code})
        vouched = {"email_verified": True, "payment_verified": True}
        self.ask("root", "PATCH", f"accounts/users/{answer['id']}/verification", vouched)
        self.log_in(name)

    def log_in(self, name: str) -> None:
        """As an app does."""
        body = {"email": f"{name}@example.com", "password": PASSWORD}
        self.tokens.pop(name, None)
        self.tokens[name] = self.ask(name, "POST", "accounts/login", body)["token"]

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
        """Whom it reminded of what, in order."""
        ours = "callrequest-reminder:"
        sent = [text for text in self.system.carrier.log("text") if text["reference"].startswith(ours)]
        assert len({text["reference"] for text in sent}) == len(sent), "nothing came twice"
        return [(text["to"], text["body"]) for text in sent]

    def hear(self, minutes: int, calls: int = 1) -> None:
        """Wait until both were reminded of so many calls, with so many minutes left, and nothing else is due."""
        wait_for(lambda: len(self.texts()) >= 2 * calls, patience=30)
        self.system.drain()
        left = f"starts in {minutes} minute{'s' if minutes > 1 else ''}. Join by dialing +13125550100."
        said = {(RITA, f"Your call with Tom Brady {left}"), (TOM, f"Your call with Rita Requester {left}")}
        assert sorted(self.texts()) == sorted(list(said) * calls)

    def not_connected(self, request: int) -> str:
        """The story of a request whose parties were rung in vain; empty until then."""
        told = self.system.type("trace", f"callrequest:{request}")
        return told if "not_connected" in told else ""

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
    lags = [
        datetime.fromisoformat(text["at"]) - (AT - QUARTER) for text in two.system.carrier.log("text")[-2:]
    ]
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
def test_a_system_killed_over_the_due_times_reminds_late_or_not_at_all(alone: Callable[..., Two]) -> None:
    two = alone()
    for hours in (0, 1, 3):  # over, near, and ahead
        two.agreed(AT + timedelta(hours=hours))

    two.system.kill("dev")
    two.be(AT + timedelta(hours=1) - 4 * MINUTE)
    two.system.start()

    two.hear(4)
    assert two.ends() == ["expired"] * 2 + ["sent"] * 2 + ["pending"] * 2


@holds("§6 the form of clock times, in the recipient's zone")
def test_when_the_clocks_of_one_are_moved_both_read_their_own_and_are_reminded_at_the_same_moment(
    alone: Callable[..., Two],
) -> None:
    two = alone(MOVED[0][0] - timedelta(hours=3))
    for count, (at, *theirs) in enumerate(MOVED, 1):
        two.be(at - timedelta(hours=3))
        for name in ("rita", "tom"):
            two.log_in(name)
        two.agreed(at)
        mails = two.system.carrier.log("mail")
        for name, local in zip(("rita", "tom"), theirs, strict=True):
            assert [local in mail["text"] for mail in mails if mail["to"] == f"{name}@example.com"].count(
                True
            )

        two.be(at - QUARTER - EARLY)
        two.system.drain()
        early = two.texts()
        two.be(at - QUARTER)
        two.hear(15, calls=count)

        assert len(early) == 2 * (count - 1)


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
    two, later = alone(), AT + timedelta(hours=1)
    two.ask("tom", "PATCH", "accounts/profile", {"call_me": True})
    request, in_vain = two.agreed(AT), two.agreed(later)

    two.be(AT - EARLY)
    two.system.drain()
    early = two.system.carrier.log("call")
    two.be(AT)
    wait_for(lambda: two.status(request) == "s", patience=30)
    two.system.carrier.phone(RITA, call="no_answer")
    two.be(later)
    told = wait_for(lambda: two.not_connected(in_vain), patience=60)

    assert early == []
    for call, at in zip(two.system.carrier.log("call"), (AT, later), strict=True):
        assert timedelta() <= datetime.fromisoformat(call["at"]) - at < EARLY
        assert (call["a_number"], call["b_number"]) == (TOM, RITA)
        assert {call["shown_to_a"], call["shown_to_b"]} == {"+15550100"}
    assert two.status(in_vain) == "a"
    assert not [secret for secret in (RITA, TOM, "@example.com", "Brady") if secret in told]


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
@holds("§7 overdue: sent before the call, else expired", "D-24")
def test_without_the_clock_process_both_are_reminded_and_a_relay_is_made_up_for_until_the_call(
    apart: Two,
) -> None:
    first, second, third = (AT + timedelta(hours=hours) for hours in (0, 1, 2))
    for at in (first, second, third):
        apart.agreed(at)

    apart.system.end("clock")
    apart.be(first - QUARTER)
    apart.hear(15)
    apart.system.run("clock", "clock")
    apart.system.end("relay")
    apart.be(third - 5 * MINUTE)
    wait_for(lambda: apart.system.ask("GET", "/health", user="", password="").json()["oldest_due_s"] > 600)
    without = len(apart.texts())
    apart.system.run("relay", "relay")
    wait_for(lambda: apart.ends()[-2:] == ["sent", "sent"], patience=30)
    apart.system.drain()

    assert without == 2
    assert apart.ends() == ["sent"] * 2 + ["expired"] * 2 + ["sent"] * 2
    assert [body.split("starts ")[1].split(".")[0] for _, body in apart.texts()[2:]] == ["in 5 minutes"] * 2


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
