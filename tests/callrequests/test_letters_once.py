"""Each letter once, under replayed commands and workers at the same moment; and at last at the carrier."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from icalendar import Calendar

from models import ledger
from models.callrequests import moving
from models.commands import (
    Command,
    MailAcceptance,
    MailAgreement,
    MailApplication,
    MailCancellation,
    MailDecline,
    MailRequest,
    MailTimes,
)
from models.database import transaction
from models.deliveries import Mail
from models.hints import take_due
from models.ledger import LedgerRow
from models.people.heroes import HeroAcceptAction
from tests.callrequests.members import Members
from tests.callrequests.posted import Talk, letters
from tests.callrequests.test_letters_hostile import LATER, SOON
from tests.conformance import holds
from tests.house import Carrier, House
from tests.mentoring.racing import Track
from workers.actors import RUNNERS

ROUNDS = 20


def lived_through(members: Members) -> list[Command]:
    """A call that was agreed and cancelled, one that was declined, a hero; the commands of their letters."""
    declined = Talk(members.rita, members.heidi).decline("No")
    talk = Talk(members.rita, members.tom).accept(SOON).suggest(members.tom, LATER)
    talk.agree(members.rita, LATER[0]).cancel(members.tom, "Ill")
    HeroAcceptAction.create(user=members.sam.account.user, hero=members.tom.hero_id, accepted=True)
    first, second = talk.suggestions
    return [
        MailRequest(declined.id), MailDecline(declined.id), MailRequest(talk.id), MailTimes(first), MailTimes(second),
        MailAgreement(talk.id), MailCancellation(talk.id), MailApplication(members.tom.hero_id),
        MailAcceptance(members.tom.hero_id),
    ]  # fmt: skip


def owe(commands: list[Command]) -> None:
    with transaction():
        for command in commands:
            ledger.enqueue(command)


def sendings() -> int:
    return LedgerRow.select().where(LedgerRow.name == "send_mail").count()


@holds("§6 exactly one mail each")
def test_a_command_that_is_replayed_writes_nothing_twice(members: Members):
    commands = lived_through(members)
    once = set(letters())

    for _ in range(3):
        owe(commands)
        letters()

    assert len(once) == 8
    assert (
        Mail.select().count() == sendings() == len(once) + 2
    )  # an application and an acceptance, owed only above


@holds("§6 exactly one mail each")
@pytest.mark.pipeline
def test_workers_at_the_same_moment_write_each_letter_once(members: Members):
    with Track(4) as track:
        for _ in range(ROUNDS):
            Mail.delete().execute()
            LedgerRow.delete().execute()
            commands = lived_through(members)
            owe(commands)
            owe(commands)
            hints = [hint for hint in take_due(1000) if hint.name.startswith("mail_")]

            def work(hints: Any = tuple(hints)) -> None:
                for hint in hints:
                    RUNNERS[hint.name](hint.command_id, hint.attempt)

            track.race(work, work, work, work)

            assert Mail.select().count() == sendings() == 10
            assert LedgerRow.select().where(LedgerRow.name.startswith("mail_")).count() == 0


@pytest.fixture
def carried(house: House, carrier: Carrier) -> Callable[[], list[dict[str, Any]]]:
    """All mails that the carrier has taken, when nothing due is owed any more."""

    def log() -> list[dict[str, Any]]:
        house.drain()
        return carrier.log("mail")

    return log


@holds("§6 text and HTML parts", "§6 an .ics on agreement and on cancellation")
@pytest.mark.pipeline
def test_letters_come_to_the_carrier_with_text_html_and_entry(members: Members, carried: Any):
    talk = Talk(members.rita, members.tom, "Is <this> the way?").accept(SOON).agree(members.rita, SOON[1])
    moving.cancel(talk.id, members.rita.account.id, "Ill")

    log = {entry["reference"]: entry for entry in carried()}

    assert set(log) == {
        f"N1:{talk.id}", f"N2:{talk.id}:{talk.suggestions[0]}", f"N7:{talk.id}", f"N8:{talk.id}", f"N9:{talk.id}",
    }  # fmt: skip
    assert len(carried()) == len(log)
    mail = log[f"N7:{talk.id}"]
    assert mail["to"] == members.tom.account.email
    assert mail["subject"] == "Your call with Rita Requester is agreed"
    assert "Is <this> the way?" in mail["text"]
    assert "Is &lt;this&gt; the way?" in mail["html"]
    for kind, method in {"N7": "REQUEST", "N8": "CANCEL", "N9": "CANCEL"}.items():
        (file,) = log[f"{kind}:{talk.id}"]["attachments"]
        assert file["type"] == f"text/calendar; method={method}; charset=utf-8"
        assert Calendar.from_ical(base64.b64decode(file["content"]))["METHOD"] == method
