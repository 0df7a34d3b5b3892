"""Alarm calls at work: phones are rung by themselves, hear the survey, press keys, and everybody knows how it ended."""

from collections.abc import Iterator
from typing import Any

import pytest

from models import events
from models.appointments.alarms import Alarm, AlarmRequest
from models.appointments.callrequests import AlarmCall
from models.appointments.surveys import SealedSurvey, SurveyAggregate, SurveyResult
from models.appointments.surveys.sealing import seal
from models.appointments.surveys.sections import DNC, SMS
from models.database import transaction
from models.deliveries import Ring, Text
from models.donotcall import DoNotCall
from models.numbers import PhoneNumber
from models.people import User
from models.privacy.erasing import erase
from models.privacy.persons import Person
from tests.appointments.surveys import reminder, written
from tests.appointments.test_ivr_results import alarmed
from tests.conformance import holds
from tests.house import Carrier, House, Staff, wait_for

pytestmark = [pytest.mark.pipeline]

PHONE = "+27123456700"


@pytest.fixture
def told() -> Iterator[list[dict[str, Any]]]:
    """What the surface that asked for the calls is told of their ends."""
    heard: list[dict[str, Any]] = []
    before = dict(events._listeners)
    events.listens("ring.reported", "alarm_request")(lambda _id, **facts: heard.append(facts))
    yield heard
    events._listeners.clear()
    events._listeners.update(before)


def rung(user: User, survey: SealedSurvey, number: str = PHONE, attempt: int = 1) -> tuple[Ring, Alarm]:
    """An alarm's call, asked for."""
    alarm = alarmed(user)
    Alarm.update(alarm_phonenumber=number).where(Alarm.id == alarm.id).execute()
    call = AlarmCall.create(user=user, phone_number=number, content_type="survey", object_id=survey.id)
    request = AlarmRequest.create(alarm=alarm, date=call.call_time, callrequest=call)
    AlarmCall.update(alarm_request_id=request.id).where(AlarmCall.id == call.id).execute()
    with transaction():
        ring = Ring.create(
            reference=f"alarm:{alarm.id}:{attempt}",
            origin="alarm_request",
            origin_id=request.id,
            to=PhoneNumber.parse(number),
            callerid="900",
        )
        events.emit("ring.requested", ring_id=ring.id)
    return ring, alarm


def ended(house: House, carrier: Carrier, ring: Ring) -> Ring:
    wait_for(lambda: Ring.get_by_id(ring.id).over and carrier.owes == 0)
    house.drain()
    return Ring.get_by_id(ring.id)  # type: ignore[no-any-return]  # Peewee is untyped


@holds(
    "§5.14 answer: a RATING is the alarm's result at once",
    "case: press 1 to confirm, 2 to cancel, 3 for another time",
)  # fmt: skip
@pytest.mark.parametrize(
    ("key", "faults"), [("1", ()), ("2", ("callback_twice",)), ("3", ("timeout_after_accept",))]
)
def test_a_key_pressed_in_a_call_is_the_alarms_result(
    house: House, carrier: Carrier, staff: Staff, told: list[Any], key: str, faults: tuple[str, ...]
):
    carrier.phone(PHONE, digits=["9", key])
    for fault in faults:
        carrier.fault(fault, channel="ring", seconds=0.1)

    ring, alarm = rung(staff.admin, reminder(staff.admin))
    ring = ended(house, carrier, ring)

    assert (ring.status, ring.machine, ring.said) == ("delivered", False, "[]")
    assert Alarm.get_by_id(alarm.id).result == int(key)
    assert [(row.response, row.count) for row in SurveyAggregate.select()] == [(key, 1)]
    assert SurveyResult.select().count() == 1
    assert [(one["cause"], one["digits"], one["machine"]) for one in told] == [
        ("NORMAL_CLEARING", f"9{key}", False)
    ]
    assert told[0]["duration"] > 0
    (asked,) = carrier.log("ring")
    assert (asked["to"], asked["from"], asked["reference"]) == (PHONE, "900", ring.reference)


@pytest.mark.parametrize(
    ("phone", "cause", "machine"),
    [
        ("busy", "USER_BUSY", False),
        ("no_answer", "NO_ANSWER", False),
        ("reject", "CALL_REJECTED", False),
        ("unreachable", "SUBSCRIBER_ABSENT", False),
        ("voicemail", "NORMAL_CLEARING", True),
    ],
)
def test_a_call_that_reaches_nobody_says_why(
    house: House, carrier: Carrier, staff: Staff, told: list[Any], phone: str, cause: str, machine: bool
):
    carrier.phone(PHONE, call=phone)

    ring, alarm = rung(staff.admin, reminder(staff.admin))
    ring = ended(house, carrier, ring)

    assert ring.status == ("delivered" if machine else "failed")
    assert [(one["cause"], one["machine"]) for one in told] == [(cause, machine)]
    assert Alarm.get_by_id(alarm.id).result == 0


def test_a_survey_texts(house: House, carrier: Carrier, staff: Staff, told: list[Any]):
    survey = seal(written(staff.admin, {"type": SMS, "sms_text": "Bye {contact}"}).id)

    ring, _ = rung(staff.admin, survey)
    ended(house, carrier, ring)

    wait_for(lambda: carrier.log("text"))
    assert [(one["to"], one["body"]) for one in carrier.log("text")] == [(PHONE, f"Bye {PHONE}")]


@holds("§5.13 ivr: DNC")
def test_who_opts_out_in_a_call_is_sent_not_even_its_text(
    house: House, carrier: Carrier, staff: Staff, told: list[Any]
):
    texting = {"type": SMS, "sms_text": "Bye {contact}", "branches": {"0": 1}}
    survey = seal(written(staff.admin, texting, {"type": DNC}).id)

    ring, _ = rung(staff.admin, survey)
    ended(house, carrier, ring)

    text = wait_for(lambda: Text.get_or_none(Text.status == "failed"))
    assert (text.cause, text.attempts, carrier.log("text")) == ("on the do-not-call list", [], [])
    assert [(row.msisdn, row.source) for row in DoNotCall.select()] == [(PHONE[1:], "survey")]


def test_who_is_erased_is_rung_no_more_and_no_number_of_his_alarms_is_left(home: Any, staff: Staff):
    survey = reminder(staff.stranger.user)
    called, _ = rung(staff.stranger.user, survey)
    other, _ = rung(staff.admin, survey)

    erase(Person.of(staff.stranger.user_id), force=True)

    assert (Ring.get_by_id(called.id).to.erased, Ring.get_by_id(called.id).status) == (True, "expired")
    assert (Ring.get_by_id(other.id).to.erased, Ring.get_by_id(other.id).status) == (False, "queued")
