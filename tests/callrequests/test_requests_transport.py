"""What all routes of call requests have in common: addresses, verbs, bodies, moments in and out, errors."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from api.callrequests.times import Instant
from models.callrequests import CallRequest
from tests.callrequests.dealing import (
    ACTIONS,
    ASKED,
    accepted,
    asked,
    fitting,
    good,
    one,
    path,
    picture,
    quarter,
    three,
)
from tests.callrequests.members import Members
from tests.conformance import holds
from tests.house import Client

LIMIT = 1024 * 1024
NO_IDS = ["x", "1x", "-1", "+1", "1.0", "%20", "٣", str(2**63), "9" * 25, "0x1", "None"]


@holds("§2 with and without a slash, no redirect", "D-1")
def test_every_route_answers_alike_with_and_without_a_slash(members: Members) -> None:
    body = {**ASKED, "hero_id": members.tom.hero_id}
    for slash in ("", "/"):
        request = good(members.rita.post(f"call-requests{slash}", body))["id"]
        good(members.tom.get(f"call-requests{slash}"))
        good(members.tom.get(f"call-requests/{request}{slash}"))
        good(members.tom.patch(f"call-requests/{request}/accept{slash}", three()))
        good(members.tom.patch(f"call-requests/{request}/new-times{slash}", three(3)))
        good(members.rita.patch(f"call-requests/{request}/agreed-time{slash}", one(3)))
        good(members.rita.patch(f"call-requests/{request}/cancel{slash}", {"reason": "x"}))
        other = good(members.rita.post(f"call-requests{slash}", body))["id"]
        good(members.tom.patch(f"call-requests/{other}/decline{slash}", {"reason": "x"}))


@holds("§2 ids that are none or too big are 404")
@pytest.mark.parametrize("number", NO_IDS)
def test_ids_that_are_none_are_404(members: Members, number: str) -> None:
    for answer in (
        members.rita.get(f"call-requests/{number}"),
        *(members.rita.patch(f"call-requests/{number}/{action}/", {}) for action in ACTIONS),
    ):
        assert (answer.status_code, list(answer.json)) == (404, ["detail"])


@holds("§2 a wrong verb is 405 with Allow and detail", "§2 only PATCH acts", "§2.2 405, 415, 413: detail")
@pytest.mark.parametrize(
    ("where", "verbs"),
    [("call-requests/", "GET POST"), ("call-requests/1", "GET"),
     *[(f"call-requests/1/{action}/", "PATCH") for action in ACTIONS]],
)  # fmt: skip
def test_other_verbs_are_405(members: Members, where: str, verbs: str) -> None:
    asked(members.rita, members.tom)
    before = picture(1)

    for verb in {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(verbs.split()):
        answer = members.tom.ask(verb, where, {})
        assert (answer.status_code, list(answer.json)) == (405, ["detail"])
        assert set(answer.headers["allow"].split(", ")) - {"OPTIONS"} == set(verbs.split())

    assert picture(1) == before


def _everywhere(members: Members, **sent: Any) -> list[Any]:
    """The answers of all routes that take a body, the caller being the right one."""
    request = asked(members.rita, members.tom)
    before = picture(request)
    answers = [members.rita.post("call-requests/", **sent)]
    answers += [members.tom.patch(path(request, action), **sent) for action in ACTIONS]
    assert (picture(request), CallRequest.select().count()) == (before, 1)
    return answers


@holds("§2 a body that is no JSON object is 400 with detail", "§2 NaN, Infinity and NUL are 400")
@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"null", b"[]", b'"x"', b"5", b"{]", b'{"reason": "x",}', b"{'reason': 'x'}", b'{"reason": "\xff"}',
     b'{"reason": NaN}', b'{"force": Infinity}', b'{"force": -Infinity}', b'{"reason": "a\\u0000b"}',
     b'{"reason": "\\ud800"}', b'{"a": {"b": ["\\u0000"]}}', b"[" * 100_000, b'{"reason": 1e999}'],
)  # fmt: skip
def test_what_is_no_json_object_is_400(members: Members, raw: bytes) -> None:
    for answer in _everywhere(members, raw=raw):
        assert (answer.status_code, list(answer.json)) == (400, ["detail"])


@holds("§2 another content type is 415", "§2.2 405, 415, 413: detail")
@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml"],
)
def test_another_content_type_is_415(members: Members, kind: str) -> None:
    for answer in _everywhere(members, raw=b"{}", headers={"Content-Type": kind}):
        assert (answer.status_code, list(answer.json)) == (415, ["detail"])


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_json_may_say_so_in_several_ways(members: Members, kind: str) -> None:
    request = asked(members.rita, members.tom)
    raw = json.dumps({"reason": "x"}).encode()

    good(members.tom.patch(path(request, "decline"), raw=raw, headers={"Content-Type": kind}))


@holds("§2 a body over the limit is 413", "§2.2 405, 415, 413: detail")
def test_a_body_over_the_limit_is_413_and_one_at_it_is_read(members: Members) -> None:
    def body(size: int) -> bytes:
        return b'{"more": "' + b"x" * (size - 12) + b'"}'

    for answer in _everywhere(members, raw=body(LIMIT + 1)):
        assert (answer.status_code, list(answer.json)) == (413, ["detail"])
    assert set(members.tom.patch(path(1, "decline"), raw=body(LIMIT)).json) == {"reason"}


@holds(
    "§2.3 authentication before all",
    "§2.1 never 401, never a challenge",
    "new-times: 403 not authenticated",
    "list: 403 not authenticated",
)
@pytest.mark.parametrize("token", [None, "", "x", "0" * 32, "Basic cm9vdDpyb290", "Bearer", "Token nothing"])
def test_without_a_good_token_everything_is_403_whatever_is_sent(
    members: Members, client: Client, token: str | None
) -> None:
    asked(members.rita, members.tom)
    headers = {} if token is None else {"Authorization": token}
    routes = [("GET", "call-requests/"), ("POST", "call-requests/"), ("GET", "call-requests/1"),
              ("GET", "call-requests/99"), ("GET", "call-requests/x"),
              *[("PATCH", path(number, action)) for action in ACTIONS for number in (1, 99)]]  # fmt: skip

    for verb, where in routes:
        answer = client.ask(verb, f"/api/v1/{where}", user=None, raw=b"{,", headers=headers)
        assert (answer.status_code, list(answer.json)) == (403, ["detail"])
        assert "www-authenticate" not in answer.headers


@holds("§2.1 Token and Bearer as well", "§2.1 the bare token", "D-3")
@pytest.mark.parametrize("form", ["{}", "Token {}", "Bearer {}", "bearer {}", " {} "])
def test_a_token_may_be_sent_in_several_ways(members: Members, client: Client, form: str) -> None:
    headers = {"Authorization": form.format(members.rita.token)}

    assert client.ask("GET", "/api/v1/call-requests/", user=None, headers=headers).status_code == 200


@holds(
    "§2 datetimes out: UTC, six digits, Z", "§2 datetimes in: T or blank, Z or offset, fractions",
    "§2 datetimes in: without offset is UTC", "D-2",
)  # fmt: skip
@pytest.mark.parametrize(
    "form",
    ["{:%Y-%m-%dT%H:%M:%SZ}", "{:%Y-%m-%dT%H:%M:%S}", "{:%Y-%m-%d %H:%M:%S}", "{:%Y-%m-%dT%H:%MZ}",
     "{:%Y-%m-%dT%H:%M:%S.000000Z}", "{:%Y-%m-%dT%H:%M:%S.0Z}", "{:%Y-%m-%d %H:%M:%S+00:00}",
     "{:%Y-%m-%dT%H:%M:%S+0000}", "{:%Y-%m-%dT%H:%M:%S-00:00}"],
)  # fmt: skip
def test_moments_are_read_in_their_forms_and_written_in_one(members: Members, form: str) -> None:
    request = asked(members.rita, members.tom)
    times = [quarter(number) for number in range(3)]

    body = dict(zip(three(), map(form.format, times), strict=True))
    (suggestion,) = good(members.tom.patch(path(request, "accept"), body))["times"]

    assert [suggestion[f"datetime_{name}"] for name in ("one", "two", "three")] == [
        f"{time:%Y-%m-%dT%H:%M:%S}.000000Z" for time in times
    ]


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("2017-12-25T06:00:00+05:30", "2017-12-25T00:30:00.000000"),
        ("2017-12-25T06:00:00-0530", "2017-12-25T11:30:00.000000"),
        ("2017-12-25T06:00:00+05", "2017-12-25T01:00:00.000000"),
        ("2017-12-25T23:59:59.999999-14:00", "2017-12-26T13:59:59.999999"),
        ("2017-12-25 06:00:00.5", "2017-12-25T06:00:00.500000"),
        ("2016-02-29T00:00:00,25Z", "2016-02-29T00:00:00.250000"),
        ("0002-01-01T00:00:00Z", "0002-01-01T00:00:00.000000"),
        ("9998-12-31T23:59:59Z", "9998-12-31T23:59:59.000000"),
    ],
)
def test_an_offset_is_taken_off(sent: str, meant: str) -> None:
    assert Instant().deserialize(sent) == datetime.fromisoformat(meant).replace(tzinfo=UTC)


@holds(
    "§2 datetimes in: dates, numbers, booleans, null, other texts are 400",
    "§2 datetimes in: the edge of the years is 400",
    "D-2",
)
@pytest.mark.parametrize(
    "moment",
    ["2027-12-25", "20271225", 1798761600, 1.5, True, False, None, "", " ", "tomorrow", "10:00", "2027-12-25T",
     "2027-13-25T06:00:00Z", "2027-02-30T06:00:00Z", "2027-12-25T24:00:00Z", "2027-12-25T06:60:00Z",
     "2027-12-25T06:00:61Z", "2027-12-25T06:00:00X", "2027-12-25T06:00:00 Z", "2027-12-25T06:00:00+25:00",
     "2027-12-25T06:00:00.0000000Z", "2027-12-25T06:00:00.Z", "2027-W52-6T06:00:00Z", "25.12.2027 06:00", [], {},
     "9999-12-31T23:45:00Z", "9999-12-31T23:45:00-23:59", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59",
     "0000-01-01T00:00:00Z", "-2027-12-25T06:00:00Z", "２０２７-12-25T06:00:00Z", "2027-12-25T06:00:00Z\n",
     "2027-12-25t06:00:00z", "10000-01-01T00:00:00Z"],
)  # fmt: skip
def test_what_is_no_moment_is_400_on_its_field(members: Members, moment: Any) -> None:
    request = accepted(members.rita, members.tom)
    before = picture(request)

    agreed = members.rita.patch(path(request, "agreed-time"), {"agreed_time": moment})
    proposed = members.rita.patch(path(request, "new-times"), {**three(3), "time_two": moment})

    assert (agreed.status_code, list(agreed.json)) == (400, ["agreed_time"])
    assert (proposed.status_code, list(proposed.json)) == (400, ["time_two"])
    assert picture(request) == before


def test_what_the_actions_do_not_know_is_ignored(members: Members) -> None:
    request = asked(members.rita, members.tom)

    good(
        members.tom.patch(
            path(request, "accept"), {**fitting("accept"), "status": "s", "user": 7, "force": "?"}
        )
    )
