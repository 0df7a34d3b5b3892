"""What the tests of call requests share: members of all kinds, and the API held against its document."""

import pytest

from models.callrequests import CallRequest
from models.settings import Settings
from tests.api.paper import HeldClient
from tests.callrequests.agreeing import Jump, planned, prefer
from tests.callrequests.entering import Door
from tests.callrequests.members import Members
from tests.house import Client


@pytest.fixture
def client(home: Settings) -> Client:
    """The API, whose every answer is to be as the document promises."""
    return HeldClient()


@pytest.fixture
def members(client: Client) -> Members:
    """Somebody of each kind."""
    return Members(client)


@pytest.fixture
def door(client: Client) -> Door:
    """The way in."""
    return Door(client)


@pytest.fixture
def to_be_rung(members: Members, jump: Jump) -> CallRequest:
    """Rita, who would rather be rung, and tom have agreed on `AT`."""
    prefer(members.rita)
    return planned(members, jump)
