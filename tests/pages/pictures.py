"""Makes the pictures of the pages in docs/pictures: `make screenshots`. Not one of the tests: nothing is checked.

Written as tests are, so that it stands on their ground: a house at work, a browser, and a clock that always shows the
same morning, so that new pictures differ only in what has changed.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from models import settings, voice_apis
from models.appointments.surveys import SurveyAggregate, SurveyTemplate
from models.deliveries import Attempt
from models.ledger import LedgerRow
from models.mentoring import Activity, Call, Message, Task
from models.people import User
from models.receipts import Receipt
from tests.appointments.surveys import nodes, reminder
from tests.callrequests.members import Members
from tests.callrequests.posted import Talk, letters
from tests.house import ADMIN, Carrier, Client, House, Staff, wait_for
from tests.pages.meeting import Pair
from tests.pages.module import MANAGER, MARCH, Practice
from tests.pages.watching import PHONE, WIDE, Tab, tab_on

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
LOW = {**WIDE, "height": 480}  # a picture is as high as its page, and not higher
MORNING = datetime(2026, 3, 10, 4, 12, tzinfo=UTC)  # 09:42 in Kolkata, a Tuesday


def picture(tab: Tab, name: str, *, whole: bool = True) -> None:
    """Write one down, as high as the page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    tab.page.screenshot(path=FOLDER / f"{name}.png", full_page=whole, animations="disabled", caret="hide")


@pytest.fixture
def day(house: House, staff: Staff, carrier: Carrier, jump: Callable[[float], None]) -> House:
    """A house in which Adam and Tony have been at work for a while."""

    def at(moment: datetime) -> None:
        jump((moment - datetime.now(UTC)).total_seconds())

    def texted(body: str, minutes: float) -> None:
        at(MORNING - timedelta(minutes=minutes))
        carrier.inbound(channel="text", **{"from": "+27123456789", "to": "+15550100", "body": body})
        wait_for(lambda: Message.select().where(Message.content == body).exists())
        house.drain()

    at(MORNING - timedelta(days=1))
    User.update(first_name="Adam", last_name="Osei").where(User.username == "adam").execute()
    Activity.create(title="Read a story together", description="Any story you both like.")
    call = house.settle(house.post("/mentor/call/")["id"])["id"]
    began = MORNING - timedelta(days=1)
    talked = {"partner_start_time": began, "partner_end_time": began + timedelta(minutes=17, seconds=9)}
    Call.update(**talked, end_time=talked["partner_end_time"]).where(Call.id == call).execute()
    Task.create(mentor=staff.mentor, description="Send Tony the link to the library", status="in-progress")
    at(MORNING - timedelta(hours=2))
    house.post("/mentor/message/", {"content": "Good morning, Tony! How did the maths test go?"})
    house.drain()
    texted("Better than I thought 😀 I got 14 of 20.", 95)
    at(MORNING - timedelta(minutes=40))
    house.post("/mentor/message/", {"content": "That is wonderful. Shall we look at the other six together?"})
    house.drain()
    texted("Yes please! Can you call me today?", 12)
    at(MORNING - timedelta(minutes=8))
    body = {"call_time": (MORNING + timedelta(days=2, minutes=48)).isoformat(), "activity": 1}
    house.post("/mentor/schedule/", body)
    house.drain()
    at(MORNING)
    return house


def test_the_mentors_pages(browser: Browser, day: House):
    with tab_on(browser, day.url, viewport=LOW) as tab:
        tab.open("/login")
        picture(tab, "login", whole=False)
        tab.log_in()
        picture(tab, "home")
        for name in ("schedule", "tasks", "calls"):
            tab.open(f"/{name}")
            picture(tab, name)
        tab.open("/calls/1")
        picture(tab, "call-note")


def test_the_home_at_night_and_during_a_call(browser: Browser, day: House, carrier: Carrier):
    for number in ("+27987654321", "+27123456789"):
        carrier.phone(number, call="answer", ring_s=0.1, talk_s=30)
    with tab_on(browser, day.url, color_scheme="dark", viewport=LOW) as tab:
        tab.log_in()
        tab.page.get_by_role("button", name="Call Tony").click()
        tab.page.get_by_text("Call in progress").wait_for()
        picture(tab, "home-dark")
        tab.page.get_by_role("button", name="End call").click()


def test_the_phone(browser: Browser, day: House):
    with tab_on(browser, day.url, viewport=PHONE, is_mobile=True, has_touch=True) as tab:
        tab.log_in()
        picture(tab, "home-phone")
        tab.open("/schedule")
        picture(tab, "schedule-phone")


