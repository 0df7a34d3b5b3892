"""The first part of the tour: a mentor calls and texts his mentee."""

import secrets
from typing import Any

import click

from api.tour.system import Guest, System, say, wait_for

MENTOR, MENTEE = "+919876543210", "+911234567890"
TEXT = "Hello Tony, shall we talk at five?"
WANTED = {"call": "successful", "dialled": 1, "texts": 1, "numbers_leaked": 0}


def people(system: System) -> dict[str, str]:
    """Add an administrator, mentor adam and mentee tony. Returns their passwords."""
    accounts = {name: secrets.token_urlsafe(9) for name in ("admin", "adam", "tony")}
    staff = ("user", "add", "admin", "--staff", "--email", "admin@example.com", "--password-stdin")
    system.cli(*staff, said=accounts["admin"] + "\n")
    admin = Guest(system.api, "admin", accounts["admin"])
    tony = {"username": "tony", "first_name": "Tony", "contact_number": MENTEE, "password": accounts["tony"]}
    mentee = admin.ask("POST", "/mentor/mentee", tony)["id"]
    adam = {"username": "adam", "first_name": "Adam", "contact_number": MENTOR, "password": accounts["adam"]}
    admin.ask("POST", "/mentor/mentor", {**adam, "mentee": mentee})
    return accounts


def show(system: System, password: str) -> dict[str, Any]:
    """Have adam call and text tony. Returns what came of it."""
    mentor = Guest(system.api, "adam", password)
    say("the mentor calls and texts the mentee")
    call = mentor.ask("POST", "/mentor/call/")["id"]
    mentor.ask("POST", "/mentor/message/", {"content": TEXT})
    ended = wait_for(lambda: _ended(mentor, call)) or {"status": "not ended"}
    system.cli("drain")
    mentor.ask("GET", "/mentor/message/")
    mentor.ask("GET", "/mentor/event/")
    log = system.accepted()
    _timelines(system, log, call)
    return {
        "call": ended["status"],
        "dialled": sum(entry["channel"] == "call" for entry in log),
        "texts": sum(entry["channel"] == "text" for entry in log),
        "numbers_leaked": _leaks(mentor.seen, log, system.log()),
    }


def _ended(mentor: Guest, call: int) -> Any:
    found = mentor.ask("GET", f"/mentor/call/{call}")
    return found if found["end_time"] else None


def _timelines(system: System, log: list[dict[str, Any]], call: int) -> None:
    rung = next(entry for entry in log if entry["channel"] == "call")
    sent = next(entry for entry in log if entry["channel"] == "text")
    click.echo(f"\nThe call: Adam's phone showed {rung['shown_to_a']}, Tony's showed {rung['shown_to_b']}")
    click.echo(system.cli("trace", f"call:{call}"))
    click.echo(f"The text: Tony's phone showed {sent['from']}")
    click.echo(system.cli("trace", "message:1"))


def _leaks(mentor_saw: str, log: list[dict[str, Any]], logged: str) -> int:
    """How many times somebody, or a log, could see a number that is not his own: all but the last digits count."""
    mentor, mentee = MENTOR[1:], MENTEE[1:]
    shown = [str(entry.get(key, "")) for entry in log for key in ("shown_to_a", "shown_to_b", "from", "body")]
    return mentor_saw.count(mentee) + sum(n in text for text in [*shown, logged] for n in (mentor, mentee))
