"""Reports of the simulator, and of surveys, that come when somebody was erased: nothing of him comes back."""

from dataclasses import replace
from typing import Any

import pytest

from models import settings
from models.deliveries import CallDataRecord
from models.mentoring import Call, Feedback, Message
from models.privacy import erasing
from models.privacy.persons import Person
from models.receipts import Receipt
from tests.api.calls_at_work import REPORT, pressed
from tests.api.surveys_at_work import SURVEY
from tests.api.test_simulator_reports import ENDED, told
from tests.console.conftest import Type
from tests.console.test_privacy import RECORDING, WORDS, dump, traces
from tests.house import ADMIN, MENTEE, MENTOR, NUMBERS, Client, House, Staff, run_due, wait_for


@pytest.fixture(autouse=True)
def key(home: settings.Settings) -> None:
    settings.use(replace(settings.current(), secret_key="a key of the tests"))


def _erase(door: Type, contact: Any) -> None:
    done = door("person", "erase", contact.id, "--yes", "--force")
    assert done.exit_code == 0, done.output


def test_the_simulators_end_of_a_call_keeps_its_times_and_no_recording(
    door: Type, client: Client, staff: Staff
) -> None:
    call_id = pressed(client)
    _erase(door, staff.mentee)

    answer = told(client, "call.ended", {**ENDED, "reference": f"call:{call_id}", "recording_url": RECORDING})
    run_due()

    call = Call.get_by_id(call_id)
    assert (answer.status_code, call.status, call.recording_url) == (200, "successful", None)
    assert CallDataRecord.get().status == "NORMAL_CLEARING"
    assert traces(MENTEE) == []


def test_the_simulators_text_of_his_is_counted_and_not_kept(door: Type, client: Client, staff: Staff) -> None:
    _erase(door, staff.mentee)
    text = {"id": "m-1", "from": NUMBERS[MENTEE], "to": "+15550100", "body": WORDS}

    answer = told(client, "text.received", text)

    assert (answer.status_code, answer.json) == (200, {"outcome": "unmatched"})
    assert (Receipt.select().count(), Receipt.get().body) == (1, "")
    assert traces(MENTEE) == []


@pytest.mark.parametrize("name", [MENTEE, MENTOR])
def test_answers_that_come_late_are_nobodys(door: Type, client: Client, staff: Staff, name: str) -> None:
    """By his own number, and, as OnionDev's papers do, by his mentor's."""
    pressed(client)
    _erase(door, staff.mentee)
    body = {**SURVEY, "cdr": {**SURVEY["cdr"], "callerid": NUMBERS[name].lstrip("+")},
            "records": {"1": {"answer": WORDS, "questionTime": "2017-04-21 07:00:54", "order": "1"}}}  # fmt: skip

    answer = client.post("/comms/onion_dev_feedback/", body, user="robot")
    run_due()

    assert answer.status_code == 400
    assert Feedback.select().count() == 0
    assert traces(MENTEE) == []


def test_answers_that_wait_to_be_read_are_read_no_more(door: Type, client: Client, staff: Staff) -> None:
    body = {
        **SURVEY,
        "records": {"1": {"answer": WORDS, "questionTime": "2017-04-21 07:00:54", "order": "1"}},
    }
    assert client.post("/comms/onion_dev_feedback/", body, user="robot").status_code == 201
    _erase(door, staff.mentee)

    run_due()
    again = client.post("/comms/onion_dev_feedback/", {**body, "completed": False}, user="robot")
    run_due()

    assert again.status_code == 400
    assert (Feedback.get().question_1, Feedback.get().content) == (None, "{}")
    assert traces(MENTEE) == []


def test_records_that_wait_to_be_written_down_still_are(door: Type, client: Client, staff: Staff) -> None:
    call_id = pressed(client)
    client.post("/comms/onion_dev_call_end/", {**REPORT, "recordingUrl": RECORDING}, user="robot")
    _erase(door, staff.mentee)

    run_due()

    assert [row.status for row in CallDataRecord.select().order_by(CallDataRecord.id)] == [
        "NO_ANSWER", "NORMAL_CLEARING",
    ]  # fmt: skip
    assert Call.get_by_id(call_id).status == "successful"
    assert traces(MENTEE) == []


def test_feedback_in_his_name_is_refused(door: Type, client: Client, staff: Staff) -> None:
    call_id = pressed(client)
    _erase(door, staff.mentee)
    body = {"sender_id": staff.mentee.id, "call_id": call_id, "complete": True, "content": "{}"}

    assert client.post("/comms/feedback/", body, user="robot").status_code == 400


def test_without_a_key_a_strangers_text_is_kept_as_such_and_that_is_said(
    door: Type, client: Client, staff: Staff
) -> None:
    settings.use(replace(settings.current(), secret_key=""))

    done = door("person", "erase", staff.mentee.id, "--yes", "--force")

    assert "SECRET_KEY is not set" in done.stderr
    assert traces(MENTEE) == []


def test_a_call_under_way_while_he_is_erased_ends_as_calls_do(
    house: House, staff: Staff, carrier: Any
) -> None:
    """The whole system at work: the phone is ringing, he is erased, the carrier reports the end."""
    carrier.phone(NUMBERS[MENTEE], ring_s=0.5, talk_s=0.5)
    call_id = house.post("/mentor/call/")["id"]
    house.post("/mentor/message/", {"content": WORDS})
    wait_for(lambda: carrier.log("call"))
    erasing.erase(Person.called(str(staff.mentee.id)), force=True)

    assert house.settle(call_id)["status"] == "successful"
    carrier.inbound(channel="text", **{"from": NUMBERS[MENTEE]}, to="+15550100", body=WORDS)
    wait_for(lambda: Receipt.select().where(Receipt.outcome == "unmatched").count())
    house.drain()

    assert house.ask("POST", "/mentor/call/").status_code == 409
    assert house.get("/comms/message/", user=ADMIN)["results"][0]["content"] == ""
    assert Message.select().count() == 1
    assert [line for line in traces(MENTEE) if "dead" in line] == []
    assert traces(MENTEE) == [], dump()
