"""A manager's morning in a real browser: from a setting to an alarm, on a desk, on a phone, without scripts."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from models.appointments.alarms import SUCCESS, Alarm
from models.appointments.events import Event
from models.appointments.gateways import Gateway, GatewayUser
from models.appointments.surveys import SealedSurvey
from models.appointments.templates import SmsTemplate
from models.people.permissions import give
from tests.appointments.planned import user
from tests.house import Carrier, House, wait_for
from tests.pages.module import MANAGER, MARCH, Practice
from tests.pages.test_browser import CHECKS
from tests.pages.watching import WIDE, Tab, tab_on

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

PHONE, DESK = {"width": 390, "height": 760}, {"width": 1280, "height": 800}
LONG = "A_long_word_without_a_blank_" * 8


@pytest.fixture
def practice(house: House, jump: Callable[[float], None]) -> Practice:
    """A practice at work, one morning in March."""
    jump((MARCH - datetime.now(UTC)).total_seconds())
    return Practice()


@pytest.fixture(params=[True, False], ids=["with scripts", "without"])
def desk(request: pytest.FixtureRequest, browser: Browser, house: House) -> Iterator[Tab]:
    """A tab of a manager who begins with nothing but a gateway and a survey."""
    manager = user(MANAGER, is_manager=True)
    GatewayUser.create(gateway=Gateway.create(name="Main trunk"), user=manager)
    SealedSurvey.create(name="Reminder", user=manager)
    with tab_on(browser, house.url, java_script_enabled=request.param) as tab:
        tab.log_in(MANAGER)
        yield tab
        assert tab.wrong == []
        assert tab.strangers == []


def add(page: Page, what: str, button: str) -> None:
    """Go to a list, and from there to the form for one more."""
    page.get_by_role("link", name=what, exact=True).click()
    page.get_by_role("link", name=button).click()


def kept(page: Page, noun: str) -> None:
    """Send the form; it is taken."""
    page.get_by_role("button", name=f"Add the {noun}").click()
    expect(page.get_by_role("status")).to_have_text(f"The {noun} is added.")


def test_a_manager_gets_from_a_setting_to_an_alarm(desk: Tab) -> None:
    page = desk.page
    add(page, "Settings", "Add a calendar setting")
    page.get_by_label("Name", exact=True).fill("Practice")
    page.get_by_label("Survey").select_option(index=1)  # its name, and when it was sealed
    page.get_by_label("Gateway for calls").select_option("Main trunk")
    page.get_by_label("Time zone").select_option("Asia/Kolkata")
    kept(page, "calendar setting")

    add(page, "Calendar users", "Add a calendar user")
    page.get_by_label("Username").fill("nina")
    page.get_by_label("Password").fill("nina's secret")
    kept(page, "calendar user")
    page.get_by_role("link", name="Add a calendar").click()
    page.get_by_label("Name").fill("Nina's")
    expect(page.locator("#user option:checked")).to_have_text("nina")
    kept(page, "calendar")

    page.get_by_role("link", name="Add an event").click()
    page.get_by_label("Title").fill("Visit of Mr. Rao")
    page.get_by_label("Start").fill("2030-01-07T09:00")
    kept(page, "event")
    expect(page.locator("main")).to_contain_text("Mon 7 Jan 2030, 09:00 to 10:00")

    page.get_by_role("link", name="Add an alarm").click()
    page.get_by_label("Phone", exact=True).fill("+15550123")
    page.get_by_label("Date and time").fill("2030-01-07T08:00")
    kept(page, "alarm")
    expect(page.locator("main")).to_contain_text("Call to +15550123")


def test_an_alarm_that_is_due_is_made_and_its_page_tells_of_it(
    browser: Browser, practice: Practice, house: House, carrier: Carrier
) -> None:
    carrier.phone("+15550123", call="answer", ring_s=0.1, talk_s=0.2)
    with tab_on(browser, house.url) as tab:
        tab.log_in(MANAGER)
        tab.open(f"/module/alarm/add?event={practice.visit.id}")
        tab.page.get_by_label("Phone", exact=True).fill("+15550123")
        tab.page.get_by_label("Date and time").fill("2026-03-10T09:00")
        tab.page.get_by_role("button", name="Add the alarm").click()
        alarm = int(tab.path.rpartition("/")[2])

        wait_for(lambda: Alarm.get_by_id(alarm).status == SUCCESS)
        tab.page.reload()

        attempts = tab.page.get_by_role("region", name="Attempts")
        expect(attempts.get_by_role("row")).to_have_count(2)  # its head, and one
        expect(attempts).to_contain_text("reached")


def test_several_events_are_deleted_after_one_was_asked_about(
    browser: Browser, practice: Practice, house: House
) -> None:
    with tab_on(browser, house.url, viewport=PHONE, is_mobile=True, has_touch=True) as tab:
        page = tab.page
        tab.log_in(MANAGER)
        page.get_by_role("checkbox", name="Choose Blood test").check()
        page.get_by_role("checkbox", name="Choose Congress").check()
        page.get_by_role("button", name="Delete the chosen ones").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Delete 2 events?")
        before = Event.select().count()
        page.get_by_role("button", name="Delete them").click()

        expect(page.get_by_role("status")).to_have_text("2 events are deleted.")
        expect(page.get_by_role("link", name="Blood test, Ms. Ito")).to_have_count(0)
        assert Event.select().count() == before - 2
        assert tab.wrong == []


def test_a_month_is_a_list_on_a_phone_and_a_grid_on_a_desk(
    browser: Browser, practice: Practice, house: House
) -> None:
    with tab_on(browser, house.url, viewport=PHONE) as tab:
        page = tab.page
        tab.log_in(MANAGER)
        tab.open(f"/module/calendar/{practice.calendar.id}/month")
        days = page.locator(".month > li")
        assert days.count() == 31
        assert (
            sum(day.is_visible() for day in days.all()) == 12
        )  # on which there is something, made or expected
        expect(days.nth(28)).to_contain_text("The clocks go forward by 1 hour.")

        page.set_viewport_size(DESK)
        boxes = [box for day in days.all() if (box := day.bounding_box())]
        assert len(boxes) == 31
        assert boxes[0]["x"] > boxes[1]["x"]  # the first is a Sunday
        assert boxes[1]["x"] == boxes[8]["x"]
        page.get_by_role("link", name="Add an event on 12 March").click()
        expect(page.get_by_label("Start")).to_have_value("2026-03-12T09:00")
        expect(page.get_by_label("Calendar", exact=True)).to_have_value(str(practice.calendar.id))


def test_an_event_is_paused_and_goes_on(browser: Browser, practice: Practice, house: House) -> None:
    with tab_on(browser, house.url) as tab:
        tab.log_in(MANAGER)
        tab.page.get_by_role("link", name="Night duty").click()
        tab.page.get_by_role("button", name="Pause").click()
        expect(tab.page.get_by_role("status")).to_contain_text("The event is paused")
        expect(tab.page.get_by_label("How it stands")).to_contain_text("paused")
        tab.page.get_by_role("button", name="Let it go on").click()
        expect(tab.page.get_by_role("status")).to_contain_text("The event goes on.")


def test_a_calendar_user_sees_her_month_and_no_buttons(
    browser: Browser, practice: Practice, house: House
) -> None:
    give(practice.doctor.id, ["view_calendar", "view_event"])
    with tab_on(browser, house.url) as tab:
        tab.log_in("anna")
        tab.page.get_by_role("link", name="Calendars").click()
        tab.page.get_by_role("link", name="this month").click()
        expect(tab.page.get_by_role("link", name="Check-up, Mrs. Ann Keller")).to_be_visible()
        tab.page.get_by_role("link", name="Check-up, Mrs. Ann Keller").click()
        for name in ("Change", "Delete", "Add an alarm"):
            expect(tab.page.get_by_role("link", name=name)).to_have_count(0)
        expect(tab.page.get_by_role("button", name="Pause")).to_have_count(0)
        expect(tab.page.get_by_role("heading", name="Alarms")).to_have_count(0)


def paths(practice: Practice) -> list[str]:
    """Every kind of page."""
    rows = {
        "event": practice.series.id, "alarm": practice.alarm.id, "calendar": practice.calendar.id,
        "calendar_user": practice.doctor.id, "calendar_setting": practice.setting.id,
    }  # fmt: skip
    found = [f"/module/{name}{end}" for name in rows for end in ("", "/add")]
    found += [
        f"/module/{name}/{row}{end}" for name, row in rows.items() for end in ("", "/change", "/delete")
    ]
    return [
        *found,
        f"/module/calendar/{practice.calendar.id}/month",
        f"/module/calendar_user/{practice.doctor.id}/profile",
        "/module/rehearsal?from=2026-03-10T00:00&to=2026-03-20T00:00",
        "/module/text",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_read_by_everyone_on_a_desk_and_on_a_phone(
    browser: Browser, practice: Practice, house: House, scheme: str
) -> None:
    practice.event(LONG, 1, 9, description=LONG, data=f'{{"word": "{LONG}"}}')
    Event.update(title=LONG).where(Event.id == practice.series.id).execute()
    SmsTemplate.create(label=LONG, template_key="long", sms_text=f"{LONG} – {LONG}")
    with tab_on(browser, house.url, color_scheme=scheme) as tab:
        tab.log_in(MANAGER)
        for path in paths(practice):
            tab.open(path)
            assert tab.page.evaluate(CHECKS) == [], path
            for size in (PHONE, WIDE):
                tab.page.set_viewport_size(size)
                wide = tab.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                assert wide <= 0, (path, size)
        assert tab.wrong == []
        assert tab.strangers == []
