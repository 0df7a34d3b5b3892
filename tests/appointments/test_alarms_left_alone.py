"""Alarms and who is to be left alone: no call, no text, no second attempt; and replies to texts that were sent."""

import json
from typing import Any

import pytest

from models import donotcall
from models.appointments.alarms import CALL, EMAIL, FAILURE, SMS, SUCCESS, Alarm
from models.appointments.gateways import Gateway, SmsGateway
from models.appointments.ivr.calls import hear, said
from models.appointments.ivr.inputs import Digits
from models.database import transaction
from models.deliveries import Hook, Ring, Text
from models.deliveries.life import Attempt
from models.numbers import PhoneNumber
from tests.appointments.clinic import (
    MOBILE,
    PHONE,
    Clinic,
    calls,
    end,
    failures,
    fresh,
    mails,
    perform,
    requests,
    rings,
    statuses,
    texts,
)
from tests.appointments.test_replies import wrote
from tests.conformance import holds
from tests.house import Carrier, Client, run_due, run_until_settled


@holds("left alone: no alarm is tried again")
def test_a_call_to_who_wants_none_fails_once_without_traffic(clinic: Clinic) -> None:
    alarm = clinic.alarm(maxretry=3, phonenumber_sms_failure=PHONE, alarm_phonenumber="+27 12 345-6700")
    donotcall.add(PHONE, "text")
    perform()
    run_due()

    (ring,) = rings(alarm)
    assert (ring.status, ring.cause) == ("failed", donotcall.CAUSE)
    assert (fresh(alarm).status, fresh(alarm).cause, fresh(alarm).due_at) == (FAILURE, donotcall.CAUSE, None)
    assert statuses(alarm) == [FAILURE]
    assert calls(alarm)[0].hangup_cause == donotcall.CAUSE
    assert [text.status for text in failures(alarm)] == ["failed"]  # nor is he texted that it failed
    assert Attempt.select().count() == 0


@pytest.mark.parametrize("keys", ["", "w12"])
def test_whoever_wants_no_calls_is_known_by_the_number_that_is_dialled(clinic: Clinic, keys: str) -> None:
    Gateway.update(addprefix="27").execute()
    alarm = clinic.alarm(alarm_phonenumber=PHONE.removeprefix("+27") + keys)
    donotcall.add(PHONE, "text")
    perform()
    run_due()

    (ring,) = rings(alarm)
    assert (ring.status, ring.cause, Attempt.select().count()) == ("failed", donotcall.CAUSE, 0)


def test_somebody_else_is_texted_that_it_failed(clinic: Clinic) -> None:
    alarm = clinic.alarm(maxretry=1, phonenumber_sms_failure=MOBILE)
    donotcall.add(PHONE, "survey")
    perform()
    run_due()
    (text,) = failures(alarm)
    assert (text.to.e164(), len(text.attempts)) == (MOBILE, 1)


def test_who_opts_out_between_two_attempts_is_not_rung_again(clinic: Clinic, exchange: Any) -> None:
    carrier = Carrier(exchange.url)
    carrier.phone(PHONE, call="busy")
    alarm = clinic.alarm(maxretry=3)
    perform()
    run_due()
    assert len(carrier.log("ring")) == 1
    (first,) = rings(alarm)
    end(first, "USER_BUSY")
    donotcall.add(PHONE, "text")
    perform()
    run_due()

    assert len(carrier.log("ring")) == 1
    assert (fresh(alarm).status, len(requests(alarm))) == (FAILURE, 2)


@pytest.mark.parametrize("gateway", [True, False])
def test_a_text_to_who_wants_none_fails_without_traffic(
    clinic: Clinic, carrier: Carrier, gateway: bool
) -> None:
    if gateway:  # a provider of the clinic's own, which would be asked over HTTP
        SmsGateway.update(
            base_url="http://127.0.0.1:9/", recipient_keyword="to", content_keyword="text"
        ).where(SmsGateway.id == clinic.sms.id).execute()
    alarm = clinic.alarm(method=SMS)
    donotcall.add(PHONE, "operator", "a letter")
    perform()
    run_due()

    assert (fresh(alarm).status, fresh(alarm).cause) == (FAILURE, donotcall.CAUSE)
    assert [text.attempts for text in texts(alarm)] == [[]]
    assert carrier.log("text") == []


