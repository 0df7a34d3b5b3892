"""`/comms/onion_dev_feedback/`: partial and complete reports of one survey become one row, in every order [M-41]."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from models.ledger import LedgerRow
from models.mentoring import Event, Feedback
from models.receipts import Receipt
from tests.api.surveys_at_work import answers, cdr, content, record, surveyed, told
from tests.api.test_at_once import at_once
from tests.conformance import holds
from tests.house import Client, Staff, run_due


@holds("200 a further report of a survey")
def test_a_further_report_adds_its_answers_and_is_answered_200(client: Client, staff: Staff) -> None:
    first = surveyed(client, {"a": record("1", 1), "b": record("2", 2)}, completed=False)
    second = surveyed(client, {"c": record("3", 3), "d": record("4", 4)}, completed=True)

    assert (first.status_code, second.status_code) == (201, 200)
    assert answers() == ["1", "2", "3", "4"]
    assert (Feedback.get().completed, Feedback.get().reported_complete, len(told())) == (True, True, 1)


def test_a_report_repeated_does_nothing_more(client: Client, staff: Staff) -> None:
    answers_ = [surveyed(client) for _ in range(4)]
    run_due()

    assert [answer.status_code for answer in answers_] == [201, 200, 200, 200]
    assert {answer.text for answer in answers_} == {answers_[0].text}
    assert (Feedback.select().count(), len(told()), Receipt.select().count()) == (1, 1, 1)
    assert LedgerRow.select().count() == 0


def test_a_report_with_fewer_answers_erases_nothing(client: Client, staff: Staff) -> None:
    surveyed(client, {"a": record("1", 1), "b": record("2", 2), "z": record("9", 9)})
    run_due()

    surveyed(client, {})
    surveyed(client, {"a": record("", 1, 59), "b": {"answer": None}})

    assert answers() == ["1", "2", None, None]
    assert content()["z"]["answer"] == "9"


@pytest.mark.parametrize("late_first", [True, False])
@holds("POST /comms/onion_dev_feedback/: records.questionTime")
def test_of_two_answers_to_a_question_the_later_one_counts(
    client: Client, staff: Staff, late_first: bool
) -> None:
    reports = [{"a": record("early", 1, 10)}, {"a": record("late", 1, 20)}]
    for report in reversed(reports) if late_first else reports:
        surveyed(client, report)

    assert answers() == ["late", None, None, None]


def test_when_the_first_report_came_is_kept(
    client: Client, staff: Staff, jump: Callable[[float], None]
) -> None:
    surveyed(client, {})
    first = Feedback.get().received_at
    jump(600)

    surveyed(client)
    run_due()

    assert Feedback.get().received_at == first


@pytest.mark.parametrize(
    "change",
    [{"conversationId": "124"}, {"surveyId": "485"}, {"cdr": cdr(id="24")}, {"conversationId": None},
     {"surveyId": None}, {"cdr": cdr(id=None)}],
)  # fmt: skip
def test_another_conversation_form_or_call_is_another_survey(
    client: Client, staff: Staff, change: dict[str, Any]
) -> None:
    codes = [surveyed(client).status_code, surveyed(client, **change).status_code]

    assert codes == [201, 201]
    assert (Feedback.select().count(), len(told())) == (2, 2)


def test_a_report_that_names_no_survey_stands_alone(client: Client, staff: Staff) -> None:
    nameless = {"conversationId": None, "cdr": cdr(id=None)}

    codes = [surveyed(client, {"a": record(text, 1)}, **nameless).status_code for text in ("x", "y", "x")]

    run_due()
    assert codes == [201, 201, 200]
    assert [row.question_1 for row in Feedback.select().order_by(Feedback.id)] == ["x", "y"]


ANSWER = st.fixed_dictionaries(
    {"answer": st.sampled_from(["Yes", "No", "", " ", None]), "order": st.sampled_from([1, "2", 3, 4, 5])},
    optional={"questionTime": st.sampled_from([f"2017-04-21 07:00:{second:02}" for second in (1, 2, 3)])},
)
REPORTS = st.lists(
    st.fixed_dictionaries(
        {
            "records": st.dictionaries(st.sampled_from("abcde"), ANSWER, max_size=4),
            "completed": st.booleans(),
        },
        optional={"cdr": st.just(cdr(start_time=None))},
    ),
    min_size=1,
    max_size=4,
)
ORDERS = st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=6)


def _outcome(client: Client, reports: list[dict[str, Any]]) -> list[Any]:
    run_due()
    (row,) = Feedback.select().dicts()
    assert len(told()) == 1
    return [value for name, value in row.items() if name not in ("id", "received_at")]


def _forget() -> None:
    for table in (Feedback, Event, Receipt, LedgerRow):
        table.delete().execute()


@effort(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reports=REPORTS, order=ORDERS)
@holds("M-41")
def test_any_order_and_repetition_of_reports_ends_in_the_same_row(
    client: Client, staff: Staff, reports: list[dict[str, Any]], order: list[tuple[int, bool]]
) -> None:
    """The second time in another order, some of them again, and workers coming by in between or not."""
    for report in reports:
        surveyed(client, **report)
    straight = _outcome(client, reports)
    _forget()

    for place, works in order:
        surveyed(client, **reports[place % len(reports)])
        if works:
            run_due()
    for report in reversed(reports):
        surveyed(client, **report)

    assert _outcome(client, reports) == straight
    _forget()


def test_reports_of_one_survey_at_the_same_moment_make_one_row_and_one_event(
    client: Client, staff: Staff, full: bool
) -> None:
    """Duplicates and parts of it together, hundreds of times on PostgreSQL; then workers in parallel, too."""
    parts = [{"a": record("1", 1)}, {"b": record("2", 2), "c": record("3", 3)}, {"d": record("4", 4)}]
    client.get("/comms/feedback/", user="robot")

    for turn in range(200 if full else 10):
        id = f"turn-{turn}"
        jobs = [
            lambda part=part, id=id: surveyed(client, part, conversationId=id) for part in (*parts, parts[0])
        ]
        codes = [answer.status_code for answer in at_once(*jobs)]
        at_once(*[run_due] * 2)

        assert sorted(codes) == [200, 200, 200, 201]
        (row,) = Feedback.select().where(Feedback.conversation_id == id)
        assert [row.question_1, row.question_2, row.question_3, row.question_4] == ["1", "2", "3", "4"]
        assert told()[turn:] == [(staff.mentor.id, row.id)]
    assert LedgerRow.select().count() == 0
