"""From mail to mail in a real browser on a phone: two people agree on a call, with scripts and without."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from models.callrequests import CallRequest, links, moving
from tests.callrequests.members import Member, Members
from tests.house import Carrier, Client, House, wait_for
from tests.pages.meeting import Pair, times
from tests.pages.test_browser import CHECKS, NAME_OF_FOCUSED
from tests.pages.watching import PHONE, WIDE, Tab, tab_on

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]
HAND: dict[str, Any] = {"viewport": PHONE, "is_mobile": True, "has_touch": True}


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def phone(request: pytest.FixtureRequest, browser: Browser, house: House) -> Iterator[Tab]:
    """A phone; nothing may go wrong on it unseen, and it asks nobody else."""
    with tab_on(browser, house.url, java_script_enabled=request.param, **HAND) as tab:
        yield tab
        assert tab.wrong == []
        assert tab.strangers == []


def link_in_mail(carrier: Carrier, to: Member, subject: str) -> str:
    """The link to the page that somebody was sent."""

    def found() -> str | None:
        for mail in carrier.log("mail"):
            if mail["to"] == to.account.email and subject in mail["subject"]:
                return re.findall(r"http\S+/meet/[\w.-]+", mail["text"])[0]
        return None

    return str(wait_for(found))


def propose(page: Page, who: Member, *moments: Any) -> None:
    """Pick three days and times, by his own clock."""
    for name, moment in zip(("First", "Second", "Third"), moments, strict=True):
        there = who.account.local(moment)
        page.get_by_label(f"{name} time: day").fill(f"{there:%Y-%m-%d}")
        page.get_by_label(f"{name} time: time").select_option(f"{there:%H:%M}")


def test_from_mail_to_mail_two_people_agree_on_a_call(phone: Tab, carrier: Carrier):
    members, page = Members(Client()), phone.page
    rita, tom = members.rita, members.tom
    wish = {"hero_id": tom.hero_id, "message": "Our queries are slow.", "estimated_length": 45}
    assert rita.post("call-requests/", wish).status_code == 200

    page.goto(link_in_mail(carrier, tom, "Rita Requester"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Rita Requester would like to talk to you")
    expect(page.locator("main")).to_contain_text("45 minutes")
    propose(page, tom, *times())
    page.get_by_role("button", name="Accept, and propose these times").click()
    expect(page.get_by_role("status")).to_have_text("Thank you. Now it is up to Rita.")

    page.goto(link_in_mail(carrier, rita, "Tom Brady"))
    page.get_by_text("Propose other times").click()
    propose(page, rita, *times(4))
    page.get_by_role("button", name="Propose these times").click()
    expect(page.get_by_role("status")).to_have_text("Thank you. Now it is up to Tom.")

    page.goto(link_in_mail(carrier, tom, "new times"))
    there = tom.account.local(times(4)[1])
    page.get_by_label(f"{there:%a} {there.day} {there:%b}, {there:%H:%M}").check()
    page.get_by_role("button", name="Agree to this time").click()
    expect(page.get_by_role("status")).to_have_text("Thank you. It is settled.")
    expect(page.locator(".agreed time")).to_have_text(f"{there:%a} {there.day} {there:%b}, {there:%H:%M}")
    expect(page.get_by_role("link", name="+1 312 555 0100")).to_have_attribute("href", "tel:+13125550100")

    page.goto(link_in_mail(carrier, rita, "is agreed"))
    expect(page.locator(".agreed")).to_contain_text(f"{there:%H:%M} for Tom")
    with page.expect_download() as download:
        page.get_by_role("link", name="Put it into my calendar").click()
    assert download.value.suggested_filename == "call.ics"

    page.locator("summary", has_text="Cancel").click()
    page.get_by_label("Why?").fill("Solved <it> myself")
    page.get_by_role("button", name="Cancel the call").click()
    expect(page.get_by_role("status")).to_have_text("You have cancelled.")
    phone.open("/meet/" + link_in_mail(carrier, tom, "Rita Requester").rpartition("/")[2])
    expect(page.locator("main")).to_contain_text("Rita cancelled.")
    expect(page.locator("main")).to_contain_text("Solved <it> myself")


def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(phone: Tab):
    pair, page = Pair(), phone.page
    phone.open(pair.page(pair.tom))
    first, second, _ = times()
    propose(page, pair.tom, first, second, first)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("alert")).to_have_text("Propose three different times.")
    there = pair.tom.account.local(second)
    expect(page.get_by_label("Second time: day")).to_have_value(f"{there:%Y-%m-%d}")
    expect(page.get_by_label("Second time: time")).to_have_value(f"{there:%H:%M}")
    page.locator("summary", has_text="Decline").click()
    page.get_by_label("Why?").fill("   ")
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_text("1 to 500 characters")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_visible()


def test_who_is_overtaken_sees_what_happened(phone: Tab):
    pair, page = Pair(), phone.page
    pair.accepted()
    phone.open(pair.page(pair.rita))
    page.get_by_role("radio").first.check()
    moving.cancel(pair.id, pair.tom.account.id, "Called away")
    page.get_by_role("button", name="Agree").click()
    expect(page.get_by_role("alert")).to_contain_text("Tom cancelled meanwhile.")
    expect(page.locator("main")).to_contain_text("Called away")
    expect(page.get_by_role("button")).to_have_count(0)


def test_mails_are_ended_and_had_again(phone: Tab):
    tom, page = Members(Client()).tom, phone.page
    page.goto(links.unsubscribe(tom.account.id))
    page.get_by_role("button", name="Stop these mails").click()
    expect(page.get_by_role("status")).to_have_text("You get no more mails about your calls.")
    assert not tom.fresh.email_notifications
    page.get_by_role("button", name="Have them again").click()
    expect(page.get_by_role("button", name="Stop these mails")).to_be_visible()
    assert tom.fresh.email_notifications


@pytest.fixture
def states(house: House) -> dict[str, str]:
    """Paths of pages in all states, by what they show; names and messages are as long as they get."""
    pair = Pair(message="A_long_word_without_a_blank" * 12)
    found = {"asked": pair.page(pair.tom), "asking": pair.page(pair.rita)}
    other = Pair(message="Short")
    other.accepted()
    found |= {"choosing": other.page(other.rita), "waiting": other.page(other.tom)}
    agreed = Pair(message="Line\n" * 9)
    agreed.agreed()
    found |= {"agreed": agreed.page(agreed.tom) + "?done"}
    gone = Pair()
    moving.decline(gone.id, gone.tom.account.id, "x" * 500)
    found |= {"declined": gone.page(gone.rita), "dead": "/meet/nothing"}
    unsubscribe = links.unsubscribe(pair.tom.account.id)
    return {**found, "mails": unsubscribe.removeprefix(house.url)}


def test_every_state_can_be_read_by_everyone_by_day_and_by_night(
    browser: Browser, house: House, states: dict[str, str]
):
    for options in (HAND, {"viewport": WIDE}):
        with tab_on(browser, house.url, **options) as tab:
            for name, path in states.items():
                tab.open(path)
                tab.page.evaluate(
                    "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
                )
                wide = tab.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                assert wide <= 0, name
                for scheme in ("light", "dark"):
                    tab.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # both are
                    assert tab.page.evaluate(CHECKS) == [], (name, scheme)
                for button in tab.page.get_by_role("button").all():
                    box = button.bounding_box()
                    assert box is not None
                    assert box["height"] >= 32, "too small for a thumb"
            assert tab.strangers == []


def test_the_address_is_told_to_nobody(browser: Browser, house: House):
    pair = Pair()
    pair.agreed()
    with tab_on(browser, house.url) as tab:
        told: list[str] = []
        tab.page.on("request", lambda request: told.append(request.headers.get("referer", "")))
        tab.open(pair.page(pair.rita))
        tab.page.locator("summary", has_text="Cancel").click()
        tab.page.get_by_label("Why?").fill("Ill")
        tab.page.get_by_role("button", name="Cancel the call").click()
        expect(tab.page.get_by_role("status")).to_be_visible()
        assert len(told) > 4
        assert set(told) == {""}
        assert tab.page.context.cookies() == []


def test_another_sites_form_presses_no_button(browser: Browser, house: House):
    pair = Pair()
    with tab_on(browser, house.url) as tab:
        tab.page.set_content(
            f'<form method="post" action="{house.url}{pair.page(pair.tom)}"><input name="do" value="decline">'
            '<input name="reason" value="Not me"><button>Win a prize</button></form>'
        )
        tab.page.get_by_role("button").click()
        expect(tab.page.get_by_role("heading", level=1)).to_have_text("That did not work")
    assert CallRequest.get_by_id(pair.id).status == "o"


def test_the_first_day_that_is_picked_is_picked_for_all_three(browser: Browser, house: House):
    pair = Pair()
    with tab_on(browser, house.url) as tab:
        tab.open(pair.page(pair.tom))
        days = [tab.page.get_by_label(f"{name} time: day") for name in ("First", "Second", "Third")]
        days[0].fill("2036-01-07")
        expect(days[2]).to_have_value("2036-01-07")
        days[1].fill("2036-01-09")
        days[0].fill("2036-01-08")
        days[0].blur()
        assert [day.input_value() for day in days] == ["2036-01-08", "2036-01-09", "2036-01-08"]


def test_it_can_be_done_by_keyboard(browser: Browser, house: House):
    pair = Pair()
    pair.accepted()
    with tab_on(browser, house.url) as tab:
        tab.open(pair.page(pair.rita))
        keys = tab.page.keyboard

        def go_to(name: str) -> None:
            for _ in range(20):
                keys.press("Tab")
                if name in tab.page.evaluate(NAME_OF_FOCUSED):
                    assert (
                        tab.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
                    )
                    return
            raise AssertionError(f"{name} cannot be reached")

        go_to("for Tom")
        keys.press("Space")
        keys.press("ArrowDown")
        go_to("Agree to this time")
        keys.press("Enter")
        expect(tab.page.get_by_role("status")).to_have_text("Thank you. It is settled.")
    assert pair.now.agreed_time == times()[1]
