"""What both servers need: an ordinary user, ports and a folder of their own, and a certain end."""

import atexit
import contextlib
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

# Below the ports that kernels give to outgoing connections: no client sits on one while its server restarts.
PORTS = range(11000, 15900)


class ServerTrouble(RuntimeError):
    """A private server could not do as asked; the text says what and shows the end of its log."""


def ordinary_user() -> dict[str, Any]:
    """Popen's arguments that run a command without root's rights: both servers refuse root or should."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def fresh_folder(directory: Path | None, name: str) -> Path:
    """A new folder that the servers' user can write to.

    It lies below `directory` when that user can get there (a checkout in root's home is closed to it, and so
    is pytest's `tmp_path`), else in the system's temporary place. The keeper removes it if we do not.

    Raises:
      ServerTrouble: there is no such place.
    """
    user = ordinary_user()
    if directory is not None:
        directory.mkdir(parents=True, exist_ok=True)
    places = [directory, Path(tempfile.gettempdir()), Path("/var/tmp")]
    for place in places:
        if place is None:
            continue
        folder = Path(tempfile.mkdtemp(prefix=f"trunkline-{name}-", dir=place.resolve()))
        if user:
            os.chown(folder, user["user"], user["group"])
        if subprocess.run(["test", "-w", str(folder)], **user, cwd="/").returncode == 0:
            KEEPER.tell("+dir", folder)
            return folder
        folder.rmdir()
    raise ServerTrouble(f"no folder for {name} that an ordinary user can write to; tried {places}")


def remove_folder(folder: Path) -> None:
    """Remove what `fresh_folder` made."""
    shutil.rmtree(folder, ignore_errors=True)
    KEEPER.tell("-dir", folder)


class Ports:
    """Neighbouring loopback ports, free now and ours until released, however many runs go in parallel.

    A port is reserved by binding an abstract Unix socket named after it: other runs see it, nothing is left
    on disk, and the kernel drops it with us. (Off Linux there are no such sockets; only the check is made.)
    """

    def __init__(self, count: int) -> None:
        self._reserved: list[socket.socket] = []
        starts = list(PORTS[:-count:count])
        random.shuffle(starts)
        for start in starts:
            self.numbers = range(start, start + count)
            if all(self._take(port) for port in self.numbers):
                return
            self.release()
        raise ServerTrouble(f"no {count} free ports between {PORTS.start} and {PORTS.stop}")

    def _take(self, port: int) -> bool:
        try:
            if sys.platform == "linux":
                mark = socket.socket(socket.AF_UNIX)
                self._reserved.append(mark)
                mark.bind(f"\0trunkline-port-{port}")
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True

    def release(self) -> None:
        """Let others have them."""
        for mark in self._reserved:
            mark.close()
        self._reserved.clear()


class Process:
    """A server process, in a session of its own so that Ctrl-C at the terminal reaches us and not it."""

    def __init__(self, command: Sequence[str], *, folder: Path, env: Mapping[str, str], log: Path) -> None:
        self.name, self.log = Path(command[0]).name, log
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=dict(env),
                start_new_session=True,
                **ordinary_user(),
            )
        KEEPER.tell("+pid", self._popen.pid)

    def wait_for(self, ready: Callable[[], bool], *, timeout: float) -> None:
        """Return when `ready()` is true.

        Raises:
          ServerTrouble: the process ended before, or `timeout` seconds passed.
        """
        deadline = time.monotonic() + timeout
        while not ready():
            if self._popen.poll() is not None:
                raise ServerTrouble(f"{self.name} ended with {self._popen.returncode}\n{self._last_words()}")
            if time.monotonic() > deadline:
                raise ServerTrouble(f"{self.name} was not ready after {timeout:.0f} s\n{self._last_words()}")
            time.sleep(0.02)

    def finish(self, *, timeout: float) -> None:
        """Wait until the process has ended well.

        Raises:
          ServerTrouble: it ended badly, or `timeout` seconds passed.
        """
        try:
            failed = self._popen.wait(timeout)
        except subprocess.TimeoutExpired:
            failed = True
        self.end(signal.SIGKILL)
        if failed:
            raise ServerTrouble(f"{self.name} ended with {self._popen.returncode}\n{self._last_words()}")

    def _last_words(self) -> str:
        logs = [path for path in (self.log, *self.log.parent.glob("*.log")) if path.is_file()]
        tails = (path.read_text(errors="replace").splitlines()[-25:] for path in dict.fromkeys(logs))
        return "\n".join(line for tail in tails for line in tail)

    def end(self, how: signal.Signals, *, patience: float = 10.0) -> None:
        """Send `how`, and SIGKILL after `patience` seconds; wait until it and its children are gone."""
        children = _children(self._popen.pid)
        if how == signal.SIGKILL:
            _signal_group(self._popen.pid, how)
        else:
            self._popen.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(patience)
        _signal_group(self._popen.pid, signal.SIGKILL)
        self._popen.wait()
        for child in children:  # PostgreSQL's are in sessions of their own
            _kill_and_wait(child)
        KEEPER.tell("-pid", self._popen.pid)


def _signal_group(pid: int, how: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, how)


def _kill_and_wait(pid: int) -> None:
    """End a process that is not our child; it is gone when the signal finds nobody."""
    deadline = time.monotonic() + 10
    with contextlib.suppress(ProcessLookupError):
        while time.monotonic() < deadline and not _is_over(pid):
            os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)


def _status(pid: int | str) -> list[str]:
    """State and parent of a process, the first fields after its name in /proc; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _is_over(pid: int) -> bool:
    return _status(pid)[:1] in ([], ["Z"])


def _children(pid: int) -> list[int]:
    pids = (int(path.name) for path in Path("/proc").glob("[0-9]*"))
    return [child for child in pids if _status(child)[1:2] == [str(pid)]]


class _Keeper:
    """The process that ends the servers when we no longer can (`keeper.py`)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._popen: subprocess.Popen[str] | None = None

    def tell(self, order: str, what: object) -> None:
        with self._lock:
            if self._popen is None:
                self._popen = subprocess.Popen(
                    [sys.executable, "-I", str(Path(__file__).with_name("keeper.py"))],
                    stdin=subprocess.PIPE,
                    text=True,
                    start_new_session=True,
                    cwd="/",
                )
                atexit.register(self.close)
            assert self._popen.stdin is not None
            self._popen.stdin.write(f"{order} {what}\n")
            self._popen.stdin.flush()

    def close(self) -> None:
        """Let it clean up now, and wait for it, so that nothing is left when we exit."""
        if self._popen is not None:
            self._popen.communicate()


KEEPER = _Keeper()
