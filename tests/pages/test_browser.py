"""A mentor's day in a real browser: he texts, calls, notes, schedules; on a phone, by keyboard, without scripts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from models import clock, settings
from models.mentoring import Activity, Call
from tests.house import NUMBERS, STRANGER, Carrier, House, Staff, wait_for
from tests.pages.watching import PHONE, Tab, tab_on

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]


def typed_in(days: int, hour: int = 18) -> str:
    """A time to come as a mentor types it."""
    there = clock.now().astimezone(settings.current().zone) + timedelta(days=days)
    return f"{there:%Y-%m-%d}T{hour:02}:30"


def test_a_mentor_texts_calls_and_writes_the_note(tab: Tab, house: House, carrier: Carrier):
    page = tab.page
    for name in ("adam", "tony"):
        carrier.phone(NUMBERS[name], call="answer", ring_s=0.1, talk_s=3)
    tab.log_in()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tony")

    page.get_by_label("Write to Tony").fill("Shall we talk? <b>Now</b>?\nI am free.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_have_text("Your message is on its way.")
    expect(page.locator("#thread")).to_contain_text("Shall we talk? <b>Now</b>?")
    expect(page.locator("#thread")).to_contain_text("sent")  # without reloading
    assert [text["body"] for text in carrier.log("text")] == ["Shall we talk? <b>Now</b>?\nI am free."]

    carrier.inbound(channel="text", **{"from": NUMBERS["tony"], "to": "+15550100", "body": "Yes, call me!"})
    expect(page.locator("#log")).to_contain_text("Yes, call me!")
    expect(page.locator("#thread")).to_contain_text("Yes, call me!")

    page.get_by_role("button", name="Call Tony").dblclick()
    expect(page.locator("#state")).to_contain_text("Call in progress")
    expect(page.get_by_role("button", name="End call")).to_be_visible()
    loads = len([url for url in tab.asked if url == tab.url + "/"])
    expect(page.locator("#state")).to_contain_text("No call now")
    expect(page.locator("#log")).to_contain_text("Call ended")
    task = page.locator("#todo").get_by_role("link", name="Complete feedback for call at")
    expect(task).to_be_visible()
    assert len([url for url in tab.asked if url == tab.url + "/"]) == loads
    assert len(carrier.log("call")) == 1  # though the button was pressed twice

    task.click()
    page.get_by_label("4 well").check()
    page.get_by_label("good").check()
    page.get_by_label("What did you talk about?").fill("Fractions.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_role("status")).to_contain_text("Your note is kept")
    expect(page.locator("main")).to_contain_text("Fractions.")
    page.get_by_role("link", name="To-do").click()
    expect(page.locator("main")).to_contain_text("Nothing to do")
    page.get_by_role("link", name="Also what is done").click()
    expect(page.locator("main")).to_contain_text("Complete feedback for call at")


def test_a_mentor_ends_a_call_himself(tab: Tab, house: House, carrier: Carrier):
    carrier.phone(NUMBERS["adam"], call="answer", ring_s=20, talk_s=20)
    tab.log_in()
    tab.page.get_by_role("button", name="Call Tony").click()
    expect(tab.page.locator("#state")).to_contain_text("Call in progress")
    tab.page.get_by_role("button", name="End call").click()

    expect(tab.page.get_by_role("status")).to_have_text("The call has ended.")
    expect(tab.page.locator("#state")).to_contain_text("successful")


def test_a_mentor_schedules_moves_and_cancels(tab: Tab, carrier: Carrier, house: House):
    page = tab.page
    Activity.create(title="Read a story")
    tab.log_in()
    page.get_by_role("link", name="Schedule", exact=True).click()
    expect(page.get_by_text("In the zone Asia/Kolkata.", exact=True)).to_be_visible()
    page.get_by_label("Date and time").fill("2020-01-01T10:00")
    page.get_by_role("button", name="Schedule").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_text("Write a time in the future.")).to_be_visible()
    expect(page.get_by_label("Date and time")).to_have_value("2020-01-01T10:00")

    page.get_by_label("Date and time").fill(typed_in(2))
    page.get_by_label("About").select_option("Read a story")
    page.get_by_role("button", name="Schedule").click()
    expect(page.get_by_role("status")).to_contain_text("Tony is told by a text.")
    expect(page.locator("main")).to_contain_text("18:30 · Read a story")

    page.get_by_role("link", name="Move or cancel").click()
    page.get_by_label("New date and time").fill(typed_in(3, 7))
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_role("status")).to_contain_text("07:30 (Asia/Kolkata)")
    page.get_by_role("link", name="Home").click()
    expect(page.locator("#todo")).to_contain_text("07:30 · Read a story")

    page.locator("#todo").get_by_role("link").first.click()
    page.get_by_role("button", name="Cancel this call").click()
    expect(page.get_by_role("status")).to_contain_text("is cancelled")
    expect(page.locator("main")).to_contain_text("None. Tony would be glad of one.")
    told = wait_for(lambda: len(carrier.log("text")) == 3 and [text["body"] for text in carrier.log("text")])
    assert ["will call" in told[0], "has moved" in told[1], "has cancelled" in told[2]] == [True] * 3


def test_a_stranger_sees_none_of_it(tab: Tab, browser: Browser, house: House):
    call = house.post("/mentor/call/")["id"]
    house.settle(call)
    house.post("/mentor/message/", {"content": "For Tony alone"})
    coming = house.post("/mentor/schedule/", {"call_time": (clock.now() + timedelta(days=1)).isoformat()})[
        "id"
    ]
    tab.log_in(STRANGER)
    seen = ""
    for path in ("/", "/messages", "/calls", "/schedule", "/tasks?show=all", "/events"):
        tab.open(path)
        seen += tab.page.content()

    assert "For Tony alone" not in seen
    assert "Tony" not in seen
    assert "Complete feedback" not in seen
    assert "Call started" not in seen
    for path in (f"/calls/{call}", f"/schedule/{coming}"):
        tab.open(path)
        expect(tab.page.get_by_role("heading", level=1)).to_have_text("Nothing here")
    tab.wrong.clear()  # the two addresses that are not his
    tab.page.get_by_role("button", name="Log out").click()
    tab.open("/messages")
    assert tab.path == "/login"


PATHS = (
    "/",
    "/messages",
    "/calls",
    "/calls/1",
    "/schedule",
    "/schedule/1",
    "/tasks",
    "/events",
    "/login?left",
)


@pytest.fixture
def busy(house: House, staff: Staff) -> House:
    """A house in which something has happened."""
    house.post("/mentor/message/", {"content": "A_long_word_without_a_blank" * 12})
    house.settle(house.post("/mentor/call/")["id"])
    Activity.create(title="Something_long_to_do_together_" * 3)
    when = (clock.now() + timedelta(days=1)).isoformat()
    house.post("/mentor/schedule/", {"call_time": when, "activity": 1})
    return house


def test_on_a_phone_nothing_is_wider_than_the_screen(browser: Browser, busy: House):
    with tab_on(browser, busy.url, viewport=PHONE, has_touch=True, is_mobile=True) as tab:
        tab.log_in()
        for path in PATHS:
            tab.open(path)
            wide = tab.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, path
        tab.open("/")
        for button in tab.page.get_by_role("button").all():
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= 32, "too small for a thumb"


CHECKS = """() => {
  const wrong = [];
  const name = (el) => el.outerHTML.slice(0, 120);
  if (document.documentElement.lang !== "en") wrong.push("no language");
  if (document.querySelectorAll("h1").length !== 1) wrong.push("not one h1");
  if (!document.title.trim()) wrong.push("no title");
  if (document.querySelectorAll("main").length !== 1) wrong.push("not one main");
  document.querySelectorAll("img").forEach((el) => { if (!el.hasAttribute("alt")) wrong.push("no alt " + name(el)); });
  document.querySelectorAll("input:not([type=hidden]), select, textarea").forEach((el) => {
    if (!el.labels.length && !el.ariaLabel) wrong.push("no label " + name(el));
  });
  document.querySelectorAll("a, button").forEach((el) => {
    if (!(el.ariaLabel || el.textContent).trim()) wrong.push("no name " + name(el));
  });
  document.querySelectorAll("[aria-describedby], [aria-labelledby]").forEach((el) => {
    const ids = ((el.getAttribute("aria-describedby") || "") + " " + (el.getAttribute("aria-labelledby") || "")).trim();
    ids.split(/\\s+/).forEach((id) => { if (!document.getElementById(id)) wrong.push("points nowhere " + name(el)); });
  });
  const ids = [...document.querySelectorAll("[id]")].map((el) => el.id);
  if (new Set(ids).size !== ids.length) wrong.push("an id twice");
  let level = 0;
  document.querySelectorAll("h1, h2, h3, h4").forEach((el) => {
    const now = Number(el.tagName[1]);
    if (now > level + 1) wrong.push("a heading skips " + name(el));
    level = now;
  });

  const light = (rgb) => {
    const part = rgb.map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
  };
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const ground = (el) => {
    for (let here = el; here; here = here.parentElement) {
      const found = parse(getComputedStyle(here).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  document.querySelectorAll("body *").forEach((el) => {
    const says = [...el.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!says || !el.getClientRects().length) return;
    const [ink, paper] = [parse(getComputedStyle(el).color), ground(el)].map(light);
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (ratio < 4.5) wrong.push(`contrast ${ratio.toFixed(1)} ` + name(el));
  });
  return wrong;
}"""


def test_every_page_can_be_read_by_everyone_by_day_and_by_night(browser: Browser, busy: House):
    def mistakes(tab: Tab) -> dict[str, list[str]]:
        found = {}
        for scheme in ("light", "dark"):
            tab.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found[scheme] = tab.page.evaluate(CHECKS)
        return {scheme: wrong for scheme, wrong in found.items() if wrong}

    with tab_on(browser, busy.url) as tab:
        tab.open("/login")
        assert mistakes(tab) == {}, "/login"
        tab.log_in()
        for path in PATHS:
            tab.open(path)
            assert mistakes(tab) == {}, path
        tab.open("/schedule")
        tab.page.get_by_label("Date and time").fill("2020-01-01T10:00")
        tab.page.get_by_role("button", name="Schedule").click()
        expect(tab.page.get_by_role("alert")).to_be_visible()
        assert mistakes(tab) == {}, "a form with errors"
        assert tab.strangers == []


NAME_OF_FOCUSED = "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"


def test_all_of_it_can_be_done_by_keyboard(tab: Tab, carrier: Carrier):
    page, keys = tab.page, tab.page.keyboard
    tab.open("/login")

    def go_to(name: str) -> None:
        for _ in range(40):
            keys.press("Tab")
            if page.evaluate(NAME_OF_FOCUSED) == name:
                assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
                return
        raise AssertionError(f"{name} cannot be reached")

    go_to("Username")
    keys.type("adam")
    go_to("Password")
    keys.type("correct horse")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tony")
    go_to("Skip to the content")
    keys.press("Enter")
    go_to("Write to Tony")
    keys.type("By keyboard")
    go_to("Send")
    keys.press("Enter")
    expect(page.locator("#thread")).to_contain_text("By keyboard")
    go_to("Call Tony")
    keys.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Your phone will ring in a moment.")
    expect(page.locator("#log")).to_contain_text("Call started")


def test_without_javascript_everything_works_by_reloading(browser: Browser, busy: House, staff: Staff):
    with tab_on(browser, busy.url, java_script_enabled=False) as tab:
        tab.log_in()
        tab.page.get_by_label("Write to Tony").fill("No script here")
        tab.page.get_by_role("button", name="Send").click()
        expect(tab.page.locator("#thread")).to_contain_text("No script here")
        before = Call.select().count()
        tab.page.get_by_role("button", name="Call Tony").dblclick()
        expect(tab.page.get_by_role("status")).to_be_visible()
        assert Call.select().count() == before + 1


def test_a_page_that_nobody_looks_at_asks_nothing(tab: Tab):
    tab.log_in()
    with tab.page.expect_request("**/live"):
        pass
    tab.page.evaluate("Object.defineProperty(document, 'hidden', {value: true})")
    tab.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    asked = len(tab.asked)
    tab.page.wait_for_timeout(2500)  # a round and more
    assert len(tab.asked) <= asked + 1  # one may have been under way


def test_what_is_being_typed_survives_what_comes_in(tab: Tab, carrier: Carrier):
    tab.log_in()
    box = tab.page.get_by_label("Write to Tony")
    box.fill("Half a sen")
    carrier.inbound(channel="text", **{"from": NUMBERS["tony"], "to": "+15550100", "body": "Quick question"})
    expect(tab.page.locator("#thread")).to_contain_text("Quick question")

    expect(box).to_have_value("Half a sen")
    expect(box).to_be_focused()


def test_a_session_that_ends_meanwhile_leads_to_the_login_page(tab: Tab, jump: Callable[[float], None]):
    tab.log_in()
    jump(13 * 3600)
    tab.page.wait_for_url("**/login*")
    tab.wrong.clear()  # the 401 that told so


def test_a_session_that_ends_while_something_is_written_leaves_it_to_be_copied(
    tab: Tab, jump: Callable[[float], None]
):
    tab.log_in()
    tab.page.get_by_label("Write to Tony").fill("Half a sent")
    jump(13 * 3600)

    expect(tab.page.get_by_role("alert")).to_contain_text("Copy what you wrote")
    expect(tab.page.get_by_label("Write to Tony")).to_have_value("Half a sent")
    expect(tab.page.get_by_role("button", name="Send")).to_be_disabled()
    tab.page.get_by_role("link", name="log in").click()
    expect(tab.page.get_by_role("heading", level=1)).to_have_text("Log in")
    tab.wrong.clear()  # the 401 that told so
