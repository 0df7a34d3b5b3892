"""Reminders and ringing while others act: workers at once, and cancellations at the very moment something goes out."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from structlog.testing import capture_logs

from models import hints
from models.callrequests import CallRequest, RequestReminder
from models.callrequests.refusals import WrongState
from models.database import transaction
from models.deliveries import Bridge, Text
from models.ledger import LedgerRow
from models.people.accounts import Account
from tests.callrequests.agreeing import AT, QUARTER, Jump, be, cancelled, planned, states, steps
from tests.callrequests.members import Members
from tests.conformance import holds
from tests.house import Carrier, run_due
from tests.mentoring.racing import Track
from workers.actors import RUNNERS

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def track() -> Iterator[Track]:
    """Six lanes."""
    with Track(6) as track:
        yield track


@pytest.fixture
def rounds(full: bool) -> int:
    """SQLite has one writer at a time: there a few are enough."""
    return 60 if full else 6


def due(name: str) -> list[Callable[[], None]]:
    """The work that is due of this name, each to be begun by whoever."""
    others = {row.queue for row in LedgerRow.select(LedgerRow.queue).where(LedgerRow.name != name)}
    others -= {row.queue for row in LedgerRow.select(LedgerRow.queue).where(LedgerRow.name == name)}
    found = [hint for hint in hints.take_due(100, without=others) if hint.name == name]
    return [partial(RUNNERS[name], hint.command_id, hint.attempt) for hint in found]


def only(*names: str) -> None:
    """Nothing else is owed: letters have tests of their own."""
    LedgerRow.delete().where(LedgerRow.name.not_in(names)).execute()


@holds("§7 at most one text")
def test_six_workers_with_the_same_hints_make_one_text_for_each(
    members: Members, jump: Jump, track: Track, rounds: int
) -> None:
    for _ in range(rounds):
        request = planned(members, jump)
        only("remind_party")
        be(jump, AT - QUARTER)
        first, second = due("remind_party")

        track.race(first, second, first, second, first, second)

        made = RequestReminder.select().where(RequestReminder.call_request == request)
        assert Text.select().where(Text.reference.in_([reminder.reference for reminder in made])).count() == 2


@holds("§7 re-read under lock: status and time", "§7 cancel revokes")
def test_a_cancellation_at_the_moment_of_reminding_leaves_no_text_to_be_sent(
    members: Members, jump: Jump, track: Track, rounds: int
) -> None:
    ends = set()
    for _ in range(rounds):
        request = planned(members, jump)
        only("remind_party")
        be(jump, AT - QUARTER)

        with capture_logs() as said:
            track.race(*due("remind_party"), partial(cancelled, request))

        assert [line for line in said if line["log_level"] != "debug"] == [], "nobody got in another's way"
        ends.add(tuple(states()[-2:]))
        assert not Text.select().where(Text.status == "queued").exists()
    assert ends <= {("revoked", "revoked")}


@holds("§7 cancel revokes")
def test_a_cancellation_at_the_moment_of_sending_means_sent_or_revoked_and_never_both(
    members: Members, jump: Jump, track: Track, rounds: int, carrier: Carrier
) -> None:
    for _ in range(rounds):
        request = planned(members, jump)
        only("remind_party")
        be(jump, AT - QUARTER)
        for work in due("remind_party"):
            work()

        track.race(*due("send_text"), partial(cancelled, request))

    run_due()
    taken = {entry["reference"] for entry in carrier.log("text")}
    told = {reminder.reference: reminder.state for reminder in RequestReminder.select()}
    assert {reference for reference, state in told.items() if state == "sent"} == taken
    assert {reference for reference, state in told.items() if state == "revoked"} == set(told) - taken
    assert len(carrier.log("text")) == len(taken)


@pytest.fixture
def rung(members: Members) -> Members:
    """Everybody; rita would rather be rung."""
    Account.update(call_me=True).where(Account.id == members.rita.account.id).execute()
    return members


def test_a_cancellation_at_the_moment_of_ringing_leaves_nothing_to_be_dialled(
    rung: Members, jump: Jump, track: Track, rounds: int
) -> None:
    for _ in range(rounds):
        request = planned(rung, jump)
        only("ring_parties")
        be(jump, AT)

        with capture_logs() as said:
            track.race(*due("ring_parties"), partial(cancelled, request))

        assert [line for line in said if line["log_level"] != "debug"] == []
        assert not Bridge.select().where(Bridge.status == "queued").exists()
        assert steps(request)[-1] == "canceled"


def test_a_cancellation_at_the_moment_of_a_report_is_first_or_too_late(
    rung: Members, jump: Jump, track: Track, rounds: int
) -> None:
    ends = set()
    for _ in range(rounds):
        request = planned(rung, jump)
        only("ring_parties")
        be(jump, AT)
        for work in due("ring_parties"):
            work()
        bridge = Bridge.get(Bridge.origin_id == request.id)
        with transaction():
            bridge.accepted(bridge.begin("simulator", 1), None)

        outcomes = track.race(partial(_talked, bridge), partial(_tried, request))
        for work in due("settle_ring"):
            work()

        status = CallRequest.get_by_id(request.id).status
        assert status == ("c" if outcomes[1] else "s")
        ends.add(status)
    assert ends <= {"c", "s"}


def _talked(bridge: Bridge) -> None:
    with transaction():
        Bridge.locked(bridge.id).reported(success=True, receipt_id=1)
    for work in due("settle_ring"):
        work()


def _tried(request: CallRequest) -> bool:
    """Whether it could still be cancelled."""
    try:
        cancelled(request)
    except WrongState:
        return False
    return True
