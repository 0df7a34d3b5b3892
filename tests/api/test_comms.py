"""`/comms/call/` and `/comms/message/`: the back office, and what providers hand in."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from models import settings
from models.deliveries import Push, Text
from models.mentoring import Call, Message
from models.people import Contact
from models.people.changing import add_user
from tests.api.calls_at_work import REPORT, pressed, reported, story, swept
from tests.api.looking import rows
from tests.api.test_calls import KEYS
from tests.conformance import holds
from tests.house import ADMIN, MENTEE, MENTOR, NUMBERS, PASSWORD, SERVICE, STRANGER, Client, Staff, run_due

PARTNER = {"recording_url", "partner_id", "call_id"}
HANDED_IN = {"sender_contact": NUMBERS[MENTEE], "recipient_contact": NUMBERS[MENTOR], "content": "hi there"}


@pytest.mark.parametrize("user", [ADMIN, SERVICE])
@holds("M-16")
def test_the_back_office_sees_all_calls_with_the_partners_data(client: Client, call: int, user: str) -> None:
    theirs = pressed(client, user=STRANGER)
    reported(client, REPORT)

    listed = client.get("/comms/call/", user=user).json["results"]

    assert [row["id"] for row in listed] == [call, theirs]
    assert set(listed[0]) == KEYS | PARTNER
    assert [listed[0][key] for key in ("recording_url", "partner_id", "call_id")] == [
        "https://example.org/123/456.mp3", "23", "sc-1",
    ]  # fmt: skip
    assert client.get(f"/comms/call/{call}/", user=user).json == listed[0]


@pytest.mark.parametrize("user", [MENTOR, MENTEE])
@holds("M-16", "M-6")
def test_who_takes_part_sees_only_his_calls_and_nothing_of_the_partners(
    client: Client, call: int, user: str
) -> None:
    theirs = pressed(client, user=STRANGER)
    reported(client, REPORT)

    (listed,) = client.get("/comms/call/", user=user).json["results"]

    assert (listed["id"], set(listed)) == (call, KEYS)
    for verb in ("GET", "PUT", "PATCH"):
        assert client.ask(verb, f"/comms/call/{theirs}/", user=user).status_code == 404


@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
@holds("M-34")
def test_the_generic_end_notice_moves_the_end_every_time_and_has_its_effects_once(
    client: Client, call: int, verb: str, jump: Callable[[float], None]
) -> None:
    first = client.ask(verb, f"/comms/call/{call}/", raw=b"{", user=SERVICE)
    jump(10)
    second = client.ask(verb, f"/comms/call/{call}/", raw=b"{", user=SERVICE)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json["status"] == "successful"
    assert second.json == {**first.json, "end_time": second.json["end_time"]}
    assert second.json["end_time"] > first.json["end_time"]
    assert (story(call).events, story(call).tasks) == (["start_call", "end_call", "feedback_requested"], 1)


@holds("M-34")
def test_the_generic_end_notice_moves_the_end_of_an_inactive_call_and_nothing_else(
    client: Client, call: int, jump: Callable[[float], None]
) -> None:
    jump(121 * 60)
    swept()
    before = story(call)

    ends = [client.put(f"/comms/call/{call}/", user=SERVICE).json for _ in range(2)]

    assert [end["status"] for end in ends] == ["inactive", "inactive"]
    assert None not in [end["end_time"] for end in ends]
    assert story(call)[1:] == before[1:]


@holds(
    "POST /comms/message/",
    "POST /comms/message/: sender_contact",
    "POST /comms/message/: recipient_contact",
    "POST /comms/message/: content",
    "event message_received",
    "Message.receive_message()",
    "Message.state",
    "M-35",
)
def test_a_message_handed_in_from_the_mentee_is_received(client: Client, staff: Staff) -> None:
    answer = client.post("/comms/message/", HANDED_IN, user=SERVICE)

    run_due()
    assert answer.status_code == 201
    assert answer.json == {"id": 1, "time_sent": answer.json["time_sent"], **HANDED_IN}
    assert Message.get().state == "received"
    assert [event["event_type"] for event in client.get("/mentor/event/").json["results"]] == [
        "message_received"
    ]
    assert [push.reference for push in Push.select()] == ["push:message:1"]


@holds("event message_sent", "M-35")
def test_a_message_handed_in_from_the_mentor_is_written_down_and_not_sent(
    client: Client, staff: Staff
) -> None:
    body = {
        "sender_contact": "27987654321",
        "recipient_contact": "+27 12 345-6789",
        "content": "said elsewhere",
    }

    answer = client.post("/comms/message/", body, user=SERVICE)

    assert answer.status_code == 201
    assert (answer.json["sender_contact"], answer.json["recipient_contact"]) == (
        NUMBERS[MENTOR],
        NUMBERS[MENTEE],
    )
    assert [event["event_type"] for event in client.get("/mentor/event/").json["results"]] == ["message_sent"]
    assert (Text.select().count(), rows()["command"], Message.get().state) == (0, 0, "sent")


def test_a_mentees_message_goes_to_the_mentor_it_names(client: Client, staff: Staff) -> None:
    staff.stranger.mentee = staff.mentee
    staff.stranger.save()

    client.post("/comms/message/", {**HANDED_IN, "recipient_contact": NUMBERS[STRANGER]}, user=SERVICE)

    assert Message.get().recipient_id == staff.stranger.id


@pytest.mark.parametrize(
    ("numbers", "field"),
    [
        ((NUMBERS[MENTOR], NUMBERS["theo"]), "recipient_contact"),  # not his mentee
        ((NUMBERS[MENTOR], NUMBERS[STRANGER]), "recipient_contact"),  # two mentors
        ((NUMBERS[MENTEE], NUMBERS["theo"]), "recipient_contact"),  # two mentees
        ((NUMBERS[MENTOR], NUMBERS[MENTOR]), "recipient_contact"),
        (("+4911111111", NUMBERS[MENTOR]), "sender_contact"),
        ((NUMBERS[MENTOR], "+4911111111"), "recipient_contact"),
        (("x", NUMBERS[MENTOR]), "sender_contact"),
    ],
)
@holds("POST /comms/message/: sender_contact", "POST /comms/message/: recipient_contact")
def test_a_message_between_others_than_a_mentor_and_his_mentee_is_refused(
    client: Client, staff: Staff, numbers: tuple[str, str], field: str
) -> None:
    before = rows()
    body = {"sender_contact": numbers[0], "recipient_contact": numbers[1], "content": "hi"}

    answer = client.post("/comms/message/", body, user=SERVICE)

    assert (answer.status_code, list(answer.json)) == (400, [field])
    assert rows() == before


def test_the_back_office_sees_all_messages_with_full_numbers_and_others_only_their_own(
    client: Client, staff: Staff
) -> None:
    mine = client.post("/mentor/message/", {"content": "mine"}).json["id"]
    theirs = client.post("/mentor/message/", {"content": "theirs"}, user=STRANGER).json["id"]

    for user in (ADMIN, SERVICE):
        listed = client.get("/comms/message/", user=user).json["results"]
        assert [(row["sender_contact"], row["recipient_contact"]) for row in listed] == [
            (NUMBERS[MENTOR], NUMBERS[MENTEE]), (NUMBERS[STRANGER], NUMBERS["theo"]),
        ]  # fmt: skip
        assert set(listed[0]) == {"id", "time_sent", "sender_contact", "recipient_contact", "content"}
    (own,) = client.get("/comms/message/", user=MENTEE).json["results"]
    assert (own["sender_contact"], own["recipient_contact"]) == (f"hidden:{staff.mentor.id}", NUMBERS[MENTEE])
    assert client.get(f"/comms/message/{mine}/", user=MENTEE).json == own
    assert client.get(f"/comms/message/{theirs}/", user=MENTEE).status_code == 404


WRITES: list[tuple[str, str, Any]] = [
    ("PUT", "/comms/call/1/", None),
    ("PATCH", "/comms/call/1/", None),
    ("POST", "/comms/message/", HANDED_IN),
    ("POST", "/comms/onion_dev_call_end/", REPORT),
    ("POST", "/comms/onion_dev_message/", {"mobile": "27123456789", "text": "hi"}),
]


@pytest.mark.parametrize(("verb", "path", "body"), WRITES, ids=[f"{verb} {path}" for verb, path, _ in WRITES])
@holds("M-6")
def test_an_operator_may_narrow_writing_to_service_accounts_and_administrators(
    client: Client, call: int, verb: str, path: str, body: Any
) -> None:
    settings.use(replace(settings.current(), comms_writes="service_only"))
    before = rows()

    refused = [client.ask(verb, path, body, user=user).status_code for user in (MENTOR, MENTEE, STRANGER)]
    unchanged = (rows(), Call.get_by_id(call).status)
    taken = [client.ask(verb, path, body, user=user).status_code for user in (SERVICE, ADMIN)]

    assert refused == [403, 403, 403]
    assert unchanged == (before, "inprogress")
    assert set(taken) <= {200, 201}
    assert client.get("/comms/call/").status_code == 200


def test_a_user_who_is_no_contact_sees_no_ones_rows(staff: Staff, client: Client) -> None:
    add_user("plain", PASSWORD)
    lone = Contact.create(
        user=add_user("lone", PASSWORD),
        kind="mentee",
        contact_number="+4915112345678",
        msisdn="4915112345678",
    )
    Message.receive_message(lone, "nobody's business")

    listed = client.get("/comms/message/", user="plain")

    assert listed.json["count"] == 0
    assert client.get("/comms/message/1", user="plain").status_code == 404
    assert client.get("/comms/call/", user="plain").json["count"] == 0
