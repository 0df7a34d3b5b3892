"""The only clock: UTC now, moved by a rehearsal's offset file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from models import settings

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
FURTHEST = 1e9  # seconds: thirty years; what is further away is a slip
_read: dict[str, timedelta] = {}


def now() -> datetime:
    """The present moment, aware, in UTC; plus the rehearsal's offset when one is set."""
    path = settings.current().clock_offset_file
    moment = datetime.now(UTC)
    return moment + _offset(path) if path else moment


def microseconds(moment: datetime) -> int:
    """A moment in microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


def _offset(path: str) -> timedelta:
    """Seconds written in the file, read every time: its own time stamp is too coarse to tell two writings apart."""
    try:
        seconds = float(Path(path).read_text(encoding="ascii"))
        if abs(seconds) < FURTHEST:
            _read[path] = timedelta(seconds=seconds)
    except FileNotFoundError:
        return timedelta()
    except (ValueError, OSError):
        pass  # somebody is writing it: empty for an instant, and time must not jump back and forth
    return _read.get(path, timedelta())
