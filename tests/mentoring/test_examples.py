"""Every example of the reference document, with its literal values, against the real API.

Keys that the document does not show may be there as well [M-16, M-27]; those that it shows have the values it shows,
but for what the purpose of the tool forbids: passwords, and the other one's number.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from models import clock
from models.deliveries import CallDataRecord
from models.mentoring import Call, Event, Feedback, Message, ScheduledCall, Task
from models.people import User
from tests.api.calls_at_work import dialled, just_now, pressed
from tests.conformance import holds
from tests.house import ADMIN, SERVICE, Client, Staff, run_due
from tests.mentoring.conftest import Cast

CALL = {
    "id": 1, "start_time": "2016-01-14T08:56:59.152335Z", "end_time": "2016-01-14T08:57:01.749749Z",
    "caller": 1, "receiver": 2,
}  # fmt: skip
SENT = "2016-01-14T12:49:12.509174Z"
EVENT = {
    "occured_at": "2016-02-08T16:00:34.635564Z", "event_type": "start_call", "description": "Call started",
    "relevant_mentor": 1,
}  # fmt: skip
PLANNED = {
    "id": 1, "created_at": "2016-02-11T15:25:46.291152Z", "call_time": "2016-12-23T17:30:00Z", "caller": 1, "callee": 2,
}  # fmt: skip
ANSWERS = (
    "\"[{u'question 6': u'Purple', u'question 4': u'No', u'question 5': u'4', u'question 2': u'Yes', "
    "u'question 3': u'Yes', u'question 1': 1}]\""
)
CALL_END = {
    "conversationId": "23",
    "conversationEndTime": "2017-04-20 17:33:42.899903",
    "feedbackSubscriptionStatus": True,
    "cdrs": [
        {"id": "123", "startTime": "2017-04-20 17:31:18", "errorCause": "NO_ANSWER"},
        {"id": "456", "startTime": "2017-04-20 17:32:18", "errorCause": "NORMAL_CLEARING"},
    ],
    "totalTries": 2,
    "conversationSuccess": True,
    "beneficiary": "911234567890",
    "conversationStartTime": "2017-04-20 17:32:33.593300",
    "handler": "919876543321",
    "recordingUrl": "https://example.org/123/456.mp3",
    "scheduledCallId": "123",
}
SURVEY = {
    "conversationId": "123",
    "surveyId": "484",
    "completed": True,
    "cdr": {"start_time": "2017-04-21 07:00:06.432989", "id": "23", "callerid": "919876543321"},
    "records": {"127123": {"answer": "Happy", "questionTime": "2017-04-21 07:00:54", "order": "1"}},
}


def at(text: str) -> datetime:
    """A moment as the document writes it."""
    return datetime.fromisoformat(text)


def page(*results: Any) -> dict[str, Any]:
    """A list with these and no more."""
    return {"count": len(results), "next": None, "previous": None, "results": list(results)}


def as_in(example: Any, told: Any) -> Any:
    """What was told of what the example shows."""
    if isinstance(example, dict):
        return {key: as_in(value, told[key]) for key, value in example.items()}
    if isinstance(example, list):
        return [as_in(value, item) for value, item in zip(example, told, strict=True)]
    return told


def shows(answer: Any, example: Any, status: int = 200) -> bool:
    """Whether an answer is the example, or more; says how it differs."""
    assert (answer.status_code, as_in(example, answer.json)) == (status, example)
    return True


@holds(
    "GET /comms/call/",
    "example: GET /comms/call/",
    "GET /comms/call/(id)",
    "example: GET /comms/call/(id)",
    "M-4",
)
def test_the_calls_of_comms(client: Client, call: Call) -> None:
    assert shows(client.get("/comms/call/", user=SERVICE), page(CALL))
    assert shows(client.get("/comms/call/1", user=SERVICE), CALL)


@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
@holds("PUT /comms/call/(id)", "PATCH /comms/call/(id)",
       "PUT /comms/call/(id): id, start_time, end_time, caller, receiver are ignored")  # fmt: skip
def test_an_update_of_a_call_ignores_what_is_sent_and_ends_it_now(
    client: Client, call: Call, verb: str
) -> None:
    sent = {"id": 7, "start_time": SENT, "end_time": SENT, "caller": 2, "receiver": 1}

    answer = client.ask(verb, "/comms/call/1/", sent, user=SERVICE)

    assert shows(answer, {**CALL, "end_time": answer.json["end_time"]})
    assert just_now(at(answer.json["end_time"]))


@holds(
    "GET /mentor/call/",
    "example: GET /mentor/call/",
    "GET /mentor/call/(id)",
    "example: GET /mentor/call/(id)",
)
def test_the_calls_of_a_mentor(client: Client, call: Call) -> None:
    assert shows(client.get("/mentor/call/"), page(CALL))
    assert shows(client.get("/mentor/call/1/"), CALL)


@holds(
    "POST /mentor/call/",
    "example: POST /mentor/call/",
    "POST /mentor/call/ ignores what is sent",
    "M-2",
    "M-42",
)
def test_a_call_started_at_the_moment_of_the_example(
    client: Client, cast: Cast, jump: Callable[[float], None]
) -> None:
    moment = at(CALL["start_time"])
    jump((moment - clock.now()).total_seconds())

    answer = client.post("/mentor/call/", {"start_time": SENT, "caller": 2, "receiver": 1, "id": 7})

    assert shows(answer, {**CALL, "start_time": answer.json["start_time"], "end_time": None}, 201)
    assert 0 <= (at(answer.json["start_time"]) - moment).total_seconds() < 20


@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
@holds("PUT /mentor/call/(id)", "PUT /mentor/call/(id): only an empty end_time is filled",
       "PUT /mentor/call/(id) answers as GET does", "PATCH /mentor/call/(id)",
       "PATCH /mentor/call/(id): only an empty end_time is filled",
       "PATCH /mentor/call/(id) answers as GET does")  # fmt: skip
def test_an_end_by_the_mentor_fills_an_empty_end_and_no_other(client: Client, call: Call, verb: str) -> None:
    running = client.post("/mentor/call/").json["id"]
    body = {"end_time": SENT, "caller": 2}

    first = client.ask(verb, f"/mentor/call/{running}/", body)
    again = client.ask(verb, f"/mentor/call/{running}/", body)

    assert shows(client.ask(verb, "/mentor/call/1/", body), CALL)
    assert just_now(at(first.json["end_time"]))
    assert first.json == again.json == client.get(f"/mentor/call/{running}/").json


@pytest.fixture
def message(cast: Cast) -> dict[str, Any]:
    """The message of the document's examples, and how it is shown to who may see both numbers."""
    cast.number("1234567890", "1234567891")
    Message.create(
        sender=cast.adam, recipient=cast.tony, content="hi there", time_sent=at(SENT), state="sent"
    )
    return {"id": 1, "time_sent": SENT, "sender_contact": "1234567890", "recipient_contact": "1234567891",
            "content": "hi there"}  # fmt: skip


