"""Alarms on the whole system at work: phones ring, texts and mails go out, and everybody knows how it ended."""

import pytest

from models.appointments.alarms import EMAIL, FAILURE, RETRY, SMS, SUCCESS, Alarm
from models.appointments.cdr import A_LEG, B_LEG, CallDetailRecord
from models.appointments.gateways import Gateway
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
    assert (asked["name"], asked["keys"], asked["ring_seconds"], asked["limit_seconds"]) == (
        "Clinic",
        "",
        60,
        3600,
    )


@holds(
    "§5.8 dial: caller number and name",
    "§5.8 dial: removeprefix and addprefix",
    "§5.8 dial: w and digits after answer",
)
def test_the_carrier_dials_as_the_gateway_says_and_shows_number_and_name(
    house: House, carrier: Carrier
) -> None:
    clinic = Clinic()
    Gateway.update(removeprefix="+27", addprefix="0").execute()
    ended(clinic.alarm(alarm_phonenumber=f"{PHONE}w1w2"))

    (asked,) = carrier.log("ring")
    assert (asked["to"], asked["keys"]) == ("0123456700", "w1w2")
    assert (asked["from"], asked["name"]) == ("900", "Clinic")


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


@holds("§5.9 outcome: a B-leg adds only a CDR", "codes: CDR leg_type", "CDR: leg_type", "CDR: duration")
@pytest.mark.parametrize(
    ("secretary", "disposition", "talked"), [("answer", "ANSWER", 0.5), ("busy", "BUSY", 0.0)]
)
def test_whom_he_was_put_through_to_is_recorded_and_nothing_else(
    house: House, carrier: Carrier, secretary: str, disposition: str, talked: float
) -> None:
    clinic = Clinic()
    carrier.phone(PHONE, digits=["3"])
    carrier.phone("+27123456788", call=secretary)
    alarm = ended(clinic.alarm(phonenumber_transfer="+27123456788"))

    first, second = CallDetailRecord.select().order_by(CallDetailRecord.leg_type)
    assert (first.leg_type, first.phone_number, first.disposition) == (A_LEG, PHONE, "ANSWER")
    assert (second.leg_type, second.phone_number, second.disposition) == (B_LEG, "+27123456788", disposition)
    assert (second.duration, second.callerid, second.callrequest_id) == (talked, PHONE, first.callrequest_id)
    assert first.duration > second.duration
    assert (alarm.result, statuses(alarm)) == (3, [SUCCESS])
