"""`/docs/` in a real browser: at a desk and on a phone, by keyboard, asking nobody else for anything."""

import pytest
from playwright.sync_api import Browser, expect

from tests.house import House
from tests.pages.watching import PHONE, WIDE, Tab, tab_on

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["desk", "phone"])
def test_nothing_sticks_out_and_nobody_else_is_asked(
    browser: Browser, house: House, viewport: dict[str, int]
):
    with tab_on(browser, house.url, viewport=viewport) as tab:
        tab.open("/docs/")
        tab.page.get_by_role("navigation").get_by_role("link", name="POST /mentor/schedule/").click()

        expect(tab.page.locator("#post_mentor_schedule h3")).to_be_in_viewport()
        assert tab.page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
        assert (tab.wrong, tab.strangers) == ([], [])


def test_the_keyboard_leads_past_the_contents(tab: Tab):
    tab.open("/docs/")
    tab.page.keyboard.press("Tab")
    expect(tab.page.get_by_role("link", name="To the content")).to_be_focused()
    tab.page.keyboard.press("Enter")
    tab.page.keyboard.press("Tab")

    assert tab.page.evaluate("document.querySelector('main').contains(document.activeElement)")