@holds("GET /comms/message/", "example: GET /comms/message/", "GET /comms/message/(id)",
       "example: GET /comms/message/(id)")  # fmt: skip
def test_the_messages_of_comms(client: Client, message: dict[str, Any]) -> None:
    assert shows(client.get("/comms/message/", user=SERVICE), page(message))
    assert shows(client.get("/comms/message/1/", user=SERVICE), message)


@holds("GET /mentor/message/", "example: GET /mentor/message/", "GET /mentor/message/(id)",
       "example: GET /mentor/message/(id)", "M-7", "M-27")  # fmt: skip
def test_the_messages_of_a_mentor_hide_the_others_number(client: Client, message: dict[str, Any]) -> None:
    pair = {"sender": "1234567890", "recipient": "hidden:2"}
    listed = {**message, "recipient_contact": "hidden:2"}
    single = {key: message[key] for key in ("id", "time_sent", "content")} | pair

    assert shows(client.get("/mentor/message/"), page({**listed, **pair}))
    assert shows(client.get("/mentor/message/1/"), {**single, **listed})


@holds("GET /mentor/event/", "example: GET /mentor/event/", "GET /mentor/event/(id)",
       "example: GET /mentor/event/(id)", "event start_call")  # fmt: skip
def test_the_events_of_a_mentor(client: Client, call: Call, cast: Cast) -> None:
    Event.note("start_call", cast.adam.id, call.id, at=at(EVENT["occured_at"]))

    assert shows(client.get("/mentor/event/"), page(EVENT))
    assert shows(client.get("/mentor/event/1/"), EVENT)


