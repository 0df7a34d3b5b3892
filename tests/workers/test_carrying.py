"""A delivery is asked for once, whatever the carrier does and whenever the worker dies."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from models import graveyard, hints, rehearsal, settings
from models.commands import SettleUnknown
from models.database import transaction
from models.deliveries import Attempt, Bridge, Text
from models.events import emit
from models.ledger import LedgerRow, enqueue
from models.mentoring import Call, Event, Message
from models.numbers import PhoneNumber
from models.pipelines import Rate
from models.receipts import Receipt
from tests.conformance import holds
from tests.house import (
    MENTEE,
    NUMBERS,
    Carrier,
    Client,
    Staff,
    hurry,
    reroute,
    run_due,
    run_until_settled,
    wait_for,
)
from tests.workers.dying import die_at

pytestmark = pytest.mark.pipeline

Jump = Callable[[float], None]

LATER = 20.0  # seconds: past every lease, and past the time in which a carrier may still take a request
NOBODY = "http://127.0.0.1:9"  # the discard port: nothing listens there


def _ask_for_text(client: Client) -> Message:
    made = client.post("/mentor/message/", {"content": "hi"})
    return Message.get_by_id(made.json["id"])  # type: ignore[no-any-return]  # Peewee is untyped


def _text() -> Text:
    return Text.get(Text.reference == "message:1")  # type: ignore[no-any-return]  # Peewee is untyped


def _outcomes() -> list[str]:
    return [attempt.outcome for attempt in Attempt.select().order_by(Attempt.number)]


@pytest.mark.parametrize(
    ("point", "outcomes"),
    [
        ("begin.before_commit", ["accepted"]),
        ("begin.after_commit", ["absent", "accepted"]),
        ("carrier.before_request", ["absent", "accepted"]),
        ("carrier.after_request", ["accepted"]),
        ("settle.before_commit", ["accepted"]),
        ("settle.after_commit", ["accepted"]),
    ],
)
def test_a_worker_that_dies_anywhere_sends_a_text_exactly_once(
    point: str,
    outcomes: list[str],
    staff: Staff,
    client: Client,
    carrier: Carrier,
    jump: Jump,
) -> None:
    _ask_for_text(client)
    die_at(point)
    jump(60)

    hints.expire_leases()
    hints.hint_again("sms", timedelta())
    run_due()

    assert len(carrier.log("text")) == 1
    assert _outcomes() == outcomes
    assert _text().status == "sent"


def test_a_request_that_timed_out_after_it_was_taken_is_found_by_its_reference(
    staff: Staff, client: Client, carrier: Carrier
) -> None:
    hurry()
    carrier.fault("timeout_after_accept", times=1, seconds=1)
    _ask_for_text(client)

    run_until_settled()

    assert len(carrier.log("text")) == 1
    assert _outcomes() == ["accepted"]


def test_a_request_that_was_never_taken_is_made_again(
    staff: Staff, client: Client, carrier: Carrier, jump: Jump
) -> None:
    hurry()
    carrier.fault("hang", times=1, seconds=0.6)
    _ask_for_text(client)

    run_due()
    jump(LATER)
    run_until_settled()

    assert len(carrier.log("text")) == 1
    assert _outcomes() == ["absent", "accepted"]


def test_a_carrier_that_answers_late_but_takes_it_is_not_asked_twice(
    staff: Staff, client: Client, carrier: Carrier
) -> None:
    hurry()
    carrier.fault("slow", times=1, seconds=2)
    _ask_for_text(client)

    run_until_settled()

    assert len(carrier.log("text")) == 1
    assert _outcomes() == ["accepted"]


@holds("dial: timed out after sending", "M-26")
def test_a_phone_is_not_rung_again_when_the_carrier_cannot_be_asked(
    staff: Staff, client: Client, carrier: Carrier
) -> None:
    hurry()
    reroute("voice", "oniondev")
    carrier.fault("timeout_after_accept", times=1, seconds=1)
    client.post("/mentor/call/")

    run_until_settled()

    assert len(carrier.log("call")) == 1
    assert Bridge.get().status == "unknown"
    assert Call.get().status == "scheduled"


def test_a_late_report_settles_what_nobody_knew_the_fate_of(
    staff: Staff, client: Client, carrier: Carrier
) -> None:
    hurry()
    reroute("voice", "oniondev")
    carrier.fault("timeout_after_accept", times=1, seconds=1)
    client.post("/mentor/call/")
    run_until_settled()

    told = {"handler": NUMBERS["adam"], "scheduledCallId": "9", "conversationSuccess": False}
    answer = client.post("/comms/onion_dev_call_end/", told, user="robot")

    assert answer.status_code == 200
    assert (Bridge.get().status, Call.get().status, Call.get().call_id) == ("failed", "inactive", "9")


def test_an_alarm_goes_out_again_rather_than_not_at_all(staff: Staff, carrier: Carrier, jump: Jump) -> None:
    hurry()
    reroute("texts", "oniondev")
    carrier.fault("hang", times=1, seconds=0.6)
    with transaction():
        number = PhoneNumber(NUMBERS[MENTEE])
        alarm = Text.create(
            reference="alarm:1", origin="alarm", origin_id=1, to=number, body="!", at_least_once=True
        )
        emit("text.requested", text_id=alarm.id)

    run_due()
    jump(LATER)
    run_until_settled()

    assert len(carrier.log("text")) == 1
    assert Text.get().status == "sent"


def test_the_next_carrier_of_the_route_takes_over_at_once(
    staff: Staff, client: Client, carrier: Carrier
) -> None:
    settings.use(replace(settings.current(), oniondev_url=NOBODY))
    reroute("texts", "oniondev", "simulator")
    _ask_for_text(client)

    run_due()

    (sent,) = carrier.log("text")
    assert sent["dialect"] == "simulator"
    assert _outcomes() == ["unavailable", "accepted"]


def test_a_carrier_that_stays_away_uses_up_the_patience_and_the_mentor_hears_of_it(
    staff: Staff, client: Client, carrier: Carrier
) -> None:
    hurry(attempts=3)
    carrier.fault("error", "text")
    _ask_for_text(client)

    run_until_settled()

    assert _outcomes() == ["unavailable"] * 3
    assert (_text().status, Message.get().state) == ("failed", "failed")
    assert [event.event_type for event in Event.select()] == ["message_failed"]


@holds("dial: refused")
def test_a_refusal_is_final(staff: Staff, client: Client, carrier: Carrier) -> None:
    carrier.fault("refuse", "call")
    client.post("/mentor/call/")

    run_due()

    assert _outcomes() == ["rejected"]
    assert Call.get().status == "inactive"
    assert [event.event_type for event in Event.select()] == ["call_failed"]


def test_what_is_too_late_to_be_useful_expires(
    staff: Staff, client: Client, carrier: Carrier, jump: Jump
) -> None:
    client.post("/mentor/call/")
    jump(11 * 60)

    run_due()

    assert carrier.log() == []
    assert (Bridge.get().status, Call.get().status) == ("expired", "inactive")


def test_a_call_that_was_ended_before_it_was_dialled_does_not_ring(
    staff: Staff, client: Client, carrier: Carrier
) -> None:
    client.post("/mentor/call/")
    client.put("/mentor/call/1")

    run_due()

    assert carrier.log() == []
    assert Call.get().status == "successful"


def test_a_call_that_was_ended_while_nobody_knew_of_its_dial_does_not_ring_again(
    staff: Staff, client: Client, carrier: Carrier, jump: Jump
) -> None:
    hurry()
    carrier.fault("hang", times=1, seconds=0.6)
    client.post("/mentor/call/")
    run_due()
    client.put("/mentor/call/1")
    jump(LATER)

    def asked_again() -> bool:
        with transaction():
            enqueue(SettleUnknown())
        run_until_settled()
        return _outcomes() == ["absent"]

    wait_for(asked_again)
    assert carrier.log() == []
    assert (Bridge.get().status, Call.get().status) == ("failed", "successful")


def test_a_routes_rate_holds_and_loses_nothing(staff: Staff, client: Client, carrier: Carrier) -> None:
    reroute("texts", "simulator", rate=Rate(20, timedelta(seconds=1)))
    for _ in range(8):
        _ask_for_text(client)

    run_until_settled()

    times = sorted(attempt.begun_at for attempt in Attempt.select())
    assert len(carrier.log("text")) == 8
    assert times[-1] - times[0] >= timedelta(seconds=7 / 20 - 0.01)


def test_a_text_nobody_can_route_fails_with_its_reason(staff: Staff, client: Client) -> None:
    reroute("texts", "simulator")
    from models import flow

    now = flow.current()
    flow.use(replace(now, routes={**now.routes, "texts": ()}))
    _ask_for_text(client)

    run_due()

    assert _text().status == "failed"
    assert "no route" in _text().cause


def test_a_fault_of_ours_is_tried_again_then_buried_and_replayed_by_a_person(
    staff: Staff, client: Client, carrier: Carrier
) -> None:
    hurry(attempts=2)
    reroute("texts", "oniondev")
    settings.use(replace(settings.current(), oniondev_url="", broker_url="amqp://nobody"))
    _ask_for_text(client)

    run_until_settled()
    (dead,) = graveyard.dead()
    reroute("texts", "simulator")
    graveyard.replay([dead["id"]])
    run_until_settled()

    assert "ONIONDEV_URL" in dead["error"]
    assert graveyard.dead() == []
    assert len(carrier.log("text")) == 1


def test_reports_that_overtake_the_answer_are_kept(staff: Staff, client: Client, carrier: Carrier) -> None:
    client.post("/mentor/call/")
    told = {
        "handler": "27987654321", "scheduledCallId": "77", "conversationId": "c",
        "conversationStartTime": "2026-04-20 17:32:33", "conversationEndTime": "2026-04-20 17:33:42",
    }  # fmt: skip
    client.post("/comms/onion_dev_call_end/", told, user="robot")

    run_due()

    assert carrier.log("call") == []  # it has ended: nobody is rung for it
    assert (Call.get().status, Call.get().call_id) == ("successful", "77")
    assert Receipt.get().outcome == "done"


def test_a_worker_that_was_frozen_past_its_lease_does_not_ring(
    staff: Staff, client: Client, carrier: Carrier, jump: Jump, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/mentor/call/")

    def freeze(name: str) -> None:
        if name == "begin.after_commit":
            jump(3600)

    monkeypatch.setattr(rehearsal, "point", freeze)
    run_due()

    assert carrier.log() == []
    assert wait_for(lambda: _outcomes() == ["open"])


def test_carriers_that_cannot_be_asked_keep_no_other_from_being_asked(
    staff: Staff, client: Client, carrier: Carrier
) -> None:
    hurry(attempts=1)
    for provider in ("oniondev", "simulator"):
        reroute("texts", provider)
        carrier.fault("timeout_after_accept", times=1, seconds=1)
        _ask_for_text(client)
        run_due()
    Text.update(status="unknown").execute()
    Attempt.update(outcome="unclear").execute()
    LedgerRow.delete().execute()

    with transaction():
        enqueue(SettleUnknown())
    run_until_settled()

    assert [text.status for text in Text.select().order_by(Text.id)] == ["unknown", "sent"]
    assert len(carrier.log("text")) == 2
