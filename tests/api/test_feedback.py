"""`/comms/feedback/`: what mentees answered, handed in as JSON text and shown to those who take part."""

import json
from dataclasses import replace
from typing import Any

import pytest

from models import settings
from models.mentoring import Feedback
from tests.api.calls_at_work import just_now, pressed
from tests.api.looking import rows
from tests.conformance import holds
from tests.house import ADMIN, MENTEE, MENTOR, SERVICE, STRANGER, Client, Staff

PATH = "/comms/feedback/"
ANSWERS = {"question 1": 1, "question 2": "Yes", "question 3": "Yes", "question 4": "No"}
# The example of the reference: a JSON text that holds Python.
PYTHON = "\"[{u'question 6': u'Purple', u'question 4': u'No', u'question 1': 1}]\""


@pytest.fixture
def body(staff: Staff, call: int) -> dict[str, Any]:
    """Tony's feedback on adam's call."""
    return {
        "sender_id": staff.mentee.id, "call_id": call, "complete": True, "content": json.dumps(ANSWERS),
    }  # fmt: skip


@holds(
    "POST /comms/feedback/",
    "POST /comms/feedback/: sender_id",
    "POST /comms/feedback/: call_id",
    "POST /comms/feedback/: complete",
    "POST /comms/feedback/: content",
    "M-39",
)
def test_feedback_is_answered_as_it_was_sent(client: Client, body: dict[str, Any]) -> None:
    made = client.post(PATH, body, user=SERVICE)

    assert (made.status_code, made.json) == (201, {"id": 1, **body})
    assert client.get(f"{PATH}1/", user=SERVICE).json == made.json
    assert client.get(PATH, user=SERVICE).json["results"] == [made.json]
    assert just_now(Feedback.get().received_at)


@pytest.mark.parametrize(
    ("content", "answers"),
    [
        (ANSWERS, ["1", "Yes", "Yes", "No"]),
        ([ANSWERS], ["1", "Yes", "Yes", "No"]),
        ([{"question 1": "a"}, {"question 2": "b", "question 6": "Purple"}, 7], ["a", "b", None, None]),
        ({"question 1": " ", "question 2": None, "question 3": "", "question 4": True}, [None, None, None, "true"]),
        ({"question 1": "\0", "question 2": "\ud800", "question 3": [1], "question 4": 1.5},
         ["\ufffd", "?", "[1]", "1.5"]),
        ([], [None] * 4), ("text", [None] * 4), (None, [None] * 4), (7, [None] * 4), ([[ANSWERS]], [None] * 4),
    ],
)  # fmt: skip
@holds(
    "Feedback.question_1",
    "Feedback.question_2",
    "Feedback.question_3",
    "Feedback.question_4",
    "Feedback.completed: when all four are answered",
)
def test_the_four_questions_are_read_from_an_object_or_a_list_of_them(
    client: Client, body: dict[str, Any], content: Any, answers: list[str | None]
) -> None:
    text = json.dumps(content)

    made = client.post(PATH, {**body, "content": text}, user=SERVICE)

    row = Feedback.get()
    assert (made.status_code, made.json["content"], row.content) == (201, text, text)
    assert [row.question_1, row.question_2, row.question_3, row.question_4] == answers
    assert row.completed is (None not in answers)


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize("content", [json.dumps(ANSWERS), "{}", PYTHON])
@holds("Feedback.reported_complete", "M-41")
def test_the_flag_is_shown_as_it_was_sent_whatever_was_answered(
    client: Client, body: dict[str, Any], complete: bool, content: str
) -> None:
    made = client.post(PATH, {**body, "complete": complete, "content": content}, user=SERVICE)

    assert (made.json["complete"], made.json["content"]) == (complete, content)
    assert Feedback.get().completed is (content == json.dumps(ANSWERS))


@pytest.mark.parametrize(
    ("text", "flag"), [("True", True), ("true", True), ("False", False), ("false", False)]
)
def test_the_flag_may_be_a_word_of_python(
    client: Client, body: dict[str, Any], text: str, flag: bool
) -> None:
    assert client.post(PATH, {**body, "complete": text}, user=SERVICE).json["complete"] is flag