@holds("GET /mentor/task/", "example: GET /mentor/task/", "GET /mentor/task/(id)", "example: GET /mentor/task/(id)",
       "M-24")  # fmt: skip
def test_the_tasks_of_a_mentor(client: Client, cast: Cast) -> None:
    tasks = [
        Task.for_feedback(cast.adam.id, at(f"2016-02-08T16:{minute}:00Z")) for minute in (13, 20, 21, 22, 26)
    ]
    Task.update(status="done").where(Task.id == tasks[0].id).execute()
    done = {"id": 1, "mentor": 1, "description": "Complete feedback for call at 16:13 on 2016-02-08", "link": "",
            "due_date": None, "status": "done"}  # fmt: skip
    waits = {
        **done,
        "id": 5,
        "description": "Complete feedback for call at 16:26 on 2016-02-08",
        "status": "pending",
    }

    listed = client.get("/mentor/task/").json

    assert (listed["count"], listed["results"][0], listed["results"][4]) == (5, done, waits)
    assert shows(client.get("/mentor/task/5/"), waits)


@holds("GET /mentor/schedule/", "example: GET /mentor/schedule/", "GET /mentor/schedule/(id)",
       "example: GET /mentor/schedule/(id)", "ScheduledCall.created_at", "ScheduledCall.call_time",
       "ScheduledCall.caller", "ScheduledCall.callee")  # fmt: skip
def test_the_schedule_of_a_mentor(client: Client, cast: Cast) -> None:
    ScheduledCall.create(caller=cast.adam, callee=cast.tony, created_at=at(PLANNED["created_at"]),
                         call_time=at(PLANNED["call_time"]))  # fmt: skip

    assert shows(client.get("/mentor/schedule/"), page(PLANNED))
    assert shows(client.get("/mentor/schedule/1/"), PLANNED)


@holds("POST /mentor/schedule/: call_time")
def test_a_call_planned_at_the_moment_of_the_example(
    client: Client, cast: Cast, jump: Callable[[float], None]
) -> None:
    jump((at(PLANNED["created_at"]) - clock.now()).total_seconds())

    made = client.post("/mentor/schedule/", {"call_time": "2016-12-23T17:30:00Z"})

    assert shows(made, {**PLANNED, "created_at": made.json["created_at"]}, 201)
    assert 0 <= (at(made.json["created_at"]) - at(PLANNED["created_at"])).total_seconds() < 20


@pytest.mark.parametrize("complete", [True, False])
@holds("GET /comms/feedback/", "example: GET /comms/feedback/", "POST /comms/feedback/", "GET /comms/feedback/(id)",
       "example: GET /comms/feedback/(id)", "POST /comms/feedback/: sender_id", "POST /comms/feedback/: call_id",
       "POST /comms/feedback/: complete", "POST /comms/feedback/: content", "M-39", "Feedback.content")  # fmt: skip
def test_feedback_handed_in_reads_as_it_was_sent(client: Client, call: Call, complete: bool) -> None:
    sent = {"sender_id": 2, "call_id": 1, "complete": complete, "content": ANSWERS}

    made = client.post("/comms/feedback/", sent, user=SERVICE)

    assert shows(made, {"id": 1, **sent}, 201)
    assert shows(client.get("/comms/feedback/", user=SERVICE), page({"id": 1, **sent}))
    assert shows(client.get("/comms/feedback/1/", user=SERVICE), {"id": 1, **sent})


@pytest.fixture
def in_india(client: Client, cast: Cast) -> int:
    """A call between the numbers of OnionDev's examples, taken by the carrier under the id of the example."""
    cast.number("919876543321", "911234567890")
    call_id = pressed(client)
    dialled(call_id, "123")
    return call_id