@pytest.fixture
def busy(day: House, staff: Staff) -> House:
    """The same house on a morning with more people in it, and something to mend."""
    pair = {"caller": staff.mentor, "receiver": staff.mentee}
    for minutes in range(3, 300, 4):
        moment = MORNING - timedelta(minutes=minutes)
        status = "inactive" if minutes % 5 == 0 else "inprogress" if minutes < 8 else "successful"
        Call.create(**pair, start_time=moment, status=status)
        sent = {"sender": staff.mentor, "recipient": staff.mentee, "content": "Hello"}
        state = "failed" if minutes % 21 == 0 else "received" if minutes % 3 == 0 else "sent"
        Message.create(**sent, time_sent=moment, state=state)
    for number in range(40):
        begun = MORNING - timedelta(minutes=number)
        outcome, cause = (
            ("rejected", "oniondev said 400: unknown number") if number % 13 == 7 else ("accepted", None)
        )
        ended = begun + timedelta(milliseconds=90 + number)
        facts = {"begun_at": begun, "ended_at": ended, "outcome": outcome, "cause": cause}
        Attempt.create(channel="call", delivery_id=1000 + number, number=1, provider="oniondev", **facts)
    dead = {"queue": "sms", "state": "dead", "tries": 10, "args": '{"text_id": 4711}'}
    LedgerRow.create(
        **dead,
        name="send_text",
        error="LookupError: pipelines.yaml routes to oniondev, but it has no account",
    )
    Receipt.create(
        source="oniondev.call_end", hash="x", body="{}", note="no call has this id", outcome="unmatched"
    )
    settings.use(replace(settings.current(), secret_key="any long random text"))
    urls = {"call_url": "https://voice.example.org/call", "message_url": "https://voice.example.org/message"}
    voice_apis.save({**urls, "kind": "oniondev", "username": "trunk", "password": "sealed", "active": True})
    return day


def test_the_administrators_pages(browser: Browser, busy: House):
    with tab_on(browser, busy.url, viewport=LOW) as tab:
        tab.log_in(ADMIN)
        picture(tab, "operations")
        for name in ("people", "voice", "accounts"):
            tab.open(f"/admin/{name}")
            picture(tab, f"admin-{name}")
        tab.open("/admin/people/2")
        picture(tab, "admin-person")
    with tab_on(browser, busy.url, viewport=PHONE, is_mobile=True, color_scheme="dark") as tab:
        tab.log_in(ADMIN)
        picture(tab, "operations-phone")


def test_a_letter(browser: Browser, client: Client, jump: Callable[[float], None]):
    jump((MORNING - datetime.now(UTC)).total_seconds())
    members = Members(client)
    times = tuple(MORNING.replace(hour=hour, minute=30) + timedelta(days=3) for hour in (13, 14, 16))
    talk = Talk(
        members.rita, members.tom, "How did you plan your first year as a lead? I am about to begin.", 45
    )
    talk.accept(times)
    with tab_on(browser, "", viewport={"width": 720, "height": 400}) as tab:
        tab.page.set_content(letters()[f"N2:{talk.id}:{talk.suggestions[0]}"].html)
        picture(tab, "letter")


def test_the_page_behind_a_mail(browser: Browser, house: House, jump: Callable[[float], None]):
    jump((MORNING - datetime.now(UTC)).total_seconds())
    pair = Pair(
        message="Our nightly report takes nine hours, and none of us knows where to look. May I show you?"
    )
    noon = MORNING.replace(hour=14, minute=0)
    pair.accepted(*(noon + timedelta(days=day, hours=hour) for day, hour in ((2, 0), (3, 2.5), (6, 1.25))))
    with tab_on(browser, house.url, viewport={**PHONE, "height": 480}, is_mobile=True, has_touch=True) as tab:
        tab.open(pair.page(pair.rita))
        tab.page.get_by_role("radio").nth(1).check()
        picture(tab, "meet")
        tab.page.get_by_role("button", name="Agree").click()
        picture(tab, "meet-agreed")


def test_the_pages_of_appointments(browser: Browser, house: House, jump: Callable[[float], None]):
    jump((MARCH - datetime.now(UTC)).total_seconds())
    practice = Practice()
    month = f"/module/calendar/{practice.calendar.id}/month"
    with tab_on(browser, house.url, viewport={**LOW, "width": 1280}) as tab:
        tab.log_in(MANAGER)
        picture(tab, "appointments-events")
        tab.open(month)
        picture(tab, "appointments-month")
        tab.open(f"/module/alarm/{practice.alarm.id}")
        picture(tab, "appointments-alarm")
        tab.open(f"/module/alarm/add?event={practice.visit.id}")
        picture(tab, "appointments-new-alarm")
    with tab_on(browser, house.url, viewport={**PHONE, "height": 480}, is_mobile=True, has_touch=True) as tab:
        tab.log_in(MANAGER)
        tab.open(month)
        picture(tab, "appointments-month-phone")


def test_the_pages_of_surveys(browser: Browser, house: House, jump: Callable[[float], None]):
    jump((MARCH - datetime.now(UTC)).total_seconds())
    sealed = reminder(Practice().manager)
    for answer, count in {"1": 187, "2": 21, "3": 34}.items():
        SurveyAggregate.create(survey=sealed, section=nodes(sealed)[0], response=answer, count=count)
    with tab_on(browser, house.url, viewport=LOW) as tab:
        tab.log_in(MANAGER)
        tab.open(f"/module/survey/{SurveyTemplate.get().id}")
        picture(tab, "appointments-survey")
    with tab_on(browser, house.url, viewport={**PHONE, "height": 480}, is_mobile=True, has_touch=True) as tab:
        tab.log_in(MANAGER)
        tab.open(f"/module/survey/sealed/{sealed.id}")
        picture(tab, "appointments-answers-phone")
