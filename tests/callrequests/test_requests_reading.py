"""Looking at call requests: who sees which, in what order, and page by page."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from models.callrequests import CallRequest
from models.people.accounts import Account
from tests.callrequests.dealing import accepted, agreed, asked, cancelled, good, one, path, three
from tests.callrequests.members import Member, Members
from tests.conformance import holds
from tests.house import Client

SIX = {"id", "first_name", "last_name", "profile_image", "timezone", "created"}
LIST = "call-requests/"


def _many(requester: Member, hero: Member, count: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    facts = {"requester": requester.account.id, "hero": hero.hero_id, "hero_account": hero.account.id,
             "message": "x", "estimated_length": 15, "status": "d", "created_at": now, "updated_at": now}  # fmt: skip
    CallRequest.insert_many([facts] * count).execute()


@holds("GET /api/v1/call-requests/", "list: count, next, previous, results", "list: 200", "§2 pages: an empty list is "
       "200 with count 0")  # fmt: skip
def test_an_empty_list_has_a_page(members: Members) -> None:
    asked(members.rita, members.tom)

    assert good(members.eve.get(LIST)) == {"count": 0, "next": None, "previous": None, "results": []}


@holds(
    "§5.2 requester or hero, nobody else",
    "§5.2 ordered by id",
    "D-13",
    "D-14",
    "GET /api/v1/call-requests/",
    "list: 200",
)
def test_one_sees_what_one_made_and_what_one_got_in_order_and_nothing_else(members: Members) -> None:
    made = asked(members.tom, members.heidi)
    got = asked(members.rita, members.tom)
    other = asked(members.rita, members.heidi)
    late = cancelled(members.eve, members.tom)

    def ids(who: Member) -> list[int]:
        return [row["id"] for row in good(who.get(LIST))["results"]]

    assert ids(members.tom) == [made, got, late]
    assert ids(members.heidi) == [made, other]
    assert ids(members.rita) == [got, other]
    assert ids(members.sam) == [], "staff see single requests, not lists of others'"


def test_a_row_of_the_list_is_the_request_itself(members: Members) -> None:
    first, second = agreed(members.rita, members.tom), accepted(members.tom, members.heidi)
    good(members.heidi.patch(path(second, "new-times"), three(8)))

    rows = good(members.tom.get(LIST))["results"]

    assert rows == [good(members.tom.get(path(request))) for request in (first, second)]
    assert [len(row["times"]) for row in rows] == [1, 2]


@holds(
    "§2 pages: neighbours are absolute URLs or null", "§2 pages: a page that does not exist is 404",
    "default: ten rows a page",
)  # fmt: skip
def test_lists_come_in_pages_of_ten(members: Members) -> None:
    _many(members.rita, members.tom, 13)
    _many(members.tom, members.heidi, 12)
    here = "http://falconframework.org/api/v1/call-requests/"

    pages = [good(members.tom.get(f"{LIST}?page={number}")) for number in (1, 2, 3)]

    assert [len(page["results"]) for page in pages] == [10, 10, 5]
    assert {page["count"] for page in pages} == {25}
    assert [page["next"] for page in pages] == [f"{here}?page=2", f"{here}?page=3", None]
    assert [page["previous"] for page in pages] == [None, f"{here}?page=1", f"{here}?page=2"]
    assert [row["id"] for page in pages for row in page["results"]] == list(range(1, 26))
    assert good(members.tom.get(LIST)) == pages[0]


@pytest.mark.parametrize("page", ["0", "2", "-1", "x", "1.0", "", "9" * 30, "١"])
def test_a_page_that_is_none_is_404(members: Members, page: str) -> None:
    asked(members.rita, members.tom)

    answer = members.rita.get(f"{LIST}?page={page}")

    assert (answer.status_code, list(answer.json)) == (404, ["detail"])


@holds("GET /api/v1/call-requests/:id", "detail: 200", "§4 staff read and do not act", "D-8")
def test_parties_and_staff_see_a_request(members: Members) -> None:
    request = agreed(members.rita, members.tom)

    seen = [good(who.get(path(request))) for who in (members.rita, members.tom, members.sam)]

    assert seen[0] == seen[1] == seen[2]


@holds("detail: 403 not a party", "detail: 404 unknown id", "§5.3 stranger 403, unknown 404, unauthenticated 403 for "
       "unknown ids too", "list: 403 not authenticated", "§2.2 403: detail", "§2.2 404: detail")  # fmt: skip
def test_strangers_are_refused_what_there_is_and_everybody_what_there_is_not(
    members: Members, client: Client
) -> None:
    request = asked(members.rita, members.tom)

    def told(answer: Any) -> tuple[int, list[str]]:
        return answer.status_code, list(answer.json)

    for stranger in (members.eve, members.heidi):
        assert told(stranger.get(path(request))) == (403, ["detail"])
    for who in (members.rita, members.eve, members.sam):
        assert told(who.get(path(request + 1))) == (404, ["detail"])
    for where in ("", request, request + 1):
        answer = client.ask("GET", f"/api/v1/call-requests/{where}", user=None)
        assert told(answer) == (403, ["detail"])


@holds("§3 a member of times", "§3 limited user: exactly six keys", "§3 times: oldest first", "§3 agreed_time: kept "
       "after cancel")  # fmt: skip
def test_times_tell_who_proposed_what_and_when(members: Members) -> None:
    request = accepted(members.rita, members.tom)
    good(members.rita.patch(path(request, "new-times"), three(3)))
    good(members.tom.patch(path(request, "agreed-time"), one(4)))
    good(members.rita.patch(path(request, "cancel"), {"reason": "x"}))

    seen = good(members.tom.get(path(request)))

    first, second = seen["times"]
    assert set(first) == {"user", "datetime_one", "datetime_two", "datetime_three", "timestamp"}
    assert set(first["user"]) == set(second["user"]) == SIX
    assert (first["user"]["id"], second["user"]["id"]) == (members.tom.id, members.rita.id)
    assert (first["user"]["first_name"], first["user"]["last_name"]) == ("Tom", "Brady")
    assert first["user"]["timezone"] == "America/Chicago"
    assert first["timestamp"] < second["timestamp"]
    assert seen["agreed_time"] == second["datetime_two"]
    assert str(UUID(seen["user"])) == members.rita.id


@holds("§3 no mail address, no number")
def test_no_answer_holds_anybodys_address_or_number(members: Members) -> None:
    answers = [members.rita.post("call-requests/", {"hero_id": members.tom.hero_id, "message": "x",
                                                    "estimated_length": 15})]  # fmt: skip
    request = answers[0].json["id"]
    answers += [
        members.tom.patch(path(request, "accept"), three()),
        members.rita.patch(path(request, "new-times"), three(3)),
        members.tom.patch(path(request, "agreed-time"), one(3)),
        members.sam.get(path(request)),
        members.rita.get(LIST),
        members.eve.patch(path(request, "cancel"), {"reason": "x"}),
        members.tom.patch(path(request, "cancel"), {"reason": "x"}),
    ]

    for account in Account.select():
        for answer in answers:
            assert "@" not in answer.text
            assert account.phone.e164()[2:] not in answer.text
