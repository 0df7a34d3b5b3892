"""`/comms/onion_dev_feedback/`: what a mentee answered to a survey, reported in parts and in any order."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from models import settings
from models.mentoring import Feedback
from models.receipts import Receipt
from tests.api.calls_at_work import just_now
from tests.api.looking import rows
from tests.api.surveys_at_work import SURVEY, answers, cdr, content, record, surveyed, told
from tests.conformance import holds
from tests.house import ADMIN, MENTEE, MENTOR, SERVICE, STRANGER, Client, Staff, run_due

FOUR = {str(place): record(text, place) for place, text in enumerate(("4", "Yes", "No", "Blue"), start=1)}


@holds(
    "Feedback.received_at",
    "Feedback.start_time",
    "Feedback.sender",
    "Feedback.call",
    "receiver of incoming call feedback",
)
def test_a_survey_becomes_feedback_and_is_echoed(client: Client, staff: Staff) -> None:
    answer = surveyed(client, extra="ignored")
    run_due()

    row = Feedback.get()
    assert (answer.status_code, answer.json) == (201, SURVEY)
    assert (row.sender_id, row.call_id, row.completed) == (staff.mentee.id, None, False)
    assert (row.reported_complete, row.question_1, row.question_2) == (True, "Happy", None)
    assert (row.conversation_id, row.survey_id, row.cdr_id) == ("123", "484", "23")
    assert row.start_time == datetime(2017, 4, 21, 1, 30, 6, 432989, UTC)
    assert just_now(row.received_at)
    assert client.get("/comms/feedback/", user=SERVICE).json["results"] == [
        {"id": 1, "sender_id": staff.mentee.id, "call_id": None, "complete": False, "content": row.content}
    ]
    assert content() == {
        "127123": {"answer": "Happy", "order": 1, "questionTime": "2017-04-21T01:30:54Z"}
    }  # fmt: skip
    assert told() == [(staff.mentor.id, 1)]
    assert Receipt.get().about == "feedback:1"


def test_feedback_by_survey_leaves_the_mentors_task_alone(client: Client, staff: Staff, call: int) -> None:
    task = client.put(f"/mentor/call/{call}/").json["feedback_task"]

    surveyed(client, FOUR)
    run_due()

    assert client.get(f"/mentor/task/{task}/").json["status"] == "pending"


@pytest.mark.parametrize("flag", ["complete", "completed"])
@pytest.mark.parametrize("value", [True, False, "True", "true", "False", "false"])
@holds("POST /comms/onion_dev_feedback/: complete", "M-5")
def test_the_flag_has_either_name_and_may_be_a_word_of_python(
    client: Client, staff: Staff, flag: str, value: Any
) -> None:
    sent = {**{name: given for name, given in SURVEY.items() if name != "completed"}, flag: value}

    answer = client.post("/comms/onion_dev_feedback", sent, user=SERVICE)

    assert (answer.status_code, answer.json) == (201, sent)
    assert Feedback.get().reported_complete is (value in (True, "True", "true"))


@pytest.mark.parametrize("flag", [True, False])
@holds("Feedback.completed: when all four are answered", "M-41")
def test_four_answers_make_feedback_complete_whatever_the_flag_says(
    client: Client, staff: Staff, flag: bool
) -> None:
    surveyed(client, FOUR, completed=flag)

    assert answers() == ["4", "Yes", "No", "Blue"]
    assert (Feedback.get().completed, Feedback.get().reported_complete) == (True, flag)
    assert client.get("/comms/feedback/1", user=MENTEE).json["complete"] is True


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_a_blank_answer_is_none(client: Client, staff: Staff, blank: Any) -> None:
    surveyed(client, {**FOUR, "4": record(blank, 4)})

    assert answers() == ["4", "Yes", "No", None]
    assert not Feedback.get().completed


@holds("POST /comms/onion_dev_feedback/: records")
def test_the_records_may_be_a_text_that_holds_them(client: Client, staff: Staff) -> None:
    answer = surveyed(client, json.dumps(FOUR))

    assert (answer.status_code, answer.json["records"]) == (201, json.dumps(FOUR))
    assert answers() == ["4", "Yes", "No", "Blue"]


@pytest.mark.parametrize("order", [1, "1", 1.0, "1.0"])
@holds("POST /comms/onion_dev_feedback/: records.order")
def test_the_place_of_a_question_is_a_number_or_its_text(client: Client, staff: Staff, order: Any) -> None:
    surveyed(client, {"q": record("Yes", order)})

    assert answers() == ["Yes", None, None, None]


@pytest.mark.parametrize("order", [0, 5, "17", -1, 1.5])
def test_an_answer_of_another_place_stays_in_the_content(client: Client, staff: Staff, order: Any) -> None:
    assert surveyed(client, {**FOUR, "q": record("Purple", order)}).status_code == 201

    assert answers() == ["4", "Yes", "No", "Blue"]
    assert content()["q"]["answer"] == "Purple"


def test_an_answer_may_lack_its_place_and_its_time(client: Client, staff: Staff) -> None:
    assert surveyed(client, {"q": {"answer": 7}}).status_code == 201

    assert answers() == [None] * 4
    assert content() == {"q": {"answer": "7", "order": None, "questionTime": None}}


def test_a_survey_without_answers_is_a_survey(client: Client, staff: Staff) -> None:
    for records in ({}, "{}"):
        assert surveyed(client, records).status_code in (200, 201)

    assert (answers(), content(), told()) == ([None] * 4, {}, [(staff.mentor.id, 1)])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        *[({"records": records}, "records") for records in (None, [], 1, True, "x", "[]", "null", "[" * 99_999)],
        ({"records": {str(n): {} for n in range(201)}}, "records"),
        *[({"records": {name: {}}}, "records") for name in ("", " ", "x" * 65, "a\n")],
        ({"records": json.dumps({"a\0": {}})}, "records"),
        *[({"records": {"q": one}}, "records.q") for one in (None, [], "x", 1)],
        *[({"records": {"q": record("x", order)}}, "records.q.order")
          for order in (None, "", "x", "first", True, [], {}, "１", "1e3")],
        *[({"records": {"q": {"questionTime": time}}}, "records.q.questionTime")
          for time in ("", 7, "2017-04-21T07:00:54", "2017-04-21 07:00:54Z", "2017-02-30 07:00:54", "07:00")],
        *[({"records": {"q": {"answer": text}}}, "records.q.answer") for text in (True, [], {}, "x" * 2001)],
        ({"records": json.dumps({"q": {"answer": "\0"}})}, "records.q.answer"),
        ({"records": json.dumps({"q": {"answer": "\ud800"}})}, "records.q.answer"),
        *[({"completed": flag}, "completed") for flag in (None, 1, "yes")],
        ({"complete": False}, "completed"),
        *[({"cdr": value}, "cdr") for value in (None, [], "23")],
        ({"cdr": cdr(callerid=None)}, "cdr.callerid"),
        *[({"cdr": cdr(callerid=number)}, "cdr.callerid") for number in ("", True, [], "x" * 65)],
        ({"cdr": cdr(id=[])}, "cdr.id"),
        *[({"cdr": cdr(start_time=time)}, "cdr.start_time")
          for time in (7, "2017-04-21T07:00:06", "2017-04-21 07:00:06+05:30", "soon")],
        *[({name: value}, name) for name in ("conversationId", "surveyId") for value in (True, [], "x" * 65)],
    ],
)  # fmt: skip
def test_a_report_with_a_wrong_field_is_refused_and_kept(
    client: Client, staff: Staff, change: dict[str, Any], field: str
) -> None:
    before = rows()

    answer = surveyed(client, **change)

    assert (answer.status_code, list(answer.json)) == (400, [field])
    assert rows() == before
    assert [(receipt.source, receipt.outcome) for receipt in Receipt.select()] == [
        ("oniondev.feedback", "invalid")
    ]


@pytest.mark.parametrize(
    ("lacking", "field"), [("completed", "complete"), ("records", "records"), ("cdr", "cdr")]
)
def test_a_report_without_a_required_field_is_refused(
    client: Client, staff: Staff, lacking: str, field: str
) -> None:
    body = {name: value for name, value in SURVEY.items() if name != lacking}

    answer = client.post("/comms/onion_dev_feedback/", body, user=SERVICE)

    assert (answer.status_code, list(answer.json)) == (400, [field])


def test_of_the_call_of_the_survey_only_the_number_is_required(client: Client, staff: Staff) -> None:
    body = {"complete": False, "records": {}, "cdr": {"callerid": SURVEY["cdr"]["callerid"]}}

    answer = client.post("/comms/onion_dev_feedback/", body, user=SERVICE)

    assert (answer.status_code, answer.json) == (201, body)


def test_only_json_objects_are_read(client: Client, staff: Staff) -> None:
    answers = [
        client.ask("POST", "/comms/onion_dev_feedback/", raw=raw, user=SERVICE)
        for raw in (b"[]", b"{", b"\xff")
    ]

    assert [answer.status_code for answer in answers] == [400] * 3
    assert Receipt.select().count() == 0


def test_any_user_may_report_unless_the_operator_narrows_it(client: Client, staff: Staff) -> None:
    open_to = [surveyed(client, conversationId=user, user=user).status_code for user in (MENTOR, MENTEE)]
    settings.use(replace(settings.current(), comms_writes="service_only"))
    narrowed = [surveyed(client, user=user).status_code for user in (MENTOR, MENTEE, STRANGER)]
    kept = Receipt.select().count()
    back_office = [surveyed(client, conversationId=user, user=user).status_code for user in (SERVICE, ADMIN)]

    assert (open_to, narrowed, back_office) == ([201] * 2, [403] * 3, [201] * 2)
    assert kept == 2


def test_a_survey_shows_no_number_to_the_mentor(client: Client, staff: Staff, call: int) -> None:
    surveyed(client, FOUR, conversationId="sc-1")
    run_due()

    for path in ("/comms/feedback/", "/comms/feedback/1/", "/mentor/event/"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert SURVEY["cdr"]["callerid"] not in answer.text
    assert client.get("/comms/feedback/").json["count"] == 1
