"""Systems under measurement: their processes, each with its own log, started, put to sleep and ended."""

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

from bench import machine
from bench.load import ROOT
from tests.servers.processes import KEEPER

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
            time.sleep(0.02)  # between two looks; the deadline above ends it
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
    """One system under measurement.

    Parameters:
      folder: for its logs; made here.
      env: its settings.
    """

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        self.folder, self.env = folder, env
        self._running: list[Running] = []
        folder.mkdir()

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


class Box:
    """The simulator, and its log of accepted requests."""

    def __init__(self, system: System, answer_after: float) -> None:
        self._system = system
        asked = ("--silent", "--port", "0", "--data", str(system.folder), "--answer-after", str(answer_after))
        running = system.run("simulator", "trunkline.py", "simulator", *asked)
        ready = running.wait_until(lambda: _first_json(running.log))
        self.url: str = ready["simulator"]
        self._journal = system.folder / "accepted.jsonl"
        self._read = self._counted = 0

    def accepted(self) -> int:
        """How many requests it has accepted. Only what is new is read: who looks often takes nothing from others."""
        with self._journal.open("rb") as journal:
            journal.seek(self._read)
            new = journal.read()
        self._read += len(new)
        self._counted += new.count(b"\n")
        return self._counted

    def entries(self) -> list[dict[str, Any]]:
        """Each request it has accepted, in order."""
        return [json.loads(line) for line in self._journal.read_text().splitlines()]

    def times(self) -> list[float]:
        """When each request was accepted, in seconds since 1970, in order."""
        return [datetime.fromisoformat(entry["at"]).timestamp() for entry in self.entries()]

    def wait_for(self, count: int, patience: float = 120.0) -> None:
        """Until so many are accepted."""
        deadline = time.monotonic() + patience
        while (now := self.accepted()) < count:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the carrier has {now} of {count} after {patience:.0f} s")
            time.sleep(0.02)  # between two looks; the deadline above ends it

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._system.stop()


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
