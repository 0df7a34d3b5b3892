"""An administrator's morning in a real browser: people are added, a dead command is replayed, charts live."""

import json
import re

import pytest
from playwright.sync_api import Browser, expect

from models import donotcall
from models.deliveries import Attempt, Bridge, Text
from models.ledger import LedgerRow
from models.mentoring import Activity, Call
from models.numbers import PhoneNumber
from models.receipts import Receipt
from models.voice_apis import VoiceApi
from tests.house import ADMIN, NUMBERS, Carrier, House, Staff, wait_for
from tests.pages.test_browser import CHECKS
from tests.pages.watching import PHONE, WIDE, Tab, tab_on

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]

DEAD = 9000  # a number that the clock's own commands do not reach meanwhile
PATHS = (
    "/admin/operations", f"/admin/operations/dead/{DEAD}", "/admin/operations/receipts/1", "/admin/people",
    "/admin/people/1", "/admin/people/new/mentor", "/admin/activities", "/admin/activities/1", "/admin/voice",
    "/admin/voice/1", "/admin/accounts", "/admin/left-alone",
)  # fmt: skip
LONG = "A_long_word_without_a_blank_" * 8


@pytest.fixture
def busy(house: House, staff: Staff) -> House:
    """A house in which something of everything has happened."""
    _bury_a_text("message:99", staff)
    number = PhoneNumber(NUMBERS["tony"])
    lost = {"status": "unknown", "cause": LONG, "a_number": number, "b_number": number}
    Bridge.create(reference="call:98", origin="call", origin_id=98, **lost)
    outcomes = ("accepted", "rejected", "unavailable", "unclear", "absent", "open")
    for delivery, outcome in enumerate(outcomes, 90):
        Attempt.create(
            channel="call", delivery_id=delivery, number=1, provider="oniondev", outcome=outcome, cause=LONG
        )
    for status in ("successful", "inactive", "inprogress", "scheduled"):
        Call.create(caller=staff.mentor, receiver=staff.mentee, status=status)
    Receipt.create(source="oniondev.call_end", hash="x", body=LONG, note=LONG, outcome="unmatched")
    Activity.create(title=LONG, description=LONG)
    donotcall.add("+919876543210", "operator", LONG, "en")
    VoiceApi.create(
        kind="oniondev", call_url=f"https://example.org/{LONG}", message_url="https://example.org/"
    )
    return house


def _bury_a_text(reference: str, staff: Staff) -> None:
    """A text whose command has died of something that is mended by now."""
    to = PhoneNumber(NUMBERS["tony"])
    text = Text.create(reference=reference, origin="message", origin_id=99, to=to, body="Are you there?")
    dead = {"queue": "sms", "state": "dead", "tries": 10, "error": "LookupError: oniondev has no account"}
    LedgerRow.create(id=DEAD, name="send_text", args=json.dumps({"text_id": text.id}), **dead)


def test_an_administrator_adds_a_mentee_and_a_mentor_who_logs_in(tab: Tab) -> None:
    page = tab.page
    tab.log_in(ADMIN)
    assert tab.path == "/admin/operations"
    page.get_by_role("link", name="People").click()
    page.get_by_role("link", name="Add a mentee").click()
    page.get_by_label("First name").fill("Nina")
    page.get_by_label("Number").fill("12")
    page.get_by_label("Username").fill("nina")
    page.get_by_label("Password").fill("nina's secret")
    page.get_by_role("button", name="Add the mentee").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Number").fill("+91 98200 00001")
    page.get_by_label("Password").fill("nina's secret")
    page.get_by_role("button", name="Add the mentee").click()
    expect(page.get_by_role("status")).to_contain_text("The mentee is added")

    page.get_by_role("link", name="Add a mentor for Nina").click()
    page.get_by_label("First name").fill("Max")
    page.get_by_label("Number").fill("+91 98200 00002")
    page.get_by_label("Username", exact=True).fill("max")
    page.get_by_label("Password").fill("max's secret")
    page.get_by_role("button", name="Add the mentor").click()
    expect(page.get_by_role("status")).to_contain_text("The mentor is added")
    page.get_by_role("link", name="People").click()
    page.get_by_label("Name, username or number").fill("98200 00002")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("row")).to_have_count(2)  # its head, and Max

    page.get_by_role("button", name="Log out").click()
    tab.wrong.clear()  # the form that was refused
    tab.log_in("max", "max's secret")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nina")
    expect(page.get_by_role("link", name="Admin")).to_have_count(0)
    assert "98200" not in page.content()


def test_a_dead_command_is_replayed_from_the_page_and_runs(tab: Tab, staff: Staff, carrier: Carrier) -> None:
    _bury_a_text("message:99", staff)
    tab.log_in(ADMIN)
    tab.page.get_by_role("button", name=f"Replay {DEAD}").click()

    expect(tab.page.get_by_role("status")).to_have_text(f"Command {DEAD} is owed again.")
    wait_for(lambda: [text["body"] for text in carrier.log("text")] == ["Are you there?"])
    expect(tab.page.locator("#dead")).to_contain_text("None: nothing was given up.")
    expect(tab.page.locator("#carriers")).to_contain_text("1 taken")


def test_the_page_lives_by_itself_and_an_opened_table_stays_open(tab: Tab, staff: Staff) -> None:
    tab.log_in(ADMIN)
    chart = tab.page.get_by_role("img", name=re.compile("Calls today"))
    expect(chart).to_be_visible()
    tab.page.get_by_text("As a table").first.click()
    loads = len([url for url in tab.asked if url.endswith("/admin/operations")])

    Call.create(caller=staff.mentor, receiver=staff.mentee, status="successful")

    expect(tab.page.locator("#calls-table")).to_contain_text(re.compile(r"\d\d:00"))
    expect(chart.locator("rect.good")).to_have_count(1)
    assert len([url for url in tab.asked if url.endswith("/admin/operations")]) == loads


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_read_by_everyone_on_a_desk_and_on_a_phone(
    browser: Browser, busy: House, scheme: str
) -> None:
    with tab_on(browser, busy.url, color_scheme=scheme) as tab:
        tab.log_in(ADMIN)
        for path in PATHS:
            tab.open(path)
            assert tab.page.evaluate(CHECKS) == [], path
            for size in (PHONE, WIDE):
                tab.page.set_viewport_size(size)
                wide = tab.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                assert wide <= 0, path
            assert tab.wrong == [], path
        assert tab.strangers == []
