"""A tab of a real browser on the pages, which writes down what goes wrong and whom it asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.house import MENTOR, PASSWORD

expect.set_options(timeout=10_000)  # milliseconds

WIDE, PHONE = {"width": 1100, "height": 800}, {"width": 375, "height": 740}


class Tab:
    """One tab with a profile of its own. `page` is Playwright's."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.wrong: list[str] = []
        self.asked: list[str] = []
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", self._heard)
        page.on("request", lambda request: self.asked.append(request.url))

    def _heard(self, line: ConsoleMessage) -> None:
        """Browsers complain of a form that is shown again with what is wrong; nothing is wrong with that."""
        if line.type == "error" and "status of 400" not in line.text:
            self.wrong.append(line.text)

    def open(self, path: str) -> None:
        self.page.goto(self.url + path)

    def log_in(self, user: str = MENTOR, password: str = PASSWORD) -> None:
        """As people do."""
        self.open("/login")
        self.page.get_by_label("Username").fill(user)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Log in").click()
        self.page.wait_for_url(lambda url: "/login" not in url)

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def strangers(self) -> list[str]:
        """Whom the browser asked besides the pages' own server."""
        return [url for url in self.asked if not url.startswith((self.url + "/", "data:", "about:"))]


@contextmanager
def tab_on(browser: Browser, url: str, **options: Any) -> Iterator[Tab]:
    """A new profile and its one tab; by default as wide as a desk's."""
    context = browser.new_context(**{"viewport": WIDE, "locale": "en-GB", "timezone_id": "UTC", **options})
    try:
        yield Tab(context.new_page(), url)
    finally:
        context.close()
