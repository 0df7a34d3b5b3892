"""Dial-out: at the agreed time both are rung, once, neither sees the other's number, and success means they talked."""

from datetime import timedelta
from typing import Any

import pytest

from models.callrequests import CallRequest, joining, moving
from models.callrequests.conferences import ConferenceCall
from models.database import transaction
from models.deliveries import Bridge, CallDataRecord, Text
from models.ledger import LedgerRow
from models.people import User
from models.receipts import Receipt
from tests.api.test_simulator_reports import ENDED, told
from tests.callrequests.agreeing import (
    AT,
    QUARTER,
    SECOND,
    Jump,
    be,
    cancelled,
    number,
    planned,
    prefer,
    standing,
    states,
    steps,
    texts,
    work,
)
from tests.callrequests.members import Members
from tests.conformance import holds
from tests.house import Carrier, Client, House, hurry, wait_for
from workers.actors import RUNNERS

RUNG = "§9 dial-out: rung at the agreed time, masked, success sets s"
MINUTE = timedelta(minutes=1)
FAILED = {**ENDED, "id": "sim-2", "success": False, "cdrs": [
    {"id": "r-1", "started_at": "2027-01-04T18:00:01Z", "cause": "NORMAL_CLEARING"},
    {"id": "r-2", "started_at": "2027-01-04T18:00:04Z", "cause": "USER_BUSY"},
]}  # fmt: skip


def bridges() -> list[tuple[str, str]]:
    """Who is or will be rung: leg A and leg B of each bridge."""
    return [(row.a_number.e164(), row.b_number.e164()) for row in Bridge.select().order_by(Bridge.id)]


@pytest.mark.parametrize(
    ("asks", "hero", "way"),
    [
        ({}, {}, "dial_in"),
        ({"call_me": True}, {}, "dial_out"),
        ({}, {"call_me": True}, "dial_out"),
        ({"call_me": True}, {"call_me": True}, "dial_out"),
        ({"call_me": True}, {"phone_verified": False}, "dial_in"),
        ({"call_me": True, "phone_verified": False}, {"call_me": True}, "dial_in"),
        ({"call_me": True}, {"phone": None}, "dial_in"),
    ],
    ids=str,
)
def test_they_are_rung_when_either_would_rather_be_and_both_can_be(
    members: Members, jump: Jump, asks: dict[str, Any], hero: dict[str, Any], way: str
) -> None:
    for who, facts in ((members.rita, asks), (members.tom, hero)):
        if facts:
            prefer(who, **facts)

    request = planned(members, jump)

    assert request.way == way
    assert LedgerRow.select().where(LedgerRow.name == "ring_parties").count() == (way == "dial_out")


@holds(RUNG)
def test_both_are_rung_at_the_agreed_time_once_and_not_a_moment_before(
    members: Members, jump: Jump, to_be_rung: CallRequest
) -> None:
    be(jump, AT - 5 * SECOND)
    work("ring_parties")
    early = bridges()
    be(jump, AT)
    work("ring_parties")
    with transaction():
        RUNNERS["ring_parties"](10_000, 1)  # a hint of nothing

    assert early == []
    assert bridges() == [(number(members.rita), number(members.tom))]
    assert Bridge.get().reference == f"callrequest:{to_be_rung.id}"


@pytest.mark.parametrize(
    ("prefers", "first"), [(("rita",), "rita"), (("tom",), "tom"), (("rita", "tom"), "rita")], ids=str
)
def test_who_would_rather_be_rung_is_rung_first(
    members: Members, jump: Jump, prefers: tuple[str, ...], first: str
) -> None:
    prefer(*[getattr(members, name) for name in prefers])
    planned(members, jump)
    be(jump, AT)

    work("ring_parties")

    assert bridges()[0][0] == number(getattr(members, first))


def test_the_reminder_says_that_they_will_be_rung_and_what_to_dial_if_not(
    members: Members, jump: Jump, to_be_rung: CallRequest
) -> None:
    be(jump, AT - QUARTER)
    work("remind_party")

    how = "We will ring you. If that fails, join by dialing +13125550100."
    assert [body for _, body in texts()] == [
        f"Your call with Tom Brady starts in 15 minutes. {how}",
        f"Your call with Rita Requester starts in 15 minutes. {how}",
    ]
    assert all(len(body) <= 160 and body.isascii() for _, body in texts())


def test_one_whose_phone_is_not_verified_any_more_makes_them_dial_in(
    members: Members, jump: Jump, to_be_rung: CallRequest
) -> None:
    prefer(members.tom, phone_verified=False)

    be(jump, AT - QUARTER)
    work("remind_party")
    be(jump, AT)
    work("ring_parties")

    assert (bridges(), standing(to_be_rung), steps(to_be_rung)[-1]) == ([], "a", "not_connected")
    assert [body.split(". ", 1)[1] for _, body in texts()] == ["Join by dialing +13125550100."]
    assert states() == ["handed", "skipped"]


