"""What the tests of the pages share: readers of them."""

from collections.abc import Callable

import pytest

from models.settings import Settings
from tests.house import MENTOR, Staff
from tests.pages.reader import Reader


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
