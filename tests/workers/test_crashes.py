"""A worker's death is told apart from a carrier's failing, and never swallows what was to be told."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from models import flow, hints
from models.database import transaction
from models.deliveries import Attempt, Bridge, Text
from models.mentoring import Call, Event
from providers.errors import Unavailable
from providers.exchange import Exchange
from providers.simulator import Simulator
from tests.house import Carrier, Client, Staff, run_due
from tests.providers.carriers import SMS
from tests.workers.dying import die_at
from tests.workers.process import heard, running
from workers.deadman import FROZEN

Jump = Callable[[float], None]


def _take_up(jump: Jump, seconds: float) -> None:
    jump(seconds)
    hints.expire_leases()


@pytest.mark.parametrize(("path", "noted"), [("message", "message_sent"), ("call", "start_call")])
def test_a_report_that_overtakes_a_dead_workers_answer_does_not_swallow_the_event(
    path: str, noted: str, staff: Staff, client: Client, carrier: Carrier, jump: Jump
) -> None:
    client.post(f"/mentor/{path}/", {"content": "hi"} if path == "message" else {})
    die_at("carrier.after_request")
    with transaction():
        if path == "call":
            Bridge.get().reported(success=True, receipt_id=0, conversation_id="c")
        else:
            Text.get().report(delivered=True)

    _take_up(jump, 60)
    run_due()

    assert len(carrier.log()) == 1
    assert noted in [event.event_type for event in Event.select()]
    assert [attempt.outcome for attempt in Attempt.select()] == ["accepted"]


def test_workers_that_die_before_they_ask_cost_a_call_none_of_its_patience(
    staff: Staff, client: Client, carrier: Carrier, jump: Jump
) -> None:
    client.post("/mentor/call/")
    deaths = flow.current().actors["dial"].attempts + 1

    for death in range(1, deaths + 1):
        die_at("carrier.before_request")
        _take_up(jump, 60 * death)
    run_due()

    assert len(carrier.log("call")) == 1
    assert Call.get().status == "inprogress"


def test_who_may_still_ask_is_waited_for_before_anybody_asks_again(
    staff: Staff, client: Client, carrier: Carrier, jump: Jump
) -> None:
    client.post("/mentor/call/")
    die_at("begin.after_commit")
    lease = flow.current().actors["dial"].lease

    _take_up(jump, lease.total_seconds() + 0.1)
    run_due()
    looked = [attempt.outcome for attempt in Attempt.select()]
    _take_up(jump, lease.total_seconds() + FROZEN + 1)
    run_due()

    assert looked == ["open"]  # the carrier may be about to take it
    assert len(carrier.log("call")) == 1


def test_a_worker_that_was_frozen_dies_before_it_goes_on() -> None:
    with running("hold", "--frozen", "1") as process:
        assert heard(process) == "0"
        assert process.stdout
        output = process.stdout.fileno()
        process.send_signal(signal.SIGSTOP)
        time.sleep(1.5)  # the freeze itself, not a wait for something
        os.set_blocking(output, False)
        with suppress(BlockingIOError):
            while os.read(output, 65536):
                pass

        process.send_signal(signal.SIGCONT)

        assert process.wait(5) == -signal.SIGALRM
        assert os.read(output, 65536) == b""


def test_a_worker_that_runs_holds_its_switch() -> None:
    with running("hold", "--frozen", "0.5") as process:
        begun = time.monotonic()
        while time.monotonic() < begun + 1.5:
            assert heard(process)


def test_a_request_whose_time_is_over_before_it_leaves_is_not_made(
    exchange: Exchange, carrier: Carrier
) -> None:
    line = Simulator(exchange.url)
    line.send(SMS, reference="text:1", timeout=5)  # the connection is kept, so the next one needs no opening

    with pytest.raises(Unavailable, match="too late"):
        line.send(SMS, reference="text:2", timeout=1e-9)

    assert [entry["reference"] for entry in carrier.log()] == ["text:1"]
