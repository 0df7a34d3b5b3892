"""Long lists: with and without milestones every route tells the same, in as many statements as of a short list."""

from collections.abc import Callable
from typing import Any

import pytest
from falcon.inspect import inspect_app
from peewee import chunked

from api.app import create
from models import clock
from models.mentoring import Activity, Call, CallNote, Event, Feedback, Message, ScheduledCall, Task
from models.mentoring.lists import lay_milestones
from models.milestones import SPACING, Milestone, Survey, Tally
from models.numbers import PhoneNumber
from models.people import Contact, User
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
Rows = list[dict[str, Any]]


def fill(staff: Staff, count: int) -> None:
    """So many more rows of everything that is listed, all of them this mentor's and his mentee's."""
    mentor, mentee = staff.mentor.id, staff.mentee.id
    first = User.select().count()
    _insert(User, [{"username": f"u{first + n}", "password": "x"} for n in range(2 * count)])
    users = [row.id for row in User.select(User.id).order_by(User.id)][-2 * count :]
    _insert(Contact, [_contact(users[n], first + n, n % 2 and mentee) for n in range(2 * count)])
    last = Call.select().count()
    now = clock.now()
    tables: list[tuple[Any, Callable[[int], dict[str, Any]]]] = [
        (Activity, lambda n: {"title": "x"}),
        (Call, lambda n: {"caller": mentor, "receiver": mentee}),
        (Message, lambda n: {"sender": (mentor, mentee)[n % 2], "recipient": (mentee, mentor)[n % 2], "content": "x"}),
        (Event, lambda n: {"event_type": "start_call", "relevant_mentor": mentor, "object_id": last + n}),
        (Task, lambda n: {"mentor": mentor, "description": "x"}),
        (CallNote, lambda n: {"version": 1, "mentor": mentor, "call": last + n + 1}),
        (Feedback, lambda n: {"sender": mentee, "mentor": mentor, "call": last + n + 1}),
        (ScheduledCall, lambda n: {"call_time": now, "caller": mentor, "callee": mentee}),
    ]  # fmt: skip
    for table, row in tables:
        _insert(table, [row(n) for n in range(count)])


def _contact(user: int, number: int, mentee: int) -> dict[str, Any]:
    phone = PhoneNumber.parse(f"+4915{number:08}")
    facts = {"user": user, "contact_number": phone, "msisdn": phone.msisdn}
    return {**facts, "kind": "mentor" if mentee else "mentee", "mentee": mentee or None}


def _insert(table: Any, rows: Rows) -> None:
    for some in chunked(rows, 500):
        table.insert_many(some).execute()


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
    for table in (Milestone, Tally, Survey):
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
    routes = {route.path for route in inspect_app(create()).routes if "{" not in route.path}

    lists = {
        path for path in routes for user in (ADMIN, MENTOR)
        if "results" in (client.get(path, user=user).text or "")[:2000] and path.startswith(("/mentor", "/comms"))
    }  # fmt: skip

    assert lists == {path for path, _ in LISTS}
