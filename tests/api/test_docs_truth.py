"""What the document promises comes true: every status of every verb, in the promised shape."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.docs import examples as of
from api.errors import ERASED
from models import database, donotcall, settings
from models.privacy.erasing import erase
from models.privacy.persons import Person
from tests.api.calls_at_work import pressed
from tests.api.paper import broken_promises, operations
from tests.api.world import World
from tests.house import ADMIN, MENTEE, MENTOR, NUMBERS, SERVICE

# These have people of their own, and such a test: tests/callrequests and tests/appointments/test_docs_truth.py.
ELSEWHERE = ("/api/v1/", "/rest-api/")
OURS = [(path, verb, told) for path, verb, told in operations() if not path.startswith(ELSEWHERE)]
NAMES = [f"{verb} {path}" for path, verb, _ in OURS]
each_operation = pytest.mark.parametrize(("path", "verb", "told"), OURS, ids=NAMES)
LARGE = b'{"content": "' + b"x" * 1024 * 1024 + b'"}'


def other(status: str, world: World, verb: str, path: str, told: dict[str, Any]) -> dict[str, Any]:
    """In what a request must be other than right to be answered with this status."""
    listed = any("page" in parameter.get("$ref", "") for parameter in told["parameters"])
    once = any("Idempotency" in parameter.get("$ref", "") for parameter in told["parameters"])
    match status:
        case "400" if "requestBody" not in told and once:
            return {"headers": {"Idempotency-Key": "x" * 256}}
        case "400":
            return {"raw": b"[]"}
        case "401":
            return {"user": None, "headers": {"webhook-id": "1"}}
        case "403" if verb != "GET" and path.startswith("/comms/"):
            settings.use(replace(settings.current(), comms_writes="service_only"))
            return {"user": MENTOR}
        case "403":
            return {"user": MENTEE}
        case "404" if path == "/mentor/callnote/" and verb == "POST":
            return {"body": {**of.NEW_NOTE, "call": 999}}
        case "404" if path == "/carriers/simulator/":
            settings.use(replace(settings.current(), simulator_secret=""))
            return {}
        case "404":
            return {"query": "?page=99"} if listed else {"id": 999}
        case "409":  # a call that has its note; who was erased has a test of his own
            return {"body": {**of.NEW_NOTE, "call": world.call}} if "note" in path else _left_alone()
        case "413":
            return {"raw": LARGE}
        case "415":
            return {"headers": {"Content-Type": "text/plain"}}
        case "422":
            key = {"Idempotency-Key": "4d1f-77"}
            first = {"content": "other"} if "message" in path else {"call_time": world.later}
            world.client.post(path, first, headers=key)
            return {"headers": key}
        case "429":
            settings.use(replace(settings.current(), failed_logins_per_minute=1))
            for _ in range(2):
                world.ask(verb, path, told, password="wrong")
            return {"password": "wrong"}
    return {}


def _left_alone() -> dict[str, Any]:
    """The mentee wants no calls and texts."""
    donotcall.add(NUMBERS[MENTEE], "operator")
    return {}


@each_operation
def test_every_promised_status_comes_in_its_promised_shape(
    world: World, home: settings.Settings, path: str, verb: str, told: dict[str, Any]
) -> None:
    told_elsewhere = [answer for answer in told["responses"].values() if answer.get("description") == ERASED]
    expected = [
        status
        for status, answer in told["responses"].items()
        if status != "503" and answer not in told_elsewhere
    ]
    good = [status for status in expected if status < "300"]

    for status in sorted(set(expected) - set(good)) + sorted(good, reverse=True):
        settings.use(home)
        donotcall.lift(NUMBERS[MENTEE], "operator")
        answer = world.ask(verb, path, told, **other(status, world, verb, path, told))
        assert str(answer.status_code) == status, answer.text[:300]
        assert broken_promises(verb, path, answer) == []


@each_operation
def test_what_would_reach_or_change_somebody_who_was_erased_is_409(
    world: World, path: str, verb: str, told: dict[str, Any]
) -> None:
    body = world.body(verb, path)
    erase(Person.of(world.staff.mentee.user_id), force=True)
    if path.startswith("/mentor/mentor/"):
        body = {**(body or {}), "mentee": world.staff.other_mentee.id}
        erase(Person.of(world.staff.mentor.user_id))

    answer = world.ask(verb, path, told, body=body)

    promised = "erased" in told["responses"].get("409", {}).get("description", "")
    assert (answer.status_code == 409) == promised
    assert broken_promises(verb, path, answer) == [] or not promised


@each_operation
def test_without_a_database_it_is_503_as_promised(
    world: World, tmp_path: Path, path: str, verb: str, told: dict[str, Any]
) -> None:
    database.close()
    database.bind(f"sqlite:///{tmp_path / 'no such folder' / 'x.db'}")

    answer = world.ask(verb, path, told)

    assert str(answer.status_code) == ("503" if "503" in told["responses"] else "200")
    assert broken_promises(verb, path, answer) == []


def test_lists_with_rows_are_as_promised_for_everyone_who_may_see_them(world: World) -> None:
    asked = []

    for path, verb, _told in OURS:
        if verb == "GET" and "{" not in path:
            for user in (ADMIN, SERVICE, MENTOR, MENTEE):
                answer = world.client.get(path, user=user)
                assert broken_promises(verb, path, answer) == []
                asked += [path] if answer.status_code == 200 and answer.headers else []
    assert len(asked) > 20


def test_calls_of_every_status_are_as_promised(world: World, jump: Callable[[float], None]) -> None:
    pressed(world.client)
    jump(24 * 3600)

    for path in ("/mentor/call/", "/comms/call/"):
        answer = world.client.get(path)
        assert len({row["status_display"] for row in answer.json["results"]}) == 2
        assert broken_promises("GET", path, answer) == []
