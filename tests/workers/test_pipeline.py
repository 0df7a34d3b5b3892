"""The main job, from a request to the carrier and back, on whatever backend the suite runs on."""

import pytest

from tests.conformance import holds
from tests.house import MENTEE, MENTOR, NUMBERS, Carrier, House, Staff

pytestmark = pytest.mark.pipeline


@holds("dial: handler, beneficiary and our reference")
def test_a_call_rings_both_phones_once_and_shows_neither_the_others_number(
    staff: Staff, house: House, carrier: Carrier
) -> None:
    call = house.post("/mentor/call/")

    ended = house.settle(call["id"])

    (rung,) = carrier.log("call")
    assert (rung["a_number"], rung["b_number"]) == (NUMBERS[MENTOR], NUMBERS[MENTEE])
    assert {rung["shown_to_a"], rung["shown_to_b"]}.isdisjoint(NUMBERS.values())
    assert ended["status"] == "successful"
    assert [event["event_type"] for event in house.get("/mentor/event/")["results"]] == [
        "start_call", "end_call", "feedback_requested",
    ]  # fmt: skip


def test_a_text_reaches_the_mentee_once_from_a_number_of_ours(
    staff: Staff, house: House, carrier: Carrier
) -> None:
    house.post("/mentor/message/", {"content": "See you at five"})

    house.drain()

    (sent,) = carrier.log("text")
    assert (sent["to"], sent["body"], sent["reference"]) == (NUMBERS[MENTEE], "See you at five", "message:1")
    assert sent["from"] not in NUMBERS.values()
    assert [event["event_type"] for event in house.get("/mentor/event/")["results"]] == ["message_sent"]
