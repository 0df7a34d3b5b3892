"""`/carriers/simulator/`: surveys that the simulator reports, signed, become feedback as OnionDev's do."""

from typing import Any

import pytest

from models.mentoring import Feedback
from models.receipts import Receipt
from tests.api.calls_at_work import pressed
from tests.api.looking import rows
from tests.api.surveys_at_work import answers, content, told
from tests.api.test_simulator_reports import ENDED
from tests.api.test_simulator_reports import told as reported
from tests.house import MENTOR, NUMBERS, STRANGER, Client, Staff

SURVEY = {
    "reference": "call:1", "id": "sim-1", "conversation_id": "c-1", "from": NUMBERS["tony"],
    "answers": ["4", "Yes", "No", "Blue"], "received_at": "2026-03-01T12:01:02Z",
}  # fmt: skip


def surveyed(client: Client, **changes: Any) -> Any:
    return reported(client, "call.feedback", {**SURVEY, **changes})


def test_a_survey_becomes_feedback_on_its_call_once_however_often_it_comes(
    client: Client, staff: Staff
) -> None:
    call = pressed(client)
    reported(client, "call.ended", ENDED)

    outcomes = [surveyed(client).json["outcome"] for _ in range(3)]

    assert outcomes == ["done"] * 3
    assert answers() == ["4", "Yes", "No", "Blue"]
    row = Feedback.get()
    assert (row.sender_id, row.call_id, row.completed) == (staff.mentee.id, call, True)
    assert told() == [(staff.mentor.id, row.id)]


@pytest.mark.parametrize("reference", ["call:1", None])
def test_its_call_is_known_by_our_reference_or_by_its_conversation(
    client: Client, staff: Staff, reference: str | None
) -> None:
    call = pressed(client)
    reported(client, "call.ended", ENDED)
    pressed(client)

    surveyed(client, reference=reference)

    assert Feedback.get().call_id == call


def test_a_survey_that_overtakes_the_calls_end_is_about_it_too(client: Client, staff: Staff) -> None:
    call = pressed(client)

    surveyed(client)

    assert Feedback.get().call_id == call


def test_a_fifth_answer_stays_in_the_content_and_three_are_not_all(client: Client, staff: Staff) -> None:
    pressed(client)

    surveyed(client, answers=["1", "2", "3"])
    part = (answers(), Feedback.get().completed)
    surveyed(client, answers=["1", "2", "3", "4", "5"])

    assert part == (["1", "2", "3", None], False)
    assert answers() == ["1", "2", "3", "4"]
    assert content()["5"]["answer"] == "5"
    assert Feedback.get().completed


@pytest.mark.parametrize("sender", [NUMBERS[MENTOR], NUMBERS[STRANGER], "+4911111111"])
def test_answers_of_nobody_who_is_a_mentee_are_kept_unmatched(
    client: Client, staff: Staff, sender: str
) -> None:
    pressed(client)
    before = rows()

    answer = surveyed(client, **{"from": sender})

    assert (answer.status_code, answer.json) == (200, {"outcome": "unmatched"})
    assert rows() == before


def test_a_survey_of_one_mentee_is_not_answered_by_another(client: Client, staff: Staff) -> None:
    pressed(client)
    surveyed(client)

    answer = surveyed(client, **{"from": NUMBERS["theo"], "answers": ["1", "No", "Yes", "Red"]})

    assert (answer.status_code, answer.json) == (200, {"outcome": "invalid"})
    assert answers() == ["4", "Yes", "No", "Blue"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        *[({"answers": given}, "data.answers") for given in (None, "4", {}, ["x"] * 101)],
        *[({"answers": ["1", given]}, "data.answers.2") for given in (None, 1, [], "\0", "x" * 2001)],
        ({"from": None}, "data.from"), ({"id": None}, "data.id"), ({"received_at": "soon"}, "data.received_at"),
    ],
)  # fmt: skip
def test_a_survey_that_cannot_be_read_names_its_fields(
    client: Client, staff: Staff, change: dict[str, Any], field: str
) -> None:
    answer = surveyed(client, **change)

    assert (answer.status_code, list(answer.json)) == (400, [field])
    assert Receipt.select().count() == 0
