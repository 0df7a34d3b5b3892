"""`/mentor/callnote/`: what a mentor notes down about a call, in two versions."""

from typing import Any

import pytest

from models.mentoring import Call
from models.mentoring.notes import BaseCallNote, CallNoteV1, CallNoteV2
from tests.api.calls_at_work import FAILURE, pressed, refused, reported
from tests.api.looking import rows
from tests.api.test_at_once import at_once, repeatedly
from tests.conformance import holds
from tests.house import ADMIN, MENTEE, SERVICE, STRANGER, Client, Staff

PATH = "/mentor/callnote/"
V1 = {"version": 1, "mentee_state": "happy", "discussion": "School and football"}
V2 = {"version": 2, "rating": 4, "call_quality": "fair"}


@pytest.fixture
def ended(client: Client, call: int) -> int:
    """A call of adam's that has ended."""
    client.put(f"/mentor/call/{call}/")
    return call


@holds(
    "CallNoteV2.rating",
    "CallNoteV2.call_quality",
    "CallNoteV2.mentee_state",
    "CallNoteV2.discussion",
    "CallNoteV2.follow_up",
    "BaseCallNote.mentor",
    "BaseCallNote.call",
    "BaseCallNote.created_at",
    "POST /mentor/callnote/",
    "GET /mentor/callnote/",
    "GET /mentor/callnote/(id)",
    "M-21",
)
def test_a_note_of_the_current_version_shows_what_was_written(
    client: Client, staff: Staff, ended: int
) -> None:
    more = {"mentee_state": "unhappy", "discussion": "Marks", "follow_up": "Ask again"}

    answer = client.post(PATH, {**V2, **more, "call": ended})

    assert answer.status_code == 201
    assert answer.json == {
        "id": 1, "mentor": staff.mentor.id, "call": ended, "created_at": answer.json["created_at"], **V2, **more,
    }  # fmt: skip
    assert client.get(f"{PATH}1/").json == answer.json
    assert client.get(PATH).json["results"] == [answer.json]


@holds("CallNoteV1.mentee_state", "CallNoteV1.discussion", "CallNoteV1.follow_up", "M-21")
def test_a_note_of_the_older_version_has_its_own_questions(client: Client, ended: int) -> None:
    answer = client.post(PATH, {**V1, **V2, **V1, "call": ended})

    assert answer.status_code == 201
    assert {key: answer.json[key] for key in V1} == V1
    assert set(answer.json) == {"id", "mentor", "call", "created_at", *V1, "follow_up"}
    assert (BaseCallNote.get().rating, BaseCallNote.get().call_quality) == (None, None)


def test_without_a_version_it_is_the_current_one(client: Client, ended: int) -> None:
    answer = client.post(PATH, {"rating": 5, "call_quality": "good", "call": ended})

    assert (answer.status_code, answer.json["version"]) == (201, 2)
    assert [answer.json[key] for key in ("mentee_state", "discussion", "follow_up")] == [None, "", ""]


@holds("BaseCallNote.version", "CallNoteV1.version is 1", "CallNoteV2.version is 2")
def test_a_note_is_of_its_versions_class_wherever_it_is_read(client: Client, staff: Staff) -> None:
    for body in (V1, V2):
        call = pressed(client)
        client.put(f"/mentor/call/{call}/")
        client.post(PATH, {**body, "call": call})

    assert [type(note) for note in BaseCallNote.select().order_by(BaseCallNote.id)] == [
        CallNoteV1,
        CallNoteV2,
    ]
    assert [note.version for note in CallNoteV1.select()] == [1]
    assert [note.version for note in CallNoteV2.select()] == [2]
    assert CallNoteV1.get_or_none(CallNoteV1.id == 2) is None
    assert (CallNoteV1().version, CallNoteV2().version) == (1, 2)


@pytest.mark.parametrize("status", ["pending", "in-progress", "done"])
def test_the_calls_feedback_task_is_done_with_the_note(client: Client, ended: int, status: str) -> None:
    task = client.get(f"/mentor/call/{ended}/").json["feedback_task"]
    client.put(f"/mentor/task/{task}/", {"status": status})

    client.post(PATH, {**V2, "call": ended})

    assert client.get(f"/mentor/task/{task}/").json["status"] == "done"


@holds("M-21")
def test_a_call_has_one_note(client: Client, ended: int) -> None:
    client.post(PATH, {**V2, "call": ended})
    task = client.get(f"/mentor/call/{ended}/").json["feedback_task"]
    client.put(f"/mentor/task/{task}/", {"status": "pending"})

    second = client.post(PATH, {**V1, "call": ended})

    assert (second.status_code, list(second.json)) == (409, ["detail"])
    assert [note.version for note in BaseCallNote.select()] == [2]
    assert client.get(f"/mentor/task/{task}/").json["status"] == "pending"


