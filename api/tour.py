"""A tour of the API: starts a system of its own, has a mentor call and text a mentee, and shows what each side saw."""

import json
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import click
import requests

from models import folder, settings

MENTOR, MENTEE = "+919876543210", "+911234567890"
TEXT = "Hello Tony, shall we talk at five?"
PATIENCE = 20.0  # seconds for the carrier's reports

ASK = """
  curl -u {mentor} -X POST {api}/mentor/call/                 # ring both
  curl -u {mentor} -H 'Content-Type: application/json' -d '{{"content": "Hi"}}' {api}/mentor/message/
  curl -u {mentor} {api}/mentor/event/                        # what happened
  curl {simulator}/log                                        # what the carrier was asked
  DATABASE_URL=sqlite:///{data}/trunkline.db {bin}/trunkline trace call:1
"""


class System:
    """`trunkline dev` as a process of its own, and an administrator."""

    def __init__(self, data: Path, port: int, simulator_port: int) -> None:
        self.data = data
        database = f"sqlite:///{data / 'trunkline.db'}"
        self._environ = settings.environment_with(DATABASE_URL=database, LOG_LEVEL="INFO")
        ports = ["--port", str(port), "--simulator-port", str(simulator_port)]
        self._log = (data / "dev.log").open("w+", encoding="utf-8")
        command = [*_trunkline(), "dev", *ports, "--data", str(data)]
        self._process = subprocess.Popen(
            command, env=self._environ, stdout=subprocess.PIPE, stderr=self._log, text=True
        )

    def __enter__(self) -> Self:
        told = self._process.stdout.readline() if self._process.stdout else ""
        if not told:
            raise SystemExit(f"the system did not start:\n{self.log()}")
        ready = json.loads(told)
        self.api, self.simulator = str(ready["api"]), str(ready["simulator"])
        return self

    def __exit__(self, *_exc: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=15)
        self._log.close()

    def cli(self, *words: str, said: str = "") -> str:
        """What a `trunkline` command prints about this system."""
        done = subprocess.run(
            [*_trunkline(), *words], env=self._environ, input=said, text=True, capture_output=True
        )
        return done.stdout if done.returncode == 0 else done.stderr

    def log(self) -> str:
        """Everything that it has logged."""
        return (self.data / "dev.log").read_text(encoding="utf-8")

    def wait(self) -> None:
        """Until it ends, or somebody presses Ctrl-C."""
        try:
            self._process.wait()
        except KeyboardInterrupt:
            say("stopping")


class Guest:
    """Somebody who uses the API, and everything that it has told him."""

    def __init__(self, api: str, name: str, password: str) -> None:
        self._api, self._session, self.seen = api, requests.Session(), ""
        self._session.auth = (name, password)

    def ask(self, verb: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """One request; what it answers."""
        answer = self._session.request(verb, self._api + path, json=body, timeout=10)
        self.seen += f"{answer.headers} {answer.text}\n"
        answer.raise_for_status()
        return answer.json()


def show(keep: bool, data: Path, port: int, simulator_port: int) -> int:
    """Start a system and use it. Returns the exit code.

    Parameters:
      keep: leave it up, in `data` and on these ports, with accounts to try; otherwise show a call and a text on a
        system of its own, and end with one line of JSON.
    """
    if keep:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        say("starting the system")
        with System(data, port, simulator_port) as system:
            accounts = _people(system)
            say(f"the pages      {system.api}/  (as adam: a mentor; as admin: people and operations)")
            say(f"the API        {system.api}/docs/")
            say(f"the carrier    {system.simulator}/")
            for name, password in accounts.items():
                say(f"account        {name} : {password}")
            places = {"api": system.api, "simulator": system.simulator, "data": data.resolve()}
            click.echo(
                ASK.format(mentor=f"adam:{accounts['adam']}", bin=Path(sys.executable).parent, **places)
            )
            say("Ctrl-C ends it; the data stays in " + str(data))
            system.wait()
        return 0
    folder = Path(tempfile.mkdtemp(prefix="demo-", dir=_cache()))
    try:
        return _demo(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _demo(folder: Path) -> int:
    began = time.monotonic()
    say("starting API, relay, clock, workers and a carrier in a box, in one process on SQLite")
    with System(folder, 0, 0) as system:
        say("adding a mentor and a mentee")
        accounts = _people(system)
        mentor = Guest(system.api, "adam", accounts["adam"])
        say("the mentor calls and texts the mentee")
        call = mentor.ask("POST", "/mentor/call/")["id"]
        mentor.ask("POST", "/mentor/message/", {"content": TEXT})
        ended = _wait(mentor, call)
        system.cli("drain")
        mentor.ask("GET", "/mentor/message/")
        mentor.ask("GET", "/mentor/event/")
        log = requests.get(f"{system.simulator}/log", timeout=5).json()["requests"]
        _timelines(system, log, call)
        leaks = _leaks(mentor.seen, log, system.log())
    result = {
        "call": ended["status"],
        "dialled": sum(entry["channel"] == "call" for entry in log),
        "texts": sum(entry["channel"] == "text" for entry in log),
        "numbers_leaked": leaks,
        "seconds": round(time.monotonic() - began, 1),
    }
    click.echo(json.dumps(result))
    wanted = {"call": "successful", "dialled": 1, "texts": 1, "numbers_leaked": 0}
    return 0 if wanted.items() <= result.items() else 1


def _people(system: System) -> dict[str, str]:
    """Accounts: an administrator, mentor adam, mentee tony. Kept beside the data, for the next start."""
    file = system.data / "accounts.json"
    if file.exists():
        return dict(json.loads(file.read_text()))
    accounts = {name: secrets.token_urlsafe(9) for name in ("admin", "adam", "tony")}
    system.cli("user", "add", "admin", "--staff", "--password-stdin", said=accounts["admin"] + "\n")
    admin = Guest(system.api, "admin", accounts["admin"])
    tony = {"username": "tony", "first_name": "Tony", "contact_number": MENTEE, "password": accounts["tony"]}
    mentee = admin.ask("POST", "/mentor/mentee", tony)["id"]
    adam = {"username": "adam", "first_name": "Adam", "contact_number": MENTOR, "password": accounts["adam"]}
    admin.ask("POST", "/mentor/mentor", {**adam, "mentee": mentee})
    folder.write_privately(file, accounts)
    return accounts


def _wait(mentor: Guest, call: int) -> Any:
    deadline = time.monotonic() + PATIENCE
    while True:
        found = mentor.ask("GET", f"/mentor/call/{call}")
        if found["end_time"] or time.monotonic() > deadline:
            return found
        time.sleep(0.05)  # between two looks, as a client would; the deadline above ends it


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


def _trunkline() -> list[str]:
    return [sys.executable, "-m", "trunkline"]


def _cache() -> Path:
    """A folder in the checkout that git ignores."""
    folder = Path(__file__).resolve().parent.parent / ".cache"
    folder.mkdir(exist_ok=True)
    return folder


def say(text: str) -> None:
    """A line about what is going on."""
    click.echo(f"==> {text}")
