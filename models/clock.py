"""The only clock: UTC now, moved by a rehearsal's offset file."""

import os
from datetime import UTC, datetime, timedelta

from models import settings

_seen: tuple[float, timedelta] = (-1.0, timedelta())


def now() -> datetime:
    """The present moment, aware, in UTC; plus the rehearsal's offset when one is set."""
    path = settings.current().clock_offset_file
    moment = datetime.now(UTC)
    return moment + _offset(path) if path else moment


def _offset(path: str) -> timedelta:
    """Seconds written in the file; read again only when the file has changed."""
    global _seen
    try:
        changed = os.stat(path).st_mtime_ns
        if changed != _seen[0]:
            with open(path, encoding="ascii") as file:
                _seen = (changed, timedelta(seconds=float(file.read().strip() or 0)))
    except (OSError, ValueError):
        return timedelta()
    return _seen[1]
