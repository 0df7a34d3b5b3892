"""`/comms/onion_dev_message/`: a mentee's text comes in."""

from datetime import timedelta
from typing import Any

import pytest

from models import clock
from models.deliveries import Push
from models.mentoring import Call, Message
from models.people import Contact
from tests.api.looking import rows
from tests.conformance import holds
from tests.house import MENTEE, NUMBERS, SERVICE, STRANGER, Client, Staff, run_due

PATH = "/comms/onion_dev_message/"


def _received(client: Client, **body: Any) -> Any:
    return client.post(PATH, {"mobile": "27123456789", **body}, user=SERVICE)


@holds(
    "receiver of incoming messages",
    "event message_received",
    "commands: a mentee's message",
    "no device: the push is recorded as skipped",
)
def test_a_mentees_text_reaches_his_mentor_with_an_event_and_a_push(client: Client, staff: Staff) -> None:
    answer = _received(client, text="Hi Mentor")

    run_due()
    assert (answer.status_code, answer.json) == (201, {"mobile": "27123456789", "text": "Hi Mentor"})
    row = Message.get()
    assert (row.sender_id, row.recipient_id, row.message_type, row.content, row.state) == (
        staff.mentee.id, staff.mentor.id, "user", "Hi Mentor", "received",
    )  # fmt: skip
    assert [event["event_type"] for event in client.get("/mentor/event/").json["results"]] == [
        "message_received"
    ]
    assert [(push.title, push.status) for push in Push.select()] == [("New message", "skipped")]


@pytest.mark.parametrize("mobile", ["27123456789", "+27123456789", "+27 12 345 6789", 27123456789])
def test_a_number_matches_however_it_is_written(client: Client, staff: Staff, mobile: Any) -> None:
    assert _received(client, mobile=mobile, text="x").json["mobile"] == mobile


@pytest.mark.parametrize(
    "words",
    [{"text": "Hi"}, {"message": "Hi"}, {"text": "Hi", "message": "Hi"}, {"text": "Hi", "message": None}],
)
@holds("M-36")
def test_the_words_may_be_in_either_key(client: Client, staff: Staff, words: dict[str, Any]) -> None:
    assert _received(client, **words).json == {"mobile": "27123456789", **words}
    assert Message.get().content == "Hi"


def test_the_two_keys_may_not_contradict_each_other(client: Client, staff: Staff) -> None:
    answer = _received(client, text="Hi", message="Ho")

    assert (answer.status_code, list(answer.json)) == (400, ["message"])


@pytest.mark.parametrize("mobile", [NUMBERS[STRANGER], "911111111111", "hello", "0", "+", "1" * 64])
def test_a_number_that_is_no_mentees_is_refused(client: Client, staff: Staff, mobile: str) -> None:
    before = rows()

    answer = _received(client, mobile=mobile, text="x")

    assert (answer.status_code, list(answer.json)) == (400, ["mobile"])
    assert rows() == before


@holds("M-38")
def test_equal_texts_are_separate_messages(client: Client, staff: Staff) -> None:
    assert [_received(client, text="ok").status_code for _ in range(3)] == [201, 201, 201]

    assert Message.select().count() == 3


@pytest.mark.parametrize("message_id", ["abc-1", 17])
@holds("M-38")
def test_a_text_with_an_id_is_taken_once(client: Client, staff: Staff, message_id: Any) -> None:
    answers = [_received(client, text="ok", messageId=message_id) for _ in range(3)]
    _received(client, text="ok", messageId="another")

    assert {(answer.status_code, answer.text) for answer in answers} == {(201, answers[0].text)}
    assert Message.select().count() == 2


@holds("M-37")
def test_the_text_of_a_mentee_without_a_mentor_is_only_kept(client: Client, staff: Staff) -> None:
    Contact.update(mentee=staff.other_mentee).where(Contact.id == staff.mentor.id).execute()

    assert _received(client, text="anybody?").status_code == 201

    run_due()
    shown = client.get("/comms/message/1/", user=MENTEE).json
    assert (Message.get().recipient_id, shown["recipient_contact"]) == (None, None)
    assert (rows()["event"], rows()["delivery_push"]) == (0, 0)


@holds("M-37")
def test_with_several_mentors_a_text_goes_to_the_one_in_touch_last(client: Client, staff: Staff) -> None:
    Contact.update(mentee=staff.mentee).where(Contact.id == staff.stranger.id).execute()
    recipients = []

    def receive() -> None:
        _received(client, text="hello")
        recipients.append(Message.select().order_by(Message.id.desc()).get().recipient_id)

    receive()  # nobody was in touch yet: the lowest id
    client.post("/mentor/message/", {"content": "hi"}, user=STRANGER)
    receive()
    Call.create(caller=staff.mentor, receiver=staff.mentee, start_time=clock.now() + timedelta(seconds=1))
    receive()

    lowest = min(staff.mentor.id, staff.stranger.id)
    assert recipients == [lowest, staff.stranger.id, staff.mentor.id]
