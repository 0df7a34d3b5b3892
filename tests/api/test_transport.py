"""What holds on every route: slashes, verbs, ids, pages, media types and sizes."""

import pytest

from tests.api.looking import rows
from tests.api.test_auth import TABLE
from tests.conformance import holds
from tests.house import ADMIN, MENTOR, SERVICE, Client, Staff

LISTS = [
    ("/mentor/mentee", ADMIN), ("/mentor/mentor", ADMIN), ("/mentor/call", MENTOR),
    ("/mentor/message", MENTOR), ("/mentor/event", MENTOR), ("/comms/call", SERVICE),
    ("/comms/message", SERVICE),
]  # fmt: skip
VERBS = {
    "/mentor/mentee": "GET POST",
    "/mentor/mentee/1": "GET PUT",
    "/mentor/mentor": "GET POST",
    "/mentor/mentor/2": "GET PUT",
    "/mentor/call": "GET POST",
    "/mentor/call/1": "GET PUT PATCH",
    "/mentor/message": "GET POST",
    "/mentor/message/1": "GET",
    "/mentor/event": "GET",
    "/mentor/event/1": "GET",
    "/comms/call": "GET",
    "/comms/call/1": "GET PUT PATCH",
    "/comms/message": "GET POST",
    "/comms/message/1": "GET",
    "/comms/onion_dev_call_end": "POST",
    "/comms/onion_dev_message": "POST",
    "/carriers/simulator": "POST",
    "/health": "GET",
    "/metrics": "GET",
    "/docs": "GET",
}


def _who(path: str) -> str:
    return ADMIN if path.startswith(("/mentor/mentee", "/mentor/mentor")) else MENTOR


def test_every_route_answers_alike_with_and_without_a_slash(client: Client, call: int) -> None:
    for verb, path, body, _ in TABLE:
        if verb != "POST":
            user, bare = _who(path), path.rstrip("/")
            ways = [client.ask(verb, way, body, user=user) for way in (bare, bare + "/", bare, bare + "/")]
            ended = [{k: v for k, v in way.json.items() if k != "end_time"} for way in ways]
            assert ended == ended[:1] * 4, f"{verb} {path}"
        assert client.ask(verb, path.rstrip("/") + "//", body, user=_who(path)).status_code in (
            404,
            403,
            405,
        ), path


def test_posting_works_with_and_without_a_slash(client: Client, staff: Staff) -> None:
    for path, body, expected in (
        ("/mentor/call", None, 201), ("/mentor/message", {"content": "x"}, 201), ("/mentor/mentee", {}, 400),
        ("/mentor/mentor", {}, 400), ("/comms/message", {}, 400), ("/comms/onion_dev_call_end", {}, 400),
        ("/comms/onion_dev_message", {}, 400), ("/carriers/simulator", {}, 401),
    ):  # fmt: skip
        answers = [client.post(way, body, user=_who(path)) for way in (path, path + "/")]
        assert [answer.status_code for answer in answers] == [expected, expected], path


def test_a_verb_that_a_route_does_not_take_is_405_and_says_which_it_takes(client: Client, call: int) -> None:
    before = rows()

    for path, takes in VERBS.items():
        for verb in {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "TRACE"} - set(takes.split()):
            answer = client.ask(verb, path, user=_who(path))
            assert answer.status_code == 405, f"{verb} {path}"
            allowed = {allowed.strip() for allowed in answer.headers["allow"].split(",")}
            assert allowed - {"OPTIONS"} == set(takes.split()), f"{verb} {path}"
    assert rows() == before


