"""The timeline of a call request, as `trunkline trace callrequest:7` prints it."""

import re

import pytest
from click.testing import CliRunner

from models.callrequests import Conference, ConferenceCall, ConferenceLog
from models.deliveries import Mail
from models.people.accounts import Account
from models.timeline import Unknown, timeline
from tests.api.test_simulator_reports import ENDED, told
from tests.callrequests.agreeing import AT, QUARTER, Jump, be, cancelled, number, offered, planned
from tests.callrequests.members import Members
from tests.house import Carrier, Client, run_due
from trunkline import main

WORDS = ("Rita", "Requester", "Tom", "Brady", "About databases", "Something came up", "@example.com")


def whats(entries: list[dict[str, str]]) -> list[str]:
    """What happened, without the details."""
    return [entry["what"] for entry in entries]


def test_it_is_told_from_the_asking_to_the_conversation(
    client: Client, members: Members, jump: Jump, carrier: Carrier
) -> None:
    Account.update(call_me=True).where(Account.id == members.rita.account.id).execute()
    request = planned(members, jump)
    run_due()
    be(jump, AT - QUARTER)
    run_due()
    be(jump, AT)
    run_due()
    told(client, "call.ended", {**ENDED, "reference": f"callrequest:{request.id}"})
    run_due()

    entries = timeline(f"callrequest:{request.id}")

    details = [(entry["what"], entry["detail"]) for entry in entries if not entry["what"].startswith("mail")]
    rita, tom = members.rita.account.id, members.tom.account.id
    asked = f"account {rita} asks hero {members.tom.hero_id}, account {tom}, for 30 minutes"
    for entry in [
        ("requested", asked),
        ("suggested", f"by account {tom}: 2027-01-04T18:00Z, 2027-01-04T18:15Z, 2027-01-04T18:30Z"),
        ("accepted", f"by account {tom}"),
        ("agreed", f"by account {rita}"),
        ("planned", "the agreed time: the trunk rings both"),
        ("reminder sent", f"of account {rita}, due 2027-01-04T17:45Z"),
        ("reminder sent", f"of account {tom}, due 2027-01-04T17:45Z"),
        ("text queued", "callrequest-reminder:1"),
        ("text answer 1", "simulator: accepted"),
        ("bridge queued", f"callrequest:{request.id}"),
        ("bridge attempt 1", "asks simulator"),
        ("bridge answer 1", "simulator: accepted"),
        ("leg rung", "record r-1: NORMAL_CLEARING (answered)"),
        ("report", "receipt 1 from simulator: done"),
        ("held", ""),
    ]:
        assert entry in details
    assert [entry["at"] for entry in entries] == sorted(entry["at"] for entry in entries)
    letters = {entry["detail"] for entry in entries if entry["what"] == "mail queued"}
    assert letters == {mail.reference for mail in Mail.select()}
    assert len(letters) >= 3


def test_a_cancellation_and_what_it_stopped_are_told(members: Members, jump: Jump, carrier: Carrier) -> None:
    request = planned(members, jump)
    cancelled(request)
    run_due()

    entries = timeline(f"callrequest:{request.id}")

    said = whats(entries)
    assert "planned" not in said
    assert said.count("reminder revoked") == 2
    found = [entry["detail"] for entry in entries if entry["what"] in ("canceled", "cancellation")]
    assert found == [f"by account {members.rita.account.id}", "after it was accepted"]


def test_conferences_and_who_was_in_them_are_told(members: Members, jump: Jump) -> None:
    request = planned(members, jump)
    rita = members.rita.account
    conference = Conference.create(sid="CF1", friendly_name="tom-brady", call_request=request)
    ConferenceCall.create(sid="CA1", account=rita, call_request=request)
    ConferenceLog.create(conference=conference, event="participant-join", call_sid="CA1", account=rita)
    ConferenceLog.create(conference=conference, event="conference-end")

    entries = {(entry["what"], entry["detail"]) for entry in timeline(f"callrequest:{request.id}")}

    assert {
        ("dialled in", f"account {rita.id}, call CA1"),
        ("conference", "CF1"),
        ("participant-join", f"CF1, account {rita.id}"),
        ("conference-end", "CF1"),
    } <= entries


def test_nobodys_number_address_name_or_words_are_in_it(
    members: Members, jump: Jump, carrier: Carrier
) -> None:
    carrier.phone(number(members.rita), text="refused")
    carrier.phone(number(members.tom), text="refused")
    request = planned(members, jump)
    run_due()
    be(jump, AT - QUARTER)
    run_due()
    cancelled(request)
    run_due()
    Mail.update(cause="550 no such user rita.1@example.com").execute()
    Mail.update(status="failed", ended_at=AT).execute()

    said = str(timeline(f"callrequest:{request.id}"))

    assert not [word for word in WORDS if word in said]
    assert not re.search(r"\d{7,}", said)
    assert "text failed" in said
    assert "550 no such user hidden" in said


def test_another_requests_story_is_not_in_it(members: Members, jump: Jump) -> None:
    request = planned(members, jump)
    other = offered(members.heidi, members.tom, AT)

    said = timeline(f"callrequest:{other.id}")

    assert whats(said) == ["requested", "accepted", "suggested"]
    assert other.id != request.id


@pytest.mark.parametrize(
    "unknown", ["callrequest:9", "callrequest:", "callrequest:x", "callrequest:99999999999999999999"]
)
def test_what_does_not_exist_is_said_to(members: Members, unknown: str) -> None:
    with pytest.raises(Unknown, match="callrequest:3"):
        timeline(unknown)


def test_the_command_prints_it(members: Members, jump: Jump) -> None:
    request = planned(members, jump)

    done = CliRunner().invoke(main, ["trace", f"callrequest:{request.id}"])

    assert (done.exit_code, "asks hero" in done.output) == (0, True)