def test_nobody_is_rung_while_an_operator_keeps_one_of_them_away(
    members: Members, jump: Jump, to_be_rung: CallRequest
) -> None:
    User.update(is_active=False).where(User.id == members.tom.account.user_id).execute()

    be(jump, AT)
    work("ring_parties")

    assert (bridges(), standing(to_be_rung)) == ([], "a")


@pytest.mark.parametrize(
    ("late", "rung"),
    [(timedelta(), 1), (9 * MINUTE, 1), (10 * MINUTE, 0), (timedelta(days=1), 0)],
    ids=str,
)
def test_after_an_outage_they_are_rung_while_somebody_would_still_wait(
    jump: Jump, to_be_rung: CallRequest, late: timedelta, rung: int
) -> None:
    be(jump, AT + late)
    work("ring_parties")

    assert (len(bridges()), steps(to_be_rung)[-1]) == (rung, "agreed" if rung else "not_connected")
    assert [row.expires_at for row in LedgerRow.select().where(LedgerRow.name == "dial")] == [
        AT + 10 * MINUTE
    ] * rung


def test_cancelled_a_second_before_nobody_is_rung(jump: Jump, to_be_rung: CallRequest) -> None:
    be(jump, AT - SECOND)
    cancelled(to_be_rung)

    be(jump, AT)
    work("ring_parties", "dial")

    assert (bridges(), standing(to_be_rung)) == ([], "c")
    assert not LedgerRow.select().where(LedgerRow.name == "ring_parties").exists()


@pytest.mark.parametrize("change", [{"status": "c"}, {"status": "s"}, {"agreed_time": AT + QUARTER}], ids=str)
def test_a_ringing_that_is_due_looks_at_the_request_again(
    jump: Jump, to_be_rung: CallRequest, change: dict[str, Any]
) -> None:
    CallRequest.update(**change).execute()

    be(jump, AT)
    work("ring_parties")

    assert (bridges(), steps(to_be_rung)[-1]) == ([], "agreed")


def _dialled(request: CallRequest, jump: Jump) -> Bridge:
    """The bridge, which a carrier has."""
    be(jump, AT)
    work("ring_parties")
    bridge = Bridge.get(Bridge.origin_id == request.id)
    with transaction():
        bridge.accepted(bridge.begin("simulator", 1), "sim-1")
    return Bridge.get_by_id(bridge.id)  # type: ignore[no-any-return]  # Peewee is untyped


def test_a_dial_that_no_carrier_has_yet_is_called_off(jump: Jump, to_be_rung: CallRequest) -> None:
    be(jump, AT)
    work("ring_parties")

    cancelled(to_be_rung)

    assert Bridge.get().status == "expired"
    assert steps(to_be_rung)[-1] == "canceled"


@holds(RUNG, "§4 a to s")
def test_a_conversation_makes_the_request_successful_once_however_often_it_is_reported(
    client: Client, jump: Jump, to_be_rung: CallRequest
) -> None:
    bridge = _dialled(to_be_rung, jump)
    success = {**ENDED, "reference": bridge.reference}

    for _ in range(3):
        assert told(client, "call.ended", success).status_code == 200
        assert told(client, "call.ended", {**success, "id": "sim-9"}).status_code == 200
        work("record_cdrs", "settle_ring")

    assert (standing(to_be_rung), steps(to_be_rung).count("held")) == ("s", 1)
    assert [(row.partner_id, row.status) for row in CallDataRecord.select()] == [("r-1", "NORMAL_CLEARING")]


@holds(RUNG)
def test_one_who_does_not_answer_leaves_the_request_accepted_and_the_conference_open(
    client: Client, members: Members, jump: Jump, to_be_rung: CallRequest
) -> None:
    bridge = _dialled(to_be_rung, jump)

    for report in (FAILED, {**FAILED, "id": "sim-3"}):
        told(client, "call.ended", {**report, "reference": bridge.reference})
        work("record_cdrs", "settle_ring")

    assert (standing(to_be_rung), steps(to_be_rung).count("not_connected")) == ("a", 1)
    assert {row.status for row in CallDataRecord.select()} == {"NORMAL_CLEARING", "USER_BUSY"}
    for who in (members.rita, members.tom):
        with transaction():
            let_in = joining.take(
                number(who), f"CA{who.account.id}", Receipt.keep("twilio", number(who).encode())
            )
        assert isinstance(let_in, ConferenceCall)
        assert let_in.call_request_id == to_be_rung.id


