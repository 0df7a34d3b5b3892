"""Hundreds of rounds of requests at once on PostgreSQL: whoever is first, the end is one of the right ones."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from argon2 import PasswordHasher

from models import clock, hints
from models.database import transaction
from models.deliveries import Attempt, Bridge, CallDataRecord, Push, Text
from models.idempotency import IdempotencyKey
from models.ledger import LedgerRow
from models.mentoring import Call, CallNote, CallReminder, Event, Message, ScheduledCall, Task
from models.people import Contact, User, passwords
from tests.api.calls_at_work import FAILURE, REPORT, dialled, pressed, reported
from tests.api.test_people import TONY
from tests.api.test_simulator_reports import told
from tests.house import ADMIN, MENTOR, SERVICE, STRANGER, Client, Staff, run_due
from tests.mentoring.racing import Track
from workers.actors import RUNNERS

pytestmark = [pytest.mark.servers, pytest.mark.timeout(120)]

ROUNDS = 200
TALKED = {"start_call": 1, "end_call": 1, "feedback_requested": 1}
FAILED = {"start_call": 1, "call_failed": 1}
OURS = ("start_call", "end_call", "call_failed", "feedback_requested")


@pytest.fixture(autouse=True)
def _on_postgres(full: bool) -> None:
    if not full:
        pytest.skip("SQLite has one writer at a time: races are for --backend=full")


@pytest.fixture
def track() -> Iterator[Track]:
    """Six lanes."""
    with Track(6) as track:
        yield track


def _codes(answers: list[Any]) -> list[int]:
    return [answer.status_code for answer in answers if answer is not None]


class Stories:
    """What came of many calls, all that is owed done: in a handful of queries."""

    def __init__(self) -> None:
        run_due()
        self.calls = {call.id: call for call in Call.select()}
        self.events: dict[int, Counter[str]] = defaultdict(Counter)
        for kind, call in (
            Event.select(Event.event_type, Event.object_id).where(Event.event_type.in_(OURS)).tuples()
        ):
            self.events[call][kind] += 1
        self.tasks = Counter(call.feedback_task_id for call in self.calls.values() if call.feedback_task_id)
        self.pushes: dict[int, list[str]] = defaultdict(list)
        for reference, title in Push.select(Push.reference, Push.title).order_by(Push.id).tuples():
            self.pushes[int(reference.rpartition(":")[2])].append(title)
        self.records = Counter(
            call for (call,) in CallDataRecord.select(Bridge.origin_id).join(Bridge).tuples()
        )


def _report(client: Client, body: dict[str, Any], call: int, **changes: Any) -> Any:
    return reported(client, body, scheduledCallId=f"sc-{call}", conversationId=f"c-{call}", **changes)


def _in_progress(client: Client) -> int:
    call = pressed(client)
    dialled(call, f"sc-{call}")
    return call


def test_one_report_replayed_at_once_has_one_effect(client: Client, staff: Staff, track: Track) -> None:
    for _ in range(ROUNDS):
        call = _in_progress(client)
        same = [partial(_report, client, REPORT, call)] * 3
        assert _codes(track.race(*same, partial(_report, client, REPORT, call, totalTries=1))) == [200] * 4

    seen = Stories()
    assert len(seen.calls) == ROUNDS
    assert {call.status for call in seen.calls.values()} == {"successful"}
    assert all(dict(seen.events[call]) == TALKED for call in seen.calls)
    assert all(seen.pushes[call] == ["Call ended"] for call in seen.calls)
    assert set(seen.tasks.values()) == {1}
    assert (len(seen.tasks), Task.select().count()) == (ROUNDS, ROUNDS)
    assert set(seen.records.values()) == {2}


@pytest.mark.parametrize(
    ("body", "events", "status"), [(REPORT, TALKED, "successful"), (FAILURE, FAILED, "inactive")]
)
def test_a_report_and_the_dials_answer_agree_whichever_is_first(
    client: Client, staff: Staff, track: Track, body: dict[str, Any], events: dict[str, int], status: str
) -> None:
    for _ in range(ROUNDS):
        call = pressed(client)
        answers = track.race(partial(dialled, call, f"sc-{call}"), partial(_report, client, body, call))
        assert _codes(answers) == [200]

    seen = Stories()
    for call, row in seen.calls.items():
        assert (row.status, row.call_id, row.partner_id) == (status, f"sc-{call}", f"c-{call}")
        assert dict(seen.events[call]) == events
        assert len(seen.pushes[call]) == 1


def test_reports_at_once_of_a_conversation_without_the_dials_id_find_its_one_call(
    client: Client, staff: Staff, track: Track
) -> None:
    for _ in range(ROUNDS):
        call = pressed(client)
        same = {"scheduledCallId": None, "conversationId": f"c-{call}"}
        reports = [partial(reported, client, REPORT, totalTries=lane, **same) for lane in range(3)]
        assert _codes(track.race(*reports)) == [200] * 3

    seen = Stories()
    assert {(row.status, row.partner_id) for row in seen.calls.values()} == {
        ("successful", f"c-{call}") for call in seen.calls
    }
    assert Task.select().count() == ROUNDS


def test_of_a_success_and_a_failure_the_success_stands(client: Client, staff: Staff, track: Track) -> None:
    for turn in range(ROUNDS):
        call = _in_progress(client)
        reports = [partial(_report, client, body, call) for body in (REPORT, FAILURE, FAILURE, REPORT)]
        assert _codes(track.race(*reports, first=turn if turn < 2 else None)) == [200] * 4

    seen = Stories()
    failed_first = [call for call in seen.calls if seen.events[call]["call_failed"]]
    for call, row in seen.calls.items():
        assert (row.status, row.partner_start_time is not None) == ("successful", True)
        assert dict(seen.events[call]) == TALKED | ({"call_failed": 1} if call in failed_first else {})
        assert seen.pushes[call].count("Call ended") == 1
        assert seen.pushes[call].count("Call not connected") <= (call in failed_first)
    assert Task.select().count() == ROUNDS
    assert 0 < len(failed_first) < ROUNDS, "both orders were seen"


def test_ends_by_hand_and_by_report_at_once_make_one_end(client: Client, staff: Staff, track: Track) -> None:
    for turn in range(ROUNDS):
        call, body = _in_progress(client), (REPORT, FAILURE)[turn % 2]
        ends = [
            partial(client.put, f"/mentor/call/{call}/"),
            partial(client.put, f"/comms/call/{call}/", user=SERVICE),
            partial(_report, client, body, call),
            partial(client.ask, "PATCH", f"/mentor/call/{call}/"),
        ]
        assert _codes(track.race(*ends)) == [200] * 4

    seen = Stories()
    for call, row in seen.calls.items():
        assert row.end_time is not None
        assert dict(seen.events[call]) == (FAILED if row.status == "inactive" else TALKED)
        assert seen.pushes[call] == ["Call not connected" if row.status == "inactive" else "Call ended"]
    assert Counter(row.status for row in seen.calls.values())["successful"] >= ROUNDS // 2
    assert Task.select().count() == sum(row.status == "successful" for row in seen.calls.values())


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The product's own hasher, with less work."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64))


@pytest.mark.parametrize("field", ["username", "contact_number"])
def test_of_people_with_one_name_or_number_one_is_made(
    client: Client, staff: Staff, track: Track, quick_hashes: None, field: str
) -> None:
    client.get("/mentor/mentee", user=ADMIN)

    for turn in range(ROUNDS):
        wanted = f"twin{turn}" if field == "username" else f"+49151{turn:07}"
        jobs = []
        for lane in range(4):
            own = {"username": f"own{turn}-{lane}", "contact_number": f"+4930{turn:05}{lane}"}
            body = {**TONY, **own, field: wanted, "mentee": staff.mentee.id}
            jobs.append(partial(client.post, f"/mentor/{('mentee', 'mentor')[lane % 2]}", body, user=ADMIN))
        answers = track.race(*jobs)
        assert sorted(_codes(answers)) == [201, 400, 400, 400]
        assert {tuple(answer.json) for answer in answers if answer.status_code == 400} == {(field,)}

    assert (User.select().count(), Contact.select().count()) == (6 + ROUNDS, 4 + ROUNDS)


def test_of_people_changed_to_one_number_at_once_one_has_it(
    client: Client, staff: Staff, track: Track
) -> None:
    people = [("mentee", staff.mentee), ("mentor", staff.mentor), ("mentor", staff.stranger)]
    for turn in range(ROUNDS):
        jobs = []
        for kind, person in people:
            body = {**TONY, "username": person.user.username, "password": "", "mentee": staff.mentee.id}
            body["contact_number"] = f"+49 30 1{turn:06}"
            jobs.append(partial(client.put, f"/mentor/{kind}/{person.id}", body, user=ADMIN))
        answers = track.race(*jobs)
        assert sorted(_codes(answers)) == [200, 400, 400]
        assert {tuple(answer.json) for answer in answers if answer.status_code == 400} == {
            ("contact_number",)
        }
        assert Contact.select().where(Contact.msisdn == f"49301{turn:06}").count() == 1


def test_of_two_calls_reported_as_one_conversation_one_has_it(
    client: Client, staff: Staff, track: Track
) -> None:
    for turn in range(ROUNDS):
        calls = [_in_progress(client), _in_progress(client)]
        reports = [
            partial(reported, client, REPORT, scheduledCallId=f"sc-{call}", conversationId=f"t-{turn}")
            for call in calls
        ]
        answers = track.race(*reports)
        assert sorted(_codes(answers)) == [200, 400]
        assert [list(answer.json) for answer in answers if answer.status_code == 400] == [["conversationId"]]
        assert sorted(Call.get_by_id(call).status for call in calls) == ["inprogress", "successful"]


def test_a_text_with_an_id_received_many_times_at_once_is_one_message(
    client: Client, staff: Staff, track: Track
) -> None:
    for turn in range(ROUNDS):
        body = {"mobile": "27123456789", "text": f"text {turn}", "messageId": str(turn)}
        receive = partial(client.post, "/comms/onion_dev_message/", body, user=SERVICE)
        assert _codes(track.race(*[receive] * 4)) == [201] * 4

    assert [row.content for row in Message.select().order_by(Message.id)] == [
        f"text {turn}" for turn in range(ROUNDS)
    ]
    run_due()
    assert Push.select().count() == Event.select().count() == ROUNDS


@pytest.mark.parametrize(("kind", "state"), [("text.delivered", "sent"), ("text.failed", "failed")])
def test_a_delivery_report_and_the_carriers_answer_agree_whichever_is_first(
    client: Client, staff: Staff, track: Track, kind: str, state: str
) -> None:
    for turn in range(1, ROUNDS + 1):
        client.post("/mentor/message/", {"content": "hi"})
        with transaction():
            attempt = Text.locked(turn).begin("simulator", 1)
        report = {"id": f"t-{turn}", "reference": f"message:{turn}"}
        track.race(partial(_accept, turn, attempt), *[partial(told, client, kind, report)] * 2)

    assert {text.status for text in Text.select()} == {kind.partition(".")[2]}
    assert {message.state for message in Message.select()} == {state}
    noted = Counter((event.event_type, event.object_id) for event in Event.select())
    assert set(noted.values()) == {1}
    assert {message for kind, message in noted if kind == f"message_{state}"} == set(range(1, ROUNDS + 1))


def _accept(text: int, attempt: Attempt) -> None:
    with transaction():
        Text.locked(text).accepted(attempt, f"t-{text}")


def _ahead(**span: float) -> str:
    return (clock.now() + timedelta(**span)).isoformat()


def _reminders() -> dict[int, list[Any]]:
    """When each reminder that is still owed is due, by scheduled call."""
    owed = defaultdict(list)
    for row in LedgerRow.select().where(LedgerRow.name == "remind"):
        owed[int(row.key.split(":")[1])].append(row.due_at)
    return {scheduled: sorted(due) for scheduled, due in owed.items()}


def _told(of: str) -> Counter[int]:
    """How often an event was noted, by scheduled call."""
    return Counter(row.object_id for row in Event.select().where(Event.event_type == of))


def _expected_reminders(row: ScheduledCall) -> list[Any]:
    return [row.call_time - timedelta(hours=hours) for hours in (24, 1, 0.25, 0)]


def test_a_scheduled_call_moved_many_times_at_once_has_the_reminders_of_its_last_time(
    client: Client, staff: Staff, track: Track
) -> None:
    moves = Counter[int]()
    for _ in range(ROUNDS):
        scheduled = client.post("/mentor/schedule/", {"call_time": _ahead(days=3)}).json["id"]
        times = [_ahead(days=days) for days in (4, 5, 6)]
        path = f"/mentor/schedule/{scheduled}/"
        answers = track.race(*[partial(client.ask, verb, path, {"call_time": time})
                               for verb, time in zip(("PUT", "PATCH", "PUT"), times, strict=True)])  # fmt: skip
        assert _codes(answers) == [200] * 3
        moves[scheduled] = 3

    owed = _reminders()
    for row in ScheduledCall.select():
        assert owed[row.id] == _expected_reminders(row)
    assert _told("call_rescheduled") == moves
    assert Message.select().count() == ROUNDS * 4  # the mentee is told of each move


def test_a_cancelled_call_leaves_nothing_owed_whatever_happened_at_the_same_moment(
    client: Client, staff: Staff, track: Track
) -> None:
    moved = Counter[int]()
    for _ in range(ROUNDS):
        scheduled = client.post("/mentor/schedule/", {"call_time": _ahead(days=3)}).json["id"]
        path = f"/mentor/schedule/{scheduled}/"
        moving = [partial(client.put, path, {"call_time": _ahead(days=days)}) for days in (4, 5)]
        answers = track.race(*moving, *[partial(client.ask, "DELETE", path)] * 2)
        codes = _codes(answers)
        assert set(codes[:2]) <= {200, 404}
        assert sorted(codes[2:]) == [204, 404]
        moved[scheduled] += codes[:2].count(200)

    assert _reminders() == {}
    assert {row.cancelled_at is not None for row in ScheduledCall.select()} == {True}
    assert _told("call_cancelled") == Counter(dict.fromkeys(moved, 1))
    assert _told("call_rescheduled") == +moved
    assert Message.select().count() == sum(moved.values()) + ROUNDS * 2


@pytest.mark.parametrize("verb", ["PUT", "DELETE"])
def test_a_change_in_the_instant_of_a_reminder_leaves_no_push_about_the_old_time(
    client: Client, staff: Staff, track: Track, jump: Callable[[float], None], verb: str
) -> None:
    client.put("/mentor/device/", {"token": "device-1"})
    reminded = 0
    for turn in range(ROUNDS // 2):
        jump(0)
        scheduled = client.post("/mentor/schedule/", {"call_time": _ahead(hours=2)}).json["id"]
        LedgerRow.delete().where(LedgerRow.name == "send_text").execute()
        jump(3600.5)
        (hint,) = hints.take_due(10)
        remind = partial(RUNNERS[hint.name], hint.command_id, hint.attempt)
        change = partial(client.ask, verb, f"/mentor/schedule/{scheduled}/", {"call_time": _ahead(days=3)})

        codes = _codes(track.race(change, remind, remind, first=turn if turn < 2 else None))

        assert (hint.name, codes) == ("remind", [200 if verb == "PUT" else 204])
        came = CallReminder.select().where(CallReminder.scheduled_call == scheduled).count()
        pushes = [push.status for push in Push.select().order_by(Push.id)][reminded:]
        assert pushes == ["expired"] * came, (
            "what came before the change, and no carrier had yet, was called off"
        )
        reminded += came
        owed = _reminders().get(scheduled, [])
        assert owed == (_expected_reminders(ScheduledCall.get_by_id(scheduled)) if verb == "PUT" else [])
        LedgerRow.delete().execute()

    assert 0 < reminded < ROUNDS // 2, "both orders were seen"


def test_tasks_changed_at_once_end_as_one_of_them_said(client: Client, staff: Staff, track: Track) -> None:
    wanted = ("pending", "in-progress", "done")
    for _ in range(ROUNDS):
        task = Task.create(mentor=staff.mentor, description="x")
        answers = track.race(
            *[partial(client.put, f"/mentor/task/{task.id}/", {"status": word}) for word in wanted]
        )
        assert [(answer.status_code, answer.json["status"]) for answer in answers] == [
            (200, word) for word in wanted
        ]

    assert {row.status for row in Task.select()} <= set(wanted)


def test_of_call_notes_at_once_one_is_kept_and_its_task_is_done(
    client: Client, staff: Staff, track: Track
) -> None:
    bodies = [
        {"version": 1, "mentee_state": "happy", "discussion": "x"},
        {"rating": 4, "call_quality": "fair"},
    ] * 2
    for _ in range(ROUNDS):
        call = _in_progress(client)
        client.put(f"/mentor/call/{call}/")
        answers = track.race(
            *[partial(client.post, "/mentor/callnote/", {**body, "call": call}) for body in bodies]
        )
        assert sorted(_codes(answers)) == [201, 409, 409, 409]

    assert sorted(note.call_id for note in CallNote.select()) == sorted(Stories().calls)
    assert {task.status for task in Task.select()} == {"done"}


@pytest.mark.parametrize("path", ["/mentor/call/", "/mentor/message/", "/mentor/schedule/"])
def test_one_idempotency_key_makes_one_object(client: Client, staff: Staff, track: Track, path: str) -> None:
    bodies = {"call": None, "message": {"content": "hi"}, "schedule": {"call_time": _ahead(days=3)}}
    body = bodies[path.split("/")[2]]
    for turn in range(ROUNDS):
        key = {"Idempotency-Key": f"turn {turn}"}
        answers = track.race(*[partial(client.post, path, body, headers=key)] * 4)
        assert _codes(answers) == [201] * 4
        assert len({answer.text for answer in answers}) == 1

    made = {"call": Call, "message": Message, "schedule": ScheduledCall}[path.split("/")[2]]
    assert made.select().count() == IdempotencyKey.select().count() == ROUNDS


def test_of_two_messages_with_one_idempotency_key_one_is_made(
    client: Client, staff: Staff, track: Track
) -> None:
    for turn in range(ROUNDS):
        key = {"Idempotency-Key": f"turn {turn}"}
        answers = track.race(*[partial(client.post, "/mentor/message/", {"content": text}, headers=key)
                               for text in ("hi", "ho")])  # fmt: skip
        assert sorted(_codes(answers)) == [201, 422]

    assert Message.select().count() == ROUNDS


def test_a_device_registered_by_many_at_once_is_one_mentors(
    client: Client, staff: Staff, track: Track, quick_hashes: None
) -> None:
    mentors = [MENTOR, STRANGER]
    for number in range(2):
        body = {**TONY, "username": f"m{number}", "contact_number": f"+4930123{number}", "mentee": staff.mentee.id,
                "password": "correct horse"}  # fmt: skip
        assert client.post("/mentor/mentor", body, user=ADMIN).status_code == 201
        mentors.append(f"m{number}")

    for turn in range(ROUNDS):
        token = f"token {turn}".replace(" ", "-")
        answers = track.race(
            *[partial(client.put, "/mentor/device/", {"token": token}, user=user) for user in mentors]
        )
        assert _codes(answers) == [200] * 4
        assert Contact.select().where(Contact.device_token == token).count() == 1


def test_mentors_who_swap_devices_have_one_each_at_most(client: Client, staff: Staff, track: Track) -> None:
    def has(user: str, token: str) -> Callable[[], Any]:
        return partial(client.put, "/mentor/device/", {"token": token}, user=user)

    for turn in range(ROUNDS):
        tokens = (f"a{turn}", f"b{turn}")
        track.race(has(MENTOR, tokens[0]), has(STRANGER, tokens[1]))
        assert _codes(track.race(has(MENTOR, tokens[1]), has(STRANGER, tokens[0]))) == [200, 200]
        held = [row.device_token for row in Contact.select().where(Contact.device_token != "")]
        assert len(held) == len(set(held))
        assert set(held) <= set(tokens)
