"""What the tests of the pages share: readers of them."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from models.settings import Settings
from tests.appointments.planned import Planned
from tests.conftest import or_skip
from tests.house import MENTOR, Client, House, Staff
from tests.pages.meeting import Pair
from tests.pages.module import Office
from tests.pages.reader import Reader
from tests.pages.watching import Tab, tab_on
from tests.servers.browser import chromium, chromium_available, font_available


@pytest.fixture
def reader(home: Settings, staff: Staff) -> Reader:
    """A browser that nobody has logged in on."""
    return Reader()


@pytest.fixture
def mentor(reader: Reader) -> Reader:
    """A browser on which adam is logged in."""
    reader.log_in()
    return reader


@pytest.fixture
def logged_in(home: Settings, staff: Staff) -> Callable[[str], Reader]:
    """Make a browser on which somebody is logged in."""

    def make(user: str = MENTOR) -> Reader:
        new = Reader()
        assert new.log_in(user).status_code == 303
        return new

    return make


@pytest.fixture
def pair(home: Settings) -> Pair:
    """Rita, who has asked Tom for a call."""
    return Pair()


@pytest.fixture
def office(home: Settings) -> Office:
    """Two managers with all that is theirs, who work with the pages below `/module`."""
    return Office(Planned(Client()))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium of this module's own."""
    or_skip(chromium_available())
    or_skip(font_available())
    with chromium() as browser:
        yield browser


@pytest.fixture
def tab(browser: Browser, house: House, staff: Staff) -> Iterator[Tab]:
    """A tab with a profile of its own, looking at the system at work; nothing may go wrong in it unseen."""
    with tab_on(browser, house.url) as tab:
        yield tab
        assert tab.wrong == []
        assert tab.strangers == []
