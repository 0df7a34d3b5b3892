"""Named points of death: a rehearsal can kill or freeze a process exactly there and watch nothing be lost."""

import os
import signal

from models import settings

_armed: str | None = None
_left = 0
_deed = signal.SIGKILL


def arm(spec: str) -> None:
    """Die at a point.

    Parameters:
      spec: `name`, `name:n` for the n-th time it is passed, or `name:n:STOP` to be frozen there and not killed.
    """
    global _armed, _left, _deed
    name, count, deed, *_ = *spec.split(":"), "", ""
    _armed, _left, _deed = (name or None), int(count or 1), signal.Signals[f"SIG{deed or 'KILL'}"]


def arm_from_settings() -> None:
    """Arm the point named by `CRASH_AT`, if any. Called once as a command starts; what it forks is armed too."""
    arm(settings.current().crash_at)


def point(name: str) -> None:
    """Pass a named point: nothing happens unless a rehearsal armed it; then SIGKILL, as a crash would."""
    global _armed, _left
    if _armed is None or name != _armed:
        return
    _left -= 1
    if _left <= 0:
        _armed = None
        os.kill(os.getpid(), _deed)
