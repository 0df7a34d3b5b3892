"""Pages take as many statements when there is much to show as when there is little."""

from collections.abc import Callable

import pytest
from falcon.inspect import inspect_app

from models.lists import lay_milestones
from tests.api.filling import fill
from tests.api.looking import statements
from tests.house import ADMIN, MENTOR, Staff, the_application
from tests.pages.reader import Reader

FEW, MANY = 3, 2_500
LogIn = Callable[[str], Reader]


def pages(reader: Reader) -> list[str]:
    """All pages that this user is shown; where one is of a single thing, of the second."""
    found = []
    for route in inspect_app(the_application()).routes:
        path = route.path.replace("{kind}", "mentor").replace("{name}", "style.css")
        path = path.partition("{")[0] + "2" + path.partition("}")[2] if "{" in path else path
        answer = reader.get(path)
        if answer.status_code == 200 and not path.startswith(
            ("/docs", "/static", "/login", "/health", "/metrics")
        ):
            found.append(path)
    return found


def counts(reader: Reader, paths: list[str]) -> dict[str, int]:
    """How many statements each page takes."""
    found = {}
    for path in paths:
        reader.get(path)
        with statements() as taken:
            assert reader.get(path).status_code == 200
        found[path] = len(taken)
    return found


@pytest.mark.parametrize("user", [MENTOR, ADMIN])
def test_a_page_takes_as_many_statements_for_much_as_for_little(
    logged_in: LogIn, staff: Staff, user: str
) -> None:
    reader = logged_in(user)
    fill(staff, FEW)
    paths = pages(reader)
    few = counts(reader, paths)
    fill(staff, MANY)
    for _ in range(3):
        lay_milestones()

    assert counts(reader, paths) == few
    assert len(few) > 6
    assert max(few.values()) <= 20
