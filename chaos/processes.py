"""One process of a system under test: started, killed, frozen, watched; and certainly ended when we are."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.servers.processes import KEEPER

ROOT = Path(__file__).resolve().parent.parent

_lock = threading.Lock()
_alive: set["Child"] = set()
_closed = threading.Event()


class Closed(RuntimeError):
    """Everything is being ended: nothing is started any more."""


class Child:
    """A process in a session of its own, which the keeper ends should we be killed.

    Parameters:
      name: what it is called in the system; its output goes to `NAME.log`.
      pid: its number, and its group's.
      begins: how many bytes those who bore this name before have left in the log.
      ended: set when it has ended.
    """

    def __init__(self, name: str, pid: int, log: Path, begins: int) -> None:
        self.name, self.pid, self.log, self._begins = name, pid, log, begins
        self.exit_code: int | None = None  # -9 after SIGKILL
        self.ended = threading.Event()
        KEEPER.tell("+pid", pid)
        with _lock:
            _alive.add(self)
        if _closed.is_set():
            self.kill()
            raise Closed

    def died(self, patience: float) -> int | None:
        """Its exit code as soon as it has one; None when it still runs after `patience` seconds."""
        self.ended.wait(patience)
        return self.exit_code

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """SIGKILL, to its children too, and wait."""
        self.signal(signal.SIGKILL)
        self.ended.wait(10)
        with _lock:
            _alive.discard(self)
        KEEPER.tell("-pid", self.pid)

    def frozen(self, patience: float) -> bool:
        """Wait until it is stopped (SIGSTOP has taken effect); False after `patience` seconds."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                if Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T":
                    return True
            time.sleep(0.02)  # between two looks
        return False

    def said(self, words: str) -> bool:
        """Whether it has written these words to its log."""
        return words in self.log.read_bytes()[self._begins :].decode(errors="replace")

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-1500:]

    def over(self, code: int) -> None:
        """It has ended; told by whoever waits for it."""
        self.exit_code = code
        self.ended.set()


def spawn(name: str, command: Sequence[str], env: Mapping[str, str], folder: Path) -> Child:
    """Start any command."""
    log = folder / f"{name}.log"
    begins = _size(log)
    with log.open("ab") as output:
        popen = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd=folder,
            env=dict(env), start_new_session=True,
        )  # fmt: skip
    child = Child(name, popen.pid, log, begins)
    threading.Thread(target=lambda: child.over(popen.wait()), daemon=True).start()
    return child


def _size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0


class Mother:
    """Starts `trunkline` processes quickly; see `zygote.py`."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._born: list[int] = []
        self._news = threading.Condition()
        self._children: dict[int, Child] = {}
        self._codes: dict[int, int] = {}
        command = [sys.executable, "-m", "chaos.zygote"]
        self._popen = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            start_new_session=True,
            text=True,
        )
        KEEPER.tell("+pid", self._popen.pid)
        threading.Thread(target=self._listen, daemon=True).start()

    def start(self, name: str, arguments: Sequence[str], env: Mapping[str, str], folder: Path) -> Child:
        """Start `trunkline ARGUMENTS`."""
        log = folder / f"{name}.log"
        order = {"arguments": list(arguments), "env": dict(env), "folder": str(folder), "log": str(log)}
        assert self._popen.stdin
        begins = _size(log)
        with self._turn:
            self._popen.stdin.write(json.dumps(order) + "\n")
            self._popen.stdin.flush()
            with self._news:
                while not self._born:
                    if not self._news.wait(30):
                        raise Closed("nobody starts processes any more")
                pid = self._born.pop()
        child = Child(name, pid, log, begins)
        with self._news:
            self._children[pid] = child
            if pid in self._codes:
                child.over(self._codes.pop(pid))
        return child

    def _listen(self) -> None:
        assert self._popen.stdout
        for line in self._popen.stdout:
            told = json.loads(line)
            with self._news:
                if "born" in told:
                    self._born.append(told["born"])
                    self._news.notify()
                elif child := self._children.pop(told["dead"], None):
                    child.over(told["code"])
                else:
                    self._codes[told["dead"]] = told["code"]


def kill_all() -> None:
    """End every process started here that still runs, and start no more."""
    _closed.set()
    with _lock:
        left = list(_alive)
    for child in left:
        child.signal(signal.SIGKILL)
