"""Every route of the reference's table: it is there, it takes its verbs and no others, and the right people."""

import pytest
from falcon.inspect import inspect_routes

from api.app import create
from models.people import User
from tests.api.looking import rows
from tests.conformance import holds
from tests.house import ADMIN, MENTEE, MENTOR, SERVICE, Client, Staff

# The document's table, one line a path; and our own additions after it.
TABLE = {
    "/comms/call": "GET",
    "/comms/call/{id}": "GET PUT PATCH",
    "/comms/feedback": "GET POST",
    "/comms/feedback/{id}": "GET",
    "/comms/message": "GET POST",
    "/comms/message/{id}": "GET",
    "/comms/onion_dev_call_end": "POST",
    "/comms/onion_dev_feedback": "POST",
    "/comms/onion_dev_message": "POST",
    "/mentor/call": "GET POST",
    "/mentor/call/{id}": "GET PUT PATCH",
    "/mentor/event": "GET",
    "/mentor/event/{id}": "GET",
    "/mentor/mentee": "GET POST",
    "/mentor/mentee/{id}": "GET PUT",
    "/mentor/mentor": "GET POST",
    "/mentor/mentor/{id}": "GET PUT",
    "/mentor/message": "GET POST",
    "/mentor/message/{id}": "GET",
    "/mentor/schedule": "GET POST",
    "/mentor/schedule/{id}": "GET PUT PATCH DELETE",
    "/mentor/task": "GET",
    "/mentor/task/{id}": "GET PUT PATCH",
}
OURS = {
    "/mentor/callnote": "GET POST",
    "/mentor/callnote/{id}": "GET",
    "/mentor/activity": "GET POST",
    "/mentor/activity/{id}": "GET PUT",
    "/mentor/device": "GET PUT DELETE",
}
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "TRACE")
PATHS = [path.format(id=1) for path in (*TABLE, *OURS)]
PEOPLES = ("/mentor/mentee", "/mentor/mentor")


def _who(path: str) -> str:
    """Who is let in everywhere on a path."""
    return ADMIN if path.startswith(PEOPLES) else MENTOR


@holds("each of its 41 entries is a route of ours", "GET /mentor/callnote/", "POST /mentor/callnote/",
       "GET /mentor/callnote/(id)")  # fmt: skip
def test_every_entry_of_the_table_is_a_route(client: Client) -> None:
    there = {
        (_with_id(route.path), method.method)
        for route in inspect_routes(create())
        for method in route.methods
        if not method.internal
    }

    table = {(path, verb) for path, verbs in TABLE.items() for verb in verbs.split()}
    ours = {(path, verb) for path, verbs in OURS.items() for verb in verbs.split()}
    assert len(table) == 41
    assert {(path, verb) for path, verb in there if path.startswith(("/comms/", "/mentor/"))} == table | ours


def _with_id(path: str) -> str:
    return path.partition("{")[0] + ("{id}" if "{" in path else "")


@pytest.mark.parametrize(("path", "verbs"), (TABLE | OURS).items())
@holds("405 on every verb that a route does not have", "reading changes nothing")
def test_a_verb_that_is_not_its_own_is_refused_and_the_others_are_named(
    client: Client, staff: Staff, path: str, verbs: str
) -> None:
    before, own = rows(), set(verbs.split())

    for verb in set(VERBS) - own:
        for slash in ("", "/"):
            answer = client.ask(verb, path.format(id=1) + slash, user=_who(path))
            assert answer.status_code == 405, verb
            assert {word.strip() for word in answer.headers["allow"].split(",")} - {"OPTIONS"} == own
    if "GET" in own:
        assert client.get(path.format(id=1), user=_who(path)).status_code in (200, 404)
    assert rows() == before


@pytest.mark.parametrize("path", PATHS)
@holds(
    "401 without a right password, with WWW-Authenticate",
    "HTTP Basic",
    "every comms route wants authentication",
)
def test_nobody_is_let_in_without_his_password(staff: Staff, path: str) -> None:
    client = Client(create())  # it remembers who guessed wrong, so it is no other test's
    User.update(is_active=False).where(User.username == MENTEE).execute()
    verbs = (TABLE | OURS)[path.replace("/1", "/{id}")].split()

    for verb in verbs:
        answers = [
            client.ask(verb, path, user=None),
            client.ask(verb, path, user=MENTOR, password="wrong"),
            client.ask(verb, path, user=MENTEE),
            client.ask(verb, path, user=None, headers={"Authorization": "Bearer YWRhbTpjb3JyZWN0IGhvcnNl"}),
        ]
        assert [answer.status_code for answer in answers] == [401] * 4, verb
        assert all(answer.headers["www-authenticate"].startswith('Basic realm="') for answer in answers)


@pytest.mark.parametrize("path", [path for path in PATHS if path.startswith(PEOPLES)])
@holds(
    "/mentor/mentee and /mentor/mentor are for administrators only",
    "role table: /mentor/mentee, /mentor/mentor",
)
def test_only_administrators_manage_people(client: Client, staff: Staff, path: str) -> None:
    before = rows()

    for verb in TABLE[path.replace("/1", "/{id}")].split():
        codes = {
            user: client.ask(verb, path, {}, user=user).status_code
            for user in (MENTOR, MENTEE, SERVICE, ADMIN)
        }
        refused = {user: code for user, code in codes.items() if user != ADMIN}
        assert set(refused.values()) == {403}, verb
        assert codes[ADMIN] in (200, 400, 404), verb
    assert rows() == before


MENTORS = [
    path for path in PATHS
    if path.startswith("/mentor/") and not path.startswith(PEOPLES) and "activity" not in path
]  # fmt: skip


@pytest.mark.parametrize("path", MENTORS)
@holds(
    "all other /mentor/ routes want a mentor's account",
    "role table: /mentor/{call,message,event,task,schedule}/",
)
def test_a_mentors_routes_are_for_mentors(client: Client, staff: Staff, path: str) -> None:
    before = rows()

    for verb in (TABLE | OURS)[path.replace("/1", "/{id}")].split():
        codes = [client.ask(verb, path, {}, user=user).status_code for user in (ADMIN, MENTEE, SERVICE)]
        assert codes == [403] * 3, verb
    assert rows() == before
    for verb in (TABLE | OURS)[path.replace("/1", "/{id}")].split():
        assert client.ask(verb, path, {}, user=MENTOR).status_code in (200, 201, 204, 400, 404), verb


@pytest.mark.parametrize("path", [path for path in PATHS if path.startswith("/comms/")])
@holds("any registered user may authenticate to the comms routes", "role table: /comms/…", "M-6")
def test_everybody_who_is_registered_is_let_in_to_comms(client: Client, staff: Staff, path: str) -> None:
    for verb in TABLE[path.replace("/1", "/{id}")].split():
        for user in (ADMIN, MENTOR, MENTEE, SERVICE):
            assert client.ask(verb, path, {}, user=user).status_code in (200, 400, 404), verb


@holds("M-1")
@pytest.mark.parametrize("path", PATHS)
def test_a_slash_at_the_end_makes_no_difference(client: Client, staff: Staff, path: str) -> None:
    verb = (TABLE | OURS)[path.replace("/1", "/{id}")].split()[0]

    ways = [
        client.ask(verb, way, {} if verb == "POST" else None, user=_who(path)) for way in (path, path + "/")
    ]

    assert ways[0].status_code == ways[1].status_code < 500
    assert ways[0].status_code not in (301, 302, 307, 308)
    assert ways[0].json == ways[1].json
