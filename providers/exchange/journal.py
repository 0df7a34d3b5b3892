"""Every accepted request, on disk before its answer leaves: what no crash can take back."""

import fcntl
import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger(__name__)


class Journal:
    """An append-only file of JSON lines, numbered from 1. Requests that come together share one fsync.

    Parameters:
      path: the file; made with its directories when missing, read when not. It is one process's alone.

    Raises:
      RuntimeError: another process writes to the file, or it is not a journal.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._file = path.open("a+b", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise RuntimeError(f"{path}: another exchange writes to this journal") from error
        self._queue = threading.Lock()  # guards what waits to be written
        self._disk = threading.Lock()  # held by the one who writes for all who wait
        self._waiting: list[bytes] = []
        self._numbered = 0
        self._starts = [0]  # where each durable line begins, and where the next one will
        self._ids: dict[tuple[str, str], str] = {}
        self._broken = False
        try:
            self._reload()
        except RuntimeError:
            self.close()
            raise

    def append(self, entry: Mapping[str, Any]) -> int:
        """Keep `entry` (with `channel`, `reference` and `id`) and return its number once it is on disk.

        Raises:
          OSError: it is not on disk; from then on every append fails, so that no answer can lie.
        """
        with self._queue:
            self._numbered += 1
            number = self._numbered
            self._waiting.append(json.dumps({"n": number, **entry}).encode() + b"\n")
        with self._disk:
            if number > len(self):
                self._write()
            self._ids.setdefault((entry["channel"], entry["reference"]), entry["id"])
        return number

    def find(self, channel: str, reference: str) -> str | None:
        """The id of the first request made under `reference`, or None."""
        return self._ids.get((channel, reference))

    def since(self, number: int) -> bytes:
        """The entries after `number`, as a JSON array."""
        start, end = self._starts[min(max(number, 0), len(self))], self._starts[-1]
        lines = os.pread(self._file.fileno(), end - start, start)
        return b"[" + lines.rstrip(b"\n").replace(b"\n", b",\n") + b"]"

    def entries(self) -> list[dict[str, Any]]:
        """All entries so far."""
        return list(json.loads(self.since(0)))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def __len__(self) -> int:
        return len(self._starts) - 1

    def _write(self) -> None:
        with self._queue:
            lines, self._waiting = self._waiting, []
        if self._broken:
            raise OSError(f"{self._path}: an earlier write failed")
        self._broken = True
        written = memoryview(b"".join(lines))
        while written:
            written = written[self._file.write(written) or 0 :]
        os.fsync(self._file.fileno())
        self._broken = False
        for line in lines:
            self._starts.append(self._starts[-1] + len(line))

    def _reload(self) -> None:
        self._file.seek(0)
        for line in self._file.readlines():
            if not line.endswith(b"\n"):
                log.warning("journal.torn_line_dropped", path=str(self._path), bytes=len(line))
                break
            try:
                entry = json.loads(line)
                self._ids.setdefault((entry["channel"], entry["reference"]), entry["id"])
            except (ValueError, KeyError, TypeError) as error:
                raise RuntimeError(f"{self._path}:{len(self) + 1}: not a line of a journal") from error
            self._starts.append(self._starts[-1] + len(line))
        self._file.truncate(self._starts[-1])
        self._numbered = len(self)
