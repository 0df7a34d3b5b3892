"""What operators see and do of reminders and ringing: on the pages, by metrics, and from the command line."""

import json

import pytest

from models import settling
from models.callrequests import CallRequest
from models.database import transaction
from models.deliveries import Bridge, Text
from models.ledger import LedgerRow
from tests.callrequests.agreeing import AT, QUARTER, Jump, be, standing, states, steps, work
from tests.callrequests.members import Members
from tests.house import ADMIN, Client, Staff
from tests.pages.reader import Reader

OPERATIONS = "/admin/operations"


@pytest.fixture
def admin(staff: Staff) -> Reader:
    """A browser on which an administrator is logged in."""
    reader = Reader()
    assert reader.log_in(ADMIN).status_code == 303
    return reader


@pytest.fixture
def lost(jump: Jump, to_be_rung: CallRequest) -> CallRequest:
    """A request whose texts and bridge nobody knows the fate of."""
    be(jump, AT - QUARTER)
    work("remind_party")
    be(jump, AT)
    work("ring_parties")
    with transaction():
        for delivery in (*Text.select(), *Bridge.select()):
            delivery.begin("oniondev", 1)
            delivery.lose_sight("no answer")
    return to_be_rung


def test_what_nobody_knows_the_fate_of_is_counted_and_listed(
    lost: CallRequest, admin: Reader, client: Client
) -> None:
    listed = {found.reference for found in settling.unknown()}
    page = admin.get(OPERATIONS).text
    metrics = client.get("/metrics", user=None).text

    assert listed == {f"callrequest:{lost.id}", "callrequest-reminder:1", "callrequest-reminder:2"}
    assert all(reference in page for reference in listed)
    assert 'trunkline_unknown_deliveries{channel="text"} 2' in metrics
    assert 'trunkline_unknown_deliveries{channel="call"} 1' in metrics
    assert states() == ["unknown", "unknown"]


def test_a_person_who_asked_the_carrier_settles_it(lost: CallRequest) -> None:
    assert settling.settle("callrequest-reminder:1", sent=True)
    assert settling.settle("callrequest-reminder:2", sent=False)
    assert settling.settle(f"callrequest:{lost.id}", sent=False)
    work("settle_ring")

    assert states() == ["sent", "failed"]
    assert (standing(lost), steps(lost)[-1]) == ("a", "not_connected")


def test_a_ringing_that_was_given_up_is_shown_and_replayed(
    jump: Jump, to_be_rung: CallRequest, admin: Reader, members: Members
) -> None:
    be(jump, AT)
    LedgerRow.update(state="dead", error="a fault of ours", tries=8).where(
        LedgerRow.name == "ring_parties"
    ).execute()
    row = LedgerRow.get(LedgerRow.name == "ring_parties")

    shown = admin.get(OPERATIONS).text
    replay = f"{OPERATIONS}/dead/{row.id}/replay"
    admin.post(replay, admin.form(OPERATIONS, replay))
    work("ring_parties")

    assert "ring_parties" in shown
    assert Bridge.select().count() == 1
    assert json.loads(row.args)["call_request_id"] == to_be_rung.id
