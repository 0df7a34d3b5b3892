"""`/api/v1/conferences`: the two whose call it was see it, nobody else does, and nobody sees a number."""

import re
from typing import Any

import pytest

from models import clock
from models.callrequests import CallRequest, Conference
from models.callrequests.meeting import ENDED, JOINED, LEFT, STARTED
from models.people import User
from tests.api.looking import statements
from tests.callrequests.agreeing import Jump, agreed, number
from tests.callrequests.dealing import quarter
from tests.callrequests.dialling import RITAS, ROOM, TOMS, arranged, happens, inside
from tests.callrequests.members import Members
from tests.conformance import holds
from tests.house import Client

MICROSECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


@pytest.fixture
def met(client: Client, members: Members, jump: Jump) -> CallRequest:
    """Rita and tom have met."""
    request = arranged(members, jump)
    inside(client, members)
    at = "Mon, 25 Dec 2017 06:00:0{} +0000"
    for place, (event, sid) in enumerate(
        ((JOINED, RITAS), (JOINED, TOMS), (STARTED, ""), (LEFT, RITAS), (LEFT, TOMS), (ENDED, "")), start=1
    ):
        happens(client, event, sid, place, Timestamp=at.format(place))
    return request


@holds("GET /api/v1/conferences/", "§9 the answers' shapes")
@pytest.mark.parametrize("who", ["rita", "tom"])
@pytest.mark.parametrize("path", ["conferences/", "conferences"])
def test_each_party_sees_it_in_the_list(members: Members, met: CallRequest, who: str, path: str) -> None:
    answer = getattr(members, who).get(path)

    (row,) = answer.json["results"]
    created = row.pop("created")
    assert MICROSECONDS.fullmatch(created)
    assert (answer.status_code, answer.json["count"], row) == (200, 1, shown(met))


def shown(request: CallRequest) -> dict[str, Any]:
    """Rita's and tom's conference, as it is to be shown."""
    return {
        "sid": ROOM,
        "friendly_name": request.hero.slug,
        "call_request": {
            "id": request.id, "user": "Rita Requester", "hero": "Tom Brady", "message": "About databases",
            "estimated_length": 30, "agreed_time": quarter_of(request),
        },
    }  # fmt: skip


def quarter_of(request: CallRequest) -> str:
    return f"{request.agreed_time:%Y-%m-%dT%H:%M:%S.%f}Z"


@holds("GET /api/v1/conferences/:sid", "§9 the answers' shapes")
@pytest.mark.parametrize("slash", ["", "/"])
def test_each_party_sees_what_happened_in_it_in_its_order(
    members: Members, met: CallRequest, slash: str
) -> None:
    answers = [one.get(f"conferences/{ROOM}{slash}").json for one in (members.rita, members.tom)]

    assert answers[0] == answers[1]
    assert {name: answers[0][name] for name in shown(met)} == shown(met)
    assert [(log["user"], log["action"], log["timestamp"][-10:]) for log in answers[0]["logs"]] == [
        ("Rita Requester", JOINED, "01.000000Z"), ("Tom Brady", JOINED, "02.000000Z"),
        ("Conference", STARTED, "03.000000Z"), ("Rita Requester", LEFT, "04.000000Z"),
        ("Tom Brady", LEFT, "05.000000Z"), ("Conference", ENDED, "06.000000Z"),
    ]  # fmt: skip


@holds("GET /api/v1/conferences/:sid", "§9 not a party is 403")
@pytest.mark.parametrize("who", ["eve", "heidi", "sam"])
def test_nobody_else_may_look_at_it_not_even_staff(members: Members, met: CallRequest, who: str) -> None:
    other = getattr(members, who)

    assert other.get(f"conferences/{ROOM}/").status_code == 403
    assert other.get("conferences/").json == {"count": 0, "next": None, "previous": None, "results": []}