@holds("receiver of incoming call feedback", "event feedback_received")
def test_feedback_is_told_to_the_calls_mentor_and_leaves_his_task_alone(
    client: Client, staff: Staff, body: dict[str, Any], call: int
) -> None:
    client.put(f"/mentor/call/{call}/")
    before = rows()

    client.post(PATH, body, user=SERVICE)

    after = rows()
    told = client.get("/mentor/event/").json["results"][-1]
    assert (told["event_type"], told["description"], told["object_id"], told["relevant_mentor"]) == (
        "feedback_received", "Feedback received", 1, staff.mentor.id,
    )  # fmt: skip
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
        "feedback": 1,
        "event": 1,
    }
    assert client.get("/mentor/task/").json["results"][0]["status"] == "pending"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        *[({"sender_id": sender}, "sender_id") for sender in (None, 999, 2**63, -1, "x", True, 1.5)],
        *[({"call_id": call}, "call_id") for call in (None, 999, 2**63, -1, 0, "x", True, 1.5)],
        *[({"complete": flag}, "complete") for flag in (None, 1, 0, "yes", "TRUE", "")],
        *[({"content": content}, "content")
          for content in (None, {}, [], 1, "", "{", "NaN", "[Infinity]", "{'a': 1}", "[" * 100_000, "1" * 5000)],
    ],
)  # fmt: skip
def test_feedback_with_a_wrong_field_is_refused(
    client: Client, body: dict[str, Any], change: dict[str, Any], field: str
) -> None:
    before = rows()

    answer = client.post(PATH, {**body, **change}, user=SERVICE)

    assert (answer.status_code, list(answer.json)) == (400, [field])
    assert rows() == before


@pytest.mark.parametrize("field", ["sender_id", "call_id", "complete", "content"])
def test_feedback_without_a_field_is_refused(client: Client, body: dict[str, Any], field: str) -> None:
    del body[field]

    assert list(client.post(PATH, body, user=SERVICE).json) == [field]


def test_feedback_is_a_mentees_on_a_call_he_received(
    client: Client, staff: Staff, body: dict[str, Any]
) -> None:
    theirs = pressed(client, user=STRANGER)

    refused = [
        client.post(PATH, {**body, **change}, user=SERVICE)
        for change in (
            {"sender_id": staff.mentor.id},
            {"call_id": theirs},
            {"sender_id": staff.other_mentee.id},
        )
    ]

    assert [(answer.status_code, list(answer.json)) for answer in refused] == [
        (400, ["sender_id"]), (400, ["call_id"]), (400, ["call_id"]),
    ]  # fmt: skip
    assert Feedback.select().count() == 0


def test_who_takes_part_sees_his_own_and_the_back_office_sees_all(
    client: Client, staff: Staff, body: dict[str, Any]
) -> None:
    theirs = pressed(client, user=STRANGER)
    mine = client.post(PATH, body, user=SERVICE).json
    other = client.post(
        PATH, {**body, "sender_id": staff.other_mentee.id, "call_id": theirs}, user=SERVICE
    ).json
    nobodys = Feedback.create(sender=staff.other_mentee, content="{}").id

    seen = {
        user: [row["id"] for row in client.get(PATH, user=user).json["results"]]
        for user in (ADMIN, SERVICE, MENTOR, MENTEE, STRANGER, "theo")
    }

    assert seen == {
        ADMIN: [mine["id"], other["id"], nobodys], SERVICE: [mine["id"], other["id"], nobodys],
        MENTOR: [mine["id"]], MENTEE: [mine["id"]], STRANGER: [other["id"]], "theo": [other["id"], nobodys],
    }  # fmt: skip
    assert client.get(f"{PATH}{mine['id']}/", user=MENTEE).json == mine
    for user, hidden in ((MENTOR, other["id"]), (MENTEE, nobodys), (STRANGER, nobodys), ("theo", mine["id"])):
        assert client.get(f"{PATH}{hidden}/", user=user).status_code == 404
    assert [client.get(f"{PATH}{id}/", user=ADMIN).status_code for id in (999, "x", 2**63)] == [404] * 3


def test_any_user_may_hand_in_feedback_unless_the_operator_narrows_it(
    client: Client, body: dict[str, Any]
) -> None:
    open_to = [client.post(PATH, body, user=user).status_code for user in (MENTEE, MENTOR, STRANGER)]
    settings.use(replace(settings.current(), comms_writes="service_only"))
    before = rows()
    narrowed = [client.post(PATH, body, user=user).status_code for user in (MENTEE, MENTOR, STRANGER)]
    unchanged = rows() == before
    back_office = [client.post(PATH, body, user=user).status_code for user in (SERVICE, ADMIN)]

    assert (open_to, narrowed, back_office) == ([201] * 3, [403] * 3, [201] * 2)
    assert unchanged
    assert client.get(PATH, user=MENTOR).status_code == 200


def test_feedback_is_neither_changed_nor_deleted(client: Client, body: dict[str, Any]) -> None:
    client.post(PATH, body, user=SERVICE)

    for verb in ("PUT", "PATCH", "DELETE"):
        assert client.ask(verb, f"{PATH}1/", body, user=ADMIN).status_code == 405
