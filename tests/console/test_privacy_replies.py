"""Erasing somebody, and what was written back: confirmations and answers lose him, the wish to be left alone stays."""

import json
from typing import Any

from models import donotcall
from models.deliveries import Text
from models.privacy.erasing import erase
from models.privacy.held import held
from models.privacy.persons import Person
from models.receipts import Receipt
from tests.api.test_simulator_reports import told
from tests.appointments.clinic import PHONE, Clinic, fresh
from tests.house import MENTEE, NUMBERS, Client, Staff


def wrote(client: Client, body: str, number: str) -> Any:
    data = {"id": f"mo-{body}", "from": number, "to": "+15550100", "body": body}
    return told(client, "text.received", data).json["outcome"]


def test_the_confirmation_goes_and_the_wish_stays(home: Any, staff: Staff) -> None:
    wrote(Client(), "STOP", NUMBERS[MENTEE])
    person = Person.of(staff.mentee.user_id)
    told_of = dict(held(person))
    said = [row["proof"] for row in told_of["do_not_call"]]

    erase(person, force=True)

    assert said == [f"receipt {Receipt.get().id}: STOP"]
    confirmation = Text.get(Text.origin == "opt_out")
    assert (confirmation.to.erased, confirmation.body, confirmation.status) == (True, "", "expired")
    assert donotcall.refused(NUMBERS[MENTEE])
    assert NUMBERS[MENTEE].strip("+") not in json.dumps([row.body for row in Receipt.select()])


def test_what_was_answered_to_an_alarm_goes_with_whose_alarm_it_was(home: Any) -> None:
    clinic = Clinic()
    alarm = clinic.alarm(method=2)
    Text.create(
        reference=f"alarm:{alarm.id}:1", origin="alarm", origin_id=alarm.id, to=PHONE, body="?", status="sent"
    )
    wrote(Client(), "1", PHONE)
    assert fresh(alarm).result == 1
    assert PHONE in Receipt.get().body

    erase(Person.of(clinic.user.id), force=True)

    assert PHONE.strip("+") not in Receipt.get().body
    assert fresh(alarm).result == 1
