"""Somebody is erased around a conference: his number opens nothing, and what is reported late names him no more."""

from dataclasses import replace

from models import settings
from models.callrequests import Conference
from models.callrequests.meeting import ENDED, JOINED, LEFT, STARTED
from models.privacy.erasing import erase
from models.privacy.persons import Person
from models.receipts import Receipt
from tests.callrequests.agreeing import Jump, number
from tests.callrequests.dialling import RITAS, ROOM, TOMS, arranged, dial, happens, inside, room_of
from tests.callrequests.members import Member, Members
from tests.house import Client


def erased(member: Member) -> None:
    """He asked for it; the operator has a SECRET_KEY."""
    settings.use(replace(settings.current(), secret_key="k" * 32))
    erase(Person.of(member.account.user_id))


def bodies() -> str:
    """All that is kept of what was reported."""
    return "".join(row.body for row in Receipt.select())


def test_his_number_is_a_strangers_and_is_not_kept_again(
    client: Client, members: Members, jump: Jump
) -> None:
    arranged(members, jump)
    ritas = number(members.rita)
    erased(members.rita)

    answer = dial(client, ritas, RITAS)

    assert room_of(answer) is None
    assert Receipt.select().where(Receipt.source == "conference.join").count() == 1
    assert ritas[2:] not in bodies()


def test_what_was_kept_of_his_calls_does_not_hold_his_number(
    client: Client, members: Members, jump: Jump
) -> None:
    arranged(members, jump)
    inside(client, members)
    ritas = number(members.rita)[2:]
    assert ritas in bodies()

    erased(members.rita)

    assert ritas not in bodies()


def test_the_other_one_still_sees_the_conference_and_late_reports_are_taken(
    client: Client, members: Members, jump: Jump
) -> None:
    arranged(members, jump)
    inside(client, members)
    for sequence, (event, sid) in enumerate(((JOINED, RITAS), (JOINED, TOMS), (STARTED, "")), start=1):
        happens(client, event, sid, sequence)
    erased(members.tom)

    for sequence, (event, sid) in enumerate(((LEFT, TOMS), (ENDED, "")), start=4):
        assert happens(client, event, sid, sequence).status_code == 200

    answer = members.rita.get(f"conferences/{ROOM}/")
    assert answer.status_code == 200
    assert "Brady" not in answer.text
    assert "brady" not in Conference.get().friendly_name
