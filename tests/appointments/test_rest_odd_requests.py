"""Requests that are odd as such: bodies, headers, paths and queries. Never our fault, and nothing is written."""

import gzip
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.appointments.routes import RESOURCES
from models.appointments.calendars import Calendar
from tests.api.looking import rows
from tests.api.test_fuzz import values
from tests.appointments.owned import Owned
from tests.appointments.planned import Planned
from tests.house import Client, basic

FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"
HEAD = b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\n'
BODIES: list[tuple[str, bytes]] = [
    *(("application/json", body) for body in (
        b"", b"null", b"1", b'"x"', b"true", b"[]", b"[{}]", b"{", b'{"name"}', b"{'name': 1}", b'{"name": NaN}',
        b'{"name": Infinity}', b'{"name": 1e999}', b'{"name": "\\u0000"}', b'{"name": "\x00"}', b'{"name": "\\ud800"}',
        b'\xef\xbb\xbf{"name": "x"}', '{"name": "x"}'.encode("utf-16"), b'{"name": "\xff"}', b"[" * 100_000,
        b'{"a":' * 100_000, b'{"name": ' + b"9" * 5000 + b"}", b" " * 2**20 + b"{}",
        gzip.compress(b'{"name": "x"}', mtime=0),
    )),
    *((FORM, body) for body in (
        b"name=%ff", b"name=\xff", b"name=a%00b", b"&".join(b"a%d=1" % n for n in range(300)), b"=" * 1000,
    )),
    *((PARTS, body) for body in (
        b"", b"--b", b"--b--", HEAD, HEAD + b"\xff\r\n--b--\r\n", HEAD + b"a\x00b\r\n--b--\r\n",
        b"--c\r\n\r\nx\r\n--c--\r\n",
        b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n", b"--b\r\n\r\nx\r\n--b--\r\n",
        (HEAD + b"x\r\n") * 300,
        b"--b\r\n" + b"X: y\r\n" * 5000 + b"\r\nx\r\n--b--\r\n",
    )),
    ("multipart/form-data", b"--b--"), ("multipart/form-data; boundary=", b"--b--"),
    ("multipart/form-data; boundary=" + "b" * 200, b"--b--"), ("text/plain", b"{}"), ("application/xml", b"<a/>"),
    ("application/json; charset=utf-16", b"{"), ("a/b/c;;=", b"{}"), ("", b"{"),
    ("application/x-python-pickle", b"cos\n"),
]  # fmt: skip
ODD = [f"{media.partition(';')[0]} {body[:20]!r} {len(body)}" for media, body in BODIES]


@pytest.mark.parametrize(("media", "body"), BODIES, ids=ODD)
def test_a_body_that_is_none_is_refused_whatever_it_claims_to_be(
    planned: Planned, media: str, body: bytes
) -> None:
    path, before = f"calendar/{planned.mine.calendar.id}/", rows()
    calendar = Calendar.get_by_id(planned.mine.calendar.id).__data__

    for verb, where in (("POST", "calendar/"), ("PUT", path)):
        answer = planned.ask(verb, where, raw=body, headers={"Content-Type": media})
        assert answer.status_code in (400, 413, 415), answer.text
        assert isinstance(answer.json, dict)
        assert len(answer.text) < 300
    assert planned.patch(path, raw=body, headers={"Content-Type": media}).status_code in (200, 400, 413, 415)
    assert rows() == before
    assert Calendar.get_by_id(planned.mine.calendar.id).__data__ == calendar


@pytest.mark.parametrize(
    "text",
    ["0", "-1", "1.0", "1e1", "0x1", "\u0661", "%31%00", "9" * 19, "9" * 400, "null", "..", "%2e%2e%2f", "1;x", "1%20"],
)  # fmt: skip
def test_an_id_that_is_none_is_404(planned: Planned, text: str) -> None:
    for resource in RESOURCES:
        for verb in ("GET", "PATCH", "DELETE") if resource.writes else ("GET",):
            answer = planned.ask(verb, f"{resource.kind.name}/{text}/", {}, user="root")
            assert (answer.status_code, list(answer.json)) == (404, ["detail"]), (
                f"{verb} {resource.kind.name}"
            )