@pytest.mark.parametrize(
    ("secretary", "listed", "prefixes"),
    [
        (MOBILE, MOBILE, {}),
        ("27 123 456-799", "00" + MOBILE[1:], {}),
        ("0123456799", MOBILE, {"removeprefix": "0", "addprefix": "+27"}),
        (f"sofia/gateway/out/{MOBILE}@pbx", MOBILE, {}),
    ],
)
def test_nobody_is_put_through_to_who_is_to_be_left_alone(
    clinic: Clinic, secretary: str, listed: str, prefixes: dict[str, str]
) -> None:
    alarms = [clinic.alarm(phonenumber_transfer=secretary) for _ in range(2)]
    perform()
    Gateway.update(**({"addprefix": ""} | prefixes)).where(Gateway.id == clinic.gateway.id).execute()

    done = [pressed(rings(alarms[0])[0], "3")]
    donotcall.add(listed, "operator", "a letter")
    done.append(pressed(rings(alarms[1])[0], "3"))

    assert done == [["transfer"], ["speak", "speak", "hangup"]]  # the survey goes on
    assert [fresh(alarm).result for alarm in alarms] == [3, 3]


def pressed(ring: Ring, key: str) -> list[str]:
    """What is done when somebody answers a call and presses a key."""
    for turn, what in ((1, None), (2, Digits(key))):
        with transaction():
            hear(Ring.locked(ring.id), turn, what)
    return [action["do"] for action in said(Ring.get_by_id(ring.id), 2)]


def test_a_mail_needs_no_phone(clinic: Clinic, carrier: Carrier) -> None:
    alarm = clinic.alarm(method=EMAIL)
    donotcall.add(PHONE, "text")
    perform()
    run_due()
    assert fresh(alarm).status == SUCCESS
    assert len(mails(alarm)) == len(carrier.log("mail")) == 1


@holds(
    "reply: 1, 2, 3 or a word answers the latest alarm that waits", "reply: the customer's own system is told"
)
def test_a_text_that_was_sent_is_answered_by_text(clinic: Clinic, carrier: Carrier, client: Client) -> None:
    alarm = clinic.alarm(method=SMS, url_confirm="https://clinic.example/confirmed")
    called = clinic.alarm(method=CALL)
    perform()
    run_due()
    assert fresh(alarm).status == SUCCESS

    assert wrote(client, "Yes", number=PHONE) == "done"

    assert (fresh(alarm).result, fresh(called).result) == (1, 0)
    (hook,) = Hook.select()
    assert (hook.url, json.loads(hook.body)["data"]["result"]) == ("https://clinic.example/confirmed", 1)


def test_stop_ends_what_is_still_to_come(clinic: Clinic, carrier: Carrier, client: Client) -> None:
    sent, later = clinic.alarm(method=SMS), clinic.alarm(method=SMS)
    Alarm.update(due_at=None).where(Alarm.id == later.id).execute()
    perform()
    run_due()
    wrote(client, "STOP", number=PHONE)
    Alarm.update(due_at=later.due_at).where(Alarm.id == later.id).execute()
    perform()
    run_until_settled()

    assert (fresh(sent).status, fresh(later).status) == (SUCCESS, FAILURE)
    said = [one["body"] for one in carrier.log("text")]
    assert len(said) == 2
    assert said[1].startswith("Trunkline: you will get no more")
    confirmation = Text.get(Text.origin == "opt_out")
    assert PhoneNumber(confirmation.to.reveal()) == PhoneNumber(PHONE)
