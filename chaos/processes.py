"""One process of a system under test: started, killed, frozen, watched; and certainly ended when we are."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.servers.processes import KEEPER

_lock = threading.Lock()
_alive: set["Child"] = set()
_closed = threading.Event()


class Closed(RuntimeError):
    """Everything is being ended: nothing is started any more."""


class Child:
    """A process in a session of its own, which the keeper ends should we be killed.

    Parameters:
      name: what it is called in the system; its output goes to `NAME.log`.
    """

    def __init__(self, name: str, command: Sequence[str], env: Mapping[str, str], folder: Path) -> None:
        self.name, self.log = name, folder / f"{name}.log"
        with self.log.open("ab") as output:
            self._popen = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd=folder,
                env=dict(env), start_new_session=True,
            )  # fmt: skip
        self.pid = self._popen.pid
        KEEPER.tell("+pid", self.pid)
        with _lock:
            _alive.add(self)
        if _closed.is_set():
            self.kill()
            raise Closed

    @property
    def exit_code(self) -> int | None:
        """None while it runs; -9 after SIGKILL."""
        return self._popen.poll()

    def died(self, patience: float) -> int | None:
        """Its exit code as soon as it has one; None when it still runs after `patience` seconds."""
        try:
            return self._popen.wait(patience)
        except subprocess.TimeoutExpired:
            return None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """SIGKILL, to its children too, and wait."""
        self.signal(signal.SIGKILL)
        self._popen.wait()
        self._over()

    def end(self, patience: float = 10.0) -> int | None:
        """SIGTERM, as an operator would; SIGKILL when that takes too long. Its exit code."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        code = self.died(patience)
        self.kill()
        return code

    def frozen(self, patience: float) -> bool:
        """Wait until it is stopped (SIGSTOP has taken effect); False after `patience` seconds."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                if Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T":
                    return True
            time.sleep(0.02)
        return False

    def said(self, words: str) -> bool:
        """Whether its log has these words."""
        return words in self.log.read_text(errors="replace")

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-1500:]

    def _over(self) -> None:
        with _lock:
            _alive.discard(self)
        KEEPER.tell("-pid", self.pid)


def kill_all() -> None:
    """End every process started here that still runs, and start no more."""
    _closed.set()
    with _lock:
        left = list(_alive)
    for child in left:
        child.kill()
