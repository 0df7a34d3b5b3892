"""`/comms/onion_dev_call_end/`: what a report does to a call, wherever the call stands."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from models.mentoring import Call
from tests.api.calls_at_work import (
    FAILURE,
    REPORT,
    Story,
    dialled,
    just_now,
    pressed,
    refused,
    reported,
    story,
    swept,
)
from tests.conformance import holds
from tests.house import MENTOR, SERVICE, Client, Staff

STARTED, ENDED = datetime(2017, 4, 20, 12, 2, 33, 593300, UTC), datetime(2017, 4, 20, 12, 3, 42, 899903, UTC)
TWO_RECORDS = [("123", "NO_ANSWER"), ("456", "NORMAL_CLEARING")]
TALKED = ["start_call", "end_call", "feedback_requested"]


def _has_partner_data(call: Call) -> bool:
    return (call.partner_start_time, call.partner_end_time, call.partner_id, call.recording_url) == (
        STARTED, ENDED, "23", "https://example.org/123/456.mp3",
    )  # fmt: skip


def _has_none(call: Call) -> bool:
    return (call.partner_start_time, call.partner_end_time, call.recording_url) == (None, None, None)


@holds(
    "receiver of the end of a call",
    "Call.handle_ended_successful()",
    "success: records",
    "success: of a scheduled or running call",
    "event end_call",
    "event feedback_requested",
)
def test_a_reported_conversation_ends_a_call_in_progress(client: Client, call: int) -> None:
    answer = reported(client, REPORT)

    seen = story(call)
    assert (answer.status_code, answer.json) == (200, REPORT)
    assert seen.status == "successful"
    assert just_now(seen.call.end_time)
    assert _has_partner_data(seen.call)
    assert seen.call.get_duration() == timedelta(seconds=69.306603)
    assert seen == Story(seen.call, TALKED, TWO_RECORDS, ["Call ended"], 1)


@holds("Call.feedback_task", "Task.mentor", "Task.description", "Task.link", "Task.due_date", "Task.status")
def test_the_task_of_a_conversation_names_the_calls_start_in_utc(client: Client, call: int) -> None:
    reported(client, REPORT)

    row = Call.get_by_id(call)
    assert row.feedback_task.description == (
        f"Complete feedback for call at {row.start_time:%H:%M} on {row.start_time:%Y-%m-%d}"
    )
    assert (row.feedback_task.status, row.feedback_task.link, row.feedback_task.due_date) == (
        "pending",
        "",
        None,
    )
    assert row.feedback_task.mentor_id == row.caller_id


@holds("failure: records", "failure: of a scheduled or running call", "event call_failed")
def test_a_reported_failure_makes_a_call_in_progress_inactive(client: Client, call: int) -> None:
    assert reported(client, FAILURE).status_code == 200

    seen = story(call)
    assert just_now(seen.call.end_time)
    assert (seen.status, seen.call.partner_id) == ("inactive", "23")
    assert _has_none(seen.call)
    assert seen == Story(seen.call, ["start_call", "call_failed"], TWO_RECORDS[:1], ["Call not connected"], 0)


@pytest.mark.parametrize(
    ("report", "status", "last"), [(REPORT, "successful", TALKED[1:]), (FAILURE, "inactive", ["call_failed"])]
)
@holds("a report before the dial's answer")
def test_a_report_that_overtakes_the_dials_answer_finds_the_mentors_call(
    client: Client, staff: Staff, report: dict[str, object], status: str, last: list[str]
) -> None:
    call = pressed(client)

    reported(client, report)

    assert (story(call).status, story(call).events, story(call).call.call_id) == (status, last, "sc-1")


@holds("a report before the dial's answer")
def test_a_dials_answer_after_the_end_leaves_the_call_ended(client: Client, staff: Staff) -> None:
    call = pressed(client)
    reported(client, REPORT)

    dialled(call)

    seen = story(call)
    (started,) = [
        event for event in client.get("/mentor/event/").json["results"] if event["event_type"] == "start_call"
    ]
    assert (seen.status, seen.call.call_id, sorted(seen.events)) == ("successful", "sc-1", sorted(TALKED))
    assert started["occured_at"] == client.get(f"/mentor/call/{call}/").json["start_time"]


def _failed(client: Client, call: int) -> None:
    reported(client, FAILURE, conversationId="")


def _timed_out(client: Client, call: int, jump: Callable[[float], None]) -> None:
    jump(121 * 60)
    assert swept() == 1
    jump(0)


@holds("success: of an inactive call")
def test_a_conversation_reported_after_a_failure_makes_the_call_successful(client: Client, call: int) -> None:
    _failed(client, call)
    Call.update(end_time=STARTED).execute()

    reported(client, REPORT)

    seen = story(call)
    assert seen.status == "successful"
    assert just_now(seen.call.end_time)
    assert _has_partner_data(seen.call)
    assert seen.events == ["start_call", "call_failed", "end_call", "feedback_requested"]
    assert (seen.records, seen.tasks) == (TWO_RECORDS, 1)


@holds("success: of an inactive call")
def test_a_conversation_reported_after_the_sweep_makes_the_call_successful(
    client: Client, call: int, jump: Callable[[float], None]
) -> None:
    _timed_out(client, call, jump)

    reported(client, REPORT)

    assert (story(call).status, story(call).pushes, story(call).tasks) == ("successful", ["Call ended"], 1)


@holds("failure: of an inactive call")
def test_a_failure_of_an_inactive_call_only_adds_its_records(
    client: Client, call: int, jump: Callable[[float], None]
) -> None:
    _timed_out(client, call, jump)

    reported(client, FAILURE)

    seen = story(call)
    assert (seen.call.end_time, seen.call.partner_id) == (None, None)
    assert seen == Story(seen.call, ["start_call", "call_failed"], TWO_RECORDS[:1], [], 0)


@holds("success: of a call ended by PUT")
def test_a_conversation_of_a_call_ended_by_put_only_fills_in_the_partners_data(
    client: Client, call: int
) -> None:
    ended = client.put(f"/mentor/call/{call}/").json["end_time"]

    reported(client, REPORT)

    seen = story(call)
    assert client.get(f"/mentor/call/{call}/").json["end_time"] == ended
    assert _has_partner_data(seen.call)
    assert seen == Story(seen.call, TALKED, TWO_RECORDS, ["Call ended"], 1)


@holds("failure: of a call ended by PUT")
def test_a_failure_of_a_call_ended_by_put_only_adds_its_records(client: Client, call: int) -> None:
    before = client.put(f"/mentor/call/{call}/").json

    reported(client, FAILURE)

    seen = story(call)
    assert client.get(f"/mentor/call/{call}/").json == before
    assert (_has_none(seen.call), seen.call.partner_id) == (True, None)
    assert seen == Story(seen.call, TALKED, TWO_RECORDS[:1], ["Call ended"], 1)


@pytest.mark.parametrize("report", [REPORT, FAILURE], ids=["success", "failure"])
@holds("success: of a successful call", "failure: of a successful call")
def test_a_second_report_of_a_successful_call_only_adds_new_records(
    client: Client, call: int, report: dict[str, object]
) -> None:
    reported(client, REPORT)
    before = client.get(f"/comms/call/{call}/", user=SERVICE).json
    late = {"id": "789", "startTime": "2017-04-20 17:34:00", "errorCause": "ATTENDED_TRANSFER"}

    reported(client, report, cdrs=[*REPORT["cdrs"], late], recordingUrl="https://elsewhere.example/x.mp3",
             conversationEndTime="2017-04-20 18:00:00")  # fmt: skip

    seen = story(call)
    assert client.get(f"/comms/call/{call}/", user=SERVICE).json == before
    assert seen == Story(seen.call, TALKED, [*TWO_RECORDS, ("789", "ATTENDED_TRANSFER")], ["Call ended"], 1)


@pytest.mark.parametrize("report", [REPORT, FAILURE], ids=["success", "failure"])
@holds("a report replayed, also in parallel")
def test_a_report_repeated_is_answered_alike_and_does_nothing_more(
    client: Client, call: int, report: dict[str, object]
) -> None:
    first = reported(client, report)
    before, once = client.get(f"/comms/call/{call}/", user=SERVICE).json, story(call)

    again = [reported(client, report) for _ in range(4)]

    assert {(answer.status_code, answer.text) for answer in again} == {(200, first.text)}
    assert client.get(f"/comms/call/{call}/", user=SERVICE).json == before
    assert story(call) == once


def test_a_refused_dial_makes_the_call_inactive_and_tells_the_mentor(client: Client, staff: Staff) -> None:
    call = pressed(client)

    refused(call)

    seen = story(call)
    assert (seen.status, seen.call.end_time, seen.events) == ("inactive", None, ["call_failed"])
    assert seen.pushes == ["Call not connected"]


def test_a_call_that_failed_first_and_succeeded_later_is_told_to_the_mentor_both_times(
    client: Client, call: int
) -> None:
    reported(client, FAILURE)
    story(call)

    reported(client, REPORT)

    assert story(call).pushes == ["Call not connected", "Call ended"]


def test_a_mentor_may_hand_in_a_report_himself_while_comms_are_open_to_any_user(
    client: Client, call: int
) -> None:
    assert client.post("/comms/onion_dev_call_end", REPORT, user=MENTOR).status_code == 200
