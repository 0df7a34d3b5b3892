"""The calendar's entry of an agreed call: who gets it, what a calendar makes of it, and how it is taken back."""

from datetime import timedelta

import pytest

from models.deliveries import Mail
from models.people.accounts import Account
from tests.callrequests.members import Members
from tests.callrequests.posted import Talk, entry, letters, parsed
from tests.callrequests.test_letters_hostile import LATER, SOON
from tests.conformance import holds


@pytest.fixture
def agreed(members: Members) -> Talk:
    """Tom offered times, Rita took the first."""
    return (
        Talk(members.rita, members.tom, "How do you plan?\nIn detail; please, \\ and how", 45)
        .accept(SOON)
        .agree(members.rita, SOON[0])
    )


@holds("§6 an .ics on agreement and on cancellation")
def test_who_hears_of_the_agreement_can_enter_it(agreed: Talk, members: Members):
    calendar, event = parsed(letters()[f"N7:{agreed.id}"])

    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    start, length = event.DTSTART, event.duration
    assert (start, length) == (SOON[0], timedelta(minutes=45))
    assert event["SUMMARY"] == "Call with Rita Requester"
    assert event["LOCATION"] == "+13125550100"
    assert event["DESCRIPTION"] == "Dial +13125550100.\n\nHow do you plan?\nIn detail; please, \\ and how"
    assert event["ORGANIZER"] == "mailto:calls@trunkline.example"
    assert event["ATTENDEE"] == f"mailto:{members.tom.account.email}"
    assert (event["SEQUENCE"], event["STATUS"]) == (0, "CONFIRMED")


def test_times_are_in_utc_and_name_no_zone(agreed: Talk):
    lines = entry(letters()[f"N7:{agreed.id}"]).decode().split("\r\n")

    assert f"DTSTART:{SOON[0]:%Y%m%dT%H%M%SZ}" in lines
    assert f"DTEND:{SOON[0] + timedelta(minutes=45):%Y%m%dT%H%M%SZ}" in lines


@holds("§6 an .ics on agreement and on cancellation")
@pytest.mark.parametrize("who", ["rita", "tom"])
def test_a_cancellation_takes_the_entry_out_for_both(agreed: Talk, members: Members, who: str):
    agreed.cancel(getattr(members, who), "Ill")

    written = letters()

    _, entered = parsed(written[f"N7:{agreed.id}"])
    for kind in ("N8", "N9"):
        mail = written[f"{kind}:{agreed.id}"]
        calendar, event = parsed(mail)
        assert calendar["METHOD"] == "CANCEL"
        assert event["UID"] == entered["UID"]
        assert event["SEQUENCE"] > entered["SEQUENCE"]
        assert event["STATUS"] == "CANCELLED"
        assert event.DTSTART == entered.DTSTART
        assert event["ORGANIZER"] == entered["ORGANIZER"]
        assert event["ATTENDEE"] == f"mailto:{mail.to}"


def test_there_is_an_entry_only_of_what_was_agreed(members: Members):
    Talk(members.rita, members.tom).accept(SOON).suggest(members.rita, LATER).cancel(members.tom, "Ill")
    Talk(members.rita, members.heidi).decline("No")

    assert [mail.files() for mail in letters().values()] == [[]] * 7


def test_each_request_has_an_entry_of_its_own(agreed: Talk, members: Members):
    another = Talk(members.rita, members.heidi).accept(SOON).agree(members.rita, SOON[0])

    written = letters()

    uids = {parsed(written[f"N7:{talk.id}"])[1]["UID"] for talk in (agreed, another)}
    assert len(uids) == 2


def test_the_entry_of_who_is_rung_says_so(members: Members):
    Account.update(call_me=True).where(Account.id == members.tom.account.id).execute()
    talk = Talk(members.rita, members.tom).accept(SOON).agree(members.rita, SOON[0])

    _, event = parsed(letters()[f"N7:{talk.id}"])

    assert event["DESCRIPTION"].startswith("We will ring you. If that fails, dial +13125550100.")


@pytest.mark.parametrize("message", ["x" * 500, "ä" * 500, "👩🏽‍🚀" * 80, "a,;\\" * 120], ids="xäe;")
def test_lines_are_folded_as_the_format_demands(members: Members, message: str):
    talk = Talk(members.rita, members.tom, message).accept(SOON).agree(members.rita, SOON[0])

    mail: Mail = letters()[f"N7:{talk.id}"]

    content = entry(mail)
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert parsed(mail)[1]["DESCRIPTION"].endswith(message)


def test_an_address_ends_at_its_end(members: Members):
    odd = 'o\'brien+calls;x:"y"@example.com'
    Account.update(email=odd).where(Account.id == members.tom.account.id).execute()
    talk = Talk(members.rita, members.tom).accept(SOON).agree(members.rita, SOON[0])

    _, event = parsed(letters()[f"N7:{talk.id}"])

    assert event["ATTENDEE"] == "mailto:o'brien+calls%3Bx%3A%22y%22@example.com"
