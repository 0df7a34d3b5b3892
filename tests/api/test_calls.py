"""`/mentor/call/`: starting calls, looking at them, and ending them by hand."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from models.commands import Dial
from models.deliveries import Bridge
from models.ledger import LedgerRow
from models.mentoring import Call
from tests.api.calls_at_work import FAILURE, REPORT, dialled, just_now, pressed, reported, story, swept
from tests.api.looking import rows
from tests.conformance import holds
from tests.house import MENTEE, MENTOR, NUMBERS, STRANGER, Client, Staff, run_due

KEYS = {
    "id", "start_time", "end_time", "caller", "receiver", "status", "status_display", "activity", "scheduled_call",
    "feedback_task", "partner_start_time", "partner_end_time", "duration", "lag",
}  # fmt: skip


@holds(
    "Call.start_time",
    "Call.caller",
    "Call.receiver",
    "commands: POST /mentor/call/",
    "dial: handler, beneficiary and our reference",
    "M-14",
    "M-16",
)
def test_starting_a_call_answers_with_it_and_owes_one_dial(client: Client, staff: Staff) -> None:
    answer = client.post("/mentor/call/")

    call, bridge = answer.json, Bridge.get()
    assert (answer.status_code, set(call)) == (201, KEYS)
    assert (call["caller"], call["receiver"]) == (staff.mentor.id, staff.mentee.id)
    assert (call["status"], call["status_display"], call["end_time"]) == ("scheduled", "Scheduled", None)
    assert just_now(Call.get().start_time)
    assert (bridge.reference, bridge.a_number.e164(), bridge.b_number.e164()) == (
        f"call:{call['id']}", NUMBERS[MENTOR], NUMBERS[MENTEE],
    )  # fmt: skip
    assert [(row.name, row.args) for row in LedgerRow.select()] == [("dial", Dial(bridge.id).args())]


@pytest.mark.parametrize(
    ("raw", "media"),
    [(b"", None), (b"{", "application/json"), (b"\xff\x00", "image/png"), (b'["caller"]', "text/xml"),
     (b'{"id": 99, "caller": 1, "receiver": 2, "status": "successful"}', "application/json"),
     (b"x" * 2_000_000, "application/json")],
    ids=["empty", "broken", "binary", "list", "object", "huge"],
)  # fmt: skip
@holds("M-2")
def test_starting_or_ending_a_call_does_not_look_at_the_body(
    client: Client, staff: Staff, raw: bytes, media: str | None
) -> None:
    headers = {"Content-Type": media} if media else {}

    made = client.ask("POST", "/mentor/call/", raw=raw, headers=headers)
    ended = client.ask("PUT", f"/mentor/call/{made.json['id']}/", raw=raw, headers=headers)

    assert (made.status_code, made.json["id"], made.json["caller"]) == (201, 1, staff.mentor.id)
    assert (ended.status_code, ended.json["status"]) == (200, "successful")


@holds("M-25")
def test_pressing_twice_makes_two_calls(client: Client, staff: Staff) -> None:
    assert [client.post("/mentor/call/").json["id"] for _ in range(2)] == [1, 2]


@holds("404 GET /mentor/call/(id) of another mentor")
def test_a_mentor_sees_only_the_calls_that_he_started(client: Client, staff: Staff) -> None:
    mine, theirs = pressed(client), pressed(client, user=STRANGER)

    listed = client.get("/mentor/call/").json

    assert [call["id"] for call in listed["results"]] == [mine]
    assert client.get(f"/mentor/call/{mine}/").json == listed["results"][0]
    for verb in ("GET", "PUT", "PATCH"):
        assert client.ask(verb, f"/mentor/call/{theirs}/").status_code == 404
    assert story(theirs).status == "scheduled"


@holds("Call.dial()", "dial: taken", "event start_call", "M-14")
def test_the_carriers_answer_puts_the_call_in_progress(client: Client, call: int) -> None:
    shown = client.get(f"/mentor/call/{call}/").json

    assert (shown["status"], shown["status_display"]) == ("inprogress", "In progress")
    assert story(call).events == ["start_call"]


@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
@holds(
    "Call.ended()",
    "Call.end_time",
    "event end_call",
    "event feedback_requested",
    "commands: the first end of a call",
)
def test_ending_a_call_by_hand_is_a_success_without_the_partners_data(
    client: Client, call: int, verb: str
) -> None:
    ended = client.ask(verb, f"/mentor/call/{call}/")

    seen = story(call)
    assert (ended.status_code, ended.json["status"], ended.json["duration"]) == (200, "successful", None)
    assert just_now(seen.call.end_time)
    assert (seen.events, seen.tasks, seen.pushes) == (
        ["start_call", "end_call", "feedback_requested"], 1, ["Call ended"],
    )  # fmt: skip


def test_ending_an_ended_call_again_changes_nothing(client: Client, call: int) -> None:
    first = client.put(f"/mentor/call/{call}/").json
    once = story(call)

    assert [client.ask(verb, f"/mentor/call/{call}/").json for verb in ("PUT", "PATCH")] == [first, first]
    assert story(call) == once


def test_ending_an_inactive_call_only_fills_in_its_end(
    client: Client, call: int, jump: Callable[[float], None]
) -> None:
    jump(121 * 60)
    swept()
    before = story(call)

    ended = client.put(f"/mentor/call/{call}/").json

    seen = story(call)
    assert ended["status"] == "inactive"
    assert seen.call.end_time is not None
    assert seen[1:] == before[1:]


def test_a_call_ended_before_its_dial_is_never_dialled(client: Client, staff: Staff) -> None:
    call = client.post("/mentor/call/").json["id"]

    client.put(f"/mentor/call/{call}/")
    run_due()

    assert (Bridge.get().status, Bridge.get().attempts) == ("expired", [])
    assert client.get(f"/mentor/call/{call}/").json["status"] == "successful"


def test_a_call_ended_between_two_tries_is_not_dialled_again(client: Client, staff: Staff) -> None:
    call = pressed(client)
    bridge = Bridge.get()
    bridge.close(bridge.attempts[-1], "unavailable", "away")

    client.put(f"/mentor/call/{call}/")

    assert Bridge.get().status == "expired"


@holds("the sweep of calls that have timed out", "event call_failed", "M-15")
def test_a_call_that_nobody_reported_on_reads_inactive_after_two_hours_and_is_swept(
    client: Client, call: int, jump: Callable[[float], None]
) -> None:
    jump(119 * 60)
    assert (swept(), client.get(f"/mentor/call/{call}/").json["status_display"]) == (0, "In progress")
    jump(121 * 60)
    before = client.get(f"/mentor/call/{call}/").json
    counts = [swept(), swept()]

    seen = story(call)
    assert (before["status"], before["status_display"]) == ("inprogress", "Inactive")
    assert counts == [1, 0]
    assert (seen.status, seen.call.end_time, seen.events) == ("inactive", None, ["start_call", "call_failed"])


def test_an_ended_call_is_never_swept(client: Client, staff: Staff, jump: Callable[[float], None]) -> None:
    talked, _ = pressed(client), pressed(client)
    client.put(f"/mentor/call/{talked}/")
    reported(client, FAILURE)

    jump(500 * 60)

    assert swept() == 0
    assert client.get(f"/mentor/call/{talked}/").json["status_display"] == "Successful"


def test_lag_may_be_negative_when_clocks_disagree(client: Client, call: int) -> None:
    reported(client, REPORT)
    Call.update(start_time=Call.get_by_id(call).partner_start_time + timedelta(seconds=2.5)).execute()

    assert client.get(f"/mentor/call/{call}/").json["lag"] == -2.5


@holds("M-4")
def test_times_have_microseconds_only_when_there_are_any(client: Client, call: int) -> None:
    Call.update(start_time=Call.get_by_id(call).start_time.replace(microsecond=0), end_time=None).execute()
    even = client.get(f"/mentor/call/{call}/").json["start_time"]
    Call.update(start_time=Call.get_by_id(call).start_time.replace(microsecond=120)).execute()

    assert (len(even), even[-1]) == (20, "Z")
    assert client.get(f"/mentor/call/{call}/").json["start_time"] == even[:-1] + ".000120Z"


def test_a_calls_answer_is_json_with_nulls_for_what_is_not_known(client: Client, staff: Staff) -> None:
    answer = client.post("/mentor/call")

    assert answer.headers["content-type"].startswith("application/json")
    unknown = {key for key, value in json.loads(answer.text).items() if value is None}
    assert unknown == KEYS - {"id", "start_time", "caller", "receiver", "status", "status_display"}
    assert rows()["call"] == 1


def test_a_late_answer_after_the_sweep_leaves_the_call_inactive(
    client: Client, staff: Staff, jump: Callable[[float], None]
) -> None:
    call = pressed(client)
    jump(121 * 60)
    swept()

    dialled(call)

    seen = story(call)
    assert (seen.status, seen.call.call_id, sorted(seen.events)) == (
        "inactive",
        "sc-1",
        ["call_failed", "start_call"],
    )
