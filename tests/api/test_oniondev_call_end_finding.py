"""`/comms/onion_dev_call_end/`: which call a report is about, and what its times mean."""

from datetime import UTC, datetime
from typing import Any

import pytest

from models.deliveries import CallDataRecord
from models.mentoring import Call
from models.people import Contact
from models.receipts import Receipt
from tests.api.calls_at_work import FAILURE, REPORT, dialled, pressed, reported, story
from tests.api.looking import rows
from tests.conformance import holds
from tests.house import STRANGER, Client, Staff


def _without(*keys: str, **changes: Any) -> dict[str, Any]:
    return {key: value for key, value in {**REPORT, **changes}.items() if key not in keys}


@holds("M-33", "POST /comms/onion_dev_call_end/: scheduledCallId")
def test_the_id_of_the_dials_answer_decides_before_the_handlers_number(client: Client, call: int) -> None:
    theirs = pressed(client, user=STRANGER)

    reported(client, REPORT, handler="919876543210")

    assert (story(call).status, story(theirs).status) == ("successful", "scheduled")


@holds("M-33")
def test_numbers_that_are_not_the_calls_are_noted_in_the_receipt_and_taken(client: Client, call: int) -> None:
    assert reported(client, REPORT, handler="4915112345678", beneficiary="12").status_code == 200

    assert story(call).status == "successful"
    assert (Receipt.get().outcome, Receipt.get().about, Receipt.get().note) == (
        "done", f"call:{call}", "the numbers are not the call's",
    )  # fmt: skip


@holds("M-33", "POST /comms/onion_dev_call_end/: conversationId")
def test_the_conversations_id_finds_a_call_that_was_reported_before(client: Client, call: int) -> None:
    reported(client, FAILURE)

    assert reported(client, _without("scheduledCallId", "handler")).status_code == 200

    assert story(call).status == "successful"


@pytest.mark.parametrize("handler", ["27987654321", "+27987654321", "+27 98 765-4321", 27987654321])
@holds("M-33", "POST /comms/onion_dev_call_end/: handler")
def test_the_handlers_number_finds_the_mentors_latest_running_call(
    client: Client, staff: Staff, handler: Any
) -> None:
    older, newer = pressed(client), pressed(client)
    dialled(newer, "sc-9")

    assert reported(client, _without("scheduledCallId", handler=handler)).status_code == 200

    assert (story(older).status, story(newer).status) == ("scheduled", "successful")


def test_a_call_whose_dial_was_answered_with_another_id_is_not_found_by_its_mentor(
    client: Client, staff: Staff
) -> None:
    older, newer = pressed(client), pressed(client)
    dialled(newer, "sc-9")

    reported(client, REPORT, scheduledCallId="sc-8")

    assert (story(older).status, story(older).call.call_id) == ("successful", "sc-8")
    assert (story(newer).status, story(newer).call.call_id) == ("inprogress", "sc-9")


def test_an_ended_call_is_not_found_by_its_mentor(client: Client, call: int) -> None:
    client.put(f"/mentor/call/{call}/")

    assert reported(client, _without("scheduledCallId", "conversationId")).status_code == 400


@pytest.mark.parametrize(
    "ids",
    [
        {"scheduledCallId": "sc-0", "handler": "27123456789"},  # tony is a mentee
        {"scheduledCallId": "sc-0", "handler": "911111111111"},  # nobody's
        {"scheduledCallId": "sc-0", "handler": "no number at all"},
        {"scheduledCallId": "sc-0", "handler": None, "conversationId": None},
        {"scheduledCallId": None, "handler": None},
    ],
)
@holds("M-33")
def test_a_report_of_no_call_of_ours_is_refused_and_kept_for_an_operator(
    client: Client, call: int, ids: dict[str, Any]
) -> None:
    before = rows()

    answer = reported(client, REPORT, **ids)

    assert (answer.status_code, list(answer.json)) == (400, ["scheduledCallId"])
    assert rows() == before
    assert [(kept.outcome, kept.about) for kept in Receipt.select()] == [("unmatched", "")]


