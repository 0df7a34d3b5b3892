"""A person settles what nobody knew the fate of."""

import pytest

from models import settling
from models.deliveries import Bridge, Text
from models.mentoring import Call, Event, Message
from tests.house import Carrier, Client, Staff, hurry, reroute, run_until_settled


@pytest.fixture
def unknown(staff: Staff, client: Client, carrier: Carrier) -> None:
    """A call and a text that a carrier took without a word, and that cannot be asked."""
    hurry()
    for channel in ("voice", "texts"):
        reroute(channel, "oniondev")
    carrier.fault("timeout_after_accept", seconds=1)
    client.post("/mentor/call/")
    client.post("/mentor/message/", {"content": "hi"})
    run_until_settled()


def test_what_the_carrier_had_moves_on_as_if_it_had_answered(unknown: None) -> None:
    assert settling.settle("call:1", sent=True)
    assert settling.settle("message:1", sent=True)

    assert (Bridge.get().status, Call.get().status) == ("sent", "inprogress")
    assert (Text.get().status, Message.get().state) == ("sent", "sent")


def test_what_the_carrier_never_had_has_failed(unknown: None) -> None:
    assert settling.settle("call:1", sent=False)
    assert settling.settle("message:1", sent=False)

    assert (Call.get().status, Message.get().state) == ("inactive", "failed")
    assert {event.event_type for event in Event.select()} == {"call_failed", "message_failed"}


def test_what_is_settled_stays_settled(unknown: None) -> None:
    settling.settle("call:1", sent=True)

    assert not settling.settle("call:1", sent=False)
    assert not settling.settle("call:99", sent=True)
    assert Call.get().status == "inprogress"
