"""A system of the tour's own, and the guests who use its API."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import click
import requests

from models import settings

PATIENCE = 20.0  # seconds for what a carrier does


class System:
    """`trunkline dev` as a process of its own.

    Parameters:
      rehearsal: whether its clocks may be moved. They are `ahead` of the real one by so many seconds.
    """

    def __init__(self, data: Path, port: int, simulator_port: int, *, rehearsal: bool = False) -> None:
        self.data, self.ahead = data, 0.0
        database = f"sqlite:///{data / 'trunkline.db'}"
        self._later = data / "later"
        moved = {"REHEARSAL": "1", "CLOCK_OFFSET_FILE": str(self._later)} if rehearsal else {}
        self._environ = settings.environment_with(DATABASE_URL=database, LOG_LEVEL="INFO", **moved)
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

    def jump(self, seconds: float) -> None:
        """Have all its clocks be so far ahead of the real one, as in a rehearsal."""
        self._later.write_text(str(seconds), encoding="ascii")
        self.ahead = seconds

    def accepted(self) -> list[dict[str, Any]]:
        """What its carrier was asked for and took, in order."""
        return list(requests.get(f"{self.simulator}/log", timeout=5).json()["requests"])

    def carried_to(self, receiver: str) -> list[dict[str, Any]]:
        """The texts and mails to one number or address."""
        return [entry for entry in self.accepted() if entry.get("to") == receiver]

    def dial_in(self, caller: str, number: str) -> None:
        """Somebody dials a number of ours."""
        told = {"channel": "call", "from": caller, "to": number}
        requests.post(f"{self.simulator}/inbound", json=told, timeout=5).raise_for_status()

    def phone(self, number: str, **how: Any) -> None:
        """Say how somebody's phone behaves."""
        told = {"number": number, **how}
        requests.post(f"{self.simulator}/numbers", json=told, timeout=5).raise_for_status()

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

    def __init__(self, api: str, name: str = "", password: str = "") -> None:
        self._api, self._session, self.seen = api, requests.Session(), ""
        if name:
            self._session.auth = (name, password)

    def bear(self, token: str) -> None:
        """Show this token from now on."""
        self._session.headers["Authorization"] = token

    def ask(self, verb: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """One request; what it answers."""
        answer = self._session.request(verb, self._api + path, json=body, timeout=10)
        self.seen += f"{answer.headers} {answer.text}\n"
        answer.raise_for_status()
        return answer.json()


def wait_for(condition: Callable[[], Any]) -> Any:
    """What the condition gives as soon as it is true, or when patience is over."""
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)  # between two looks, as a client would; the deadline above ends it
    return found


def _trunkline() -> list[str]:
    return [sys.executable, "-m", "trunkline"]


def say(text: str) -> None:
    """A line about what is going on."""
    click.echo(f"==> {text}")
