"""What a call leaves behind: one result a node, counted once, and the alarm's result from ratings alone."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from models import clock
from models.appointments.alarms import NO_RESULT, Alarm, AlarmRequest
from models.appointments.calendars import Calendar
from models.appointments.callrequests import AlarmCall
from models.appointments.events import Event
from models.appointments.ivr.actions import Answer, Complete
from models.appointments.ivr.engine import begin, heard
from models.appointments.ivr.inputs import Digits, Silence
from models.appointments.ivr.keeping import keep
from models.appointments.ivr.scripts import Script, Talk
from models.appointments.placeholders import known
from models.appointments.surveys import SealedSurvey, SurveyAggregate, SurveyResult
from models.appointments.surveys.sealing import seal
from models.appointments.surveys.sections import CAPTURE_DIGITS, MULTI_CHOICE, RATING
from models.database import transaction
from models.people import User
from tests.appointments.surveys import nodes, reminder, written
from tests.conformance import holds
from tests.house import Staff
from tests.mentoring.racing import Track


def alarmed(user: User) -> Alarm:
    now = clock.now()
    event = Event.create(
        title="Visit",
        start=now,
        end=now + timedelta(hours=1),
        creator=user,
        calendar=Calendar.create(name="Clinic"),
    )
    return Alarm.create(event=event, alarm_phonenumber="+27")  # type: ignore[no-any-return]  # Peewee is untyped


def called(user: User, alarm: Alarm | None = None) -> AlarmCall:
    """A call, of an alarm or not."""
    call = AlarmCall.create(user=user, phone_number="+27", content_type="survey", object_id=1)
    if alarm:
        request = AlarmRequest.create(alarm=alarm, date=clock.now(), callrequest=call)
        AlarmCall.update(alarm_request_id=request.id).where(AlarmCall.id == call.id).execute()
    return call  # type: ignore[no-any-return]  # Peewee is untyped


def kept(call: AlarmCall, survey: SealedSurvey, *actions: Any) -> int | None:
    with transaction():
        return keep(call.id, survey.id, actions)


def counted() -> dict[str, int]:
    return {row.response: row.count for row in SurveyAggregate.select()}


def answer(survey: SealedSurvey, response: str, place: int = 0, **more: Any) -> Answer:
    return Answer(nodes(survey)[place].id, response, response, **more)


def played(call: AlarmCall, survey: SealedSurvey, *inputs: Any) -> None:
    """Play a survey to the end of these inputs, each told twice over: the second telling is kept again."""
    talk = Talk(Script.load(survey), "+27", values=known("+27", '{"doc_name": "Who"}'))
    state, actions = begin(talk)
    kept(call, survey, *actions)
    for what in inputs:
        state, actions = heard(talk, state, what)
        kept(call, survey, *actions)
        kept(call, survey, *actions)


@holds(
    "case: press 1 to confirm, 2 to cancel, 3 for another time", "alarm result: explained",
    "§5.14 answer: a RATING is the alarm's result at once",
)  # fmt: skip
@pytest.mark.parametrize(
    ("inputs", "result", "counts"),
    [
        ([Digits("1")], 1, {"1": 1}),
        ([Digits("2")], 2, {"2": 1}),
        ([Digits("4"), Digits("3#")], 3, {"3": 1}),
        ([Silence(), Silence()], 0, {}),
        ([Digits("9"), Digits("0")], 0, {}),
    ],
)
def test_the_reminder_of_the_books_confirms_cancels_and_reschedules(staff: Staff, inputs, result, counts):
    """§5.14, [REF 141]"""
    survey, alarm = reminder(staff.admin), alarmed(staff.admin)
    call = called(staff.admin, alarm)

    played(call, survey, *inputs)

    assert Alarm.get_by_id(alarm.id).result == result
    assert counted() == counts
    assert [row.response for row in SurveyResult.select()] == list(counts)
    assert AlarmCall.get_by_id(call.id).completed


@holds("§5.14 answer: only 1 to 3", "§5.14 answer: other nodes never")
@pytest.mark.parametrize(
    ("kind", "pressed", "result"),
    [(RATING, "1", 1), (RATING, "4", 0), (RATING, "9", 0), (MULTI_CHOICE, "1", 0), (CAPTURE_DIGITS, "2", 0)],
)
def test_only_ratings_from_1_to_3_are_the_result_of_an_alarm(staff: Staff, kind, pressed, result):
    alarm = alarmed(staff.admin)
    survey = seal(written(staff.admin, {"type": kind, "key_1": "1", "branches": {"any": None}}).id)

    played(called(staff.admin, alarm), survey, Digits(pressed))

    assert Alarm.get_by_id(alarm.id).result == result
    assert counted() == {pressed: 1}


@holds("§5.14 answer: the last one wins")
def test_the_last_rating_is_the_result_and_only_news_are_told(staff: Staff):
    survey, alarm = reminder(staff.admin), alarmed(staff.admin)
    call = called(staff.admin, alarm)
    first, second = answer(survey, "1", rating=True), answer(survey, "2", 1, rating=True)

    assert [kept(call, survey, one) for one in (first, first, second)] == [1, None, 2]
    assert kept(call, survey, answer(survey, "7", 2, rating=True)) is None
    assert Alarm.get_by_id(alarm.id).result == 2


def test_a_call_of_no_alarm_has_results_too(staff: Staff):
    survey, other = reminder(staff.admin), alarmed(staff.admin)

    assert kept(called(staff.admin), survey, answer(survey, "1", rating=True), Complete()) is None
    assert (counted(), Alarm.get_by_id(other.id).result) == ({"1": 1}, NO_RESULT)


@holds("§5.13 ivr: aggregates", "§5.13 ivr: result rows")
def test_a_node_answered_anew_is_counted_under_its_last_answer_alone(staff: Staff):
    survey = reminder(staff.admin)
    one, other = called(staff.admin), called(staff.admin)

    kept(other, survey, answer(survey, "1"))
    for response in ("1", "2", "2", "3"):
        kept(one, survey, answer(survey, response))

    assert counted() == {"1": 1, "3": 1}
    kept(other, survey, answer(survey, "3"))
    assert counted() == {"3": 2}
    assert SurveyResult.select().count() == 2


@holds("§5.13 ivr: recordings in bands", "§5.13 ivr: result rows")
def test_recordings_keep_file_and_seconds_and_are_counted_in_bands(staff: Staff):
    survey, call = reminder(staff.admin), called(staff.admin)
    section = nodes(survey)[0].id

    kept(call, survey, Answer(section, "", "21-40", record_file="a.wav", seconds=30))
    kept(call, survey, Answer(section, "", "21-40", record_file="a.wav", seconds=30))
    (result,) = SurveyResult.select()
    assert (result.response, result.record_file, result.recording_duration) == ("", "a.wav", 30)
    assert counted() == {"21-40": 1}

    kept(call, survey, Answer(section, "", ">90", record_file="b.wav", seconds=99))
    assert counted() == {">90": 1}


@pytest.fixture
def track(full: bool) -> Iterator[Track]:
    """Six lanes on PostgreSQL."""
    if not full:
        pytest.skip("SQLite has one writer at a time: races are for --backend=full")
    with Track(6) as track:
        yield track


@pytest.mark.servers
def test_reports_at_once_are_counted_once(staff: Staff, track: Track):
    survey = reminder(staff.admin)
    for _ in range(20):
        calls = [called(staff.admin) for _ in range(3)]
        forth = [answer(survey, "1"), answer(survey, "2", 1)]
        back = [answer(survey, "2", 1), answer(survey, "1")]

        track.race(*[partial(kept, call, survey, *way) for call in calls for way in (forth, back)])
        moved = [answer(survey, "5"), answer(survey, "6", 1)]
        track.race(*[partial(kept, call, survey, *moved) for call in calls for _ in range(2)])

    assert counted() == {"5": 60, "6": 60}
