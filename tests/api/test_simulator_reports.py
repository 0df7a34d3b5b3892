"""`/carriers/simulator/`: signed reports of the simulator."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from models import settings
from models.database import transaction
from models.deliveries import Push, Text
from models.mentoring import Call, Message
from models.receipts import Receipt
from tests.api.calls_at_work import pressed, story
from tests.api.looking import rows
from tests.conftest import SECRET
from tests.house import Client, Staff, run_due

PATH = "/carriers/simulator/"
ENDED = {
    "id": "sim-1", "reference": "call:1", "success": True, "conversation_id": "c-1",
    "started_at": "2026-03-01T12:00:00.250000Z", "ended_at": "2026-03-01T12:01:00Z",
    "recording_url": "https://recordings.example/c-1.mp3",
    "cdrs": [{"id": "r-1", "started_at": "2026-03-01T11:59:50Z", "cause": "NORMAL_CLEARING"}],
}  # fmt: skip


def signed(body: bytes, *, secret: str = SECRET, at: datetime | None = None) -> dict[str, str]:
    """The headers of a webhook."""
    at = at or datetime.now(UTC)
    signature = Webhook(secret).sign("msg_1", at, body.decode())
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
    }


def told(
    client: Client, kind: str, data: Any, *, headers: dict[str, str] | None = None, **signing: Any
) -> Any:
    body = json.dumps({"type": kind, "data": data}).encode()
    return client.ask("POST", PATH, raw=body, user=None, headers=headers or signed(body, **signing))


def test_a_reported_conversation_ends_the_call_once_however_often_it_comes(
    client: Client, staff: Staff
) -> None:
    call = pressed(client)

    answers = [told(client, "call.ended", ENDED) for _ in range(3)]

    seen = story(call)
    assert {(answer.status_code, answer.json["outcome"]) for answer in answers} == {(200, "done")}
    assert (seen.status, seen.call.partner_id, seen.records) == (
        "successful",
        "c-1",
        [("r-1", "NORMAL_CLEARING")],
    )
    assert (seen.events, seen.tasks, seen.pushes) == (["end_call", "feedback_requested"], 1, ["Call ended"])
    assert client.get(f"/mentor/call/{call}/").json["duration"] == 59.75


def test_a_reported_failure_makes_the_call_inactive(client: Client, staff: Staff) -> None:
    call = pressed(client)

    told(
        client, "call.ended", {"id": "sim-1", "reference": "call:1", "success": False, "cdrs": ENDED["cdrs"]}
    )

    seen = story(call)
    assert (seen.status, seen.events, seen.pushes) == ("inactive", ["call_failed"], ["Call not connected"])


def test_the_same_report_told_in_other_words_has_no_second_effect(client: Client, staff: Staff) -> None:
    call = pressed(client)
    told(client, "call.ended", ENDED)
    once = story(call)

    told(client, "call.ended", {**ENDED, "extra": 1})
    told(client, "call.ended", {**ENDED, "success": False})

    assert story(call) == once
    assert Receipt.select().count() == 3


def test_a_conversations_id_that_another_call_has_does_not_lose_the_end(client: Client, staff: Staff) -> None:
    first, second = pressed(client), pressed(client)
    told(client, "call.ended", ENDED)

    answer = told(client, "call.ended", {**ENDED, "id": "sim-2", "reference": f"call:{second}"})

    assert answer.status_code == 200
    assert [(story(call).status, story(call).call.partner_id) for call in (first, second)] == [
        ("successful", "c-1"), ("successful", None),
    ]  # fmt: skip


@pytest.mark.parametrize("reference", ["call:99", "message:1", "x", None])
def test_a_report_of_nothing_of_ours_is_kept_and_answered(
    client: Client, staff: Staff, reference: str | None
) -> None:
    call = pressed(client)
    before = rows()

    answer = told(client, "call.ended", {**ENDED, "reference": reference})

    assert (answer.status_code, answer.json) == (200, {"outcome": "unmatched"})
    assert (rows(), Call.get_by_id(call).status) == (before, "scheduled")


def test_a_delivery_report_ends_a_text_and_a_late_failure_tells_the_mentor(
    client: Client, staff: Staff
) -> None:
    client.post("/mentor/message/", {"content": "hi"})
    with transaction():
        text = Text.locked(1)
        text.accepted(text.begin("simulator", 1), "t-1")

    told(client, "text.failed", {"id": "t-1", "cause": "ABSENT"})
    failed = (Text.get().status, Message.get().state)
    told(client, "text.delivered", {"id": "t-1", "reference": "message:1"})

    assert failed == ("failed", "failed")
    assert (Text.get().status, Message.get().state) == ("delivered", "failed")


def test_a_text_from_the_mentee_reaches_the_mentor_once(client: Client, staff: Staff) -> None:
    text = {"id": "in-1", "from": "+27123456789", "to": "+15550100", "body": "Hello\nthere"}

    outcomes = [told(client, "text.received", text).json["outcome"] for _ in range(3)]

    run_due()
    assert outcomes == ["done"] * 3
    assert [(row.content, row.recipient_id) for row in Message.select()] == [
        ("Hello\nthere", staff.mentor.id)
    ]
    assert Push.select().count() == 1


@pytest.mark.parametrize("sender", ["+27987654321", "+4911111111"])
def test_a_text_from_anybody_else_is_kept_unmatched(client: Client, staff: Staff, sender: str) -> None:
    before = rows()

    answer = told(client, "text.received", {"id": "in-1", "from": sender, "to": "+15550100", "body": "x"})

    assert answer.json == {"outcome": "unmatched"}
    assert rows() == before


def test_a_report_of_a_kind_that_nobody_reads_yet_is_kept(client: Client, staff: Staff) -> None:
    assert told(client, "call.received", {"digits": [1]}).json == {"outcome": "kept"}
    assert Receipt.get().note == "call.received"


@pytest.mark.parametrize("how", ["other secret", "old", "early", "unsigned", "garbled"])
def test_a_report_that_is_not_signed_by_us_is_refused_and_not_kept(
    client: Client, staff: Staff, how: str
) -> None:
    pressed(client)
    now = datetime.now(UTC)
    headers = {
        "other secret": signed(b"{}", secret="whsec_" + "A" * 32),
        "old": signed(b"{}", at=now - timedelta(minutes=6)),
        "early": signed(b"{}", at=now + timedelta(minutes=6)),
        "unsigned": {"X-Nothing": "1"},
        "garbled": {"webhook-id": "1", "webhook-timestamp": "soon", "webhook-signature": "v1,\xe9"},
    }[how]

    answer = client.ask("POST", PATH, raw=b"{}", user=None, headers=headers)

    assert answer.status_code == 401
    assert Receipt.select().count() == 0


def test_a_changed_body_no_longer_fits_its_signature(client: Client, staff: Staff) -> None:
    call = pressed(client)
    headers = signed(json.dumps({"type": "call.ended", "data": {**ENDED, "success": False}}).encode())

    assert told(client, "call.ended", ENDED, headers=headers).status_code == 401
    assert story(call).status == "scheduled"


@pytest.mark.parametrize(
    ("body", "field"),
    [(b"{", "body"), (b"[]", "body"), (b"{}", "type"), (b'{"type": 1}', "type"), (b'{"type": "call.ended"}', "data"),
     (b'{"type": "call.ended", "data": {"id": "x", "success": "yes"}}', "data.success"),
     (b'{"type": "call.ended", "data": {"id": "x", "success": true}}', "data.started_at"),
     (b'{"type": "text.delivered", "data": {}}', "data.id"), (b"[" * 100_000, "body")],
)  # fmt: skip
def test_a_signed_report_that_cannot_be_read_names_its_fields(
    client: Client, staff: Staff, body: bytes, field: str
) -> None:
    before = rows()

    answer = client.ask("POST", PATH, raw=body, user=None, headers=signed(body))

    assert answer.status_code == 400
    assert field in answer.json
    assert rows() == before


def test_without_a_secret_there_is_no_such_route(client: Client, staff: Staff) -> None:
    settings.use(replace(settings.current(), simulator_secret=""))

    assert client.ask("POST", PATH, raw=b"{}", user=None, headers=signed(b"{}")).status_code == 404
