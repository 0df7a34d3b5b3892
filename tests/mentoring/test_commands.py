"""What each request owes: the table of commands, and nothing for everything else; and the dialling of a call."""

from dataclasses import replace
from typing import Any

import pytest

from models import hints, settings
from models.deliveries import Bridge, Push
from models.ledger import LedgerRow
from models.mentoring import Call, Event, Message
from models.settings import Settings
from tests.api.calls_at_work import FAILURE, REPORT, dialled, pressed, reported
from tests.api.test_people import TONY
from tests.conformance import holds
from tests.house import (
    ADMIN,
    MENTEE,
    MENTOR,
    NUMBERS,
    SERVICE,
    STRANGER,
    Carrier,
    Client,
    Staff,
    hurry,
    reroute,
    run_due,
    run_until_settled,
)
from tests.mentoring.rude import NO_ID, RudeCarrier
from tests.mentoring.test_routes import OURS, TABLE
from workers.actors import RUNNERS


@pytest.fixture
def running(client: Client, staff: Staff) -> int:
    """A call that the carrier has taken, and of which nothing is owed."""
    call = pressed(client)
    dialled(call)
    return call


def _owed() -> list[str]:
    """The commands that are owed now, by name; they are owed no more."""
    names = [row.name for row in LedgerRow.select().order_by(LedgerRow.id)]
    LedgerRow.delete().execute()
    return names


AHEAD, LATER = {"call_time": "2099-12-23T17:30:00Z"}, {"call_time": "2099-12-24T17:30:00Z"}


@holds("commands: POST /mentor/call/", "commands: POST /mentor/message/", "commands: POST /mentor/schedule/",
       "commands: PUT/PATCH /mentor/schedule/(id)", "commands: DELETE /mentor/schedule/(id)")  # fmt: skip
def test_what_a_mentors_requests_owe(client: Client, staff: Staff) -> None:
    reminders = ["remind"] * 4

    assert client.post("/mentor/call/").status_code == 201
    assert _owed() == ["dial"]
    assert client.post("/mentor/message/", {"content": "hi"}).status_code == 201
    assert _owed() == ["send_text"]
    assert client.post("/mentor/schedule/", AHEAD).status_code == 201
    assert sorted(_owed()) == [*reminders, "send_text"]
    assert client.put("/mentor/schedule/1/", LATER).status_code == 200
    assert sorted(_owed()) == [*reminders, "send_text"]
    assert client.ask("PATCH", "/mentor/schedule/1/", AHEAD).status_code == 200
    assert sorted(_owed()) == [*reminders, "send_text"]
    assert client.ask("DELETE", "/mentor/schedule/1/").status_code == 204
    assert _owed() == ["send_text"]


@holds("M-42")
def test_what_was_done_is_answered_with_its_code(client: Client, running: int, staff: Staff) -> None:
    texts = {"sender_contact": NUMBERS[MENTEE], "recipient_contact": NUMBERS[MENTOR], "content": "hi"}
    survey = {"conversationId": "c", "complete": True, "records": {}, "cdr": {"callerid": NUMBERS[MENTEE]}}
    feedback = {"sender_id": staff.mentee.id, "call_id": running, "complete": True, "content": "{}"}
    said: list[tuple[str, str, Any, str, int]] = [
        ("POST", "/mentor/call/", None, MENTOR, 201),
        ("POST", "/mentor/message/", {"content": "hi"}, MENTOR, 201),
        ("POST", "/mentor/schedule/", AHEAD, MENTOR, 201),
        ("PUT", "/mentor/schedule/1/", LATER, MENTOR, 200),
        ("PATCH", "/mentor/schedule/1/", AHEAD, MENTOR, 200),
        ("DELETE", "/mentor/schedule/1/", None, MENTOR, 204),
        ("DELETE", "/mentor/schedule/1/", None, MENTOR, 404),
        ("POST", "/comms/onion_dev_call_end/", REPORT, SERVICE, 200),
        *((verb, f"/mentor/call/{running}/", None, MENTOR, 200) for verb in ("PUT", "PATCH")),
        *((verb, f"/comms/call/{running}/", None, SERVICE, 200) for verb in ("PUT", "PATCH")),
        *((verb, "/mentor/task/1/", {"status": "done"}, MENTOR, 200) for verb in ("PUT", "PATCH")),
        ("POST", "/mentor/callnote/", {"call": running, "rating": 5, "call_quality": "good"}, MENTOR, 201),
        ("POST", "/comms/message/", texts, SERVICE, 201),
        ("POST", "/comms/feedback/", feedback, SERVICE, 201),
        ("POST", "/comms/onion_dev_message/", {"mobile": NUMBERS[MENTEE], "text": "hi"}, SERVICE, 201),
        ("POST", "/comms/onion_dev_feedback/", survey, SERVICE, 201),
        ("POST", "/comms/onion_dev_feedback/", {**survey, "complete": False}, SERVICE, 200),
    ]

    for verb, path, body, user, code in said:
        answer = client.ask(verb, path, body, user=user)
        assert answer.status_code == code, f"{verb} {path} {answer.text}"
        assert (answer.text == "") == (code == 204)


