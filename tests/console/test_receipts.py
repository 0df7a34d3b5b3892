"""`trunkline receipts`: reports that fitted nothing when they came, looked at and taken again."""

import json
from typing import Any

import pytest

from models import keeping
from models.mentoring import Call, Event, Feedback, Message, Task
from models.numbers import PhoneNumber
from models.people import Contact
from models.receipts import Receipt
from tests.api.calls_at_work import REPORT, pressed
from tests.api.surveys_at_work import SURVEY
from tests.api.test_simulator_reports import told as simulator_tells
from tests.console.conftest import Type
from tests.house import MENTOR, NUMBERS, Client, Staff, run_due

NEW = "+4915100001"


def _move(contact: Contact, number: str) -> None:
    """Give somebody another number, as an administrator does who corrects a slip."""
    given = PhoneNumber(number)
    Contact.update(contact_number=given, msisdn=given.msisdn).where(Contact.id == contact.id).execute()


def _everything() -> tuple[int, ...]:
    return tuple(table.select().count() for table in (Call, Event, Feedback, Message, Task))


def test_what_waits_is_listed_and_shown_without_a_number(door: Type, client: Client, staff: Staff) -> None:
    client.post("/comms/onion_dev_call_end/", REPORT, user="robot")
    client.post("/comms/onion_dev_call_end/", {**REPORT, "cdrs": 7}, user="robot")

    listed = json.loads(door("receipts", "list", "--json").stdout)
    unmatched = json.loads(door("receipts", "list", "--outcome", "unmatched", "--json").stdout)
    shown = json.loads(door("receipts", "show", unmatched[0]["id"]).stdout)
    bare = json.loads(door("receipts", "show", unmatched[0]["id"], "--numbers").stdout)

    assert [(row["source"], row["outcome"]) for row in listed] == [
        ("oniondev.call_end", "unmatched"), ("oniondev.call_end", "invalid"),
    ]  # fmt: skip
    assert "cdrs" in listed[1]["note"]
    assert json.loads(shown["body"])["handler"] == "hidden"
    assert json.loads(bare["body"]) == REPORT
    assert "2 receipts" in door("receipts", "list").stdout
    assert "no receipt 99" in door("receipts", "show", 99).stderr


def test_an_end_is_taken_again_once_its_mentor_can_be_found_and_never_twice(
    door: Type, client: Client, staff: Staff
) -> None:
    _move(staff.mentor, NEW)
    call_id = pressed(client)
    assert client.post("/comms/onion_dev_call_end/", REPORT, user="robot").status_code == 400
    too_soon = door("receipts", "replay", 1)

    _move(staff.mentor, NUMBERS[MENTOR])
    done = door("receipts", "replay", 1)
    run_due()
    after, call = _everything(), Call.get_by_id(call_id)
    twice, late = (
        door("receipts", "replay", 1),
        client.post("/comms/onion_dev_call_end/", REPORT, user="robot"),
    )
    run_due()

    assert (too_soon.exit_code, "scheduledCallId: No call fits" in too_soon.stdout) == (1, True)
    assert (done.exit_code, done.stdout) == (0, "1 is done\n")
    assert (call.status, call.partner_id) == ("successful", "23")
    assert (twice.exit_code, late.status_code, _everything()) == (0, 200, after)


def test_all_that_fit_now_are_taken_at_once_and_the_others_stay(
    door: Type, client: Client, staff: Staff
) -> None:
    _move(staff.mentee, NEW)
    client.post("/comms/onion_dev_feedback/", SURVEY, user="robot")
    simulator_tells(
        client, "text.received", {"id": "m-1", "from": NUMBERS["tony"], "to": "+15550100", "body": "hi"}
    )
    simulator_tells(
        client, "text.received", {"id": "m-2", "from": "+4915199999", "to": "+15550100", "body": "who?"}
    )
    _move(staff.mentee, NUMBERS["tony"])

    done = door("receipts", "replay", "--all")
    run_due()

    assert (done.exit_code, done.stdout) == (0, "replayed 3: 2 done, 1 unmatched\n")
    assert Message.get().content == "hi"
    assert Feedback.get().question_1 == "Happy"
    assert door("receipts", "replay", "--all").stdout == "replayed 1: 1 unmatched\n"
    assert (Message.select().count(), Feedback.select().count()) == (1, 1)


def test_what_still_cannot_be_read_says_so_again(door: Type, client: Client, staff: Staff) -> None:
    client.post("/comms/onion_dev_call_end/", {**REPORT, "cdrs": 7}, user="robot")

    again = door("receipts", "replay", 1)

    assert (again.exit_code, "1 is invalid: cdrs: must be a list" in again.stdout) == (1, True)
    assert Receipt.get().outcome == "invalid"


def test_what_is_not_there_or_not_kept_is_not_taken(
    door: Type, client: Client, staff: Staff, jump: Any
) -> None:
    client.post("/comms/onion_dev_call_end/", REPORT, user="robot")
    jump(91 * 86_400)
    keeping.prune()

    assert "is not kept any more" in door("receipts", "replay", 1).stderr
    assert "no receipt 99" in door("receipts", "replay", 99).stderr
    assert door("receipts", "replay").exit_code == 2


HELP = ("receipts", "receipts replay", "export calls", "import", "person erase")


@pytest.mark.parametrize("command", HELP)
def test_every_command_says_what_it_is_for(door: Type, home: Any, command: str) -> None:
    told = door(*command.split(), "--help")

    assert told.exit_code == 0
    assert len(told.stdout) > 200
