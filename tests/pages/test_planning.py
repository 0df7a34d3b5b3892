"""Schedule, to-do list and call notes on the pages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from api.errors import FieldErrors
from api.pages.local_times import read, typed
from models import clock, settings
from models.mentoring import Activity, Call, CallNote, Message, ScheduledCall, Task
from models.settings import Settings
from tests.conformance import holds
from tests.house import STRANGER, Client, Staff
from tests.pages.reader import Reader, forms_of


@pytest.fixture
def berlin(home: Settings) -> None:
    """A town in which the clocks are changed."""
    settings.use(replace(settings.current(), local_zone="Europe/Berlin"))


def ahead(days: float = 1) -> str:
    return typed(clock.now() + timedelta(days=days))


def test_a_call_is_scheduled_in_the_zone_of_the_settings(mentor: Reader, jump: Callable[[float], None]):
    answer = mentor.fill("/schedule", "/schedule", call_time="2040-05-06T17:30")
    call = ScheduledCall.get()

    assert (answer.status_code, answer.headers["Location"]) == (303, "/schedule")
    assert call.call_time == datetime(2040, 5, 6, 12, 0, tzinfo=UTC)
    page = mentor.get("/schedule").text
    assert "Scheduled for Sun 6 May 2040, 17:30 (Asia/Kolkata). Tony is told by a text." in page
    assert Message.get().message_type == "system"


@pytest.mark.parametrize(
    ("call_time", "said"),
    [("", "Write a date and a time"), ("soon", "Write a date and a time"), ("2016-01-01T10:00", "in the future"),
     ("0001-01-01T00:00", "Write a date"), ("9999-12-31T23:59", "Write a date"), ("2040-02-30T10:00", "Write a date")],
)  # fmt: skip
def test_a_time_that_cannot_be_is_refused_beside_its_field(mentor: Reader, call_time: str, said: str):
    answer = mentor.fill("/schedule", "/schedule", call_time=call_time)

    assert answer.status_code == 400
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert forms_of(answer.text)["/schedule"]["call_time"] == call_time
    assert ScheduledCall.select().count() == 0


@pytest.mark.usefixtures("berlin")
def test_a_time_that_the_clocks_leave_out_is_refused_and_the_next_one_named(mentor: Reader):
    answer = mentor.fill("/schedule", "/schedule", call_time="2040-03-25T02:30")

    assert answer.status_code == 400
    assert "02:30 is left out. Write 03:30" in answer.text
    assert ScheduledCall.select().count() == 0


@pytest.mark.usefixtures("berlin")
def test_of_a_time_that_comes_twice_the_first_is_taken_and_that_is_said(mentor: Reader):
    mentor.fill("/schedule", "/schedule", call_time="2040-10-28T02:30")

    assert ScheduledCall.get().call_time == datetime(2040, 10, 28, 0, 30, tzinfo=UTC)
    assert "02:30 comes twice: the first of them is taken." in mentor.get("/schedule").text


@pytest.mark.usefixtures("berlin")
def test_the_second_of_the_two_stays_what_it_is_when_it_is_sent_back(mentor: Reader, staff: Staff):
    second = datetime(2040, 10, 28, 1, 30, tzinfo=UTC)
    ScheduledCall.create(caller=staff.mentor, callee=staff.mentee, call_time=second)
    mentor.fill("/schedule/1", "/schedule/1")

    assert ScheduledCall.get().call_time == second
    assert "The call stays where it was." in mentor.get("/schedule").text
    assert Message.select().count() == 0


@pytest.mark.parametrize(
    "text", ["2040-10-28T01:59", "2040-10-28T03:00", "2040-03-25T01:59", "2040-03-25T03:00"]
)
@pytest.mark.usefixtures("berlin")
def test_the_minutes_around_a_change_are_plain(text: str):
    moment, remark = read("call_time", text)

    assert typed(moment) == text
    assert remark == ""


@pytest.mark.usefixtures("berlin")
def test_every_minute_of_a_night_of_change_is_read_or_refused():
    for month, day, refused in ((3, 25, 60), (10, 28, 0)):
        start, count = datetime(2040, month, day), 0  # noqa: DTZ001  # as it is typed
        for minute in range(300):
            text = (start + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M")
            try:
                assert typed(read("call_time", text)[0]) == text
            except FieldErrors:
                count += 1
        assert count == refused


def test_the_same_form_sent_twice_schedules_one_call(mentor: Reader):
    form = {**mentor.form("/schedule", "/schedule"), "call_time": ahead()}
    assert [mentor.post("/schedule", form).status_code for _ in range(2)] == [303, 303]
    assert ScheduledCall.select().count() == 1
    assert Message.select().count() == 1
    other = mentor.post("/schedule", {**form, "call_time": ahead(2)})
    assert other.status_code == 400
    assert "press again" in other.text
    assert mentor.post("/schedule", forms_of(other.text)["/schedule"]).status_code == 303
    assert ScheduledCall.select().count() == 2


def test_only_offered_activities_can_be_chosen(mentor: Reader):
    Activity.create(title="A walk")
    Activity.create(title="A secret", active=False)
    page = mentor.get("/schedule").text
    assert "A walk" in page
    assert "A secret" not in page

    for activity, status in (("1", 303), ("2", 400), ("x", 400), ("9" * 30, 400), ("-1", 400), ("", 303)):
        answer = mentor.fill("/schedule", "/schedule", call_time=ahead(), activity=activity)
        assert answer.status_code == status, activity
        assert ("choose another one, or none" in answer.text) == (status == 400)
    assert "A walk" in mentor.get("/").text


@holds("web: page for scheduling calls")
def test_a_call_is_moved_and_cancelled(mentor: Reader):
    mentor.fill("/schedule", "/schedule", call_time=ahead())
    moved = mentor.fill("/schedule/1", "/schedule/1", call_time=ahead(3))
    assert moved.headers["Location"] == "/schedule"
    assert typed(ScheduledCall.get().call_time) == ahead(3)
    assert mentor.fill("/schedule/1", "/schedule/1", call_time="2016-01-01T10:00").status_code == 400
    cancelled = mentor.fill("/schedule/1", "/schedule/1/cancel")

    assert cancelled.status_code == 303
    assert ScheduledCall.get().cancelled_at is not None
    assert "is cancelled" in mentor.get("/schedule").text
    token = mentor.form("/", "/logout")["csrf"]
    for path in ("/schedule/1", "/schedule/1/cancel"):
        assert mentor.post(path, {"csrf": token, "call_time": ahead()}).status_code == 404
    assert Message.select().count() == 3


def test_the_to_do_list_shows_what_is_not_done_and_the_rest_when_asked(mentor: Reader, staff: Staff):
    for status in ("pending", "in-progress", "done"):
        Task.create(mentor=staff.mentor, description=f"That is {status}", status=status)
    plain, everything = mentor.get("/tasks").text, mentor.get("/tasks?show=all").text

    assert ["That is pending" in plain, "That is in-progress" in plain, "That is done" in plain] == [
        True,
        True,
        False,
    ]
    assert "That is done" in everything


@holds("web: to-do list, shown and edited")
def test_a_tasks_status_is_changed(mentor: Reader, staff: Staff):
    task = Task.create(mentor=staff.mentor, description="Do it")
    answer = mentor.fill("/tasks?show=all", f"/tasks/{task.id}", status="in-progress")
    assert answer.headers["Location"] == "/tasks?show=all"
    assert Task.get().status == "in-progress"
    mentor.fill("/tasks", f"/tasks/{task.id}", status="done")

    assert "“Do it” is now: done." in mentor.get("/tasks").text
    assert mentor.fill("/tasks?show=all", f"/tasks/{task.id}", status="never").status_code == 400
    assert Task.get().status == "done"


def test_tasks_without_end_are_read_screen_by_screen(mentor: Reader, staff: Staff):
    for number in range(60):
        Task.create(mentor=staff.mentor, description=f"task {number:02}.")
    first = mentor.get("/tasks").text
    older = first.partition("before=")[2].partition('"')[0]

    assert ["task 59." in first, "task 09." in first] == [True, False]
    assert "task 09." in mentor.get(f"/tasks?before={older}").text


@pytest.fixture
def ended(client: Client) -> int:
    """A call that has ended."""
    call = int(client.post("/mentor/call/").json["id"])
    client.put(f"/mentor/call/{call}/")
    return call


def test_a_note_is_written_once_and_ticks_off_the_task(mentor: Reader, ended: int):
    path = f"/calls/{ended}"
    form = {**mentor.form(path, path), "rating": "4", "call_quality": "fair", "mentee_state": "happy",
            "discussion": "Fractions", "follow_up": ""}  # fmt: skip
    assert mentor.post(path, form).status_code == 303
    note = CallNote.get()

    assert (note.version, note.rating, note.call_quality, note.mentee_state, note.discussion) == (
        2, 4, "fair", "happy", "Fractions",
    )  # fmt: skip
    assert Task.get().status == "done"
    page = mentor.get(path).text
    assert "4 of 5" in page
    assert path not in forms_of(page)
    assert mentor.post(path, form).status_code == 303
    assert CallNote.select().count() == 1
    assert "has its note already" in mentor.get(path).text


@pytest.mark.parametrize(
    "wrong",
    [{"rating": ""}, {"rating": "6"}, {"rating": "five"}, {"call_quality": ""}, {"call_quality": "x"},
     {"mentee_state": "x"}, {"discussion": "x" * 2001}],
)  # fmt: skip
def test_a_note_with_a_mistake_is_shown_again_as_it_was(mentor: Reader, ended: int, wrong: dict[str, str]):
    path = f"/calls/{ended}"
    typed_in = {"rating": "4", "call_quality": "good", "discussion": "Kept", **wrong}
    answer = mentor.fill(path, path, **typed_in)

    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert f'id="{next(iter(wrong))}-wrong"' in answer.text
    assert forms_of(answer.text)[path]["discussion"] == typed_in["discussion"]
    assert CallNote.select().count() == 0


def test_a_call_under_way_has_no_note_yet(mentor: Reader, client: Client):
    call = client.post("/mentor/call/").json["id"]
    page = mentor.get(f"/calls/{call}").text
    form = {"csrf": mentor.form("/", "/logout")["csrf"], "rating": "4", "call_quality": "good"}

    assert f"/calls/{call}" not in forms_of(page)
    answer = mentor.post(f"/calls/{call}", form)
    assert answer.status_code == 400
    assert CallNote.select().count() == 0


def test_what_is_anothers_does_not_exist(
    mentor: Reader, client: Client, ended: int, logged_in: Callable[[str], Reader]
):
    mentor.fill("/schedule", "/schedule", call_time=ahead())
    running = client.post("/mentor/call/").json["id"]
    eve = logged_in(STRANGER)
    token = eve.form("/", "/logout")["csrf"]

    for path in (f"/calls/{ended}", "/schedule/1", "/calls/x", "/calls/99999999999999999999"):
        assert eve.get(path).status_code == 404
    for path in (f"/calls/{running}/end", f"/calls/{ended}", "/schedule/1", "/schedule/1/cancel", "/tasks/1"):
        sent = {"csrf": token, "status": "done", "call_time": ahead(2), "rating": "1", "call_quality": "good"}
        assert eve.post(path, sent).status_code == 404, path
    assert Call.get_by_id(running).status == "scheduled"
    assert ScheduledCall.get().cancelled_at is None
    assert Task.get().status == "pending"
    assert CallNote.select().count() == 0