@pytest.mark.parametrize("kind", ["mentee", "mentor"])
@holds("M-42", "201 POST /mentor/mentee", "201 POST /mentor/mentor")
def test_making_somebody_is_201_and_changing_him_200(client: Client, staff: Staff, kind: str) -> None:
    facts = {**TONY, "mentee": staff.mentee.id}

    made = client.post(f"/mentor/{kind}", facts, user=ADMIN)
    changed = client.put(f"/mentor/{kind}/{made.json['id']}", {**facts, "first_name": "Anton"}, user=ADMIN)

    assert (made.status_code, changed.status_code, changed.json["first_name"]) == (201, 200, "Anton")


@pytest.mark.parametrize(
    "how", ["success", "failure", "mentor PUT", "mentor PATCH", "comms PUT", "comms PATCH"]
)
@holds("commands: the first end of a call")
def test_the_first_end_of_a_call_tells_the_mentor_and_no_other_does(
    client: Client, running: int, how: str
) -> None:
    surface, _, verb = how.partition(" ")

    def end() -> int:
        if not verb:
            return int(reported(client, REPORT if how == "success" else FAILURE).status_code)
        user = {"user": SERVICE} if surface == "comms" else {}
        return client.ask(verb, f"/{surface}/call/{running}/", **user).status_code

    assert end() == 200
    first = _owed()
    assert end() == 200

    assert first.count("notify_mentor") == 1
    assert set(first) <= {"notify_mentor", "record_cdrs"}
    assert "notify_mentor" not in _owed()


@holds("commands: a mentee's message")
def test_a_mentees_message_tells_the_mentor(client: Client, staff: Staff) -> None:
    client.post("/comms/onion_dev_message/", {"mobile": NUMBERS[MENTEE], "text": "hi"}, user=SERVICE)
    reported_so = _owed()
    body = {"sender_contact": NUMBERS[MENTEE], "recipient_contact": NUMBERS[MENTOR], "content": "hi"}
    client.post("/comms/message/", body, user=SERVICE)

    assert (reported_so, _owed()) == (["notify_message"], ["notify_message"])