@pytest.mark.parametrize(
    "text",
    [
        "0", "99", "9223372036854775807", "9223372036854775808", "1" * 500, "-1", "+1", "1.0", "1e0", "0x1",
        "abc", "%20", "1%20", "%00", "1%00", "%F0%9F%98%80", "%D9%A1", "%C2%B2", "..", "%2e%2e", "'%20OR%201=1--",
        "%ff", "null",
    ],
)  # fmt: skip
@holds("404 an id that is no number or too large")
def test_an_odd_id_is_404(client: Client, staff: Staff, text: str) -> None:
    for path, _ in LISTS:
        for verb in ("GET", "PUT") if "message" not in path and "event" not in path else ("GET",):
            answer = client.ask(verb, f"{path}/{text}", {} if verb == "PUT" else None, user=_who(path))
            assert answer.status_code == 404, f"{verb} {path}/{text}"


JSON_ROUTES = [
    ("POST", "/mentor/message/", MENTOR), ("POST", "/mentor/mentee", ADMIN),
    ("PUT", "/mentor/mentor/2", ADMIN), ("POST", "/comms/message/", SERVICE),
    ("POST", "/comms/onion_dev_call_end/", SERVICE), ("POST", "/comms/onion_dev_message/", SERVICE),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "path", "user"), JSON_ROUTES)
@holds("415 another media type", "413 a body over 1 MiB", "400 what is no JSON object")
def test_only_json_objects_in_utf8_of_at_most_1_mib_are_read(
    client: Client, staff: Staff, verb: str, path: str, user: str
) -> None:
    before = rows()
    broken = [
        b"", b"{", b'{"a": 1,}', b"{'a': 1}", b"[]", b"null", b"1", b'"x"', b"true", b'{"a": NaN}',
        b'{"a": -Infinity}', b'{"a": 1e999}', b'{"a": "\xff"}', b'{"a": "\\u0000"}', b'{"\\u0000": 1}',
        b'{"a": "\\ud800"}', b'{"a": "\x00"}', b"\xef\xbb\xbf{}", '{"a": 1}'.encode("utf-16"),
        b'{"a": ' + b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}", b'{"a": "\n"}', b"{}{}",
        b'{"a": [{"b": "\\u0000"}]}',
    ]  # fmt: skip

    for raw in broken:
        answer = client.ask(verb, path, raw=raw, user=user)
        assert (answer.status_code, list(answer.json)) == (400, ["detail"]), raw[:40]
    for media in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "json",
    ):
        answer = client.ask(verb, path, raw=b"{}", user=user, headers={"Content-Type": media})
        assert answer.status_code == 415, media
    for size in (1024 * 1024 - 11, 2 * 1024 * 1024):
        answer = client.ask(verb, path, raw=b'{"a": "' + b"x" * size + b'"}', user=user)
        assert answer.status_code == (413 if size > 1024 * 1024 else 400), size
    assert rows() == before


@pytest.mark.parametrize(
    "media", [None, "application/json", "APPLICATION/JSON", "application/json; charset=utf-8"]
)
def test_json_may_be_announced_in_any_usual_way(client: Client, staff: Staff, media: str | None) -> None:
    headers = {"Content-Type": media} if media else {"Content-Type": ""}

    answer = client.ask("POST", "/mentor/message/", raw='{"content": "h\u00e9"}'.encode(), headers=headers)

    assert (answer.status_code, answer.json["content"]) == (201, "h\u00e9")


@pytest.mark.parametrize(
    "path",
    [
        "/comms",
        "/mentor/",
        "/mentor/calls/",
        "/mentor/call/1/end",
        "/MENTOR/call/",
        "/%00",
        "/../etc/passwd",
        "/comms/message/1/2",
    ],
)
def test_what_is_no_route_is_404_in_json(client: Client, staff: Staff, path: str) -> None:
    for user in (None, MENTOR):
        answer = client.get(path, user=user)
        assert (answer.status_code, list(answer.json)) == (404, ["detail"])


def test_every_answer_carries_its_trace(client: Client, staff: Staff) -> None:
    traces = [
        client.get(path).headers["x-trace"]
        for path in ("/mentor/call/", "/mentor/call/", "/nowhere", "/comms/call/9")
    ]

    assert len(set(traces)) == 4
    assert all(len(trace) == 12 for trace in traces)