def test_a_success_told_after_a_failure_counts_and_not_the_other_way_round(
    client: Client, jump: Jump, to_be_rung: CallRequest
) -> None:
    bridge = _dialled(to_be_rung, jump)
    reports = [FAILED, {**ENDED, "id": "sim-1"}, {**FAILED, "id": "sim-4"}]

    seen = []
    for report in reports:
        told(client, "call.ended", {**report, "reference": bridge.reference})
        work("settle_ring")
        seen.append(standing(to_be_rung))

    assert seen == ["a", "s", "s"]
    assert steps(to_be_rung)[-2:] == ["not_connected", "held"]


def test_a_conversation_that_is_told_of_after_a_cancellation_changes_nothing(
    client: Client, jump: Jump, to_be_rung: CallRequest
) -> None:
    bridge = _dialled(to_be_rung, jump)
    cancelled(to_be_rung)

    told(client, "call.ended", {**ENDED, "reference": bridge.reference})
    work("record_cdrs", "settle_ring")

    assert (standing(to_be_rung), steps(to_be_rung)[-1]) == ("c", "canceled")
    assert CallDataRecord.select().count() == 1


@pytest.mark.parametrize("end", ["fail", "expire"])
def test_when_no_carrier_will_ring_they_may_still_dial_in(
    jump: Jump, to_be_rung: CallRequest, end: str
) -> None:
    be(jump, AT)
    work("ring_parties")

    with transaction():
        bridge = Bridge.locked(Bridge.get().id)
        bridge.fail("no such number") if end == "fail" else bridge.expire()
    work("settle_ring")

    assert (standing(to_be_rung), steps(to_be_rung)[-1]) == ("a", "not_connected")


def test_two_who_have_met_in_the_conference_before_are_not_rung(jump: Jump, to_be_rung: CallRequest) -> None:
    be(jump, AT - MINUTE)
    moving.hold(to_be_rung.id)

    be(jump, AT)
    work("ring_parties")

    assert (bridges(), standing(to_be_rung)) == ([], "s")


class TestAtWork:
    """On a running system, with the carrier in the box."""

    pytestmark = pytest.mark.pipeline

    def _rung(self, house: House, jump: Jump) -> None:
        house.drain()
        be(jump, AT)
        wait_for(lambda: Bridge.select().exists())

    @holds(RUNG)
    def test_the_two_are_rung_once_see_a_number_of_ours_and_have_talked(
        self, members: Members, jump: Jump, to_be_rung: CallRequest, house: House, carrier: Carrier
    ) -> None:
        self._rung(house, jump)
        wait_for(lambda: standing(to_be_rung) == "s")
        house.drain()

        (call,) = carrier.log("call")
        assert (call["a_number"], call["b_number"]) == (number(members.rita), number(members.tom))
        assert {call["shown_to_a"], call["shown_to_b"]} == {"+15550100"}
        assert call["reference"] == f"callrequest:{to_be_rung.id}"
        assert steps(to_be_rung)[-1] == "held"
        assert CallDataRecord.select().count() >= 2

    @pytest.mark.parametrize("who", ["rita", "tom"])
    @pytest.mark.parametrize("how", ["busy", "no_answer"])
    def test_who_cannot_be_had_leaves_the_request_accepted(
        self,
        members: Members,
        jump: Jump,
        to_be_rung: CallRequest,
        house: House,
        carrier: Carrier,
        who: str,
        how: str,
    ) -> None:
        carrier.phone(number(getattr(members, who)), call=how)

        self._rung(house, jump)
        wait_for(lambda: "not_connected" in steps(to_be_rung))
        house.drain()

        assert (standing(to_be_rung), len(carrier.log("call"))) == ("a", 1)

    def test_a_carrier_that_hangs_after_it_has_taken_the_dial_rings_them_once(
        self, jump: Jump, to_be_rung: CallRequest, house: House, carrier: Carrier
    ) -> None:
        hurry()
        carrier.fault("timeout_after_accept", "call", times=1, seconds=1)

        self._rung(house, jump)
        wait_for(lambda: standing(to_be_rung) == "s")
        house.drain()

        assert len(carrier.log("call")) == 1

    def test_a_carrier_that_refuses_rings_nobody_and_that_is_noted(
        self, jump: Jump, to_be_rung: CallRequest, house: House, carrier: Carrier
    ) -> None:
        carrier.fault("refuse", "call")

        self._rung(house, jump)
        wait_for(lambda: "not_connected" in steps(to_be_rung))

        assert (standing(to_be_rung), carrier.log("call")) == ("a", [])

    def test_cancelled_one_second_before_nobody_is_rung(
        self, jump: Jump, to_be_rung: CallRequest, house: House, carrier: Carrier
    ) -> None:
        house.drain()
        be(jump, AT - 5 * SECOND)
        cancelled(to_be_rung)

        be(jump, AT + SECOND)
        house.drain()

        assert (carrier.log("call"), standing(to_be_rung)) == ([], "c")
        assert not Text.select().where(Text.status == "queued").exists()
