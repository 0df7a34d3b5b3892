"""A survey after a call, from the mentee's phone to the mentor's event log, in the words of either carrier."""

import json

import pytest

from models.mentoring import Feedback
from tests.house import MENTEE, NUMBERS, Carrier, House, Staff, reroute, wait_for

pytestmark = pytest.mark.pipeline


@pytest.mark.parametrize("provider", ["simulator", "oniondev"])
def test_what_the_mentee_answers_after_a_call_reaches_the_mentor(
    staff: Staff, house: House, carrier: Carrier, provider: str
) -> None:
    reroute("voice", provider)
    carrier.phone(NUMBERS[MENTEE], feedback=["4", "Yes", "No", "Blue"])

    call = house.settle(house.post("/mentor/call/")["id"])
    wait_for(lambda: Feedback.select().where(Feedback.completed).exists())
    house.drain()

    (seen,) = house.get("/comms/feedback/")["results"]
    assert (seen["sender_id"], seen["call_id"], seen["complete"]) == (staff.mentee.id, call["id"], True)
    assert [row["answer"] for row in json.loads(seen["content"]).values()] == ["4", "Yes", "No", "Blue"]
    events = [
        event
        for event in house.get("/mentor/event/")["results"]
        if event["event_type"] == "feedback_received"
    ]
    assert [event["object_id"] for event in events] == [seen["id"]]
    assert house.get("/mentor/task/")["results"][0]["status"] == "pending"
