"""What the tests of appointments share: the world they happen in, and the API held against its document."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from models.settings import Settings
from tests.api.paper import HeldClient
from tests.appointments.clinic import Clinic, at, perform
from tests.appointments.planned import Planned
from tests.house import Client
from tests.mentoring.racing import Track


@pytest.fixture
def client(home: Settings) -> Client:
    """The API, whose every answer is to be as the document promises."""
    return HeldClient()


@pytest.fixture
def clinic(home: Settings) -> Clinic:
    """A clinic whose alarms are at work."""
    return Clinic()


@pytest.fixture
def be(jump: Callable[[float], None]) -> Callable[[datetime], None]:
    """Move the product's clock to a moment, and do what is due then."""

    def move(moment: datetime) -> None:
        jump(at(moment) + 0.5)
        perform()

    return move


@pytest.fixture
def planned(client: Client) -> Planned:
    """Two managers with all that is theirs, and others."""
    return Planned(client)


@pytest.fixture
def track(full: bool) -> Iterator[Track]:
    """Four lanes on PostgreSQL."""
    if not full:
        pytest.skip("SQLite has one writer at a time: races are for --backend=full")
    with Track(4) as track:
        yield track
