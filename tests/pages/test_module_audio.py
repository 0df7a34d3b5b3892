"""The pages of audio files in a real browser: uploaded, listened to, replaced, and never what is no sound."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from models import settings
from models.appointments.surveys import AudioFile
from models.appointments.surveys.sealing import seal
from tests.appointments.planned import Planned
from tests.appointments.sounds import wav
from tests.appointments.surveys import written
from tests.house import Client, House, wait_for
from tests.pages.module import Office
from tests.pages.reader import Reader
from tests.pages.test_browser import CHECKS
from tests.pages.watching import PHONE, Tab, tab_on

HERE = "/module/survey/audio"


def in_browser(test: Callable[..., None]) -> Callable[..., None]:
    """Marks a test that needs one."""
    return pytest.mark.browser(pytest.mark.timeout(90)(test))  # type: ignore[no-any-return]  # pytest's marks are untyped


@pytest.fixture
def world(house: House) -> Planned:
    world = Planned(Client())
    AudioFile.delete().execute()
    return world


def choose(tab: Tab, content: bytes, name: str = "hello.wav", button: str = "Upload it") -> None:
    """Choose a file and send the form."""
    tab.page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "audio/wav", "buffer": content}
    )
    tab.page.get_by_role("button", name=button).click()


def heard(tab: Tab) -> float:
    """How long the sound of the page is, in seconds, as soon as the browser has read it as such."""
    length = "() => document.querySelector('audio').duration || 0"
    return round(float(wait_for(lambda: tab.page.evaluate(length))), 2)


@in_browser
def test_a_file_is_uploaded_listened_to_renamed_and_replaced(
    browser: Browser, house: House, world: Planned
) -> None:
    with tab_on(browser, house.url) as tab:
        page = tab.page
        tab.log_in("mona")
        page.get_by_role("link", name="Surveys").click()
        page.get_by_role("link", name="Audio files").click()
        page.get_by_role("link", name="Add an audio file").click()
        page.get_by_label("Name").fill("Greeting")
        choose(tab, b"<script>alert(1)</script>")
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.locator("#audio_file-wrong")).to_have_text("Send a WAV, MP3 or OGG file.")
        expect(page.get_by_label("Name")).to_have_value("Greeting")
        choose(tab, wav(0.5))
        expect(page.get_by_role("status")).to_have_text("The file is uploaded.")
        expect(page.locator("main")).to_contain_text("WAV, 8 KiB")
        assert heard(tab) == 0.5

        page.get_by_role("link", name="Change").click()
        page.get_by_label("Name").fill("Welcome")
        page.get_by_role("button", name="Keep the changes").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Welcome")
        page.get_by_role("link", name="Change").click()
        choose(tab, wav(1), button="Keep the changes")
        assert heard(tab) == 1
        assert tab.wrong == []
        assert tab.strangers == []
    assert [(row.name, row.size) for row in AudioFile.select()] == [("Welcome", len(wav(1)))]


@in_browser
def test_what_is_sealed_stays_and_says_so(browser: Browser, house: House, world: Planned) -> None:
    with tab_on(browser, house.url) as tab:
        page = tab.page
        tab.log_in("mona")
        tab.open(f"{HERE}/add")
        page.get_by_label("Name").fill("Greeting")
        choose(tab, wav())
        row = AudioFile.get()
        seal(written(world.mine.manager, {"audiofile": row}).id)
        tab.open(f"{HERE}/{row.id}/change")
        choose(tab, wav(1), button="Keep the changes")
        expect(page.locator("#audio_file-wrong")).to_contain_text("A sealed survey plays this file")
        tab.open(f"{HERE}/{row.id}/delete")
        expect(page.get_by_role("alert")).to_contain_text("it cannot be deleted")
        expect(page.get_by_role("button", name="Delete")).to_have_count(0)
    assert AudioFile.get().digest == row.digest


@in_browser
def test_a_form_with_a_file_needs_its_token_and_has_its_limit(
    browser: Browser, house: House, world: Planned
) -> None:
    settings.use(replace(settings.current(), audio_limit=1))
    with tab_on(browser, house.url) as tab:
        tab.log_in("mona")
        file = FilePayload(name="x.wav", mimeType="audio/wav", buffer=wav())
        forged: dict[str, str | float | bool | bytes | FilePayload] = {"name": "Forged", "audio_file": file}
        for csrf in ("", "guessed"):
            sent = tab.page.request.post(house.url + f"{HERE}/add", multipart={**forged, "csrf": csrf})
            assert sent.status == 403
        assert tab.page.request.post(house.url + "/module/survey/add", multipart=forged).status == 415
        tab.open(f"{HERE}/add")
        tab.page.get_by_label("Name").fill("Long")
        choose(tab, wav(66))
        expect(tab.page.locator("#audio_file-wrong")).to_have_text("The file is over 1 MiB.")
        choose(tab, wav(100))
        expect(tab.page.locator("#audio_file-wrong")).to_contain_text("This file is too large")
        expect(tab.page.get_by_label("Name")).to_have_value("Long")
    assert AudioFile.select().count() == 0


@in_browser
def test_its_pages_can_be_read_by_everyone(browser: Browser, house: House, world: Planned) -> None:
    row = AudioFile.create(name="A_long_word_without_a_blank_" * 5, user=world.mine.manager)
    with tab_on(browser, house.url, viewport=PHONE, is_mobile=True) as tab:
        tab.log_in("mona")
        for path in (
            HERE,
            f"{HERE}/add",
            f"{HERE}/{row.id}",
            f"{HERE}/{row.id}/change",
            f"{HERE}/{row.id}/delete",
        ):
            tab.open(path)
            assert tab.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, path
            for scheme in ("light", "dark"):
                tab.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                assert tab.page.evaluate(CHECKS) == [], (path, scheme)


def test_without_a_file_it_is_said_and_another_managers_is_not_there(office: Office) -> None:
    mona, fred, row = office.reader(), office.reader("fred"), office.world.mine.audio

    def sent(reader: Reader, path: str, **more: Any) -> int:
        csrf = reader.form(f"{HERE}/add", f"{HERE}/add")["csrf"]
        return int(reader.post(path, {"csrf": csrf, **more}).status_code)

    assert sent(mona, f"{HERE}/add", name="Nothing") == 400
    assert sent(mona, f"{HERE}/{row.id}/change", name="Renamed") == 303
    for path in (f"{HERE}/{row.id}", f"{HERE}/{row.id}/change", f"{HERE}/{row.id}/delete"):
        assert fred.get(path).status_code == 404
    assert sent(fred, f"{HERE}/{row.id}/change", name="Taken") == 404
    assert sent(fred, f"{HERE}/delete", **{f"row-{row.id}": "on", "sure": "yes"}) == 404
    assert AudioFile.get_by_id(row.id).name == "Renamed"
    assert "Renamed" in mona.get(HERE).text
    assert "Renamed" not in fred.get(HERE).text


@pytest.mark.parametrize("page", ["add", "change"])
def test_what_was_typed_beside_a_file_that_is_too_large_stays(office: Office, page: str) -> None:
    settings.use(replace(settings.current(), audio_limit=1))
    mona, row = office.reader(), office.world.mine.audio
    path = f"{HERE}/add" if page == "add" else f"{HERE}/{row.id}/change"
    csrf = mona.form(path, path)["csrf"]

    answer = mona.post_parts(path, {"csrf": csrf, "name": "Long & <loud>"}, wav(100))
    forged = mona.post_parts(path, {"csrf": "guessed", "name": "Long"}, wav(100))
    nameless = mona.post_parts(path, {}, wav(100))

    assert (answer.status_code, forged.status_code, nameless.status_code) == (400, 403, 413)
    assert 'value="Long &amp; &lt;loud&gt;"' in answer.text
    assert "This file is too large: choose one of less than 1 MiB." in answer.text
    assert (AudioFile.select().count(), AudioFile.get_by_id(row.id).name) == (2, row.name)
