"""Whatever JSON is sent to whatever route: never our fault, and what is refused is not written."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.calls_at_work import REPORT
from tests.api.looking import rows
from tests.api.test_bad_input import HANDED_IN, PERSON
from tests.house import ADMIN, MENTOR, SERVICE, Client, Staff

TIGHT = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

TEXT = {"mobile": "27123456789", "text": "hi", "message": "hi", "messageId": "1"}
ROUTES: list[tuple[str, str, str, dict[str, Any]]] = [
    ("POST", "/mentor/message/", MENTOR, {"content": "hi", "sender_id": 2, "recipient_id": 1}),
    ("PUT", "/mentor/mentee/1", ADMIN, {**PERSON, "password": ""}),
    (
        "PUT",
        "/mentor/mentor/2",
        ADMIN,
        {**PERSON, "password": "", "mentee": 1, "profile_pic": "", "job_title": ""},
    ),
    ("POST", "/mentor/mentor", ADMIN, {**PERSON, "password": "short", "mentee": 1}),
    ("POST", "/comms/message/", SERVICE, HANDED_IN),
    ("POST", "/comms/onion_dev_call_end/", SERVICE, REPORT),
    ("POST", "/comms/onion_dev_message/", SERVICE, TEXT),
]
IDS = [f"{verb} {path}" for verb, path, _, _ in ROUTES]

texts = st.one_of(
    st.text(),
    st.sampled_from(["", "\0", "\ud800", "2017-04-20 17:32:33", "27123456789", "sc-1", "http://x", "true"]),
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


def _sent(client: Client, verb: str, path: str, user: str, raw: bytes) -> None:
    before = rows()
    answer = client.ask(verb, path, raw=raw, user=user)
    assert answer.status_code in (200, 201, 400, 404, 413, 415)
    if answer.status_code >= 400:
        assert rows() == before
        assert isinstance(answer.json, dict)
        assert answer.json


@pytest.mark.parametrize(("verb", "path", "user", "_valid"), ROUTES, ids=IDS)
def test_any_json_at_all(
    client: Client, staff: Staff, verb: str, path: str, user: str, _valid: dict[str, Any]
) -> None:
    @TIGHT
    @given(body=values)
    def check(body: Any) -> None:
        _sent(client, verb, path, user, json.dumps(body).encode())

    check()


@pytest.mark.parametrize(("verb", "path", "user", "valid"), ROUTES, ids=IDS)
def test_right_bodies_with_odd_values(
    client: Client, call: int, verb: str, path: str, user: str, valid: dict[str, Any]
) -> None:
    @TIGHT
    @given(changes=st.dictionaries(st.sampled_from(sorted(valid)), values, min_size=1, max_size=3))
    def check(changes: dict[str, Any]) -> None:
        _sent(client, verb, path, user, json.dumps({**valid, **changes}).encode())

    check()


@pytest.mark.parametrize(("verb", "path", "user", "_valid"), ROUTES, ids=IDS)
def test_any_bytes_at_all(
    client: Client, staff: Staff, verb: str, path: str, user: str, _valid: dict[str, Any]
) -> None:
    @settings(TIGHT, max_examples=20)
    @given(raw=st.binary(max_size=200))
    def check(raw: bytes) -> None:
        _sent(client, verb, path, user, raw)

    check()
