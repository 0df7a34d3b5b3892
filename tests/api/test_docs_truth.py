"""What the document promises comes true: every status of every verb, in the promised shape."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.docs import examples as of
from models import clock, database, settings
from tests.api.calls_at_work import REPORT, pressed, reported
from tests.api.paper import broken_promises, operations
from tests.api.test_simulator_reports import signed
from tests.house import ADMIN, MENTEE, MENTOR, NUMBERS, SERVICE, Client, Staff, run_due

NAMES = [f"{verb} {path}" for path, verb, _ in operations()]
each_operation = pytest.mark.parametrize(("path", "verb", "told"), operations(), ids=NAMES)
LARGE = b'{"content": "' + b"x" * 1024 * 1024 + b'"}'


class World:
    """One of everything, and somebody to ask for it."""

    def __init__(self, client: Client, staff: Staff, call: int) -> None:
        self.client, self.staff, self.call = client, staff, call
        reported(client, REPORT)
        run_due()
        self.free_call = pressed(client)
        client.put(f"/mentor/call/{self.free_call}/")
        self.later = (clock.now() + timedelta(days=3)).isoformat()
        self.activity = self.made("/mentor/activity/", of.NEW_ACTIVITY, user=ADMIN)
        self.ids = {
            "/mentor/mentee/": staff.mentee.id,
            "/mentor/mentor/": staff.mentor.id,
            "/mentor/call/": call,
            "/comms/call/": call,
            "/mentor/message/": self.made("/mentor/message/", {"content": "hi"}),
            "/mentor/callnote/": self.made("/mentor/callnote/", {**of.NEW_NOTE, "call": call}),
            "/mentor/activity/": self.activity,
            "/mentor/schedule/": self.made("/mentor/schedule/", {"call_time": self.later}),
            "/comms/feedback/": self.made("/comms/feedback/", self.feedback(), user=SERVICE),
            "/mentor/event/": client.get("/mentor/event/").json["results"][0]["id"],
            "/mentor/task/": client.get("/mentor/task/").json["results"][0]["id"],
        }
        self.ids["/comms/message/"] = self.ids["/mentor/message/"]

    def made(self, path: str, body: Any, **more: Any) -> int:
        answer = self.client.post(path, body, **more)
        assert answer.status_code == 201, answer.text
        return int(answer.json["id"])

    def feedback(self) -> dict[str, Any]:
        return {**of.NEW_FEEDBACK, "sender_id": self.staff.mentee.id, "call_id": self.call}

    def body(self, verb: str, path: str) -> Any:
        """What is right to send: the example of the document, with ids and numbers of this world."""
        mentor, mentee = self.staff.mentor.id, self.staff.mentee.id
        fresh = {"username": "new", "contact_number": "+4915100000"}
        time = {"call_time": self.later}
        bodies: dict[str, Any] = {
            "POST /mentor/mentee/": {**of.NEW_TONY, **fresh},
            "PUT /mentor/mentee/{contact_id}/": {**of.TONY, "contact_number": NUMBERS[MENTEE]},
            "POST /mentor/mentor/": {**of.NEW_ADAM, **fresh, "mentee": mentee},
            "PUT /mentor/mentor/{contact_id}/": {**of.ADAM, "mentee": mentee},
            "POST /mentor/message/": {**of.NEW_MESSAGE, "sender_id": mentor, "recipient_id": mentee},
            "POST /mentor/schedule/": {**time, "activity": self.activity},
            "PUT /mentor/schedule/{scheduled_call_id}/": time,
            "PATCH /mentor/schedule/{scheduled_call_id}/": time,
            "PUT /mentor/task/{task_id}/": {"status": "pending"},
            "PATCH /mentor/task/{task_id}/": {"status": "pending"},
            "POST /mentor/callnote/": {**of.NEW_NOTE, "call": self.free_call},
            "POST /mentor/activity/": of.NEW_ACTIVITY,
            "PUT /mentor/activity/{activity_id}/": of.NEW_ACTIVITY,
            "PUT /mentor/device/": {"token": "fcm:d1e2f3"},
            "POST /comms/message/": {
                "sender_contact": NUMBERS[MENTEE], "recipient_contact": NUMBERS[MENTOR], "content": "hi",
            },
            "POST /comms/feedback/": self.feedback(),
            "POST /comms/onion_dev_call_end/": REPORT,
            "POST /comms/onion_dev_feedback/": {**of.SURVEY, "cdr": {**of.SURVEY["cdr"], "callerid": NUMBERS[MENTEE]}},
            "POST /comms/onion_dev_message/": {**of.TEXT, "mobile": NUMBERS[MENTEE]},
            "POST /carriers/simulator/": of.SIGNED,
        }  # fmt: skip
        return bodies.get(f"{verb} {path}")

    def user(self, verb: str, path: str) -> str | None:
        """Who may ask."""
        if path.startswith(("/mentor/mentee", "/mentor/mentor")):
            return ADMIN
        if path.startswith("/mentor/activity") and verb != "GET":
            return ADMIN
        return MENTOR if path.startswith("/mentor/") else SERVICE if path.startswith("/comms/") else None

    def ask(self, verb: str, path: str, told: dict[str, Any], **other: Any) -> Any:
        """The right request, but for what is to be other."""
        number = other.pop("id", None) or next(
            (number for start, number in self.ids.items() if path.startswith(start)), 1
        )
        place = path.partition("{")[0] + (f"{number}/" if "{" in path else "") + other.pop("query", "")
        how: dict[str, Any] = {"user": self.user(verb, path), **other}
        if "body" not in how and "raw" not in how:
            how["body"] = self.body(verb, path)
        if told["security"] == [{"signature": []}] and "headers" not in how:
            how["headers"] = signed(how.get("raw") or json.dumps(how["body"]).encode())
        return self.client.ask(verb, place, **how)


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
        case "409":
            return {"body": {**of.NEW_NOTE, "call": world.call}}
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


@pytest.fixture
def world(client: Client, staff: Staff, call: int) -> World:
    return World(client, staff, call)


@each_operation
def test_every_promised_status_comes_in_its_promised_shape(
    world: World, home: settings.Settings, path: str, verb: str, told: dict[str, Any]
) -> None:
    expected = [status for status in told["responses"] if status != "503"]
    good = [status for status in expected if status < "300"]

    for status in sorted(set(expected) - set(good)) + sorted(good, reverse=True):
        settings.use(home)
        answer = world.ask(verb, path, told, **other(status, world, verb, path, told))
        assert str(answer.status_code) == status, answer.text[:300]
        assert broken_promises(verb, path, answer) == []


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

    for path, verb, _told in operations():
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