@holds("commands: none for all else", "reading changes nothing")
def test_everything_else_owes_nothing(client: Client, running: int, staff: Staff) -> None:
    call = running
    client.put(f"/mentor/call/{call}/")
    LedgerRow.delete().execute()
    task = client.get(f"/mentor/call/{call}/").json["feedback_task"]
    tony, person = f"/mentor/mentee/{staff.mentee.id}", {**TONY, "password": ""}
    from_mentor = {"sender_contact": NUMBERS[MENTOR], "recipient_contact": NUMBERS[MENTEE], "content": "hi"}
    feedback = {"sender_id": staff.mentee.id, "call_id": call, "complete": True, "content": "{}"}
    done: list[tuple[str, str, Any, str, int]] = [
        ("POST", "/mentor/mentee", TONY, ADMIN, 201),
        ("PUT", tony, {**person, "contact_number": "+271"}, ADMIN, 400),
        ("PUT", tony, {**person, "username": MENTEE, "contact_number": NUMBERS[MENTEE]}, ADMIN, 200),
        ("PUT", f"/mentor/task/{task}/", {"status": "done"}, MENTOR, 200),
        ("POST", "/mentor/callnote/", {"call": call, "rating": 1, "call_quality": "good"}, MENTOR, 201),
        ("POST", "/comms/feedback/", feedback, SERVICE, 201),
        ("POST", "/comms/message/", from_mentor, SERVICE, 201),
        ("PUT", f"/mentor/call/{call}/", None, MENTOR, 200),
        ("PUT", f"/comms/call/{call}/", None, SERVICE, 200),
        ("PUT", "/mentor/device/", {"token": "x"}, MENTOR, 200),
        ("POST", "/mentor/message/", {"content": ""}, MENTOR, 400),
        ("POST", "/mentor/message/", {"content": "x", "recipient_id": 99}, MENTOR, 400),
        ("POST", "/mentor/schedule/", {"call_time": "2001-01-01T00:00:00Z"}, MENTOR, 400),
        ("POST", "/mentor/call/", None, ADMIN, 403),
        ("DELETE", "/mentor/schedule/1/", None, STRANGER, 404),
        ("POST", "/comms/onion_dev_call_end/", {**REPORT, "scheduledCallId": "no", "handler": "no"}, SERVICE, 400),
        ("POST", "/comms/onion_dev_message/", {"mobile": "4915100000", "text": "hi"}, SERVICE, 400),
    ]  # fmt: skip
    for verb, path, body, user, code in done:
        assert client.ask(verb, path, body, user=user).status_code == code, f"{verb} {path}"
        assert _owed() == [], f"{verb} {path}"
    for path in TABLE | OURS:
        for user in (MENTOR, ADMIN, SERVICE):
            client.get(path.format(id=1), user=user)
    assert _owed() == []


@holds("dial: not reached", "event call_failed")
def test_a_carrier_that_stays_away_is_asked_three_times_and_the_mentor_told(
    staff: Staff, client: Client, carrier: Carrier
) -> None:
    hurry()
    carrier.fault("error", "call")
    client.post("/mentor/call/")

    run_until_settled()

    (bridge,) = Bridge.select()
    assert [attempt.outcome for attempt in bridge.attempts] == ["unavailable"] * 3
    assert (Call.get().status, Call.get().end_time, Call.get().call_id) == ("inactive", None, None)
    assert [event.event_type for event in Event.select()] == ["call_failed"]
    assert [push.title for push in Push.select()] == ["Call not connected"]


@holds("dial: an answer without scheduled_call_id")
def test_a_yes_without_the_calls_id_is_a_no(staff: Staff, client: Client, home: Settings) -> None:
    reroute("voice", "oniondev")
    with RudeCarrier(NO_ID) as carrier:
        settings.use(replace(home, oniondev_url=carrier.url))
        client.post("/mentor/call/")
        run_due()

    assert (Call.get().status, [event.event_type for event in Event.select()]) == (
        "inactive",
        ["call_failed"],
    )
    assert [push.title for push in Push.select()] == ["Call not connected"]


@holds("dial: the command comes twice", "M-26")
def test_a_dial_that_is_hinted_twice_rings_once(staff: Staff, client: Client, carrier: Carrier) -> None:
    client.post("/mentor/call/")
    (hint,) = hints.take_due(10)

    for _ in range(3):
        RUNNERS[hint.name](hint.command_id, hint.attempt)
    dialled_again = LedgerRow.select().where(LedgerRow.name == "dial").count()

    assert (len(carrier.log("call")), dialled_again) == (1, 0)
    assert [event.event_type for event in Event.select()] == ["start_call"]


@holds("no device: the push is recorded as skipped")
def test_without_a_device_what_would_be_pushed_is_written_down(client: Client, staff: Staff) -> None:
    call = pressed(client)
    dialled(call)
    reported(client, REPORT)
    client.post("/comms/onion_dev_message/", {"mobile": NUMBERS[MENTEE], "text": "hi"}, user=SERVICE)

    run_due()

    assert sorted((push.title, push.status) for push in Push.select()) == [
        ("Call ended", "skipped"), ("New message", "skipped"),
    ]  # fmt: skip
    assert Message.get().state == "received"
