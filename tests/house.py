"""The system as tests see it: its people, its API with and without a network, its carrier, and all of it at work."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any, Self

import falcon.testing
import requests

from api.app import create
from api.serving import Site
from models import clock, database, flow, hints, settings, watching
from models.ledger import LedgerRow
from models.numbers import PhoneNumber
from models.people import Contact, User
from models.people.passwords import hashed
from models.pipelines import Backoff, Route
from providers.exchange import Exchange
from workers.actors import RUNNERS
from workers.processes import Together

PASSWORD = "correct horse"
PATIENCE = 15.0  # seconds that a test waits for a condition before it fails

ADMIN, SERVICE, MENTOR, MENTEE, STRANGER = "root", "robot", "adam", "tony", "eve"
NUMBERS = {MENTOR: "+27987654321", MENTEE: "+27123456789", STRANGER: "+919876543210", "theo": "+911234567890"}


def wait_for(condition: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """What the condition gives as soon as it is true; the test fails when that takes too long."""
    deadline = time.monotonic() + patience
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
    return found


class Staff:
    """An administrator (root), a service account (robot), mentor adam with mentee tony, mentor eve with mentee theo."""

    def __init__(self) -> None:
        self.admin = _user(ADMIN, is_staff=True)
        self.service = _user(SERVICE, is_service=True)
        self.mentee = _contact("mentee", MENTEE)
        self.mentor = _contact("mentor", MENTOR, self.mentee)
        self.other_mentee = _contact("mentee", "theo")
        self.stranger = _contact("mentor", STRANGER, self.other_mentee)

    @staticmethod
    def user(name: str) -> User:
        """The user of this name."""
        return User.get(User.username == name)  # type: ignore[no-any-return]  # Peewee is untyped


@cache
def password_hash() -> str:
    """One slow hash for all tests of a process."""
    return hashed(PASSWORD)


def _user(name: str, **rights: bool) -> User:
    return User.create(username=name, first_name=name.title(), password=password_hash(), **rights)  # type: ignore[no-any-return]  # Peewee is untyped


def _contact(kind: str, name: str, mentee: Contact | None = None) -> Contact:
    number = PhoneNumber.parse(NUMBERS[name])
    facts = {"kind": kind, "contact_number": number, "msisdn": number.msisdn, "mentee": mentee}
    return Contact.create(user=_user(name), **facts)  # type: ignore[no-any-return]  # Peewee is untyped


@cache
def the_application() -> Any:
    """One for all tests of a process: it remembers who it has checked, so each password is hashed once."""
    return create()


class Client:
    """Requests to the API inside this process.

    Parameters:
      application: by default the one that all tests share.
    """

    def __init__(self, application: Any = None) -> None:
        self._client = falcon.testing.TestClient(application or the_application())

    def ask(
        self,
        verb: str,
        path: str,
        body: Any = None,
        *,
        user: str | None = MENTOR,
        password: str = PASSWORD,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> falcon.testing.Result:
        """One request. `body` is sent as JSON; `raw` as it is."""
        sent = dict(headers or {})
        if user is not None:
            sent.setdefault("Authorization", basic(user, password))
        if body is not None:
            raw = json.dumps(body).encode()
        if raw is not None:
            sent.setdefault("Content-Type", "application/json")
        return self._client.simulate_request(verb, path, body=raw, headers=sent)

    def get(self, path: str, **more: Any) -> falcon.testing.Result:
        return self.ask("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> falcon.testing.Result:
        return self.ask("POST", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> falcon.testing.Result:
        return self.ask("PUT", path, body, **more)


def basic(user: str, password: str) -> str:
    """The header of HTTP Basic authentication."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class Carrier:
    """The simulator from outside."""

    def __init__(self, url: str) -> None:
        self._url = url

    def log(self, channel: str | None = None) -> list[dict[str, Any]]:
        """Every request that it accepted, in order."""
        entries = requests.get(f"{self._url}/log", timeout=5).json()["requests"]
        return [entry for entry in entries if channel in (None, entry["channel"])]

    def fault(self, kind: str, channel: str = "*", **more: Any) -> None:
        """Have it fail."""
        requests.post(
            f"{self._url}/faults", json={"kind": kind, "channel": channel, **more}, timeout=5
        ).raise_for_status()

    def heal(self) -> None:
        """Have it fail no more."""
        requests.delete(f"{self._url}/faults", timeout=5).raise_for_status()

    def phone(self, number: str, **how: Any) -> None:
        """Say how a phone behaves."""
        requests.post(f"{self._url}/numbers", json={"number": number, **how}, timeout=5).raise_for_status()

    def inbound(self, **what: Any) -> str:
        """Somebody texts or calls in. Returns the carrier's id of it."""
        answer = requests.post(f"{self._url}/inbound", json=what, timeout=5)
        answer.raise_for_status()
        return str(answer.json()["id"])

    def hang_up(self, call: str) -> None:
        """Somebody who dialled in hangs up."""
        requests.post(f"{self._url}/hangup", json={"id": call}, timeout=5).raise_for_status()

    def calls_in(self) -> dict[str, dict[str, Any]]:
        """Who dialled in to a number that TwiML answers, and what he heard, by id."""
        calls = requests.get(f"{self._url}/calls", timeout=5).json()["calls"]
        return {call["id"]: call for call in calls}

    @property
    def owes(self) -> int:
        """Reports that the customer has not taken yet."""
        return int(requests.get(f"{self._url}/health", timeout=5).json()["reports_owed"])


