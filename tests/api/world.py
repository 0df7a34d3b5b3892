"""One of everything, so that every request has something to be about."""

import json
from datetime import timedelta
from typing import Any

from api.docs import examples as of
from models import clock
from tests.api.calls_at_work import REPORT, pressed, reported
from tests.api.test_simulator_reports import signed
from tests.house import ADMIN, MENTEE, MENTOR, NUMBERS, SERVICE, Client, Staff, run_due


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