@pytest.mark.parametrize(
    "sid", ["CF0", "0", "x" * 64, "x" * 65, "x" * 5000, "%00", "%FF", "%20", "CF1%0A", "%F0%9F%98%80", "cf1"]
)
def test_a_conference_that_is_not_there_is_404(members: Members, met: CallRequest, sid: str) -> None:
    answer = members.rita.get(f"conferences/{sid}/")

    assert (answer.status_code, list(answer.json)) == (404, ["detail"])


def test_a_conference_of_no_request_is_nobodys(client: Client, members: Members) -> None:
    happens(client, STARTED)

    assert [one.get(f"conferences/{ROOM}").status_code for one in (members.rita, members.tom)] == [403, 403]
    assert members.rita.get("conferences/").json["count"] == 0


@pytest.mark.parametrize("path", ["conferences/", f"conferences/{ROOM}/", "conferences/CF0/"])
def test_without_a_token_it_is_403(client: Client, members: Members, met: CallRequest, path: str) -> None:
    for headers in ({}, {"Authorization": "Token " + "0" * 32}):
        answer = client.get(f"/api/v1/{path}", user=None, headers=headers)

        assert answer.status_code == 403
        assert "www-authenticate" not in answer.headers


@pytest.mark.parametrize("verb", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written(members: Members, met: CallRequest, verb: str) -> None:
    for path in ("conferences/", f"conferences/{ROOM}/"):
        assert members.rita.ask(verb, path, {}).status_code == 405


@holds("§9 neither sees the other's number")
def test_neither_number_is_in_any_answer(members: Members, met: CallRequest) -> None:
    told = "".join(
        one.get(path).text
        for one in (members.rita, members.tom)
        for path in ("conferences/", f"conferences/{ROOM}")
    )

    assert not [digits for one in (members.rita, members.tom) if (digits := number(one)[2:]) in told]


def test_full_names_are_those_of_now(members: Members, met: CallRequest) -> None:
    User.update(first_name="Margarita", last_name="").where(User.id == members.rita.account.user_id).execute()

    assert members.tom.get(f"conferences/{ROOM}").json["logs"][0]["user"] == "Margarita"


@pytest.fixture
def many(members: Members) -> list[CallRequest]:
    """Twenty-three conferences of rita's, with tom and heidi by turns; she is the one who is asked in none."""
    requests = []
    for place in range(23):
        hero = members.tom if place % 2 else members.heidi
        request = agreed(members.rita, hero, quarter(place))
        Conference.create(sid=f"CF-{place}", friendly_name="x", call_request=request, created_at=clock.now())
        requests.append(request)
    return requests


def test_the_list_is_paged_oldest_first(members: Members, many: list[CallRequest]) -> None:
    pages = [members.rita.get(f"conferences/?page={page}").json for page in (1, 2, 3)]

    assert [len(page["results"]) for page in pages] == [10, 10, 3]
    assert [row["sid"] for page in pages for row in page["results"]] == [f"CF-{place}" for place in range(23)]
    assert {page["count"] for page in pages} == {23}
    assert pages[0]["next"].endswith("/api/v1/conferences/?page=2")
    assert (pages[0]["previous"], pages[2]["next"]) == (None, None)
    assert members.tom.get("conferences/").json["count"] == 11
    for page in ("4", "0", "x", "-1", "9" * 30):
        assert members.rita.get(f"conferences/?page={page}").status_code == 404


def test_both_take_as_many_statements_however_many_there_are(
    client: Client, members: Members, met: CallRequest
) -> None:
    counts = []
    for turn in range(3):
        for place in range(turn * 4):
            request = agreed(members.rita, members.heidi, quarter(4 + 10 * turn + place))
            Conference.create(sid=f"CF-{turn}-{place}", friendly_name="x", call_request=request)
            happens(client, JOINED, RITAS, 100 + 10 * turn + place)
        for path in ("conferences/", f"conferences/{ROOM}/"):
            with statements() as asked:
                assert members.rita.get(path).status_code == 200
            counts.append((path, len(asked)))

    assert len(set(counts)) == 2
    assert max(count for _, count in counts) <= 4
