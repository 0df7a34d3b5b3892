"""Whatever Schemathesis makes up from the document for `/rest-api`, for whichever role: every answer is as promised.

Some examples for each verb here; more by `SCHEMATHESIS_EXAMPLES=200`, which also makes up others each time.
"""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from schemathesis.specs.openapi import checks as promises

from api.app import create
from api.appointments.routes import RESOURCES
from models.people.permissions import VERBS, give
from tests.api.test_schemathesis import EXAMPLES, HELD, some
from tests.appointments.owned import Owned
from tests.appointments.planned import Planned
from tests.house import PASSWORD, basic

ROLES = ("mona", "root", "doc", "fred", "eve")
RESERVED = {resource.kind.name for resource in RESOURCES if resource.reserved}
pytestmark = [pytest.mark.lengthy, pytest.mark.timeout(60 + 2 * EXAMPLES)]
api = schemathesis.openapi.from_wsgi("/docs/openapi.json", create())


@pytest.fixture
def turns() -> Iterator[int]:
    return itertools.count()


@pytest.fixture
def owned(planned: Planned) -> Owned:
    """One of everything; and the doctor may use every verb."""
    give(planned.mine.user.id, [f"{verb}_{one.kind.word('')[1:]}" for verb in VERBS for one in RESOURCES])
    return Owned(planned, planned.mine)


def mended(made_up: Any, right: dict[str, Any], turn: int) -> Any:
    """A made-up body; of three of four turns much of it is right."""
    if not isinstance(made_up, dict) or turn % 4 == 0:
        return made_up
    kept = {key: value for key, value in made_up.items() if turn % 4 == 1 or key not in right}
    return {**kept, **{key: value for n, (key, value) in enumerate(right.items()) if turn % 3 or n % 2}}


@api.include(path_regex="^/rest-api/").parametrize()
@some
def test_no_answer_of_appointments_breaks_a_promise(
    case: schemathesis.Case, owned: Owned, turns: Iterator[int]
) -> None:
    turn, name = next(turns), case.operation.path.split("/")[2]
    writes = case.method in ("POST", "PUT", "PATCH")
    picky = writes or name == "rehearsal"  # of bodies rows must be there, and a rehearsal has a longest span
    held = HELD if picky else [*HELD, promises.positive_data_acceptance]
    if writes and name in owned.written:
        case.body = mended(case.body, owned.new(name), turn)
    if case.path_parameters and turn % 4:
        case.path_parameters = dict.fromkeys(case.path_parameters, owned.id_of(name))

    roles = ("root", *ROLES) if name in RESERVED else ROLES
    who = roles[turn % len(roles)]
    case.call_and_validate(headers={"Authorization": basic(who, PASSWORD)}, checks=held)
