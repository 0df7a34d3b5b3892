"""The third part of the tour: a clinic reminds a patient by a call that rings again until it is answered, by key."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from api.tour.system import Guest, System, say, wait_for

WANTED = {"alarm": "confirmed", "attempts": 2}
PATIENT = "+13125550177"
SHOWN = "+15550100"
NOTICE, DELAY = 3600, 300  # seconds
RESULTS = {0: "unanswered", 1: "confirmed", 2: "cancelled", 3: "rescheduled"}
SUCCESS, PLAY_MESSAGE, RATING = 5, 1, 3


def people(system: System, admin_password: str) -> dict[str, str]:
    """Add a clinic's manager with a gateway, a survey, and a doctor with a calendar. Returns the manager's password."""
    password = secrets.token_urlsafe(9)
    system.cli("user", "add", "clinic", "--manager", "--password-stdin", said=password + "\n")
    clinic, admin = Guest(system.api, "clinic", password), Guest(system.api, "admin", admin_password)
    (manager,) = _ask(clinic, "GET", "users/")["results"]
    gateway = _ask(admin, "POST", "gateway/", {"name": "Out", "managers": [manager["url"]]})["url"]
    survey = _survey(clinic)
    setting = {
        "label": "Clinic", "callerid": SHOWN, "survey": survey, "aleg_gateway": gateway, "timezone": "America/Chicago",
    }  # fmt: skip
    _ask(clinic, "POST", "calendar-setting/", setting)
    doctor = {"username": "doctor", "password": secrets.token_urlsafe(9), "first_name": "Dora"}
    user = _ask(clinic, "POST", "calendar-user/", doctor)["url"]
    _ask(clinic, "POST", "calendar/", {"name": "Surgery", "user": user})
    return {"clinic": password}


def plan(system: System, password: str, start: datetime) -> int:
    """Have the clinic plan a visit and its alarm. Returns the alarm's id."""
    clinic = Guest(system.api, "clinic", password)
    (calendar,) = _ask(clinic, "GET", "calendar/")["results"]
    event = {
        "title": "Check-up", "start": start.isoformat(), "end": (start + timedelta(minutes=30)).isoformat(),
        "creator": calendar["user"], "calendar": calendar["url"], "data": {"name": "Paula"},
    }  # fmt: skip
    alarm = {
        "event": _ask(clinic, "POST", "event/", event)["url"], "alarm_phonenumber": PATIENT, "maxretry": 2,
        "retry_delay": DELAY, "advance_notice": NOTICE, "date_start_notice": start.isoformat(),
    }  # fmt: skip
    return _id(_ask(clinic, "POST", "alarm/", alarm))


def show(system: System, password: str) -> dict[str, Any]:
    """Have the alarm ring a phone that is busy, then one that is answered. Returns what came of it."""
    say(
        "a clinic plans a visit: its alarm rings the patient an hour before, and again while the line is busy"
    )
    start = datetime.now(UTC) + timedelta(seconds=system.ahead + 2 * NOTICE)
    alarm = plan(system, password, start.replace(microsecond=0))
    system.phone(PATIENT, call="busy")
    say("the clock jumps to an hour before; then five minutes on")
    system.jump(system.ahead + NOTICE)
    wait_for(lambda: len(_rung(system)) == 1)
    system.cli("drain")
    system.phone(PATIENT, call="answer", digits=["1"])
    system.jump(system.ahead + DELAY)
    clinic = Guest(system.api, "clinic", password)
    ended = wait_for(lambda: _ended(clinic, alarm)) or {"result": 0}
    click.echo(f"\nThe patient's phone showed {_rung(system)[-1]['from']}; 1 was pressed")
    click.echo(system.cli("trace", f"alarm:{alarm}"))
    return {"alarm": RESULTS[ended["result"]], "attempts": len(_rung(system))}


def leaks(system: System) -> int:
    """How many times a log tells the patient's number."""
    return system.log().count(PATIENT.removeprefix("+"))


def _survey(clinic: Guest) -> str:
    """A survey that asks whether the patient comes, sealed. Returns its address."""
    template = _ask(clinic, "POST", "survey-template/", {"name": "Reminder"})
    question = (
        "Hello {name}, you have a visit in an hour. Press 1 to confirm, 2 to cancel, 3 for another time."
    )
    asking = {"survey": template["url"], "type": RATING, "question": question, "rating_laps": 3}
    first = _ask(clinic, "POST", "section-template/", asking)
    thanks = {"survey": template["url"], "type": PLAY_MESSAGE, "question": "Thank you, good-bye."}
    last = _ask(clinic, "POST", "section-template/", thanks)
    _ask(clinic, "POST", "branching-template/", {"section": first["url"], "keys": "any", "goto": last["url"]})
    return str(_ask(clinic, "POST", f"survey-template/{_id(template)}/seal/", {})["url"])


def _ended(clinic: Guest, alarm: int) -> Any:
    found = _ask(clinic, "GET", f"alarm/{alarm}/")
    return found if found["status"] == SUCCESS else None


def _rung(system: System) -> list[dict[str, Any]]:
    return [entry for entry in system.carried_to(PATIENT) if entry["channel"] == "ring"]


def _id(row: dict[str, Any]) -> int:
    return int(row["url"].rstrip("/").rpartition("/")[2])


def _ask(guest: Guest, verb: str, path: str, body: dict[str, Any] | None = None) -> Any:
    return guest.ask(verb, f"/rest-api/{path}", body)
