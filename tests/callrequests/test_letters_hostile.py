"""Letters with what people should not have written: it is read as it was written, and does nothing else."""

import unicodedata
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.deliveries import Mail
from models.letters import paper
from models.letters.speaking import spoken
from models.people import User
from tests.callrequests.members import Members, member
from tests.callrequests.posted import Page, Talk, in_one_line, letters, parsed
from tests.conformance import holds
from tests.house import Client

HOSTILE = {
    "a script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "the end of the page": "</p></div></td></tr></table></body></html>Best, your bank",
    "an attribute": '" onmouseover="alert(1)" x=\'',
    "a template": "{{ 7 * 7 }}{% raw %}{{ secret('x') }}",
    "entities": "&lt;b&gt; &amp;amp; &#60;",
    "headers": "\r\nBcc: eve@example.com\r\nContent-Type: text/html\r\n\r\n<h1>Hi</h1>",
    "a calendar": '\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nATTENDEE:mailto:eve@example.com\\;,:"',
    "lines of all kinds": "one\rtwo\ntwo and a half\x0bthree\x0cfour\x85five\u2028six\u2029seven",
    "controls": "a\x01b\x07c\x1bd\x7fe\x9ff",
    "right to left": "مرحبا بالعالم שלום",
    "turned around": "\u202egpj.exe\u202c \u2066x\u2069",
    "emoji": "👩🏽‍🚀🇺🇳" * 60,
    "as long as it can be": "x" * 500,
}
anything = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())


def all_letters(members: Any, text: str) -> list[Mail]:
    """Every kind of letter with these words."""
    Talk(members.rita, members.tom, text).decline(text)
    talk = Talk(members.rita, members.tom, text).accept(SOON).suggest(members.tom, LATER)
    talk.agree(members.rita, LATER[0]).cancel(members.tom, text)
    back = Talk(members.heidi, members.tom, text).accept(SOON).suggest(members.heidi, LATER)
    back.agree(members.tom, LATER[0]).cancel(members.heidi, text)
    return list(letters().values())


NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
SOON, LATER = (tuple(NOON + timedelta(days=days, hours=hour) for hour in range(3)) for days in (5, 9))


@holds("§6 HTML is escaped")
@anything
def test_a_message_is_read_as_it_was_written_and_is_nothing_but_text(members: Members, text: str):
    harmless = all_letters(members, "Hello")

    for mail, usual in zip(all_letters(members, text)[len(harmless) :], harmless, strict=True):
        page = Page(mail.html)
        assert page.tags == Page(usual.html).tags
        assert len(page.links) == len(Page(usual.html).links)
        if "Hello" in usual.text:
            assert text in mail.text
            assert in_one_line(text) in in_one_line(page.words)


@holds("§6 no user text breaks a header", "§6 HTML is escaped")
@anything
def test_a_name_cannot_leave_its_line(client: Client, members: Members, text: str):
    rude = member(client, text[:50], "Person")
    User.update(first_name=text[:50]).where(User.id == rude.account.user_id).execute()
    talk = Talk(rude, members.tom).accept(SOON).suggest(rude, LATER)
    talk.agree(members.tom, LATER[1]).cancel(members.tom, "Ill")

    usual = Talk(members.rita, members.tom).accept(SOON).suggest(members.rita, LATER)
    usual.agree(members.tom, LATER[1]).cancel(members.tom, "Ill")

    written = letters()
    rudely = [mail for mail in written.values() if mail.origin_id == talk.id]
    politely = [mail for mail in written.values() if mail.origin_id == usual.id]
    for mail, model in zip(rudely, politely, strict=True):
        assert not [
            c for c in mail.subject if unicodedata.category(c) in ("Cc", "Zl", "Zp") or c in "\u202e\u2066"
        ]
        as_carried = EmailMessage()
        as_carried["Subject"] = mail.subject
        assert as_carried.as_bytes().count(b"\nBcc") == 0
        assert Page(mail.html).tags == Page(model.html).tags
        assert len(mail.text.splitlines()) == len(model.text.splitlines())


@anything
def test_what_people_wrote_stays_inside_the_calendars_entry(members: Members, text: str):
    for mail in all_letters(members, text):
        if not mail.files():
            continue
        calendar, event = parsed(mail)
        assert [part.name for part in calendar.walk()] == ["VCALENDAR", "VEVENT"]
        assert sorted(event) == [
            "ATTENDEE", "DESCRIPTION", "DTEND", "DTSTAMP", "DTSTART", "LOCATION", "ORGANIZER", "SEQUENCE", "STATUS",
            "SUMMARY", "UID",
        ]  # fmt: skip
        assert event["ATTENDEE"] == f"mailto:{mail.to}"
        printed = "".join(c for c in in_one_line(text) if unicodedata.category(c) != "Cc")
        assert printed in in_one_line(event["DESCRIPTION"])


def test_a_subject_has_an_end():
    assert len(paper.header("x" * 5000)) == paper.LONGEST_SUBJECT


def test_the_two_longest_names_fit_into_every_subject(client: Client, members: Members):
    long = member(client, "X" * 50, "Y" * 50, hero=True)

    subjects = [
        mail.subject
        for mail in all_letters(SimpleNamespace(rita=members.rita, tom=long, heidi=members.heidi), "Hello")
    ]

    named = [subject for subject in subjects if "X" * 50 + " " + "Y" * 50 in subject]
    assert len(named) >= 6
    assert not [subject for subject in subjects if "…" in subject]


def test_a_nameless_person_is_somebody(client: Client, members: Members):
    nobody = member(client, "", "")
    talk = Talk(nobody, members.tom).accept(SOON)

    written = letters()

    assert written[f"N1:{talk.id}"].subject == "Somebody asks you for a call"
    assert written[f"N2:{talk.id}:{talk.suggestions[0]}"].text.startswith("Hello,\n")


def test_times_are_spoken_in_english_with_two_digits():
    for month in range(1, 13):
        for hour in range(24):
            moment = datetime(2026, month, 1 + month, hour, 15 * (hour % 4), tzinfo=UTC)
            assert spoken(moment) == moment.strftime("%B %d, %I:%M %p")  # the tests' locale is C
    assert spoken(datetime(2017, 12, 25, 6, tzinfo=UTC)) == "December 25, 06:00 AM"


def test_a_time_that_a_clock_shows_twice_is_told_apart():
    berlin = ZoneInfo("Europe/Berlin")
    first, second, later = (
        datetime(2026, 10, 25, hour, 30, tzinfo=UTC).astimezone(berlin) for hour in (0, 1, 2)
    )

    assert spoken(first) == "October 25, 02:30 AM CEST"
    assert spoken(second) == "October 25, 02:30 AM CET"
    assert spoken(later) == "October 25, 03:30 AM"
