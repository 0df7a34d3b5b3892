"""Dial-out by a carrier that reports in its own words, and knows nothing of our references."""

from typing import Any

import pytest

from models.callrequests import CallRequest
from models.database import transaction
from models.deliveries import Bridge, CallDataRecord
from models.receipts import Receipt
from tests.api.calls_at_work import REPORT, reported
from tests.callrequests.agreeing import AT, Jump, be, number, standing, work
from tests.callrequests.members import Members
from tests.house import Client, Staff


def told(client: Client, members: Members, **changes: Any) -> Any:
    body = {**REPORT, "handler": number(members.rita), "beneficiary": number(members.tom), **changes}
    return reported(client, body)


@pytest.fixture
def bridge(staff: Staff, jump: Jump, to_be_rung: CallRequest) -> Bridge:
    """Being rung; the carrier's answer is still to come."""
    be(jump, AT)
    work("ring_parties")
    with transaction():
        Bridge.get().begin("oniondev", 1)
    return Bridge.get()  # type: ignore[no-any-return]  # Peewee is untyped


def answered(bridge: Bridge) -> None:
    with transaction():
        bridge.accepted(bridge.attempts[-1], "sc-1")


def test_its_id_tells_which_two_have_talked(
    client: Client, members: Members, to_be_rung: CallRequest, bridge: Bridge
) -> None:
    answered(bridge)

    answer = told(client, members, handler="27987654321")
    work("record_cdrs", "settle_ring")

    assert (answer.status_code, standing(to_be_rung)) == (200, "s")
    assert Receipt.get().about == f"callrequest:{to_be_rung.id}"
    assert {row.status for row in CallDataRecord.select()} == {"NO_ANSWER", "NORMAL_CLEARING"}


def test_a_report_that_overtakes_the_answer_is_known_by_whom_it_rang_first(
    client: Client, members: Members, to_be_rung: CallRequest, bridge: Bridge
) -> None:
    assert told(client, members).status_code == 200
    answered(bridge)
    work("settle_ring")

    assert (standing(to_be_rung), Bridge.get().status) == ("s", "delivered")


def test_an_answer_that_never_came_is_made_up_for_by_the_report(
    client: Client, members: Members, to_be_rung: CallRequest, bridge: Bridge
) -> None:
    with transaction():
        Bridge.locked(bridge.id).lose_sight("no answer")

    told(client, members, scheduledCallId=None)
    work("settle_ring")

    assert standing(to_be_rung) == "s"


@pytest.mark.parametrize("handler", ["27987654321", "13125559999"])
def test_what_is_about_somebody_else_fits_nothing(
    client: Client, members: Members, to_be_rung: CallRequest, bridge: Bridge, handler: str
) -> None:
    assert told(client, members, handler=handler).status_code == 400

    assert (standing(to_be_rung), Bridge.get().status) == ("a", "sending")


def test_another_report_of_a_bridge_that_is_known_fits_nothing(
    client: Client, members: Members, to_be_rung: CallRequest, bridge: Bridge
) -> None:
    answered(bridge)

    assert told(client, members, scheduledCallId="sc-2").status_code == 400
