"""A small process that outlives its parent by a moment, to end the servers and remove the folders it left.

It reads lines from its standard input: `+pid N`, `-pid N`, `+dir PATH`, `-dir PATH`. The end of the input
means that the parent is gone, by whatever way (even SIGKILL): what was added and not taken back is ended and
removed.
Imports nothing of the project, so that it starts quickly and alone.
"""

import contextlib
import os
import shutil
import signal
import sys
import time
from pathlib import Path

PATIENCE = (
    3.0  # seconds from the polite signal to SIGKILL: PostgreSQL's immediate shutdown takes less than one
)


def alive(pid: int) -> bool:
    """Whether a process still runs; one that only waits for its parent to notice does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def end(groups: set[int]) -> None:
    """End process groups: SIGQUIT (for PostgreSQL: at once, but tidy), then SIGKILL."""
    for group in groups:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGQUIT)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and any(alive(group) for group in groups):
        time.sleep(0.05)
    for group in groups:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


def keep() -> None:
    """Follow the parent's list until its end, then clean up what is left on it."""
    kept: dict[str, set[str]] = {"pid": set(), "dir": set()}
    for line in sys.stdin:
        order, _, what = line.rstrip("\n").partition(" ")
        if order[:1] == "+":
            kept[order[1:]].add(what)
        else:
            kept[order[1:]].discard(what)
    end({int(pid) for pid in kept["pid"]})
    for directory in kept["dir"]:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    keep()
