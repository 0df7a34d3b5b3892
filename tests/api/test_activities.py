"""`/mentor/activity/`: what calls are about."""

from typing import Any

import pytest

from models.mentoring import Activity
from tests.api.looking import rows
from tests.conformance import holds
from tests.house import ADMIN, MENTEE, MENTOR, SERVICE, Client, Staff

PATH = "/mentor/activity/"
CHESS = {"title": "Chess", "description": "Three moves a call", "link": "https://example.org/chess"}


@pytest.fixture
def offer(staff: Staff) -> tuple[int, int]:
    """One activity on offer and one that is no more."""
    on, off = Activity.create(title="Read"), Activity.create(title="Dance", active=False)
    return on.id, off.id


@holds("Activity.id", "Activity.title", "Activity.description", "Activity.link", "Activity.active", "M-12")
def test_an_administrator_adds_an_activity_and_mentors_find_it(client: Client, staff: Staff) -> None:
    made = client.post(PATH, CHESS, user=ADMIN)

    assert (made.status_code, made.json) == (201, {"id": 1, **CHESS, "active": True})
    assert client.get(f"{PATH}1/").json == made.json
    assert client.get(PATH).json["results"] == [made.json]


def test_only_the_title_is_required(client: Client, staff: Staff) -> None:
    made = client.post(PATH, {"title": "Chess", "id": 7}, user=ADMIN)

    assert made.json == {"id": 1, "title": "Chess", "description": "", "link": "", "active": True}


@holds("Activity.active")
def test_mentors_are_offered_what_is_active_and_administrators_see_all(
    client: Client, offer: tuple[int, int]
) -> None:
    on, off = offer

    assert [row["id"] for row in client.get(PATH).json["results"]] == [on]
    assert client.get(f"{PATH}{off}/").status_code == 404
    assert [row["id"] for row in client.get(PATH, user=ADMIN).json["results"]] == [on, off]
    assert client.get(f"{PATH}{off}/", user=ADMIN).json["active"] is False


def test_an_administrator_changes_an_activity_and_what_is_not_sent_stays(
    client: Client, offer: tuple[int, int]
) -> None:
    client.put(f"{PATH}{offer[0]}/", CHESS, user=ADMIN)

    changed = client.put(f"{PATH}{offer[0]}/", {"title": "Go", "active": False}, user=ADMIN)

    assert (changed.status_code, changed.json) == (
        200,
        {**CHESS, "id": offer[0], "title": "Go", "active": False},
    )
    assert client.get(PATH).json["count"] == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        *[({"title": title}, "title") for title in (None, "", "  ", "x" * 201, 1)],
        *[({"description": text}, "description") for text in (None, "x" * 2001, 1)],
        *[({"link": link}, "link") for link in (None, "x", "ftp://example.org", "javascript:alert(1)", 1)],
        *[({"active": active}, "active") for active in (None, "true", 1, 0, "yes")],
    ],
)
def test_an_activity_with_a_wrong_field_is_refused(
    client: Client, offer: tuple[int, int], change: dict[str, Any], field: str
) -> None:
    before = rows()

    answers = [
        client.post(PATH, {**CHESS, **change}, user=ADMIN),
        client.put(f"{PATH}{offer[0]}/", {**CHESS, **change}, user=ADMIN),
    ]

    assert [(answer.status_code, list(answer.json)) for answer in answers] == [(400, [field])] * 2
    assert (rows(), Activity.get_by_id(offer[0]).title) == (before, "Read")


def test_an_activity_needs_a_title(client: Client, staff: Staff) -> None:
    assert list(client.post(PATH, {"link": ""}, user=ADMIN).json) == ["title"]


@pytest.mark.parametrize("user", [MENTOR, MENTEE, SERVICE])
def test_only_administrators_change_activities(client: Client, offer: tuple[int, int], user: str) -> None:
    before = rows()

    answers = [client.post(PATH, CHESS, user=user), client.put(f"{PATH}{offer[0]}/", CHESS, user=user)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert (rows(), Activity.get_by_id(offer[0]).title) == (before, "Read")


@pytest.mark.parametrize("user", [MENTEE, SERVICE])
def test_nobody_else_sees_activities(client: Client, offer: tuple[int, int], user: str) -> None:
    assert client.get(PATH, user=user).status_code == 403
    assert client.get(f"{PATH}{offer[0]}/", user=user).status_code == 403


@pytest.mark.parametrize("user", [MENTOR, ADMIN])
def test_an_unknown_activity_does_not_exist(client: Client, staff: Staff, user: str) -> None:
    assert [client.get(f"{PATH}{other}/", user=user).status_code for other in (9, "x", 2**63)] == [404] * 3
    assert client.ask("DELETE", f"{PATH}1/", user=ADMIN).status_code == 405
