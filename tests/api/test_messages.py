"""`/mentor/message/`: a mentor writes to his mentee and reads what the two wrote."""

from typing import Any

import pytest

from models.commands import SendText
from models.database import transaction
from models.deliveries import Text
from models.ledger import LedgerRow
from models.mentoring import Event, Message
from tests.api.calls_at_work import just_now
from tests.api.looking import rows
from tests.conformance import holds
from tests.house import MENTEE, MENTOR, NUMBERS, SERVICE, STRANGER, Client, Staff

KEYS = {
    "id", "time_sent", "sender_contact", "recipient_contact", "sender", "recipient", "content", "message_type",
}  # fmt: skip


def _taken(provider_id: str = "m-1") -> Text:
    """The carrier has the one text there is."""
    with transaction():
        text = Text.locked(Text.get().id)
        text.accepted(text.begin("simulator", 1), provider_id)
    return text


def _events(client: Client) -> list[str]:
    return [event["event_type"] for event in client.get("/mentor/event/").json["results"]]


@holds(
    "POST /mentor/message/",
    "POST /mentor/message/: content",
    "Message.send_and_create()",
    "Message.time_sent",
    "Message.sender",
    "Message.recipient",
    "Message.content",
    "commands: POST /mentor/message/",
    "M-27",
)
def test_a_message_is_answered_with_its_keys_and_owes_one_text(client: Client, staff: Staff) -> None:
    answer = client.post("/mentor/message/", {"content": "See you at five"})

    shown, text = answer.json, Text.get()
    assert (answer.status_code, set(shown)) == (201, KEYS)
    assert shown["sender_contact"] == shown["sender"] == NUMBERS[MENTOR]
    assert shown["recipient_contact"] == shown["recipient"] == f"hidden:{staff.mentee.id}"
    assert (shown["content"], shown["message_type"]) == ("See you at five", "user")
    assert just_now(Message.get().time_sent)
    assert (text.reference, text.to.e164(), text.body) == ("message:1", NUMBERS[MENTEE], "See you at five")
    assert [(row.name, row.args) for row in LedgerRow.select()] == [("send_text", SendText(text.id).args())]


def test_a_message_reads_the_same_when_made_listed_and_looked_up(client: Client, staff: Staff) -> None:
    made = client.post("/mentor/message/", {"content": "hi"}).json

    assert client.get("/mentor/message/").json["results"] == [made]
    assert client.get(f"/mentor/message/{made['id']}/").json == made


@pytest.mark.parametrize(
    "content",
    [
        "x", "é" * 1600, "\U0001f600" * 1600, "  two blanks before, a line\nand a tab\t",
        "\u202eright to left\u202c", "שלום", "'; DROP TABLE message; --", "<script>alert(1)</script>",
        "%s %(x)s {0} \\ \" '", "e\u0301 is not é", "\x07\x1b[31m",
    ],
    ids=range(11),
)  # fmt: skip
@holds("M-22")
def test_any_text_passes_unaltered(client: Client, staff: Staff, content: str) -> None:
    made = client.post("/mentor/message/", {"content": content}).json

    assert made["content"] == content
    assert client.get(f"/mentor/message/{made['id']}/").json["content"] == content
    assert Text.get().body == content


@holds("POST /mentor/message/: sender_id", "POST /mentor/message/: recipient_id")
def test_the_ids_may_be_said_as_they_are_anyway(client: Client, staff: Staff) -> None:
    ids: dict[str, Any] = {"sender_id": staff.mentor.id, "recipient_id": str(staff.mentee.id)}

    assert client.post("/mentor/message/", {"content": "hi", **ids}).status_code == 201


@pytest.mark.parametrize("field", ["sender_id", "recipient_id"])
@holds("M-28")
def test_other_ids_are_refused(client: Client, staff: Staff, field: str) -> None:
    before = rows()

    for value in (staff.stranger.id, staff.other_mentee.id, 10**30, -1, None, True, "", "x", [], {}, 1.5):
        answer = client.post("/mentor/message/", {"content": "hi", field: value})
        assert (answer.status_code, list(answer.json)) == (400, [field]), value

    assert rows() == before


@holds("404 GET /mentor/message/(id) of another mentor", "Message.message_type: system or user")
def test_a_mentor_sees_what_he_sent_and_received_and_nothing_of_others(client: Client, staff: Staff) -> None:
    client.post("/mentor/message/", {"content": "mine"})
    client.post("/mentor/message/", {"content": "theirs"}, user=STRANGER)
    client.post("/comms/onion_dev_message/", {"mobile": "27123456789", "text": "to me"}, user=SERVICE)
    Message.create(sender=staff.mentor, recipient=staff.mentee, content="by the tool", message_type="system")

    listed = client.get("/mentor/message/").json["results"]

    assert [message["content"] for message in listed] == ["mine", "to me", "by the tool"]
    assert [message["message_type"] for message in listed] == ["user", "user", "system"]
    assert (listed[1]["sender"], listed[1]["recipient"]) == (f"hidden:{staff.mentee.id}", NUMBERS[MENTOR])
    theirs = Message.get(Message.content == "theirs").id
    assert client.get(f"/mentor/message/{theirs}/").status_code == 404


@holds("Message.send()", "Message.state", "event message_sent")
def test_a_message_that_the_carrier_took_is_sent(client: Client, staff: Staff) -> None:
    client.post("/mentor/message/", {"content": "hi"})

    _taken()

    assert (Message.get().state, _events(client)) == ("sent", ["message_sent"])
    assert Event.get().object_id == Message.get().id


@holds("Message.state", "event message_failed")
def test_a_message_that_no_carrier_takes_has_failed(client: Client, staff: Staff) -> None:
    client.post("/mentor/message/", {"content": "hi"})

    with transaction():
        Text.locked(1).fail("no such number")

    assert (Message.get().state, _events(client)) == ("failed", ["message_failed"])


def test_a_message_that_never_arrived_has_failed_after_all(client: Client, staff: Staff) -> None:
    client.post("/mentor/message/", {"content": "hi"})
    text = _taken()

    with transaction():
        text.report(delivered=False, cause="ABSENT")

    assert (Message.get().state, _events(client)) == ("failed", ["message_sent", "message_failed"])


@pytest.mark.parametrize(
    ("delivered", "state", "events"),
    [(True, "sent", ["message_sent"]), (False, "failed", ["message_failed"])],
)
def test_a_delivery_report_may_overtake_the_carriers_answer(
    client: Client, staff: Staff, delivered: bool, state: str, events: list[str]
) -> None:
    client.post("/mentor/message/", {"content": "hi"})
    with transaction():
        attempt = Text.locked(1).begin("simulator", 1)
        Text.get_by_id(1).report(delivered, "ABSENT")

    with transaction():
        Text.locked(1).accepted(attempt, "m-1")

    assert (Message.get().state, _events(client)) == (state, events)


def test_the_tools_own_messages_are_no_events(client: Client, staff: Staff) -> None:
    number = staff.mentee.contact_number
    Message.send_and_create(staff.mentor.id, staff.mentee.id, number, "Your call moved", kind="system")

    _taken()

    assert (Message.get().state, _events(client)) == ("sent", [])