def test_odd_queries_are_ignored_or_refused_and_never_break(planned: Planned) -> None:
    for query, status in (
        ("page=%00", 404), ("page=1&page=2", 404), ("page=\u0661", 404), ("page=1e0", 404), ("page=" + "9" * 500, 404),
        ("page=", 404), ("&&&===", 200), ("page[]=1", 200), ("status=1&status=2", 200), ("%ff=%ff", 200),
        ("&".join(f"a{n}=1" for n in range(2000)), 200), ("ordering=password&fields=*", 200),
    ):  # fmt: skip
        assert planned.get(f"event/?{query}").status_code == status, query


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:1", "localhost:", "[::1]:8000", "[::1", "a b", "<script>", '"', "a:b:c", "\x7f", ""],
)  # fmt: skip
def test_the_host_that_a_client_names_is_told_back_to_it_alone(planned: Planned, host: str) -> None:
    headers = {"Host": host}

    answer = planned.get("event/", headers=headers)

    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert all(row["url"].startswith("http://") for row in answer.json["results"])
    assert planned.get("event/").json["results"][0]["url"].startswith("http://localhost:8000/")


@pytest.mark.parametrize(
    "scheme", ["javascript:alert(1)//", "HTTPS", "ftp", "http,https", "", "data:text/html,"]
)
def test_a_proxy_names_http_or_https_and_nothing_else(planned: Planned, scheme: str) -> None:
    for headers in ({"X-Forwarded-Proto": scheme}, {"Forwarded": f'proto="{scheme}"'}):
        row = planned.get("event/", headers=headers).json["results"][0]
        assert row["url"].startswith(("http://localhost:8000/", "https://localhost:8000/"))


@pytest.mark.parametrize(
    "header",
    [
        "Basic", "Basic ", "Basic x", "Basic \xff", "Basic Og==", "Basic " + "A" * 10_000, "Token", "Token ",
        "Token \xff", "Token " + "0" * 10_000, "Token ' OR 1=1 --", "Bearer x", "x", " ", "Negotiate abc",
        basic("mona", "wrong"), basic("mo:na", "x"), basic("mona\0", "x"),
    ],
)  # fmt: skip
def test_credentials_that_are_none_are_401(planned: Planned, header: str) -> None:
    answer = planned.get("event/", user=None, headers={"Authorization": header})

    assert (answer.status_code, list(answer.json)) == (401, ["detail"])
    assert answer.headers["www-authenticate"] == 'Basic realm="api"'


def test_no_header_makes_one_verb_another(planned: Planned, home: Any) -> None:
    override = {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "DELETE"}
    path = f"/rest-api/event/{planned.mine.event.id}/"

    Client().ask("POST", path, {"_method": "DELETE"}, user="mona", headers=override)
    assert Client().ask("GET", f"{path}?_method=DELETE", user="mona", headers=override).status_code == 200
    assert planned.get(f"event/{planned.mine.event.id}/").status_code == 200


WRITTEN = [resource for resource in RESOURCES if resource.writes]


@pytest.mark.parametrize("resource", WRITTEN, ids=[one.kind.name for one in WRITTEN])
def test_any_json_at_all_is_taken_or_refused(planned: Planned, resource: Any) -> None:
    owned, name = Owned(planned, planned.mine), resource.kind.name
    who = "root" if resource.reserved else "mona"
    right = owned.new(name)
    kept = [field for field in right if (name, field) != ("alarm-request", "alarm")]

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(any_=values, changes=st.dictionaries(st.sampled_from(kept), values, max_size=3))
    def check(any_: Any, changes: dict[str, Any]) -> None:
        for body in (any_, {**right, **changes}):
            before = rows()
            raw = json.dumps(body).encode()
            answer = planned.put(f"{name}/{owned.id_of(name)}/", raw=raw, user=who)
            assert answer.status_code in (200, 400), answer.text
            assert rows() == before or name == "gateway"

    check()