@holds("POST /comms/onion_dev_call_end/", "example: POST /comms/onion_dev_call_end/",
       "POST /comms/onion_dev_call_end/: handler", "POST /comms/onion_dev_call_end/: conversationEndTime",
       "POST /comms/onion_dev_call_end/: conversationStartTime", "POST /comms/onion_dev_call_end/: conversationId",
       "POST /comms/onion_dev_call_end/: recordingUrl", "POST /comms/onion_dev_call_end/: cdrs.id",
       "POST /comms/onion_dev_call_end/: cdrs.startTime", "POST /comms/onion_dev_call_end/: cdrs.errorCause",
       "POST /comms/onion_dev_call_end/: scheduledCallId", "Call.partner_start_time", "Call.partner_end_time",
       "Call.partner_id", "Call.recording_url", "Call.call_id", "Call.get_duration()", "CallDataRecord.call",
       "CallDataRecord.partner_id", "CallDataRecord.start_time", "CallDataRecord.status", "M-5", "M-31")  # fmt: skip
def test_the_end_of_a_call_as_oniondev_reports_it(client: Client, in_india: int) -> None:
    answer = client.post("/comms/onion_dev_call_end/", CALL_END, user=SERVICE)
    run_due()

    ended = Call.get_by_id(in_india)
    assert (answer.status_code, answer.json) == (200, CALL_END)
    assert shows(client.get(f"/comms/call/{in_india}/", user=SERVICE), {
        "status": "successful", "partner_start_time": "2017-04-20T12:02:33.593300Z",
        "partner_end_time": "2017-04-20T12:03:42.899903Z", "duration": 69.306603, "partner_id": "23",
        "recording_url": "https://example.org/123/456.mp3", "call_id": "123",
    })  # fmt: skip
    assert ended.get_duration().total_seconds() == 69.306603
    records = CallDataRecord.select().order_by(CallDataRecord.id)
    assert [(row.bridge.reference, row.partner_id, row.start_time, row.status) for row in records] == [
        (f"call:{in_india}", "123", datetime(2017, 4, 20, 12, 1, 18, tzinfo=UTC), "NO_ANSWER"),
        (f"call:{in_india}", "456", datetime(2017, 4, 20, 12, 2, 18, tzinfo=UTC), "NORMAL_CLEARING"),
    ]


@holds("POST /comms/onion_dev_feedback/", "example: POST /comms/onion_dev_feedback/",
       "POST /comms/onion_dev_feedback/: cdr", "POST /comms/onion_dev_feedback/: cdr.callerid",
       "POST /comms/onion_dev_feedback/: complete", "POST /comms/onion_dev_feedback/: records",
       "POST /comms/onion_dev_feedback/: records.answer", "POST /comms/onion_dev_feedback/: records.questionTime",
       "POST /comms/onion_dev_feedback/: records.order", "Feedback.start_time", "Feedback.sender", "Feedback.call",
       "Feedback.received_at", "Feedback.question_1", "Feedback.reported_complete",
       "Feedback.completed: when all four are answered", "201 the first report of a survey", "M-41")  # fmt: skip
def test_feedback_as_oniondev_reports_it(client: Client, in_india: int) -> None:
    ended = {**CALL_END, "conversationId": "123"}
    assert client.post("/comms/onion_dev_call_end/", ended, user=SERVICE).status_code == 200

    answer = client.post("/comms/onion_dev_feedback/", SURVEY, user=SERVICE)
    run_due()

    kept = Feedback.get()
    assert (answer.status_code, answer.json) == (201, SURVEY)
    assert (kept.sender_id, kept.call_id) == (
        2,
        in_india,
    )  # the caller's number is the mentor's: his mentee answered
    assert kept.start_time == datetime(2017, 4, 21, 1, 30, 6, 432989, tzinfo=UTC)
    assert just_now(kept.received_at)
    assert [kept.question_1, kept.question_2, kept.question_3, kept.question_4] == ["Happy", None, None, None]
    assert (kept.completed, kept.reported_complete) == (
        False,
        True,
    )  # the answers decide, whatever the flag says


@holds("POST /comms/onion_dev_message/", "example: POST /comms/onion_dev_message/",
       "POST /comms/onion_dev_message/: mobile", "M-36")  # fmt: skip
def test_a_text_as_oniondev_reports_it(client: Client, in_india: int) -> None:
    sent = {"message": "Hi Mentor", "mobile": "911234567890"}

    answer = client.post("/comms/onion_dev_message/", sent, user=SERVICE)

    assert (answer.status_code, answer.json) == (201, sent)
    assert [row["content"] for row in client.get("/mentor/message/").json["results"]] == ["Hi Mentor"]