@repeatedly
def test_of_notes_at_the_same_moment_one_is_kept(client: Client, ended: int, turn: int) -> None:
    answers = at_once(*[lambda: client.post(PATH, {**V2, "call": ended})] * 4)

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert BaseCallNote.select().count() == 1


def test_a_call_under_way_has_nothing_to_note(client: Client, call: int) -> None:
    scheduled = pressed(client)

    for under_way in (call, scheduled):
        answer = client.post(PATH, {**V2, "call": under_way})
        assert (answer.status_code, list(answer.json)) == (400, ["call"])
    assert BaseCallNote.select().count() == 0


def test_a_call_that_failed_may_be_noted_though_it_has_no_task(client: Client, call: int) -> None:
    reported(client, FAILURE)
    never = pressed(client)
    refused(never)

    answers = [client.post(PATH, {**V1, "call": failed}).status_code for failed in (call, never)]

    assert answers == [201, 201]
    assert rows()["task"] == 0


def test_somebody_elses_call_and_an_unknown_one_do_not_exist(
    client: Client, staff: Staff, ended: int
) -> None:
    theirs = pressed(client, user=STRANGER)
    client.put(f"/mentor/call/{theirs}/", user=STRANGER)

    for other in (theirs, 999, 0, -1, 2**63, 10**30):
        assert client.post(PATH, {**V2, "call": other}).status_code == 404
    assert BaseCallNote.select().count() == 0
    assert Call.get_by_id(theirs).feedback_task.status == "pending"


@pytest.mark.parametrize(
    ("body", "change", "field"),
    [
        *[(V2, {"version": version}, "version") for version in (0, 3, "2", 2.0, None, True, [2])],
        *[(V2, {"call": call}, "call") for call in (None, "x", 1.5, True, [1])],
        *[(V2, {"rating": rating}, "rating") for rating in (None, 0, 6, 4.5, "x", True)],
        *[(V2, {"call_quality": quality}, "call_quality") for quality in (None, "", "Good", "great", 1)],
        *[(V2, {"mentee_state": state}, "mentee_state") for state in ("", "sad", 1)],
        (V2, {"discussion": "x" * 2001}, "discussion"),
        (V2, {"follow_up": "x" * 2001}, "follow_up"),
        (V2, {"follow_up": 1}, "follow_up"),
        *[(V1, {"mentee_state": state}, "mentee_state") for state in (None, "", "sad")],
        *[(V1, {"discussion": text}, "discussion") for text in (None, "", " \n", "x" * 2001, 1)],
    ],
)
@holds("CallNoteV2.rating", "CallNoteV2.call_quality", "CallNoteV1.mentee_state", "CallNoteV1.discussion")
def test_a_note_with_a_wrong_field_is_refused(
    client: Client, ended: int, body: dict[str, Any], change: dict[str, Any], field: str
) -> None:
    before = rows()

    answer = client.post(PATH, {**body, "call": ended, **change})

    assert (answer.status_code, list(answer.json)) == (400, [field])
    assert rows() == before


@pytest.mark.parametrize(
    ("body", "field"),
    [(V1, "mentee_state"), (V1, "discussion"), (V2, "rating"), (V2, "call_quality"), (V2, "call")],
)
def test_a_note_without_a_required_field_is_refused(
    client: Client, ended: int, body: dict[str, Any], field: str
) -> None:
    sent = {**body, "call": ended}
    del sent[field]

    answer = client.post(PATH, sent)

    assert (answer.status_code, list(answer.json)) == (400, [field])


def test_texts_are_kept_as_they_are_up_to_their_longest(client: Client, ended: int) -> None:
    text = "ü😀\n" * 666 + "  "

    answer = client.post(PATH, {**V1, "call": ended, "discussion": text, "follow_up": text})

    assert (answer.json["discussion"], answer.json["follow_up"]) == (text, text)


def test_a_mentor_sees_only_his_own_notes(client: Client, ended: int) -> None:
    note = client.post(PATH, {**V2, "call": ended}).json["id"]

    assert client.get(PATH, user=STRANGER).json["count"] == 0
    for user, other in ((STRANGER, note), (None, note)):
        assert client.get(f"{PATH}{other}/", user=user).status_code == (404 if user else 401)
    assert [client.get(f"{PATH}{other}/").status_code for other in (999, "x", 2**63)] == [404] * 3


@pytest.mark.parametrize("user", [ADMIN, MENTEE, SERVICE])
def test_only_mentors_write_notes(client: Client, ended: int, user: str) -> None:
    before = rows()

    answers = [client.get(PATH, user=user), client.post(PATH, {**V2, "call": ended}, user=user)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert rows() == before


def test_a_note_is_neither_changed_nor_deleted(client: Client, ended: int) -> None:
    client.post(PATH, {**V2, "call": ended})

    for verb in ("PUT", "PATCH", "DELETE"):
        assert client.ask(verb, f"{PATH}1/", V2).status_code == 405
