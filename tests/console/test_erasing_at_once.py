"""Erased while requests, reports and workers are at it: nobody is told of a fault, and nothing of him is left."""

from dataclasses import replace
from typing import Any

import pytest

from models import keeping, settings
from models.database import transaction
from models.ledger import LedgerRow
from models.people import Contact
from models.privacy import erasing
from models.privacy.persons import Person
from tests.api.calls_at_work import REPORT, dialled, pressed
from tests.api.surveys_at_work import SURVEY
from tests.api.test_at_once import at_once
from tests.api.test_simulator_reports import told
from tests.console.test_privacy import ANSWER, RECORDING, WORDS, traces
from tests.house import MENTEE, MENTOR, NUMBERS, Client, Staff, run_due, run_until_settled


@pytest.fixture(autouse=True)
def key(home: settings.Settings) -> None:
    settings.use(replace(settings.current(), secret_key="a key of the tests"))


@pytest.mark.parametrize("turn", range(6))
@pytest.mark.parametrize("name", [MENTEE, MENTOR])
def test_nothing_of_him_is_left_whoever_was_quicker(
    client: Client, staff: Staff, carrier: Any, name: str, turn: int
) -> None:
    contact: Contact = staff.mentee if name == MENTEE else staff.mentor
    for verb in ("/mentor/call/", "/comms/call/"):
        client.get(verb)
    client.get("/comms/call/", user="robot")
    dialled(pressed(client), REPORT["scheduledCallId"])
    survey = {
        **SURVEY,
        "records": {"1": {"answer": ANSWER, "questionTime": "2017-04-21 07:00:54", "order": "1"}},
    }
    text = {"id": "m", "from": NUMBERS[MENTEE], "to": "+15550100", "body": ANSWER}

    def report() -> Any:
        return client.post("/comms/onion_dev_call_end/", {**REPORT, "recordingUrl": RECORDING}, user="robot")

    _, *answers = at_once(
        lambda: erasing.erase(Person.called(str(contact.id)), force=True),
        report,
        report,
        lambda: told(client, "text.received", text),
        lambda: client.post("/comms/onion_dev_feedback/", survey, user="robot"),
        lambda: client.post("/mentor/message/", {"content": WORDS}),
        lambda: client.post("/mentor/call/"),
    )
    run_due()
    run_until_settled()
    keeping.prune()

    assert {answer.status_code for answer in answers} <= {200, 201, 400, 401, 409}
    assert traces(name) == []
    assert LedgerRow.select().where(LedgerRow.state == "dead").count() == 0


def test_two_who_erase_at_once_do_what_one_does(client: Client, staff: Staff) -> None:
    client.post("/mentor/message/", {"content": WORDS})

    at_once(*[lambda: erasing.erase(Person.called(str(staff.mentee.id)), force=True)] * 3)

    assert traces(MENTEE) == []


def test_who_died_half_way_is_taken_up_by_the_next(client: Client, staff: Staff) -> None:
    """The first transaction is the one after which nobody is he any more; all else can wait."""
    client.post("/mentor/message/", {"content": WORDS})
    with transaction():
        erasing._himself(Person.called(str(staff.mentee.id)))
    assert traces(MENTEE)

    erasing.erase(Person.called(str(staff.mentee.id)))

    assert traces(MENTEE) == []
