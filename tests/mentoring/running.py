"""A running system in processes of its own: everything it says is kept, and it may be killed at any point."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import requests

from models.flow import DEFAULT_FILE
from tests.house import Carrier, wait_for

ROOT = DEFAULT_FILE.parent


class Running:
    """`trunkline dev` in a folder: the API, relay, clock, workers and the carrier in a box, all of them one process.

    Parameters:
      folder: where its data and its logs are.
      settings: of its environment; nothing of ours is handed on but these.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.log = folder, folder / "said.log"
        self.offset = folder / "offset"
        plain = {name: os.environ[name] for name in ("PATH", "LC_ALL", "LANG", "TZ") if name in os.environ}
        self._env = {
            **plain, "HOME": str(folder), "PYTHONPATH": str(ROOT), "REHEARSAL": "1", "LOG_LEVEL": "DEBUG",
            "CLOCK_OFFSET_FILE": str(self.offset), **settings,
        }  # fmt: skip
        self._session = requests.Session()
        self._process: subprocess.Popen[str] | None = None
        self.api = self.simulator = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._session.close()
        if self._process is not None:
            self._process.kill()
            self.died()

    def start(self, crash_at: str = "") -> None:
        """Start it and wait until it is ready.

        Parameters:
          crash_at: the named point at which it is to kill itself.
        """
        words = ["dev", "--port", "0", "--simulator-port", "0", "--data", "data"]
        command = [sys.executable, "-m", "trunkline", *words]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                env=self._with(CRASH_AT=crash_at),
                cwd=self.folder,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        ready = json.loads(self._process.stdout.readline() or '{"ready": false}')
        assert ready["ready"], self.said()[-2000:]
        self.api, self.simulator = ready["api"], ready["simulator"]

    def died(self) -> int:
        """Wait until it has ended; its exit code."""
        assert self._process is not None
        with self._process as process:
            code = process.wait(30)
        self._process = None
        return code

    def kill(self) -> None:
        """As the kernel does when memory is short."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        assert self.died() == -signal.SIGKILL

    def _with(self, **more: str) -> Mapping[str, str]:
        return self._env | {name: value for name, value in more.items() if value}

    def said(self) -> str:
        """All that it ever wrote on standard error."""
        return self.log.read_text(errors="replace")

    def jump(self, seconds: float) -> None:
        """Move its clock by so many seconds from the real one."""
        fresh = self.offset.with_suffix(".new")
        fresh.write_text(str(seconds), encoding="ascii")
        fresh.replace(self.offset)

    @property
    def database(self) -> Path:
        """Its database, which is SQLite's."""
        return self.folder / "data" / "trunkline.db"

    def type(self, *words: str, said: str = "") -> str:
        """What a command of an operator's writes, on both streams."""
        done = subprocess.run(
            [sys.executable, "-m", "trunkline", *words], env=self._with(DATABASE_URL=f"sqlite:///{self.database}"),
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
        """Wait until nothing due is owed."""
        wait_for(lambda: "still owed" not in self.type("drain", "--timeout", "5"), patience=40)
