"""Alarms on the whole system at work: phones ring, texts and mails go out, and everybody knows how it ended."""

import pytest

from models.appointments.alarms import EMAIL, FAILURE, RETRY, SMS, SUCCESS, Alarm
from models.appointments.cdr import CallDetailRecord
from models.commands import DispatchAlarms
from models.database import transaction
from models.ledger import enqueue
from tests.appointments.clinic import MOBILE, PHONE, Clinic, calls, fresh, requests, statuses
from tests.conformance import holds
from tests.house import Carrier, House, wait_for

pytestmark = [pytest.mark.pipeline]


def ended(alarm: Alarm) -> Alarm:
    def over() -> bool:
        with transaction():
            enqueue(DispatchAlarms(), key="every:dispatch_alarms")
        return fresh(alarm).status in (SUCCESS, FAILURE)

    wait_for(over)
    return fresh(alarm)


@holds("alarm setting: method is call, SMS or mail")
def test_a_call_is_made_answered_and_its_key_is_the_result(house: House, carrier: Carrier) -> None:
    clinic = Clinic()
    carrier.phone(PHONE, digits=["1"])
    alarm = ended(clinic.alarm())

    assert (alarm.status, alarm.result, alarm.num_attempt, alarm.due_at) == (SUCCESS, 1, 1, None)
    assert statuses(alarm) == [SUCCESS]
    (asked,) = carrier.log("ring")
    assert (asked["to"], asked["from"], asked["reference"]) == (PHONE, "900", f"alarm:{alarm.id}:1")


def test_a_busy_phone_is_rung_once_more_for_each_retry_then_somebody_is_told(
    house: House, carrier: Carrier
) -> None:
    clinic = Clinic()
    carrier.phone(PHONE, call="busy")
    alarm = ended(clinic.alarm(maxretry=2, phonenumber_sms_failure=MOBILE))

    assert (alarm.status, alarm.num_attempt) == (FAILURE, 3)
    assert statuses(alarm) == [RETRY, RETRY, FAILURE]
    assert [call.hangup_cause for call in calls(alarm)] == ["USER_BUSY"] * 3
    assert CallDetailRecord.select().count() == 3
    wait_for(lambda: carrier.log("text"))
    house.drain()
    assert [asked["reference"] for asked in carrier.log("ring")] == [
        f"alarm:{alarm.id}:{n}" for n in (1, 2, 3)
    ]
    assert [(text["to"], text["body"]) for text in carrier.log("text")] == [
        (MOBILE, f"The call to {PHONE} has failed after 3 attempts.")
    ]


@holds("alarm setting: method is call, SMS or mail", "§5.15 mail: claimed, sent from, subject, both parts")
@pytest.mark.parametrize("method", [SMS, EMAIL])
def test_texts_and_mails_go_out_once_and_have_succeeded_when_they_are_taken(
    house: House, carrier: Carrier, method: int
) -> None:
    alarm = ended(Clinic().alarm(method=method))

    assert (alarm.status, alarm.num_attempt, requests(alarm)) == (SUCCESS, 0, [])
    (told,) = carrier.log("text" if method == SMS else "mail")
    if method == SMS:
        assert (told["to"], told["body"]) == (PHONE, f"Dear Ada, call {PHONE}.")
    else:
        said = (told["to"], told["subject"], told["text"], told["html"])
        assert said == ("ada@example.org", "For Ada", "Dear Ada", "<p>Dear Ada</p>")
