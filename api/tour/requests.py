"""The second part of the tour: Rita asks Tom for a call; they agree on a time, are reminded, dial in, and meet."""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from api.tour.system import Guest, System, say, wait_for
from models import settings

WANTED = {"conference": "successful", "mails": 3, "reminders": 2}
QUARTER = timedelta(minutes=15)
HERO = {
    "discipline": "BE", "title": "Keeper of databases", "description": "Transactions, and what they are for",
    "position": "Engineer", "company": "Acme", "short_bio": "Has seen disks fail.", "years_of_exp": 20,
    "rate_in_cents": 250, "linkedin_url": "https://www.linkedin.com/in/tom",
}  # fmt: skip


@dataclass
class Person:
    """Somebody with an account: as he asks the API, and where he is reached."""

    guest: Guest
    name: str
    email: str
    digits: str
    password: str

    @property
    def number(self) -> str:
        """His own, in E.164."""
        return f"+1{self.digits}"

    def ask(self, verb: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """One request below `/api/v1/`."""
        return self.guest.ask(verb, f"/api/v1/{path}", body)


def people(system: System, admin_password: str) -> tuple[Person, Person]:
    """Have Rita and Tom register and be verified, and Tom be accepted as a hero."""
    admin = Guest(system.api)
    staff = {"email": "admin@example.com", "password": admin_password}
    admin.bear(admin.ask("POST", "/api/v1/accounts/login", staff)["token"])
    rita = _registered(system, "Rita", "Requester", "3125550142", "Europe/Berlin")
    tom = _registered(system, "Tom", "Brady", "3125550143", "America/Chicago")
    rita.ask("POST", "accounts/payment-method", {"token": "tok_visa"})
    hero = tom.ask("POST", "heroes/apply", HERO)["id"]
    admin.ask("POST", "/api/v1/heroes/accept", {"hero_id": hero})
    return rita, tom


def ask(rita: Person, message: str) -> int:
    """Rita asks the first hero there is for a call. Returns the request's id."""
    hero = rita.ask("GET", "heroes/")["results"][0]["id"]
    wish = {"hero_id": hero, "message": message, "estimated_length": 30}
    return int(rita.ask("POST", "call-requests/", wish)["id"])


def page_of(system: System, person: Person) -> str:
    """The address of his page of a request, out of the mail about it."""
    link = re.compile(rf"{re.escape(system.api)}/meet/[\w.\-]+")
    found = wait_for(lambda: [link.search(mail["text"]) for mail in system.carried_to(person.email)][-1])
    return str(found[0]) if found else ""


def show(system: System, rita: Person, tom: Person) -> dict[str, Any]:
    """Have the two find a time and meet. Returns what came of it."""
    say("Rita asks Tom for a call; he offers three times, and she takes the first")
    request = ask(rita, "How do I know that a backup works?")
    times = _times()
    tom.ask(
        "PATCH",
        f"call-requests/{request}/accept/",
        dict(zip(("time_one", "time_two", "time_three"), times, strict=True)),
    )
    rita.ask("PATCH", f"call-requests/{request}/agreed-time/", {"agreed_time": times[0]})
    system.cli("drain")
    say("the clock jumps to a quarter of an hour before: both are reminded, dial in, and talk")
    ahead = datetime.fromisoformat(times[0]) - datetime.now(UTC)
    system.jump(ahead.total_seconds() - QUARTER.total_seconds() + 1)
    reminders = wait_for(lambda: _reminders(system, rita, tom))
    for person in (rita, tom):
        system.dial_in(person.number, settings.current().conference_number)
    status = wait_for(lambda: _held(rita, request)) or "not met"
    system.cli("drain")
    click.echo(f"\nThe reminder on Rita's phone: {reminders[0] if reminders else 'none'}")
    click.echo(system.cli("trace", f"callrequest:{request}"))
    mails = [entry for entry in system.accepted() if entry["reference"].startswith("N")]
    return {"conference": status, "mails": len(mails), "reminders": len(reminders or ())}


def leaks(system: System, rita: Person, tom: Person) -> int:
    """How many times one could see the other's number or address, or a log either's."""
    count = sum(
        one.guest.seen.count(secret)
        for one, other in ((rita, tom), (tom, rita))
        for secret in _secrets(other)
    )
    for one, other in ((rita, tom), (tom, rita)):
        told = " ".join(str(entry) for to in (one.number, one.email) for entry in system.carried_to(to))
        count += sum(told.count(secret) for secret in _secrets(other))
    return count + sum(system.log().count(secret) for one in (rita, tom) for secret in _secrets(one))


def _registered(system: System, first: str, last: str, digits: str, zone: str) -> Person:
    email, password = f"{first.lower()}@example.com", secrets.token_urlsafe(9) + "7"
    person = Person(Guest(system.api), f"{first} {last}", email, digits, password)
    person.ask("POST", "accounts/phone-token", {"phone": digits})
    [text] = wait_for(lambda: system.carried_to(person.number))
    facts = {
        "first_name": first, "last_name": last, "email": email, "password": password, "phone": digits,
        "phone_token": text["body"].split()[0], "timezone": zone,
    }  # fmt: skip
    person.guest.bear(person.ask("POST", "accounts/register", facts)["token"])
    [mail] = wait_for(lambda: system.carried_to(email))
    [token] = re.findall(r"^\s*([a-z0-9]{10})\s*$", mail["text"], re.MULTILINE)
    person.ask("POST", "accounts/verify-email", {"token": token})
    return person


def _times() -> list[str]:
    """Three moments on the quarter hour, far enough ahead to be proposed."""
    now = datetime.now(UTC) + timedelta(minutes=46)
    first = now.replace(minute=0, second=0, microsecond=0) + (now.minute // 15 + 1) * QUARTER
    return [(first + number * QUARTER).isoformat() for number in range(3)]


def _reminders(system: System, *parties: Person) -> list[str] | None:
    """What the reminders say, once both are there."""
    texts = [
        text["body"]
        for one in parties
        for text in system.carried_to(one.number)
        if "starts in" in text["body"]
    ]
    return texts if len(texts) == len(parties) else None


def _held(rita: Person, request: int) -> str | None:
    status = str(rita.ask("GET", f"call-requests/{request}")["status"])
    return "successful" if status == "s" else None


def _secrets(person: Person) -> tuple[str, str]:
    return person.digits, person.email
