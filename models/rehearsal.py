"""Named points of death: a rehearsal can kill a process exactly there and watch nothing be lost."""

import os
import signal

from models import settings

_armed: str | None = None
_left = 0


def arm(spec: str) -> None:
    """Die at a point. `spec` is its name, or `name:n` for the n-th time it is passed."""
    global _armed, _left
    name, _, count = spec.partition(":")
    _armed, _left = (name or None), int(count or 1)


def arm_from_settings() -> None:
    """Arm the point named by `CRASH_AT`, if any. Called once as each process starts."""
    arm(settings.current().crash_at)


def point(name: str) -> None:
    """Pass a named point: nothing happens unless a rehearsal armed it; then SIGKILL, as a crash would."""
    global _left
    if _armed is None or name != _armed:
        return
    _left -= 1
    if _left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
