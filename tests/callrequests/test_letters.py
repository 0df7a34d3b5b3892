"""The table of letters: who gets which, in whose words, by whose clock, with which link."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models import settings
from models.numbers import ERASED
from models.people import User
from models.people.accounts import Account
from tests.callrequests.members import Members
from tests.callrequests.posted import (
    OTHER_TIMES,
    SPRING,
    TIMES,
    Page,
    Talk,
    addresses,
    everything,
    letters,
)
from tests.conformance import holds

APP = "https://app.example.com"

# TIMES and OTHER_TIMES where each of them lives; Chicago springs forward on 8 March, Berlin on the 29th, Kolkata never.
BERLIN = ("March 07, 01:00 PM", "March 08, 01:00 PM", "March 29, 02:00 PM")
CHICAGO = ("March 07, 06:00 AM", "March 08, 07:00 AM", "March 29, 07:00 AM")
CHICAGO_IN_SUMMER = ("July 03, 11:30 PM", "July 04, 12:30 AM", "July 04, 11:30 AM")
KOLKATA = ("March 07, 05:30 PM", "March 08, 05:30 PM", "March 29, 05:30 PM")


@pytest.fixture
def members(members: Members, jump: Callable[[float], None]) -> Members:
    """Everybody, on a morning in March, with an app somewhere."""
    jump((SPRING - datetime.now(UTC)).total_seconds())
    settings.use(replace(settings.current(), web_url=APP))
    return members


@holds("N1", "default: web and API address of links come from the settings")
def test_n1_tells_the_hero_who_asks_for_a_call_why_and_how_long(members: Members):
    talk = Talk(members.rita, members.tom, "How do you plan?", 45)

    mail = letters()[f"N1:{talk.id}"]

    assert mail.to == members.tom.account.email
    assert "Rita Requester" in mail.subject
    for part in (mail.text, Page(mail.html).words):
        assert "How do you plan?" in part
        assert "45 minutes" in part
    assert f"{APP}/call-requests/accept-or-decline/{talk.id}" in mail.text
    assert f"{APP}/call-requests/accept-or-decline/{talk.id}" in Page(mail.html).links


@holds("N2", "§6 the form of clock times, in the recipient's zone")
def test_n2_tells_the_requester_the_times_of_the_hero_who_accepted(members: Members):
    talk = Talk(members.rita, members.tom, "How do you plan?", 15).accept()

    mail = letters()[f"N2:{talk.id}:{talk.suggestions[0]}"]

    assert mail.to == members.rita.account.email
    assert "Tom Brady" in mail.subject
    for part in (mail.text, Page(mail.html).words):
        assert "How do you plan?" in part
        assert "15 minutes" in part
        assert all(time in part for time in BERLIN)
    assert f"{APP}/call-request/{talk.id}\n" in mail.text
    assert f"{APP}/call-request/{talk.id}" in Page(mail.html).links


@holds("N3")
def test_n3_tells_the_requester_why_the_hero_declined(members: Members):
    talk = Talk(members.rita, members.tom, "How do you plan?", 60).decline("I do not plan.")

    mail = letters()[f"N3:{talk.id}"]

    assert mail.to == members.rita.account.email
    assert "Tom Brady" in mail.subject
    for part in (mail.text, Page(mail.html).words):
        assert "How do you plan?" in part
        assert "I do not plan." in part
        assert "60 minutes" in part
    assert f"{APP}/#heros" in mail.text
    assert f"{APP}/#heros" in Page(mail.html).links


@holds("N4")
def test_n4_tells_the_requester_new_times_of_the_hero(members: Members):
    talk = (
        Talk(members.rita, members.tom, "How do you plan?", 30)
        .accept(OTHER_TIMES)
        .suggest(members.tom, TIMES)
    )

    mail = letters()[f"N4:{talk.id}:{talk.suggestions[1]}"]

    assert mail.to == members.rita.account.email
    assert "Tom Brady" in mail.subject
    assert "new times" in mail.subject
    for part in (mail.text, Page(mail.html).words):
        assert "How do you plan?" in part
        assert "30 minutes" in part
        assert all(time in part for time in BERLIN)
    assert f"{APP}/call-request/{talk.id}\n" in mail.text


@holds("N5", "§6 the form of clock times, in the recipient's zone")
def test_n5_tells_the_hero_new_times_of_the_requester_by_the_heros_clock(members: Members):
    talk = Talk(members.rita, members.tom, "How do you plan?", 30).accept().suggest(members.rita)

    mail = letters()[f"N5:{talk.id}:{talk.suggestions[1]}"]

    assert mail.to == members.tom.account.email
    assert "Rita Requester" in mail.subject
    assert "new times" in mail.subject
    for part in (mail.text, Page(mail.html).words):
        assert "How do you plan?" in part
        assert "30 minutes" in part
        assert all(time in part for time in CHICAGO_IN_SUMMER)
    assert f"{APP}/call-request/{talk.id}\n" in mail.text


@holds("N6")
def test_n6_tells_the_requester_the_time_to_which_the_hero_agreed(members: Members):
    talk = Talk(members.rita, members.tom, "How do you plan?", 30).accept(OTHER_TIMES)
    talk.suggest(members.rita, TIMES).agree(members.tom, TIMES[2])

    written = letters()

    assert f"N7:{talk.id}" not in written
    mail = written[f"N6:{talk.id}"]
    assert mail.to == members.rita.account.email
    for part in (mail.text, Page(mail.html).words):
        assert "Tom Brady" in part
        assert "How do you plan?" in part
        assert "30 minutes" in part
        assert "March 29, 02:00 PM" in part
        assert "15 minutes before, a text reminds you, with the number to dial" in part
        assert settings.current().conference_number in part
    assert APP not in everything(mail)


@holds("N7")
def test_n7_tells_the_hero_the_time_to_which_the_requester_agreed(members: Members):
    talk = Talk(members.rita, members.tom, "How do you plan?", 30).accept().agree(members.rita, TIMES[1])

    written = letters()

    assert f"N6:{talk.id}" not in written
    mail = written[f"N7:{talk.id}"]
    assert mail.to == members.tom.account.email
    for part in (mail.text, Page(mail.html).words):
        assert "Rita Requester" in part
        assert "How do you plan?" in part
        assert "March 08, 07:00 AM" in part
        assert "15 minutes before, a text reminds you, with the number to dial" in part
    assert APP not in everything(mail)


@holds("N8", "N9")
@pytest.mark.parametrize("state", ["open", "accepted", "agreed"])
@pytest.mark.parametrize("who", ["rita", "tom"])
def test_n8_and_n9_tell_both_who_cancelled_and_the_other_one_why(members: Members, state: str, who: str):
    talk = Talk(members.rita, members.tom)
    if state != "open":
        talk.accept()
    if state == "agreed":
        talk.agree(members.rita)
    canceller, other = (members.rita, members.tom) if who == "rita" else (members.tom, members.rita)
    talk.cancel(canceller, "I fell ill.")

    written = letters()

    confirmation, news = written[f"N8:{talk.id}"], written[f"N9:{talk.id}"]
    assert (confirmation.to, news.to) == (canceller.account.email, other.account.email)
    assert other.account.full_name in confirmation.text
    assert other.account.full_name in Page(confirmation.html).words
    assert canceller.account.full_name in news.subject
    assert "I fell ill." in news.text
    assert "I fell ill." in Page(news.html).words
    assert APP not in everything(confirmation) + everything(news)
    clock = {"rita": BERLIN[0], "tom": CHICAGO[0]}
    assert (clock[who] in confirmation.text) == (state == "agreed")


@holds("D-22")
def test_a_hero_who_asks_another_one_is_the_requester_there(members: Members):
    """[D-22]: not by whether somebody is a hero somewhere."""
    talk = Talk(members.heidi, members.tom).accept().suggest(members.heidi).agree(members.tom, OTHER_TIMES[0])
    back = Talk(members.tom, members.heidi).accept().agree(members.tom)

    written = letters()

    tom, heidi = members.tom.account.email, members.heidi.account.email
    assert {reference: mail.to for reference, mail in written.items()} == {
        f"N1:{talk.id}": tom,
        f"N2:{talk.id}:{talk.suggestions[0]}": heidi,
        f"N5:{talk.id}:{talk.suggestions[1]}": tom,
        f"N6:{talk.id}": heidi,
        f"N1:{back.id}": heidi,
        f"N2:{back.id}:{back.suggestions[0]}": tom,
        f"N7:{back.id}": heidi,
    }
    assert all(time in written[f"N2:{talk.id}:{talk.suggestions[0]}"].text for time in KOLKATA)
    assert "Heidi Hero" in written[f"N1:{talk.id}"].subject
    assert KOLKATA[0] in written[f"N7:{back.id}"].text


def test_who_would_rather_be_rung_reads_that_both_will_be(members: Members):
    Account.update(call_me=True).where(Account.id == members.rita.account.id).execute()
    talk = Talk(members.rita, members.tom).accept().agree(members.rita)

    mail = letters()[f"N7:{talk.id}"]

    assert "We will ring you" in mail.text
    assert "15 minutes before, a text reminds you, with the number to dial" in mail.text


def everything_there_is(members: Members) -> list[tuple[str, str]]:
    """Every kind of letter: to whom, and all that it holds."""
    Talk(members.rita, members.tom).decline("No")
    talk = Talk(members.rita, members.tom).accept(OTHER_TIMES).suggest(members.tom, TIMES)
    talk.agree(members.rita).cancel(members.tom, "Ill")
    back = Talk(members.heidi, members.tom).accept().suggest(members.heidi).agree(members.tom, OTHER_TIMES[0])
    back.cancel(members.heidi, "Ill")
    written = letters()
    assert {reference.partition(":")[0] for reference in written} == {f"N{n}" for n in range(1, 10)}
    return [(str(mail.to), everything(mail)) for mail in written.values()]


@holds("§6 no number, no other's address")
def test_no_letter_holds_a_number_or_an_address_but_its_receivers(members: Members):
    for to, text in everything_there_is(members):
        assert [secret for secret in addresses(members) if secret in text and secret != to] == []


@holds("§6 unsubscribe link")
def test_every_letter_leads_to_a_page_of_its_receivers_own_and_to_the_end_of_letters(members: Members):
    Talk(members.rita, members.tom).accept().agree(members.rita).cancel(members.tom, "Ill")

    for mail in letters().values():
        page, stop = (
            next(link for link in Page(mail.html).links if f"/{kind}/" in link)
            for kind in ("meet", "unsubscribe")
        )
        assert page in mail.text
        assert stop in mail.text
        assert mail.unsubscribe == stop


def test_html_asks_nobody_for_anything(members: Members):
    for _, text in everything_there_is(members):
        assert not any(
            word in text for word in ("<img", "<link", "<script", "<style", "url(", "src=", "@import")
        )


@holds("§6 email_notifications false", "D-23")
def test_who_wants_no_mails_gets_none_and_it_is_written_down(members: Members):
    Account.update(email_notifications=False).where(Account.id == members.rita.account.id).execute()
    talk = Talk(members.rita, members.tom).accept().agree(members.rita).cancel(members.rita, "Ill")

    written = letters()

    skipped = {reference for reference, mail in written.items() if mail.status == "skipped"}
    assert skipped == {f"N2:{talk.id}:{talk.suggestions[0]}", f"N8:{talk.id}"}
    for reference in skipped:
        mail = written[reference]
        assert (mail.to, mail.subject, mail.text, mail.html, mail.files()) == ("", "", "", "", [])
        assert mail.cause == "he wants no mails"


def test_who_was_suspended_gets_none(members: Members):
    talk = Talk(members.rita, members.tom)
    User.update(is_active=False).where(User.id == members.tom.account.user_id).execute()

    mail = letters()[f"N1:{talk.id}"]

    assert (mail.status, mail.to) == ("skipped", "")


def test_nobody_reads_of_somebody_who_was_erased_meanwhile(members: Members):
    talk = Talk(members.rita, members.tom)
    Account.update(email=f"{ERASED}:{members.rita.account.id}").where(
        Account.id == members.rita.account.id
    ).execute()

    mail = letters()[f"N1:{talk.id}"]

    assert (mail.status, mail.to, mail.text) == ("skipped", "", "")


def test_a_letter_tells_of_its_own_step_also_when_another_has_overtaken_it(members: Members):
    talk = Talk(members.rita, members.tom, "How do you plan?").accept().agree(members.rita)
    talk.cancel(members.tom, "Ill")  # nothing was written before this

    written = letters()

    assert list(written) == [
        f"N1:{talk.id}", f"N2:{talk.id}:{talk.suggestions[0]}", f"N7:{talk.id}", f"N8:{talk.id}", f"N9:{talk.id}",
    ]  # fmt: skip
    assert "asks you for a call" in written[f"N1:{talk.id}"].subject
    assert "is agreed" in written[f"N7:{talk.id}"].subject
