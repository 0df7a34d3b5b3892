"""Alarms by text and mail (§5.6, §5.12): what is said and how, what lacks, and when it has succeeded."""

import json
from typing import Any

import pytest

from models.appointments.alarms import EMAIL, FAILURE, IN_PROCESS, SMS, SUCCESS, Alarm
from models.appointments.calendars import CalendarSetting
from models.appointments.templates import MailTemplate, SmsTemplate
from models.database import transaction
from models.deliveries import Delivery, Mail, Ring, Text
from models.ledger import LedgerRow
from tests.appointments.clinic import PHONE, Clinic, accept, fresh, mails, perform, requests, texts
from tests.conformance import holds


def told(alarm: Alarm) -> list[Delivery]:
    return [*texts(alarm), *mails(alarm)]


@holds("§5.6 SMS: text, number, sender, account, gateway", "§5.12 placeholders: in the SMS")
def test_a_text_says_its_templates_words_from_the_settings_number(clinic: Clinic) -> None:
    alarm = clinic.alarm(method=SMS)
    perform()

    (text,) = texts(alarm)
    assert (text.body, text.to.e164()) == (f"Dear Ada, call {PHONE}.", PHONE)
    assert (text.sender, text.gateway_id, text.at_least_once) == ("900", clinic.sms.id, True)
    assert (text.reference, text.origin_id) == (f"alarm:{alarm.id}:1", alarm.id)
    assert (fresh(alarm).status, requests(alarm), Ring.select().count()) == (IN_PROCESS, [], 0)
    assert [row.name for row in LedgerRow.select()] == ["send_text"]


@holds(
    "§5.6 EMAIL: one mail", "§5.12 placeholders: in the mail's subject and parts, escaped in HTML",
    "alarm setting: email", "§5.15 mail: claimed, sent from, subject, both parts",
)  # fmt: skip
def test_a_mail_says_its_templates_words_in_all_its_parts(clinic: Clinic) -> None:
    data = json.dumps({"name": "Ada <b>\nBcc: x", "doctor": {"name": "50% Ö"}})
    said = {
        "subject": "For {name}",
        "message_plaintext": "{name}, {doctor.name}{nothing}",
        "message_html": "<p>{name}</p>",
    }
    MailTemplate.update(**said).execute()
    alarm = clinic.alarm(clinic.event(data=data), method=EMAIL)
    perform()

    (mail,) = mails(alarm)
    assert (mail.to, mail.sender) == ("ada@example.org", "The Clinic <clinic@example.org>")
    assert mail.subject == "For Ada <b> Bcc: x"
    assert mail.text == "Ada <b>\nBcc: x, 50% Ö"
    assert mail.html == "<p>Ada &lt;b&gt;\nBcc: x</p>"
    assert (mail.reference, mail.at_least_once) == (f"alarm:{alarm.id}:1", True)
    assert [row.name for row in LedgerRow.select()] == ["send_mail"]


@pytest.mark.parametrize(
    ("name", "address", "sender"),
    [
        ("", "a@b.org", "a@b.org"),
        ("", "", ""),
        ("No address", "", ""),
        ("A <x>\nB", "a@b.org", "A x B <a@b.org>"),
    ],
)
def test_whom_a_mail_is_from_is_what_its_template_says(
    clinic: Clinic, name: str, address: str, sender: str
) -> None:
    MailTemplate.update(from_name=name, from_email=address).execute()
    alarm = clinic.alarm(method=EMAIL)
    perform()

    assert mails(alarm)[0].sender == sender


@holds(
    "§5.6 SMS: SUCCESS when accepted, FAILURE otherwise, one send", "§5.18 walk: alarm by SMS and mail",
    "§5.15 mail: from_name, FAILURE and retry",
)  # fmt: skip
@pytest.mark.parametrize("method", [SMS, EMAIL])
@pytest.mark.parametrize(
    ("what", "status", "cause"),
    [
        ("accepted", SUCCESS, None),
        ("failed", FAILURE, "no credit"),
        ("expired", FAILURE, "its last useful moment passed"),
    ],
)
def test_it_has_succeeded_when_a_carrier_takes_it(
    clinic: Clinic, method: int, what: str, status: int, cause: str | None
) -> None:
    alarm = clinic.alarm(method=method)
    perform()
    (delivery,) = told(alarm)
    if what == "accepted":
        accept(delivery)
    with transaction():
        held = type(delivery).locked(delivery.id)
        if what == "failed":
            held.fail("no credit")
        if what == "expired":
            held.expire()

    assert (fresh(alarm).status, fresh(alarm).cause, fresh(alarm).due_at) == (status, cause, None)


@pytest.mark.parametrize("method", [SMS, EMAIL])
def test_what_is_reported_after_it_was_taken_does_not_undo_it(clinic: Clinic, method: int) -> None:
    alarm = clinic.alarm(method=method)
    perform()
    (delivery,) = told(alarm)
    accept(delivery)
    with transaction():
        type(delivery).locked(delivery.id).report(False, "switched off")

    assert fresh(alarm).status == SUCCESS


@holds(
    "§5.6 SMS: no template fails", "§5.6 EMAIL: no address or template fails",
)  # fmt: skip
@pytest.mark.parametrize(
    ("lacking", "cause"),
    [
        ({"method": SMS, "sms_template": None}, "there is no template of a text"),
        ({"method": SMS, "alarm_phonenumber": None}, "there is no number to text"),
        ({"method": SMS, "alarm_phonenumber": "12"}, "there is no number to text"),
        ({"method": EMAIL, "mail_template": None}, "there is no template of a mail"),
        ({"method": EMAIL, "alarm_email": None}, "there is no address to mail"),
        ({"method": EMAIL, "alarm_email": " "}, "there is no address to mail"),
    ],
)
def test_what_lacks_something_fails_without_traffic_and_alone(
    clinic: Clinic, lacking: dict[str, Any], cause: str
) -> None:
    alarm, other = clinic.alarm(**lacking), clinic.alarm(method=lacking["method"])
    perform()

    assert (fresh(alarm).status, fresh(alarm).cause, told(alarm)) == (FAILURE, cause, [])
    assert (fresh(other).status, len(told(other))) == (IN_PROCESS, 1)


@holds("O-9b")
def test_without_a_gateway_for_texts_a_text_fails(clinic: Clinic) -> None:
    CalendarSetting.update(sms_gateway=None).execute()
    alarm = clinic.alarm(method=SMS)
    perform()

    assert (fresh(alarm).status, fresh(alarm).cause) == (FAILURE, "the setting has no gateway for texts")
    assert Text.select().count() == 0


def test_a_text_that_would_be_empty_is_not_sent(clinic: Clinic) -> None:
    SmsTemplate.update(sms_text=" {nothing} ").execute()
    alarm = clinic.alarm(method=SMS)
    perform()

    assert (fresh(alarm).status, fresh(alarm).cause) == (FAILURE, "the text says nothing")


def test_what_is_begun_anew_is_sent_anew_under_another_reference(clinic: Clinic) -> None:
    alarm = clinic.alarm(method=SMS)
    perform()
    accept(texts(alarm)[0])
    Alarm.update(status=1, due_at=alarm.due_at).where(Alarm.id == alarm.id).execute()
    perform()

    assert [text.reference for text in texts(alarm)] == [f"alarm:{alarm.id}:1", f"alarm:{alarm.id}:2"]
    assert Mail.select().count() == 0
