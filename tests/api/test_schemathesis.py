"""Whatever Schemathesis makes up from the document, for whichever role: no fault of ours, and every answer as promised.

Some examples for each verb here; more by `SCHEMATHESIS_EXAMPLES=200`, which also makes up others each time.
"""

import itertools
import os
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import checks
from schemathesis.specs.openapi import checks as promises

from api.app import create
from models.people.tokens import AuthToken
from providers.exchange import Exchange
from tests.api.inventions import Signed, an_id, mended
from tests.api.world import World
from tests.callrequests import dealing
from tests.callrequests.agreeing import Jump
from tests.callrequests.dialling import ROOM, arranged, happens, inside
from tests.callrequests.members import Members
from tests.house import ADMIN, MENTOR, PASSWORD, SERVICE, Client, basic

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "0"))
ROLES = (ADMIN, MENTOR, SERVICE)
pytestmark = [pytest.mark.lengthy, pytest.mark.timeout(60 + 2 * EXAMPLES)]
HELD = [
    checks.not_a_server_error,
    promises.status_code_conformance,
    promises.content_type_conformance,
    promises.response_headers_conformance,
    promises.response_schema_conformance,
    promises.unsupported_method,
]

# Verbs that read no body: what fits their parameters must be taken.
BODILESS = (
    "GET",
    "DELETE",
    "POST /mentor/call/",
    "PUT /mentor/call/",
    "PATCH /mentor/call/",
    "PUT /comms/call/",
)

api = schemathesis.openapi.from_wsgi("/docs/openapi.json", Signed(create()))


@pytest.fixture
def turns() -> Iterator[int]:
    return itertools.count()


def roles(case: schemathesis.Case, turn: int) -> list[str]:
    """Whose turn it is: of those who may ask, each in turn; and now and then somebody else."""
    path = case.operation.path
    if path.startswith(("/mentor/mentee", "/mentor/mentor", "/mentor/activity")) and turn % 4:
        may = [ADMIN]
    else:
        may = [MENTOR] if path.startswith("/mentor/") else list(ROLES)
    return [may[turn % len(may)], *([ROLES[turn // 4 % 3]] if turn % 4 == 0 else [])]


some = settings(
    max_examples=EXAMPLES or 5, derandomize=not EXAMPLES, deadline=None, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@api.exclude(path_regex="^/(api/v1|rest-api)/").parametrize()
@some
def test_no_answer_breaks_a_promise(case: schemathesis.Case, world: World, turns: Iterator[int]) -> None:
    turn = next(turns)
    bodiless = f"{case.method} {case.operation.path}".startswith(BODILESS)
    held = [*HELD, promises.positive_data_acceptance] if bodiless else HELD
    case.body = mended(case.body, turn) if isinstance(case.body, dict) else case.body
    case.path_parameters = {name: an_id(value, turn) for name, value in (case.path_parameters or {}).items()}

    for role in roles(case, turn):
        case.call_and_validate(headers={"Authorization": basic(role, PASSWORD)}, checks=held)


@pytest.fixture
def busy(client: Client, members: Members, jump: Jump) -> Members:
    """People with requests in all states, one of them in a conference."""
    dealing.asked(members.heidi, members.tom)
    dealing.accepted(members.rita, members.heidi)
    dealing.declined(members.eve, members.tom)
    dealing.agreed(members.eve, members.heidi)
    arranged(members, jump)
    inside(client, members)
    happens(client, "participant-join", "CA-rita", 1)
    return members


@api.include(path_regex="^/api/v1/").parametrize()
@some
def test_no_answer_to_a_member_breaks_a_promise(
    case: schemathesis.Case, busy: Members, exchange: Exchange, turns: Iterator[int]
) -> None:
    turn = next(turns)
    held = [*HELD, promises.positive_data_acceptance] if case.method in ("GET", "DELETE") else HELD
    case.body = mended(case.body, turn) if isinstance(case.body, dict) else case.body
    case.path_parameters = {
        name: {"sid": ROOM, "user_id": busy.eve.id}.get(name, turn % 5 + 1) if turn % 4 else value
        for name, value in (case.path_parameters or {}).items()
    }

    for who in (busy.rita, busy.tom, busy.heidi, busy.sam):
        case.call_and_validate(headers={"Authorization": AuthToken.open(who.account)}, checks=held)
