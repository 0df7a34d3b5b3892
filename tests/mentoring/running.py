"""A running system in processes of its own: all it says is kept, its clock can be moved, and it may be killed."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Self

import psycopg
import requests

from models.flow import DEFAULT_FILE
from tests.house import Carrier, wait_for
from tests.servers.processes import KEEPER, Ports

ROOT = DEFAULT_FILE.parent
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class System(ABC):
    """What is the same, whether it is one process or many.

    Parameters:
      folder: where its data and its logs are.
      settings: of its environment; nothing of ours is handed on but these.
    """

    api = simulator = ""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.log = folder, folder / "said.log"
        self._offset = folder / "offset"
        plain = {name: os.environ[name] for name in ("PATH", "LC_ALL", "LANG", "TZ") if name in os.environ}
        self.env = {
            **plain, "HOME": str(folder), "PYTHONPATH": str(ROOT), "REHEARSAL": "1", "LOG_LEVEL": "DEBUG",
            "CLOCK_OFFSET_FILE": str(self._offset), **settings,
        }  # fmt: skip
        self._session = requests.Session()
        self._processes: dict[str, subprocess.Popen[str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._session.close()
        for name in list(self._processes):
            self.kill(name)

    def run(self, name: str, *words: str, crash_at: str = "") -> None:
        """Start a process.

        Parameters:
          name: to end it by.
          words: of the command line.
          crash_at: the named point at which it is to kill itself.
        """
        env = self.env | ({"CRASH_AT": crash_at} if crash_at else {})
        command = [sys.executable, "-m", "trunkline", *words]
        with self.log.open("ab") as log:
            self._processes[name] = subprocess.Popen(
                command,
                env=env,
                cwd=self.folder,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        KEEPER.tell("+pid", self._processes[name].pid)

    def heard(self, name: str) -> Any:
        """The next line of JSON that a process writes on its standard output."""
        said = self._processes[name].stdout
        assert said is not None
        line = said.readline()
        assert line, self.said()[-2000:]
        return json.loads(line)

    def died(self, name: str) -> int:
        """Wait until a process has ended; its exit code."""
        with self._processes.pop(name) as process:
            code = process.wait(30)
        KEEPER.tell("-pid", process.pid)
        return code

    def kill(self, name: str) -> None:
        """As the kernel does when memory is short: it, and what it has forked."""
        os.killpg(self._processes[name].pid, signal.SIGKILL)
        self.died(name)

    def end(self, name: str) -> None:
        """As operators do."""
        self._processes[name].terminate()
        assert self.died(name) == 0

    def said(self) -> str:
        """All that its processes ever wrote on standard error."""
        return self.log.read_text(errors="replace")

    def jump(self, seconds: float) -> None:
        """Move its clock by so many seconds from the real one."""
        fresh = self._offset.with_suffix(".new")
        fresh.write_text(repr(seconds), encoding="ascii")
        fresh.replace(self._offset)

    def type(self, *words: str, said: str = "") -> str:
        """What a command of an operator's writes, on both streams."""
        done = subprocess.run(
            [sys.executable, "-m", "trunkline", *words], env=self.env | {"DATABASE_URL": self.database_url},
            cwd=self.folder, input=said, capture_output=True, text=True, timeout=30,
        )  # fmt: skip
        return done.stdout + done.stderr

    def ask(
        self, verb: str, path: str, body: Any = None, *, user: str, password: str, **more: Any
    ) -> requests.Response:
        """A request to the API; by nobody when the user has no name."""
        auth = (user, password) if user else None
        return self._session.request(verb, self.api + path, json=body, auth=auth, timeout=20, **more)

    @property
    def carrier(self) -> Carrier:
        """The carrier in the box, from outside."""
        return Carrier(self.simulator)

    def drain(self) -> None:
        """Wait until nothing due is owed, by its own metrics."""
        wait_for(lambda: not self._due(), patience=40)

    def _due(self) -> float:
        told = self._session.get(f"{self.api}/metrics", timeout=20).text
        owed = re.findall(r'trunkline_owed_commands\{.*standing="(\w+)"\} (\S+)', told)
        assert "trunkline_owed_commands" in told
        return sum(float(count) for standing, count in owed if standing in ("ready", "sent", "running"))

    @property
    @abstractmethod
    def database_url(self) -> str:
        """Where its truth is."""

    @abstractmethod
    def sql(self, statement: str) -> list[Any]:
        """Look into its database, or do there what no process of ours would."""

    @abstractmethod
    def start(self) -> None:
        """Start all of it, and wait until it is ready."""

    @abstractmethod
    def die(self, point: str, deed: Callable[[], Any]) -> None:
        """Be killed at a named point of death while somebody does something, and start again."""


class Alone(System):
    """`trunkline dev`: the API, relay, clock, workers and the carrier in a box, all of them one process on SQLite."""

    def start(self, crash_at: str = "") -> None:
        """Start it."""
        self.run("dev", *["dev", "--port", "0", "--simulator-port", "0", "--data", "data"], crash_at=crash_at)
        ready = self.heard("dev")
        self.api, self.simulator = ready["api"], ready["simulator"]

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.folder / 'data' / 'trunkline.db'}"

    def sql(self, statement: str) -> list[Any]:
        with closing(sqlite3.connect(self.database_url.removeprefix("sqlite:///"))) as database, database:
            return database.execute(statement).fetchall()

    def die(self, point: str, deed: Callable[[], Any]) -> None:
        self.kill("dev")
        self.start(crash_at=point)
        with suppress(requests.RequestException):  # it may die before it can answer
            deed()
        assert self.died("dev") == -signal.SIGKILL
        self.start()


class Apart(System):
    """Every process for itself, on PostgreSQL and RabbitMQ.

    Parameters:
      database_url: an empty database.
      broker_url: a virtual host of its own.
    """

    PARTS = ("simulator", "web", "relay", "clock", "worker")

    def __init__(self, folder: Path, database_url: str, broker_url: str, **settings: str) -> None:
        self._ports, self._database_url = Ports(2), database_url
        web, simulator = self._ports.numbers
        self.api, self.simulator = f"http://127.0.0.1:{web}", f"http://127.0.0.1:{simulator}"
        own = {
            "DATABASE_URL": database_url, "BROKER_URL": broker_url, "API_URL": self.api, "WEB_PORT": str(web),
            "WEB_PROCESSES": "1", "SIMULATOR_URL": self.simulator, "SIMULATOR_PORT": str(simulator),
            "SIMULATOR_SECRET": SECRET, "SIMULATOR_DATA": str(folder / "simulator"),
        }  # fmt: skip
        super().__init__(folder, **own, **settings)

    def __exit__(self, *_exc: object) -> None:
        super().__exit__()
        self._ports.release()

    def start(self) -> None:
        """Start every part."""
        self.type("migrate")
        for part in self.PARTS:
            self.run(part, part)
        self.heard("simulator")
        wait_for(self._answers, patience=30)

    def _answers(self) -> bool:
        with suppress(requests.RequestException):
            return requests.get(f"{self.api}/health", timeout=2).ok
        return False

    @property
    def database_url(self) -> str:
        return self._database_url

    def sql(self, statement: str) -> list[Any]:
        with psycopg.connect(self._database_url, autocommit=True) as database:
            done = database.execute(statement)
            return done.fetchall() if done.description else []

    def die(self, point: str, deed: Callable[[], Any]) -> None:
        self.kill("worker")
        self.run("worker", "worker", crash_at=point)
        deed()
        assert self.died("worker") == -signal.SIGKILL
        self.run("worker", "worker")
