"""The ground of the bench: durable private servers, a database and a virtual host per system, and processes."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench import machine
from bench.load import PASSWORD, ROOT, USERS, user
from models import database, schema
from models.numbers import PhoneNumber
from models.passwords import hashed
from models.people import MENTEE, MENTOR, Contact, User
from tests.servers import PrivatePostgres, PrivateRabbit, start_both
from tests.servers.processes import KEEPER

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
START = 30.0  # seconds that a process may take to be ready


class Running:
    """One process of a system under measurement; its output goes to a file of its own."""

    def __init__(
        self, name: str, command: list[str], env: Mapping[str, str], folder: Path, *, freezes: bool
    ) -> None:
        self.name, self.log, self.freezes = name, folder / f"{name}.log", freezes
        with self.log.open("wb") as output:
            self._popen = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env={**os.environ, **env}, stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        KEEPER.tell("+pid", self._popen.pid)

    @property
    def pids(self) -> set[int]:
        """The process and its children."""
        return machine.family([self._popen.pid])

    def wait_until(self, ready: Callable[[], Any]) -> Any:
        """What `ready` gives as soon as it is true."""
        deadline = time.monotonic() + START
        while not (found := ready()):
            if self._popen.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} is not ready:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.02)
        return found

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to all of it."""
        os.killpg(self._popen.pid, number)

    def stop(self) -> None:
        """End it."""
        for number in (signal.SIGCONT, signal.SIGTERM):
            if self._popen.poll() is None:
                self.signal(number)
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(12)
        with suppress(ProcessLookupError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()
        KEEPER.tell("-pid", self._popen.pid)


class System:
    """One system under measurement: its own database and virtual host, and its processes."""

    def __init__(self, name: str, ground: "Ground", settings: Mapping[str, str]) -> None:
        self._ground, self._running = ground, list[Running]()
        self.folder = ground.folder / name
        self.folder.mkdir()
        self.database_url = ground.database(name)
        self.broker_url = ground.rabbit.vhost(name)
        self.env = {
            "DATABASE_URL": self.database_url, "BROKER_URL": self.broker_url, "SIMULATOR_SECRET": SECRET,
            "API_URL": "", "LOG_LEVEL": "INFO", **settings,
        }  # fmt: skip

    def run(self, name: str, *command: str, freezes: bool = True, **env: str) -> Running:
        """Start a process with the system's settings. One that does not freeze goes on while the system sleeps."""
        running = Running(name, list(command), {**self.env, **env}, self.folder, freezes=freezes)
        self._running.append(running)
        return running

    def running(self, name: str) -> Running:
        """The first process of this name."""
        return next(running for running in self._running if running.name == name)

    def web(self, *command: str) -> int:
        """Start a web server and return its port when it answers."""
        port = free_port()
        running = self.run("web", *command, WEB_PORT=str(port))
        running.wait_until(lambda: _listens(port))
        return port

    def cpu(self) -> dict[str, float]:
        """CPU seconds so far of each of its processes, by name."""
        used: dict[str, float] = {}
        for running in self._running:
            used[running.name] = used.get(running.name, 0.0) + machine.cpu_seconds(running.pids)
        return used

    @contextmanager
    def awake(self) -> Iterator[None]:
        """Its processes run inside, and stand still before and after: an idle one takes nothing from others."""
        for running in self._running:
            running.signal(signal.SIGCONT)
        try:
            yield
        finally:
            self.sleep()

    def sleep(self) -> None:
        """Have its processes stand still."""
        for running in self._running:
            if running.freezes:
                running.signal(signal.SIGSTOP)

    def do(self, *command: str) -> None:
        """Run a command to its end with the system's settings."""
        subprocess.run([sys.executable, *command], cwd=ROOT, env={**os.environ, **self.env}, check=True)

    def stop(self) -> None:
        """End all processes."""
        for running in reversed(self._running):
            running.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class Ground:
    """PostgreSQL that waits for the disk and asks for passwords, as in production, and RabbitMQ."""

    def __init__(self, postgres: PrivatePostgres, rabbit: PrivateRabbit, folder: Path) -> None:
        self.postgres, self.rabbit, self.folder = postgres, rabbit, folder
        self._pattern = ""
        self._servers = {"postgres": machine.named("postgres"), "rabbitmq": machine.named("beam.smp")}
        self._ask_for_passwords()
        self._prepare()

    def _ask_for_passwords(self) -> None:
        if self.postgres.given:
            return
        with psycopg.connect(self.postgres.url, autocommit=True) as connection:
            connection.execute("ALTER ROLE app PASSWORD 'secret'")
            ((rules,),) = connection.execute("SHOW hba_file").fetchall()
            Path(rules).write_text("host all all 127.0.0.1/32 scram-sha-256\n")
            connection.execute("SELECT pg_reload_conf()")
        parts = urlsplit(self.postgres.url)
        self.postgres.url = urlunsplit(parts._replace(netloc=parts.netloc.replace("app@", "app:secret@")))

    def _prepare(self) -> None:
        """The tables and the people, in a database that all others are copies of."""
        database.bind(self.postgres.create_database("pattern"))
        schema.migrate()
        password = hashed(PASSWORD)
        for number in range(USERS):
            mentee = _contact(MENTEE, f"mentee{number}", f"+9198765{number:05}", password)
            _contact(MENTOR, user(number), f"+9198766{number:05}", password, mentee)
        database.close()

    def database(self, name: str) -> str:
        """A new database with the people in it."""
        return self.postgres.create_database(name, template="pattern")

    def system(self, name: str, **settings: str) -> System:
        """A new system."""
        return System(name, self, settings)

    def carrier(self, answer_after: float = 0.0) -> "Box":
        """A carrier in a box that reports nothing back."""
        return Box(self.system(f"carrier{time.monotonic_ns()}"), answer_after)

    def cpu_of(self, system: System) -> dict[str, float]:
        """CPU seconds so far of a system and of the servers, which no other system uses meanwhile, by name."""
        servers = {name: machine.cpu_seconds(machine.family(pids)) for name, pids in self._servers.items()}
        return {**system.cpu(), **servers}


class Box:
    """The simulator, and its log of accepted requests."""

    def __init__(self, system: System, answer_after: float) -> None:
        self._system = system
        asked = ("--port", "0", "--data", str(system.folder), "--answer-after", str(answer_after))
        running = system.run("simulator", "trunkline.py", "simulator", *asked)
        ready = running.wait_until(lambda: _first_json(running.log))
        self.url: str = ready["simulator"]
        self._journal = system.folder / "accepted.jsonl"

    def accepted(self) -> int:
        """How many requests it has accepted."""
        return self._journal.read_bytes().count(b"\n")

    def times(self) -> list[float]:
        """When each request was accepted, in seconds since 1970, in order."""
        entries = (json.loads(line) for line in self._journal.read_text().splitlines())
        return [datetime.fromisoformat(entry["at"]).timestamp() for entry in entries]

    def wait_for(self, count: int, patience: float = 120.0) -> None:
        """Until so many are accepted."""
        deadline = time.monotonic() + patience
        while (now := self.accepted()) < count:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the carrier has {now} of {count} after {patience:.0f} s")
            time.sleep(0.02)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._system.stop()


@contextmanager
def ground(folder: Path) -> Iterator[Ground]:
    """The servers, for as long as it is needed."""
    postgres, rabbit = start_both(folder, durable=True)
    with postgres, rabbit:
        yield Ground(postgres, rabbit, folder)


def free_port() -> int:
    """A port on the loopback that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _first_json(log: Path) -> dict[str, Any] | None:
    for line in log.read_text().splitlines():
        if line.startswith('{"ready"'):
            found: dict[str, Any] = json.loads(line)
            return found
    return None


def _contact(kind: str, name: str, number: str, password: str, mentee: Contact | None = None) -> Contact:
    person = User.create(username=name, password=password)
    parsed = PhoneNumber.parse(number)
    facts = {"user": person, "kind": kind, "contact_number": parsed, "msisdn": parsed.msisdn}
    return Contact.create(**facts, mentee=mentee)
