"""Trunkline as operators run it: every process for itself, on a database and a virtual host of its own."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Self

import psycopg

from chaos.ground import MENTORS, PIPELINES, Ground, answers_of, phone, phone_of_mentee, with_device
from chaos.outside import Outside, wait_for
from chaos.processes import ROOT, Child
from tests.servers.processes import Ports

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ACCEPTANCE = 1.0  # seconds a request may lie unread in the simulator's sockets; it is on the same machine
LONG_TALK = 10.0  # seconds: longer than a lease

# Who does what. Two of each that ask carriers, so that there is always another to take over.
WORKERS = {
    "dialing-1": ("dialing", "ringing"),
    "dialing-2": ("dialing", "ringing"),
    "sms-1": ("sms",),
    "sms-2": ("sms",),
    "records": ("records", "alarms", "chores", "mail", "push", "hooks"),
}


class System(Outside):
    """One Trunkline at work.

    Parameters:
      ground: its servers.
      name: of its folder and in messages.
      workers: worker processes by name, and the queues of each.
      web_processes: gunicorn's workers.
      seed: of the carrier's dice.
      answer_after: seconds that the carrier takes to answer.
    """

    def __init__(
        self,
        ground: Ground,
        folder: Path,
        name: str,
        *,
        workers: dict[str, tuple[str, ...]] | None = None,
        web_processes: int = 2,
        seed: int = 0,
        answer_after: float = 0.0,
    ) -> None:
        self.ground, self.name, self.workers = ground, name, WORKERS if workers is None else workers
        self.folder = folder / name
        self.folder.mkdir(parents=True)
        self.database_url, self.broker_url = ground.room()
        self._ports = Ports(2)
        web, simulator = self._ports.numbers
        super().__init__(f"http://127.0.0.1:{web}", f"http://127.0.0.1:{simulator}")
        self.children: dict[str, Child] = {}
        self.switched = 0  # workers that their dead man's switch has ended
        self._lock, self._over = threading.RLock(), threading.Event()
        self._simulator = ["--seed", str(seed), "--answer-after", str(answer_after)]
        self._env = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "REHEARSAL": "1",
            "DATABASE_URL": self.database_url, "BROKER_URL": self.broker_url, "PIPELINES_FILE": str(PIPELINES),
            "API_URL": self.url, "WEB_PORT": str(web), "WEB_PROCESSES": str(web_processes),
            "SIMULATOR_URL": self.simulator_url, "SIMULATOR_PORT": str(simulator), "SIMULATOR_SECRET": SECRET,
            "SIMULATOR_DATA": str(self.folder / "simulator"), "SIMULATOR_ACCEPTANCE": str(ACCEPTANCE),
            "LOG_LEVEL": "INFO", "SUGGESTION_LEAD": "1", "REMINDER_LEAD": "60", "FREE_CANCELLATIONS": "10000",
        }  # fmt: skip

    def __enter__(self) -> Self:
        try:
            self._boot()
            threading.Thread(target=self._supervise, daemon=True).start()
            for number in range(len(MENTORS)):
                for side in "12":
                    told = {"number": phone(number, side).e164(), **_manner(number)}
                    self.tell_simulator("POST", "/numbers", told)
        except BaseException:
            self.stop()
            raise
        return self

    def _boot(self) -> None:
        self.start("simulator", "web", "relay", "clock", *self.workers)
        self.ready()
        for mentor in MENTORS:
            told = {"number": phone_of_mentee(mentor), "feedback": answers_of(mentor)}
            self.tell_simulator("POST", "/numbers", told)
            if with_device(mentor):
                self.put("/mentor/device/", {"token": f"device-of-{mentor}"}, mentor)

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, *names: str, crash_at: str = "") -> None:
        """Start processes.

        Parameters:
          crash_at: the named point of death that these are armed with.
        """
        env = self._env | ({"CRASH_AT": crash_at} if crash_at else {})
        for name in names:
            with self._lock:
                self.children[name] = self._start(name, env)

    def _start(self, name: str, env: dict[str, str]) -> Child:
        role = ["worker", *self.workers[name]] if name in self.workers else [name]
        more = self._simulator if name == "simulator" else []
        return self.ground.mother.start(name, [*role, *more], env, self.folder)

    def kill(self, *names: str) -> None:
        """SIGKILL processes."""
        for name in names:
            with self._lock:
                child = self.children.pop(name)
            child.kill()

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to whoever bears this name now: his own switch may have ended him, and another be starting."""
        with self._lock:
            self.children[name].signal(number)

    def _supervise(self) -> None:
        """As whoever runs the processes does: a worker that its own switch has ended is started again."""
        while not self._over.wait(0.2):
            with self._lock:
                for name, child in list(self.children.items()):
                    if child.exit_code == -signal.SIGALRM:
                        self.switched += 1
                        self.kill(name)
                        self.start(name)

    def fallen(self) -> list[str]:
        """Processes that ended though nobody killed them."""
        return [name for name, child in self.children.items() if child.exit_code is not None]

    def ready(self) -> None:
        """Wait until API and simulator answer."""
        wait_for(f"{self.name}: the simulator", lambda: self.answers(self.simulator_url))
        wait_for(f"{self.name}: the API", lambda: self.answers(self.url))

    def stop(self) -> None:
        """Kill everything; nothing of it is wanted any more."""
        self._over.set()
        with self._lock:
            self.kill(*self.children)
        self._ports.release()

    def command(self, *arguments: str, crash_at: str = "") -> subprocess.CompletedProcess[str]:
        """Run `trunkline ARGUMENTS` to its end."""
        env = self._env | ({"CRASH_AT": crash_at} if crash_at else {})
        command = [sys.executable, str(ROOT / "trunkline.py"), *arguments]
        return subprocess.run(command, env=env, cwd=self.folder, capture_output=True, text=True)

    def trace(self, reference: str) -> str:
        """What `trunkline trace` says."""
        done = self.command("trace", reference)
        return done.stdout + done.stderr

    def sql(self, statement: str) -> None:
        """Do something to the database that no process of ours would."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            connection.execute(statement)

    def dead(self) -> list[dict[str, Any]]:
        """What `trunkline dead list` says."""
        return list(json.loads(self.command("dead", "list", "--json").stdout or "[]"))


def _manner(number: int) -> dict[str, Any]:
    """How a pair's phones behave: of some texts and calls the carrier reports late or never, so that only asking it
    can tell what became of a request that nobody heard the answer to.
    """
    return {
        "ring_s": 0.05,
        "talk_s": LONG_TALK if number > 5 else 0.1,
        "text": ("delivered", "never")[number % 2],
    }
