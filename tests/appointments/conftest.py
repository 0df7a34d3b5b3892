"""What the tests of appointments share: the world they happen in, and the API held against its document."""

import pytest

from models.settings import Settings
from tests.api.paper import HeldClient
from tests.appointments.planned import Planned
from tests.house import Client


@pytest.fixture
def client(home: Settings) -> Client:
    """The API, whose every answer is to be as the document promises."""
    return HeldClient()


@pytest.fixture
def planned(client: Client) -> Planned:
    """Two managers with all that is theirs, and others."""
    return Planned(client)
