"""Debian's Chromium, driven by Playwright: the browser of the tests of the pages, and of the screenshots."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = os.environ.get("TEST_CHROMIUM") or shutil.which("chromium") or ""
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")

# Nothing that would ask anybody but the pages' own server.
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def chromium_available() -> str | None:
    """None when Chromium can be used, else the reason why not, fit to be shown."""
    if CHROMIUM:
        return None
    return "Chromium is not here: apt-get install --no-install-recommends chromium, or set TEST_CHROMIUM"


def font_available() -> str | None:
    """None when pages can be written in DejaVu, which has the letters of most names, else the reason why not."""
    if FONT.exists() or os.environ.get("TEST_CHROMIUM"):
        return None
    return "DejaVu is not here: apt-get install --no-install-recommends fonts-dejavu-core"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser with a new profile, gone afterwards."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()
