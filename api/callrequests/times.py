"""Times as `/api/v1` writes them, in UTC with six digits of a second, and reads them [D-2]."""

import re
from datetime import UTC, datetime

from api import times

_READ = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,6})?)?"
    r"(?:Z|[+-][0-9]{2}(?::?[0-5][0-9])?)?)"
)
EARLIEST = 2  # the year; what is earlier cannot be told in every zone


def written(moment: datetime | None) -> str | None:
    """`2017-12-25T06:00:00.000000Z`, or null."""
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read(text: str) -> datetime:
    """A moment in ISO 8601, with `T` or a blank between date and time; without an offset it is UTC.

    Raises:
      ValueError: it is none; the text says what would be right.
    """
    parts = _READ.fullmatch(text)
    moment = times.read("T".join(parts.groups()) if parts else "")
    if moment.year < EARLIEST:
        raise ValueError(f"Write a year from {EARLIEST} to {times.LATEST}.")
    return moment


class Instant(times.Moment):
    """A moment in a body."""

    reader = staticmethod(read)
