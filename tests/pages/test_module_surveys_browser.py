"""A manager's surveys in a real browser: written, sealed and read, on a desk and on a phone, without any script."""

import pytest
from playwright.sync_api import Browser, expect

from models.appointments.surveys import SealedSurvey, SectionTemplate, SurveyAggregate
from models.appointments.surveys.sections import CAPTURE_DIGITS, MULTI_CHOICE
from tests.appointments.planned import Planned
from tests.appointments.surveys import nodes, reminder, written
from tests.house import Client, House
from tests.pages.test_browser import CHECKS
from tests.pages.watching import PHONE, WIDE, Tab, tab_on

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]

LONG = "A_long_word_without_a_blank_" * 3


@pytest.fixture
def world(house: House) -> Planned:
    return Planned(Client())


@pytest.fixture
def paths(world: Planned) -> list[str]:
    """The pages of surveys with something of everything, and much of it."""
    mona = world.mine.manager
    asked = {
        "type": MULTI_CHOICE,
        "question": LONG,
        "key_1": LONG,
        "key_2": "No",
        "branches": {"1": 1, "any": 0},
    }
    digits = {"type": CAPTURE_DIGITS, "question": LONG, "branches": {"1234567890" * 5: 0}}
    template = written(mona, asked, digits, {"question": "Nobody comes here"}, name=LONG)
    rows = SectionTemplate.select().where(SectionTemplate.survey == template.id)
    first, second, _ = rows.order_by(SectionTemplate.order)
    sealed = reminder(mona)
    for n, section in enumerate(nodes(sealed)):
        for answer in ("1", LONG):
            SurveyAggregate.create(survey=sealed, section=section, response=answer, count=n + 1)
    here = f"/module/survey/{template.id}"
    return [
        "/module/survey", "/module/survey/add", here, f"{here}/change", f"{here}/delete", f"{here}/seal",
        f"{here}/section?type={MULTI_CHOICE}", f"/module/survey/section/{first.id}",
        f"/module/survey/section/{second.id}", f"/module/survey/section/{first.id}/delete",
        "/module/survey/sealed", f"/module/survey/sealed/{sealed.id}",
    ]  # fmt: skip


def add_section(tab: Tab, does: str, question: str) -> None:
    tab.page.get_by_label("What it does").select_option(does)
    tab.page.get_by_role("button", name="Go on").click()
    tab.page.get_by_label("What it is about").fill(question)


def begin(tab: Tab) -> None:
    """Add a survey."""
    page = tab.page
    tab.log_in("mona")
    page.get_by_role("link", name="Surveys").click()
    page.get_by_role("link", name="Add a survey").click()
    page.get_by_label("Name").fill("Visit")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Visit")
    expect(page.locator("main")).to_contain_text("None yet")


def test_a_manager_writes_seals_and_reads_a_survey(browser: Browser, house: House, world: Planned) -> None:
    with tab_on(browser, house.url, java_script_enabled=False) as tab:
        page = tab.page
        begin(tab)
        add_section(tab, "Ask for a rating", "Press 1 to confirm, 2 to cancel.")
        page.get_by_label("Best rating").fill("2")
        page.get_by_role("button", name="Add the section").click()
        page.get_by_role("link", name="Visit").click()
        add_section(tab, "Hang up", "Thank you.")
        page.get_by_role("button", name="Add the section").click()
        page.get_by_role("link", name="Visit").click()
        page.get_by_role("link", name="Change section 1").click()
        new = page.get_by_role("form", name="A new branch")
        new.get_by_label("On", exact=True).select_option("On 1")
        new.get_by_label("goes on to").select_option("2. Thank you.")
        new.get_by_role("button").click()
        expect(page.get_by_role("status")).to_have_text("The branch is added.")
        page.get_by_role("form", name="When nothing is pressed").get_by_role(
            "button", name="Take away"
        ).click()
        page.get_by_role("link", name="Visit").click()
        expect(page.locator(".leads")).to_have_text("On 1: 2. Thank you.")

        page.get_by_role("button", name="Down: section 1").click()
        expect(page.locator(".nodes h3").first).to_contain_text("Thank you.")
        page.get_by_role("button", name="Up: section 2").click()
        page.get_by_role("link", name="Seal it").click()
        page.get_by_label("What the copy is called").fill("Visit, spring")
        page.get_by_role("button", name="Seal it").click()
        expect(page.get_by_role("status")).to_contain_text("The survey is sealed")
        expect(page.get_by_role("heading", level=1)).to_have_text("Visit, spring")
        expect(page.locator("main")).to_contain_text("no call has asked it")
        assert tab.strangers == []
    sealed = SealedSurvey.get(SealedSurvey.name == "Visit, spring")
    assert [section.question for section in nodes(sealed)] == [
        "Press 1 to confirm, 2 to cancel.",
        "Thank you.",
    ]


def test_surveys_are_ticked_and_deleted(browser: Browser, house: House, world: Planned) -> None:
    for name in ("One", "Two", "Three"):
        written(world.mine.manager, {}, name=name)
    with tab_on(browser, house.url) as tab:
        tab.log_in("mona")
        tab.open("/module/survey")
        for name in ("One", "Three"):
            tab.page.get_by_label(f"Choose {name}").check()
        tab.page.get_by_role("button", name="Delete the chosen ones").click()
        expect(tab.page.get_by_role("heading", level=1)).to_have_text("Delete 2 surveys?")
        tab.page.get_by_role("button", name="Delete them").click()
        expect(tab.page.locator("tbody tr")).to_have_count(1)
        expect(tab.page.locator("tbody")).to_contain_text("Two")


def test_answers_are_drawn_to_scale(browser: Browser, house: House, world: Planned) -> None:
    sealed = reminder(world.mine.manager)
    for answer, count in (("1", 30), ("2", 15), ("3", 0)):
        SurveyAggregate.create(survey=sealed, section=nodes(sealed)[0], response=answer, count=count)
    with tab_on(browser, house.url) as tab:
        tab.log_in("mona")
        tab.open(f"/module/survey/sealed/{sealed.id}")
        chart = tab.page.get_by_role("img", name="Hello, you have an appointment")
        widths = chart.locator("rect.good").evaluate_all(
            "bars => bars.map(bar => bar.getBoundingClientRect().width)"
        )
        assert [round(width / widths[0], 2) for width in widths] == [1, 0.5, 0]
        tab.page.get_by_text("As a table").click()
        expect(tab.page.get_by_role("row", name="1 30")).to_be_visible()
        assert (tab.wrong, tab.strangers) == ([], [])


def test_on_a_phone_nothing_is_wider_than_the_screen(
    browser: Browser, house: House, paths: list[str]
) -> None:
    with tab_on(browser, house.url, viewport=PHONE, has_touch=True, is_mobile=True) as tab:
        tab.log_in("mona")
        for path in paths:
            tab.open(path)
            wide = tab.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, path
        assert tab.wrong == []


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
def test_every_page_can_be_read_by_everyone_by_day_and_by_night(
    browser: Browser, house: House, paths: list[str], size: dict[str, int]
) -> None:
    with tab_on(browser, house.url, viewport=size) as tab:
        tab.log_in("mona")
        for path in paths:
            tab.open(path)
            for scheme in ("light", "dark"):
                tab.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                assert tab.page.evaluate(CHECKS) == [], (path, scheme)
        assert (tab.wrong, tab.strangers) == ([], [])
