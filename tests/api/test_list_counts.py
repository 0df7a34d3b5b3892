"""Long lists: with and without milestones every route tells the same, in as many statements as of a short list."""

from typing import Any

import pytest
from falcon.inspect import inspect_app

from api.app import create
from models.lists import lay_milestones
from models.milestones import SPACING, Milestone, Progress, Tally
from tests.api.filling import fill
from tests.api.looking import statements
from tests.house import ADMIN, MENTEE, MENTOR, SERVICE, Client, Staff

LONG, MORE = 2_500, 7
LISTS = [
    ("/mentor/mentee", ADMIN), ("/mentor/mentor", ADMIN), ("/mentor/activity", ADMIN),
    ("/mentor/activity", MENTOR), ("/mentor/call", MENTOR), ("/mentor/message", MENTOR),
    ("/mentor/event", MENTOR), ("/mentor/task", MENTOR), ("/mentor/callnote", MENTOR),
    ("/mentor/schedule", MENTOR),
    *[(path, who) for path in ("/comms/call", "/comms/message", "/comms/feedback")
      for who in (ADMIN, SERVICE, MENTOR, MENTEE)],
]  # fmt: skip
everywhere = pytest.mark.parametrize(("path", "user"), LISTS)


def pages(client: Client, path: str, user: str) -> list[dict[str, Any]]:
    """All pages, by the URLs that lead from one to the next."""
    found, url = [], path
    while url:
        found.append(client.get(url, user=user).json)
        url = (found[-1]["next"] or "").removeprefix("http://falconframework.org")
    return found


@everywhere
def test_milestones_change_no_page(client: Client, staff: Staff, path: str, user: str) -> None:
    fill(staff, SPACING + 15)
    plain = pages(client, path, user)
    lay_milestones()
    lay_milestones()
    assert pages(client, path, user) == plain

    fill(staff, MORE)
    longer = pages(client, path, user)
    for table in (Milestone, Tally, Progress):
        table.delete().execute()
    assert pages(client, path, user) == longer
    assert longer[0]["count"] == plain[0]["count"] + MORE == sum(len(page["results"]) for page in longer)
    assert [page["previous"] for page in longer[1:]] == [
        f"http://falconframework.org{path}?page={number}" for number in range(1, len(longer))
    ]


@everywhere
def test_a_page_past_the_end_is_404_with_milestones_too(
    client: Client, staff: Staff, path: str, user: str
) -> None:
    fill(staff, SPACING)
    lay_milestones()
    lay_milestones()
    last = len(pages(client, path, user))

    answers = [
        client.get(f"{path}?page={number}", user=user).status_code for number in (last, last + 1, 99_999)
    ]

    assert answers == [200, 404, 404]


def test_a_long_list_takes_as_many_statements_as_a_short_one(client: Client, staff: Staff) -> None:
    fill(staff, 3)
    short = {where: _statements(client, *where, 1) for where in LISTS}
    fill(staff, LONG)
    for _ in range(3):
        lay_milestones()

    for where in LISTS:
        for number in (1, LONG // 20, LONG // 10):
            assert _statements(client, *where, number) == short[where], where
    assert max(short.values()) == 4  # who asks, the last milestone, how many beyond it, which


def _statements(client: Client, path: str, user: str, page: int) -> int:
    client.get(path, user=user)
    with statements() as taken:
        assert client.get(f"{path}?page={page}", user=user).json["results"]
    return len(taken)


def test_these_are_all_lists_that_there_are(client: Client, staff: Staff) -> None:
    of_ours = {route.path for route in inspect_app(create()).routes if "{" not in route.path}
    routes = {path for path in of_ours if path.startswith(("/mentor", "/comms"))}

    lists = {
        path for path in routes for user in (ADMIN, MENTOR)
        if "results" in (client.get(path, user=user).text or "")[:2000]
    }  # fmt: skip

    assert lists == {path for path, _ in LISTS}
