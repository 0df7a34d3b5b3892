"""What the tests of the API share: a call under way, and an application that knows nobody yet."""

from pathlib import Path

import pytest

from api.app import create
from models.settings import Settings
from tests.api.calls_at_work import dialled, pressed
from tests.api.paper import HeldClient
from tests.api.world import World
from tests.callrequests.members import Members
from tests.house import Client, Staff


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Schemathesis makes things up as it is collected, for five seconds: not where it is left out anyway."""
    left_out = config.option.markexpr == "pipeline" or "not lengthy" in config.option.markexpr
    return True if left_out and collection_path.name == "test_schemathesis.py" else None


@pytest.fixture
def client(home: Settings) -> Client:
    """The API, whose every answer is to be as the document promises."""
    return HeldClient()


@pytest.fixture
def call(client: Client, staff: Staff) -> int:
    """Adam's call to tony, which the carrier has taken as `sc-1`."""
    call_id = pressed(client)
    dialled(call_id)
    return call_id


@pytest.fixture
def world(client: Client, staff: Staff, call: int) -> World:
    """One of everything."""
    return World(client, staff, call)


@pytest.fixture
def members(client: Client) -> Members:
    """Somebody of each kind on `/api/v1`."""
    return Members(client)


@pytest.fixture
def stranger(home: Settings) -> Client:
    """An application of its own, which has not checked anybody's password yet."""
    return HeldClient(create())
