"""Requests at the same moment: the database decides, and everybody is told the truth."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from peewee import IntegrityError

from models import database
from models.database import transaction
from models.deliveries import Text
from models.mentoring import Call, Event, Message
from models.people import Contact, User
from tests.api.calls_at_work import FAILURE, REPORT, dialled, pressed, reported, story, swept
from tests.api.looking import rows
from tests.api.test_people import TONY
from tests.api.test_simulator_reports import ENDED, told
from tests.conformance import holds
from tests.house import ADMIN, SERVICE, Client, Staff

# Enough for a race that is lost one time in three to be seen nearly always.
repeatedly = pytest.mark.parametrize("turn", range(2))
TALKED = ["end_call", "feedback_requested", "start_call"]


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """What each job gives, all begun at the same moment, each in a thread with a connection of its own."""
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return job()
        finally:
            database.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(run, job) for job in jobs]]


@pytest.mark.parametrize("field", ["username", "contact_number"])
@holds("two people with one username at once: one 201, one 400")
def test_of_two_people_with_one_name_or_number_one_is_made(client: Client, staff: Staff, field: str) -> None:
    client.get("/mentor/mentee", user=ADMIN)

    def post(n: int) -> Any:
        own = {"username": f"tony{n}", "contact_number": f"+491510000{n}"}
        return client.post("/mentor/mentee", {**TONY, **own, field: TONY[field]}, user=ADMIN)

    answers = at_once(*[lambda n=n: post(n) for n in range(3)])

    assert sorted(answer.status_code for answer in answers) == [201, 400, 400]
    assert [list(answer.json) for answer in answers if answer.status_code == 400] == [[field], [field]]
    assert (User.select().count(), Contact.select().count()) == (7, 5)


@repeatedly
@pytest.mark.parametrize("path", ["/mentor/call/", "/mentor/message/"])
@holds("M-25")
def test_one_idempotency_key_makes_one_object(client: Client, staff: Staff, path: str, turn: int) -> None:
    client.get("/mentor/call/")
    body = {"content": "hi"} if "message" in path else None

    answers = at_once(*[lambda: client.post(path, body, headers={"Idempotency-Key": "1"})] * 6)

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert rows()["command"] == 1


@repeatedly
@pytest.mark.parametrize(
    ("report", "events"),
    [(REPORT, TALKED), (FAILURE, ["call_failed", "start_call"])],
    ids=["success", "failure"],
)
@holds("a report replayed, also in parallel")
def test_one_report_many_times_has_one_effect(
    client: Client, call: int, report: dict[str, Any], events: list[str], turn: int
) -> None:
    same = [lambda: reported(client, report)] * 4

    answers = at_once(*same, lambda: reported(client, report, totalTries=1))

    seen = story(call)
    assert {answer.status_code for answer in answers} == {200}
    assert (sorted(seen.events), len(seen.records), len(seen.pushes)) == (events, len(report["cdrs"]), 1)
    assert seen.tasks == (1 if report is REPORT else 0)


def test_one_signed_report_many_times_has_one_effect(client: Client, staff: Staff) -> None:
    call = pressed(client)

    answers = at_once(*[lambda: told(client, "call.ended", ENDED)] * 4)

    assert {(answer.status_code, answer.text) for answer in answers} == {(200, '{"outcome": "done"}')}
    assert (story(call).tasks, len(story(call).records)) == (1, 1)


@repeatedly
def test_an_end_by_hand_and_a_report_make_one_end(client: Client, staff: Staff, turn: int) -> None:
    call = pressed(client)
    client.get("/comms/call/", user=SERVICE)

    answers = at_once(
        lambda: client.put(f"/mentor/call/{call}/"), lambda: reported(client, REPORT),
        lambda: client.put(f"/comms/call/{call}/", user=SERVICE), lambda: dialled(call),
    )  # fmt: skip

    seen = story(call)
    codes = [answer.status_code for answer in answers if answer is not None]
    assert codes in ([200, 200, 200], [200, 400, 200])  # ended by hand before its id was known: not found
    assert (seen.status, seen.call.call_id, sorted(seen.events)) == ("successful", "sc-1", TALKED)
    assert (seen.pushes, seen.tasks) == (["Call ended"], 1)
    assert (seen.call.partner_id is not None) == (codes[1] == 200)


@repeatedly
def test_a_failure_and_an_end_by_hand_leave_one_story_or_the_other(
    client: Client, call: int, turn: int
) -> None:
    at_once(lambda: client.put(f"/mentor/call/{call}/"), lambda: reported(client, FAILURE))

    seen = story(call)
    assert (seen.status, sorted(seen.events)) in (
        ("successful", TALKED),
        ("inactive", ["call_failed", "start_call"]),
    )
    assert seen.call.end_time is not None
    assert len(seen.records) == 1


@repeatedly
def test_the_sweep_and_a_report_leave_a_known_call_successful(
    client: Client, call: int, jump: Callable[[float], None], turn: int
) -> None:
    jump(121 * 60)

    at_once(swept, lambda: reported(client, REPORT), swept)

    events = {event.event_type for event in Event.select().where(Event.object_id == call)}
    assert (Call.get_by_id(call).status, events - {"call_failed"}) == ("successful", set(TALKED))


@repeatedly
def test_one_conversation_reported_for_two_calls_belongs_to_one(
    client: Client, staff: Staff, turn: int
) -> None:
    one, two = pressed(client), pressed(client)
    dialled(one, "sc-1")
    dialled(two, "sc-2")

    answers = at_once(
        lambda: reported(client, REPORT), lambda: reported(client, REPORT, scheduledCallId="sc-2")
    )

    refused = [answer for answer in answers if answer.status_code == 400]
    assert sorted(answer.status_code for answer in answers) == [200, 400]
    assert list(refused[0].json) == ["conversationId"]
    assert sorted(Call.get_by_id(call).status for call in (one, two)) == ["inprogress", "successful"]


@repeatedly
def test_a_report_overtaking_one_of_two_dials_ends_one_call(client: Client, staff: Staff, turn: int) -> None:
    calls = [pressed(client), pressed(client)]

    def dialled_at_last() -> None:
        """As a worker does, to whom the database says no: the report has just given another call this id."""
        try:
            dialled(calls[0])
        except IntegrityError:
            dialled(calls[0])

    (_, answer) = at_once(dialled_at_last, lambda: reported(client, REPORT))

    known = [Call.get_by_id(call) for call in calls]
    assert answer.status_code == 200
    assert [(call.call_id, call.status) for call in known if call.call_id] == [("sc-1", "successful")]


@repeatedly
@pytest.mark.parametrize(("kind", "state"), [("text.delivered", "sent"), ("text.failed", "failed")])
def test_a_delivery_report_and_the_carriers_answer_agree(
    client: Client, staff: Staff, kind: str, state: str, turn: int
) -> None:
    client.post("/mentor/message/", {"content": "hi"})
    with transaction():
        attempt = Text.locked(1).begin("simulator", 1)

    def answered() -> None:
        with transaction():
            Text.locked(1).accepted(attempt, "t-1")

    report = {"id": "t-1", "reference": "message:1"}
    at_once(answered, *[lambda: told(client, kind, report)] * 2)

    events = [event.event_type for event in Event.select()]
    assert (Text.get().status, Message.get().state) == (kind.partition(".")[2], state)
    assert f"message_{state}" in events
    assert len(events) == len(set(events))


def test_a_text_with_an_id_received_many_times_is_one_message(client: Client, staff: Staff) -> None:
    body = {"mobile": "27123456789", "text": "hi", "messageId": "1"}
    client.get("/comms/call/", user=SERVICE)

    answers = at_once(*[lambda: client.post("/comms/onion_dev_message/", body, user=SERVICE)] * 5)

    assert {answer.status_code for answer in answers} == {201}
    assert Message.select().count() == 1


def test_a_password_checked_by_many_at_once_is_right_for_all(
    client: Client, stranger: Client, staff: Staff
) -> None:
    assert {answer.status_code for answer in at_once(*[lambda: stranger.get("/mentor/call/")] * 8)} == {200}