class House:
    """API, relay, clock and workers at work."""

    def __init__(self, exchange: Exchange) -> None:
        self._site = Site(0)
        self.url = self._site.url
        settings.use(replace(settings.current(), api_url=self.url))
        exchange.report_to(self.url)
        self._together = Together()
        self._session = requests.Session()

    def __enter__(self) -> Self:
        self._together.purge()
        self._together.start()
        self._site.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._site.stop()
        self._together.stop()
        self._session.close()

    def ask(
        self, verb: str, path: str, body: Any = None, *, user: str = MENTOR, **more: Any
    ) -> requests.Response:
        """One request over HTTP."""
        return self._session.request(
            verb, self.url + path, json=body, auth=(user, PASSWORD), timeout=10, **more
        )

    def get(self, path: str, **more: Any) -> Any:
        """What a route answers, as JSON."""
        answer = self.ask("GET", path, **more)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        """What a route answers to a post, as JSON."""
        answer = self.ask("POST", path, body, **more)
        answer.raise_for_status()
        return answer.json()

    def drain(self) -> None:
        """Wait until nothing due is owed."""
        wait_for(lambda: watching.due_count() == 0)

    def settle(self, call_id: int) -> dict[str, Any]:
        """Wait until a call has ended and nothing due is owed; the call."""
        wait_for(lambda: self.get(f"/mentor/call/{call_id}")["status"] in ("successful", "inactive"))
        self.drain()
        return dict(self.get(f"/mentor/call/{call_id}"))


def run_due() -> int:
    """Do all due commands here, without a broker; each hint twice under `--double`. Returns how many."""
    count = 0
    while due := hints.take_due(100):
        for hint in due:
            for _ in range(2 if settings.current().double_hints else 1):
                RUNNERS[hint.name](hint.command_id, hint.attempt)
            count += 1
    database.close()
    return count


def hurry(**changes: Any) -> None:
    """Have all actors ask and wait in fractions of a second, and change what else is given, by field of `Actor`."""
    quick = {
        "timeout": timedelta(seconds=0.4),
        "backoff": Backoff(timedelta(seconds=0.1), timedelta(seconds=0.3)),
        **changes,
    }
    now = flow.current()
    actors = {
        name: replace(actor, **(quick if actor.timeout else {"backoff": quick["backoff"]}))
        for name, actor in now.actors.items()
    }
    flow.use(replace(now, actors=actors))


def reroute(channel: str, *providers: str, **changes: Any) -> None:
    """Have these providers carry everything of a channel."""
    now = flow.current()
    route = Route(channel, "", providers, shown="+15550100", **changes)
    flow.use(replace(now, routes={**now.routes, channel: (route,)}))


def run_until_settled(patience: float = PATIENCE) -> None:
    """Do what is due, as it becomes due, until nothing is owed but what is far away or dead."""

    def nothing_left() -> bool:
        run_due()
        rows = LedgerRow.select().where(LedgerRow.state != "dead")
        return not [row for row in rows if row.due_at < clock.now() + timedelta(seconds=patience)]

    wait_for(nothing_left, patience)
