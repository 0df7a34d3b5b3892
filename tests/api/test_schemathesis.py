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
from tests.api.inventions import Signed, an_id, mended
from tests.api.world import World
from tests.house import ADMIN, MENTOR, PASSWORD, SERVICE, basic

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


@api.parametrize()
@settings(
    max_examples=EXAMPLES or 5, derandomize=not EXAMPLES, deadline=None, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_no_answer_breaks_a_promise(case: schemathesis.Case, world: World, turns: Iterator[int]) -> None:
    turn = next(turns)
    bodiless = f"{case.method} {case.operation.path}".startswith(BODILESS)
    held = [*HELD, promises.positive_data_acceptance] if bodiless else HELD
    case.body = mended(case.body, turn) if isinstance(case.body, dict) else case.body
    case.path_parameters = {name: an_id(value, turn) for name, value in (case.path_parameters or {}).items()}

    for role in roles(case, turn):
        case.call_and_validate(headers={"Authorization": basic(role, PASSWORD)}, checks=held)
