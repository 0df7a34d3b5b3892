"""`/comms/onion_dev_feedback/`: whose feedback it is, and which call it is about [M-40]."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.mentoring import Call, Feedback
from models.receipts import Receipt
from tests.api.calls_at_work import REPORT, dialled, pressed, reported
from tests.api.looking import rows
from tests.api.surveys_at_work import cdr, surveyed, told
from tests.conformance import holds
from tests.house import MENTOR, NUMBERS, STRANGER, Client, Staff, run_due

MENTORS = NUMBERS[MENTOR].removeprefix("+")
ASKED = datetime(2017, 4, 21, 1, 30, 6, 432989, UTC)  # when the survey of the reference began


@pytest.fixture
def calls(client: Client, staff: Staff) -> tuple[int, int]:
    """Two calls of adam's to tony, both ended: the first known as sc-1 and conversation 23, the second as sc-2."""
    made = pressed(client), pressed(client)
    for place, call in enumerate(made, start=1):
        dialled(call, f"sc-{place}")
        reported(client, REPORT, scheduledCallId=f"sc-{place}", conversationId=f"2{place + 2}")
        Call.update(partner_end_time=ASKED - timedelta(hours=place)).where(Call.id == call).execute()
    return made


@pytest.mark.parametrize(
    ("ids", "which"),
    [
        (("23", "9"), 0), (("24", "9"), 1), (("9", "23"), 0), (("9", "24"), 1),  # the conversation
        (("sc-1", "9"), 0), (("sc-2", "9"), 1), (("9", "sc-2"), 1),  # the dial
        (("24", "23"), 1), (("sc-2", "23"), 1),  # conversationId goes first
        (("9", "9"), 0), ((None, None), 0),  # else the latest that ended before the survey
    ],
)  # fmt: skip
@holds("Feedback.call", "M-40")
def test_the_call_is_found_by_its_ids_or_is_the_latest_that_had_ended(
    client: Client, calls: tuple[int, int], ids: tuple[str | None, str | None], which: int
) -> None:
    answer = surveyed(client, conversationId=ids[0], cdr=cdr(id=ids[1]))

    assert (answer.status_code, Feedback.get().call_id) == (201, calls[which])


@pytest.mark.parametrize("start", ["2017-04-21 03:00:00", None])
def test_a_survey_before_any_end_or_at_no_time_is_about_no_call(
    client: Client, staff: Staff, calls: tuple[int, int], start: str | None
) -> None:
    surveyed(client, conversationId="9", cdr=cdr(id="9", start_time=start))

    assert Feedback.get().call_id is None
    assert told() == [(staff.mentor.id, 1)]


def test_a_call_that_the_provider_said_nothing_of_ended_when_we_heard(
    client: Client, staff: Staff, call: int
) -> None:
    client.put(f"/mentor/call/{call}/")
    ahead = datetime.now(UTC) + timedelta(days=2)

    surveyed(client, cdr=cdr(start_time=f"{ahead:%Y-%m-%d %H:%M:%S}"))

    assert Feedback.get().call_id == call


def test_a_call_under_way_is_found_by_its_ids_only(client: Client, staff: Staff, call: int) -> None:
    surveyed(client, conversationId="x", cdr=cdr(start_time="2099-01-01 00:00:00"))
    surveyed(client, conversationId="sc-1")

    assert [row.call_id for row in Feedback.select().order_by(Feedback.id)] == [None, call]


@pytest.mark.parametrize("read", ["before", "after"])
@holds("M-40")
def test_a_survey_that_overtakes_the_end_of_its_call_is_about_it_all_the_same(
    client: Client, staff: Staff, call: int, read: str
) -> None:
    """Whether its answers are read before the end is reported or after it."""
    surveyed(client, conversationId="23")
    if read == "before":
        run_due()
    assert Feedback.get().call_id is None
    reported(client, REPORT, conversationId="23")

    run_due()

    assert Feedback.get().call_id == call


def test_only_the_senders_calls_are_looked_at(client: Client, staff: Staff, calls: tuple[int, int]) -> None:
    surveyed(client, conversationId="23", cdr=cdr(callerid=NUMBERS["theo"]))

    row = Feedback.get()
    assert (row.sender_id, row.call_id) == (staff.other_mentee.id, None)
    assert told() == [(staff.stranger.id, row.id)]