@holds("POST /comms/onion_dev_message/: text")
def test_a_text_as_oniondevs_parameters_name_it(client: Client, in_india: int) -> None:
    sent = {"text": "Hi Mentor", "mobile": "911234567890"}

    assert (client.post("/comms/onion_dev_message/", sent, user=SERVICE).json) == sent
    assert [row["content"] for row in client.get("/mentor/message/").json["results"]] == ["Hi Mentor"]


TONY = {"id": "2", "username": "tony", "first_name": "tony", "last_name": "", "email": "", "password": "",
        "contact_number": "+27123456789"}  # fmt: skip
ADAM = {
    **TONY,
    "id": "1",
    "username": "adam",
    "first_name": "adam",
    "contact_number": "+27987654321",
    "mentee": 2,
}


@holds("GET /mentor/mentee", "example: GET /mentor/mentee", "GET /mentor/mentee/(id)",
       "example: GET /mentor/mentee/(id)", "GET /mentor/mentor", "example: GET /mentor/mentor",
       "GET /mentor/mentor/(id)", "example: GET /mentor/mentor/(id)", "Mentee is one contact", "Mentor is a contact",
       "Mentor.mentee", "M-8", "M-10", "M-11")  # fmt: skip
def test_people(client: Client, cast: Cast) -> None:
    for kind, person in (("mentee", TONY), ("mentor", ADAM)):
        assert shows(client.get(f"/mentor/{kind}", user=ADMIN), page(person))
        assert shows(client.get(f"/mentor/{kind}/{person['id']}", user=ADMIN), person)


NEW = {"id": 77, "username": "zoe", "first_name": "Zoe", "last_name": "Mbeki", "email": "zoe@example.org",
       "password": "battery staple", "contact_number": "+27820000001"}  # fmt: skip


@pytest.mark.parametrize("kind", ["mentee", "mentor"])
@holds("POST /mentor/mentee", "201 POST /mentor/mentee", "POST /mentor/mentee: id", "POST /mentor/mentee: username",
       "POST /mentor/mentee: first_name", "POST /mentor/mentee: last_name", "POST /mentor/mentee: email",
       "POST /mentor/mentee: password", "POST /mentor/mentee: contact_number", "POST /mentor/mentor",
       "201 POST /mentor/mentor", "POST /mentor/mentor: id", "POST /mentor/mentor: username",
       "POST /mentor/mentor: first_name", "POST /mentor/mentor: last_name", "POST /mentor/mentor: email",
       "POST /mentor/mentor: password", "POST /mentor/mentor: contact_number", "POST /mentor/mentor: mentee",
       "M-9", "Contact.user", "Contact.contact_number")  # fmt: skip
def test_a_new_person_is_as_sent_but_for_id_and_password(client: Client, staff: Staff, kind: str) -> None:
    sent = {**NEW, "mentee": staff.mentee.id} if kind == "mentor" else NEW

    made = client.post(f"/mentor/{kind}", sent, user=ADMIN)

    assert shows(made, {**sent, "id": made.json["id"], "password": ""}, 201)
    assert isinstance(made.json["id"], str)
    assert made.json["id"] != "77"
    assert User.get(User.username == "zoe").contacts.get().id == int(made.json["id"])
    assert client.get("/comms/call/", user="zoe", password="battery staple").status_code == 200


@pytest.mark.parametrize(("kind", "person"), [("mentee", TONY), ("mentor", ADAM)])
@holds("PUT /mentor/mentee/(id)", "PUT /mentor/mentee/(id) answers as GET does", "PUT /mentor/mentor/(id)",
       "PUT /mentor/mentor/(id) answers as GET does", "M-8", "M-9")  # fmt: skip
def test_a_changed_person_is_answered_as_it_is_read(
    client: Client, cast: Cast, kind: str, person: dict[str, Any]
) -> None:
    path, changed = f"/mentor/{kind}/{person['id']}", {**person, "last_name": "Smith", "id": 99}

    answer = client.put(path, changed, user=ADMIN)

    assert shows(answer, {**changed, "id": person["id"]})
    assert answer.json == client.get(path, user=ADMIN).json
    assert client.get("/comms/call/", user=person["username"]).status_code == 200  # the password is as it was