def test_an_unmatched_report_takes_effect_when_it_comes_again_and_its_call_is_there(
    client: Client, staff: Staff
) -> None:
    assert reported(client, REPORT).status_code == 400
    call = pressed(client)

    assert reported(client, REPORT).status_code == 200

    assert story(call).status == "successful"
    assert [kept.outcome for kept in Receipt.select()] == ["done"]


@holds("a conversationId of another call")
def test_a_conversation_of_another_call_is_refused(client: Client, call: int) -> None:
    reported(client, REPORT)
    other = pressed(client)
    dialled(other, "sc-2")
    before = rows()

    answer = reported(client, REPORT, scheduledCallId="sc-2")

    assert (answer.status_code, list(answer.json)) == (400, ["conversationId"])
    assert (rows(), Call.get_by_id(other).status) == (before, "inprogress")


def test_a_mentors_changed_number_still_finds_his_call_by_its_id(client: Client, call: int) -> None:
    Contact.update(msisdn="27980000000", contact_number="+27980000000").where(Contact.kind == "mentor").where(
        Contact.msisdn == "27987654321"
    ).execute()

    assert reported(client, REPORT).status_code == 200


def test_times_are_read_as_indias_with_or_without_a_fraction(client: Client, call: int) -> None:
    reported(client, REPORT)
    story(call)

    shown = client.get(f"/mentor/call/{call}/").json
    assert shown["partner_start_time"] == "2017-04-20T12:02:33.593300Z"
    assert shown["partner_end_time"] == "2017-04-20T12:03:42.899903Z"
    assert shown["duration"] == 69.306603
    assert CallDataRecord.get(CallDataRecord.partner_id == "123").start_time == datetime(
        2017, 4, 20, 12, 1, 18, tzinfo=UTC
    )


def test_a_time_of_long_ago_can_be_read_again(client: Client, call: int) -> None:
    reported(
        client, REPORT, conversationStartTime="0912-01-01 00:00:00", conversationEndTime="0912-01-01 00:00:01"
    )

    assert client.get(f"/mentor/call/{call}/").json["partner_end_time"] == "0911-12-31T18:30:01Z"


@holds("M-32")
def test_success_follows_from_both_times_when_it_is_not_said(client: Client, staff: Staff) -> None:
    talked, silent = pressed(client), pressed(client)
    dialled(talked, "sc-1")
    dialled(silent, "sc-2")

    reported(client, _without("conversationSuccess"))
    reported(
        client,
        _without("conversationSuccess", "conversationEndTime", scheduledCallId="sc-2", conversationId="24"),
    )

    assert (story(talked).status, story(silent).status) == ("successful", "inactive")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("True", "successful"),
        ("true", "successful"),
        ("False", "inactive"),
        ("false", "inactive"),
        (False, "inactive"),
    ],
)
@holds("M-5")
def test_booleans_are_taken_as_python_programs_write_them(
    client: Client, call: int, said: Any, status: str
) -> None:
    assert reported(client, REPORT, conversationSuccess=said).status_code == 200

    assert story(call).status == status


def test_ids_may_be_numbers(client: Client, staff: Staff) -> None:
    call = pressed(client)
    dialled(call, "17")

    reported(client, REPORT, scheduledCallId=17, conversationId=23, cdrs=[{**REPORT["cdrs"][0], "id": 5}])

    seen = story(call)
    assert (seen.call.partner_id, seen.records) == ("23", [("5", "NO_ANSWER")])


@holds("M-17")
def test_an_unknown_cause_is_kept_as_sent(client: Client, call: int) -> None:
    cause = "LLAMADA_PERDIDA_" + "X" * 48
    reported(client, REPORT, cdrs=[{**REPORT["cdrs"][0], "errorCause": cause}])

    assert story(call).records == [("123", cause)]


def test_a_report_without_records_is_fine_and_the_answer_leaves_unknown_keys_out(
    client: Client, call: int
) -> None:
    answer = reported(client, _without("cdrs"), secretSauce=1)

    assert (answer.status_code, answer.json) == (200, _without("cdrs"))
    assert story(call).records == []