@pytest.mark.parametrize("ids", [("23", "9"), ("9", "9")])
@holds("POST /comms/onion_dev_feedback/: cdr.callerid", "M-40")
def test_a_mentors_number_stands_for_the_mentee_of_the_call(
    client: Client, staff: Staff, calls: tuple[int, int], ids: tuple[str, str]
) -> None:
    staff.mentor.mentee = staff.other_mentee
    staff.mentor.save()

    surveyed(client, conversationId=ids[0], cdr=cdr(id=ids[1], callerid=MENTORS))

    row = Feedback.get()
    assert (row.sender_id, row.call_id) == (staff.mentee.id, calls[0])


def test_a_mentors_number_without_a_call_stands_for_his_mentee(client: Client, staff: Staff) -> None:
    surveyed(client, cdr=cdr(callerid=MENTORS))

    assert (Feedback.get().sender_id, Feedback.get().call_id) == (staff.mentee.id, None)


@pytest.mark.parametrize("number", ["911234567890", "+911234567890", "+91 1234-567890", 911234567890])
def test_a_number_may_be_written_in_any_way(client: Client, staff: Staff, number: Any) -> None:
    assert surveyed(client, cdr=cdr(callerid=number)).status_code == 201
    assert Feedback.get().sender_id == staff.other_mentee.id


@pytest.mark.parametrize("number", ["4911111111", "x", "0", "anonymous"])
def test_nobodys_number_is_refused_and_the_report_kept_for_a_replay(
    client: Client, staff: Staff, number: str
) -> None:
    before = rows()

    answer = surveyed(client, cdr=cdr(callerid=number))

    assert (answer.status_code, list(answer.json)) == (400, ["cdr.callerid"])
    assert rows() == before
    assert [receipt.outcome for receipt in Receipt.select()] == ["unmatched"]


def test_a_report_that_nobody_fitted_is_taken_when_it_comes_again_and_somebody_does(
    client: Client, staff: Staff
) -> None:
    late = cdr(callerid="4915112345678")
    refused = surveyed(client, cdr=late).status_code
    staff.mentee.msisdn = "4915112345678"
    staff.mentee.save()

    assert (refused, surveyed(client, cdr=late).status_code) == (400, 201)
    assert [receipt.outcome for receipt in Receipt.select()] == ["done"]


def test_another_mentees_number_does_not_add_to_a_survey(client: Client, staff: Staff) -> None:
    surveyed(client)

    answer = surveyed(client, {"q": {"answer": "mine"}}, cdr=cdr(callerid=NUMBERS["theo"]))

    assert (answer.status_code, list(answer.json)) == (400, ["cdr.callerid"])
    assert (Feedback.select().count(), Feedback.get().sender_id, len(told())) == (1, staff.mentee.id, 1)


def test_of_several_mentors_the_calls_mentor_is_told_else_the_one_in_touch(
    client: Client, staff: Staff, calls: tuple[int, int]
) -> None:
    staff.stranger.mentee = staff.mentee
    staff.stranger.save()
    client.post("/mentor/message/", {"content": "later than the calls"}, user=STRANGER)

    surveyed(client, conversationId="23")
    surveyed(client, conversationId="9", cdr=cdr(id="9", start_time=None))

    assert told() == [(staff.mentor.id, 1), (staff.stranger.id, 2)]


def test_without_a_mentor_feedback_is_kept_and_nobody_told(client: Client, staff: Staff) -> None:
    staff.mentor.mentee = staff.other_mentee
    staff.mentor.save()

    assert surveyed(client).status_code == 201
    assert (Feedback.get().sender_id, told()) == (staff.mentee.id, [])


def test_a_call_found_later_is_added_and_one_found_stays(client: Client, staff: Staff, call: int) -> None:
    surveyed(client, conversationId="77")
    reported(client, REPORT, conversationId="77")

    surveyed(client, {"q": {"answer": "more"}}, conversationId="77")
    surveyed(client, {"q": {"answer": "more still"}}, conversationId="77", cdr=cdr(start_time=None))

    row = Feedback.get()
    assert (row.call_id, row.start_time) == (call, ASKED)
    assert told() == [(staff.mentor.id, row.id)]
