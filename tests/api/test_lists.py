"""Lists: ten at a time, in order of id, with the URLs of their neighbours, however long they are."""

from typing import Any

import pytest

from models.mentoring import Call, Event, Message
from models.numbers import PhoneNumber
from models.people import Contact, User
from tests.api.looking import statements
from tests.api.test_transport import LISTS
from tests.conformance import holds
from tests.house import Client, Staff


def _many(staff: Staff, count: int) -> None:
    """So many more rows of everything that is listed."""
    for n in range(count):
        number = PhoneNumber.parse(f"+4915100{n:04}")
        for kind, username, digits in (("mentee", f"e{n}", "1"), ("mentor", f"r{n}", "2")):
            user = User.create(username=username, password="x")
            Contact.create(user=user, kind=kind, contact_number=number, msisdn=number.msisdn + digits,
                           mentee=staff.mentee if kind == "mentor" else None)  # fmt: skip
        Call.create(caller=staff.mentor, receiver=staff.mentee)
        Message.create(sender=staff.mentor, recipient=staff.mentee, content="x")
        Event.note("start_call", staff.mentor.id, n)


def _pages(client: Client, path: str, user: str) -> list[dict[str, Any]]:
    pages, url = [], path
    while url:
        pages.append(client.get(url, user=user).json)
        url = (pages[-1]["next"] or "").removeprefix("http://falconframework.org")
    return pages


@pytest.mark.parametrize(("path", "user"), LISTS)
@pytest.mark.parametrize("slash", ["", "/"])
@holds("M-3")
def test_a_list_comes_ten_at_a_time_with_the_urls_of_its_neighbours(
    client: Client, staff: Staff, path: str, user: str, slash: str
) -> None:
    _many(staff, 21)

    pages = _pages(client, path + slash, user)

    here = f"http://falconframework.org{path}{slash}?page="
    assert {page["count"] for page in pages} in ({21}, {23})
    assert [len(page["results"]) for page in pages] == [10, 10, pages[0]["count"] - 20]
    assert [page["next"] for page in pages] == [here + "2", here + "3", None]
    assert [page["previous"] for page in pages] == [None, here + "1", here + "2"]
    ids = [int(row["id"]) for page in pages for row in page["results"]]
    assert ids == sorted(set(ids))


@pytest.mark.parametrize(
    "page", ["0", "-1", "2", "99", "x", "", "1.0", "1e1", "%F0%9F%98%80", "%D9%A1", "9" * 30, "last", "1%00"]
)
@holds("404 a page that is not there")
def test_a_page_that_is_not_there_is_404(client: Client, staff: Staff, page: str) -> None:
    for path, user in LISTS:
        answer = client.get(f"{path}/?page={page}", user=user)
        assert (answer.status_code, list(answer.json)) == (404, ["detail"]), path


def test_an_empty_list_has_a_first_page(client: Client, staff: Staff) -> None:
    empty = {"count": 0, "next": None, "previous": None, "results": []}
    assert client.get("/mentor/call/?page=1&other=2").json == empty
    assert client.get("/mentor/call/").json == empty


@pytest.mark.parametrize(("path", "user"), LISTS)
def test_a_long_list_takes_no_more_statements_than_a_short_one(
    client: Client, staff: Staff, path: str, user: str
) -> None:
    counts = []
    for more in (1, 20):
        _many_more(staff, more)
        with statements() as taken:
            client.get(path, user=user)
        counts.append(len(taken))

    assert counts == [4, 4]  # who asks, the last milestone, how many beyond it, which


def _many_more(staff: Staff, count: int) -> None:
    if count == 1:
        Call.create(caller=staff.mentor, receiver=staff.mentee)
        Message.create(sender=staff.mentor, recipient=staff.mentee, content="x")
        Event.note("end_call", staff.mentor.id, 1)
    else:
        _many(staff, count)


def test_behind_a_proxy_that_speaks_https_nobody_is_led_to_where_his_password_can_be_read(
    client: Client, staff: Staff
) -> None:
    _many(staff, 11)

    page = client.get("/mentor/call/", headers={"X-Forwarded-Proto": "https"}).json

    assert page["next"] == "https://falconframework.org/mentor/call/?page=2"
