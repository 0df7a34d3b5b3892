"""`/mentor/event/`: what happened, for the mentor it happened to."""

from models.mentoring import Event
from models.mentoring.events import DESCRIPTIONS
from tests.api.calls_at_work import dialled, pressed
from tests.conformance import holds
from tests.house import STRANGER, Client, Staff


@holds("Event.occured_at", "Event.event_type", "Event.relevant_mentor", "Event.object_id")
def test_an_event_has_the_references_keys_and_two_more(client: Client, call: int, staff: Staff) -> None:
    (event,) = client.get("/mentor/event/").json["results"]

    occured_at = event.pop("occured_at")
    assert occured_at.endswith("Z")
    assert event == {
        "id": 1, "event_type": "start_call", "description": "Call started", "relevant_mentor": staff.mentor.id,
        "object_id": call,
    }  # fmt: skip
    assert client.get("/mentor/event/1/").json == {**event, "occured_at": occured_at}


@holds("404 GET /mentor/event/(id) of another mentor")
def test_a_mentor_sees_only_his_own_events(client: Client, call: int) -> None:
    theirs = pressed(client, user=STRANGER)
    dialled(theirs, "sc-2")

    assert [event["object_id"] for event in client.get("/mentor/event/").json["results"]] == [call]
    assert client.get("/mentor/event/2/").status_code == 404
    assert client.get("/mentor/event/2/", user=STRANGER).status_code == 200


@holds("M-23")
def test_every_type_has_its_label(client: Client, staff: Staff) -> None:
    for number, event_type in enumerate(DESCRIPTIONS, 1):
        Event.note(event_type, staff.mentor.id, number)

    pages = [client.get(f"/mentor/event/?page={page}").json["results"] for page in (1, 2)]

    assert [(event["event_type"], event["description"]) for page in pages for event in page] == [
        ("start_call", "Call started"), ("end_call", "Call ended"), ("call_failed", "Call failed"),
        ("feedback_requested", "Feedback requested"), ("feedback_received", "Feedback received"),
        ("message_sent", "Message sent"), ("message_failed", "Message failed"),
        ("message_received", "Message received"), ("call_scheduled", "Call scheduled"),
        ("call_rescheduled", "Call rescheduled"), ("call_cancelled", "Call cancelled"),
    ]  # fmt: skip


@holds("an event is noted once per type and object")
def test_a_thing_happens_once_but_may_be_rescheduled_often(staff: Staff) -> None:
    once = [Event.note("call_cancelled", staff.mentor.id, 1) for _ in range(3)]
    often = [Event.note("call_rescheduled", staff.mentor.id, 1) for _ in range(3)]

    assert (once, often) == ([True, False, False], [True, True, True])
