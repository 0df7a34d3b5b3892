"""Dates and times of `/rest-api`: read with or without an offset, told in UTC, and echoed as they were written."""

import re
from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError

from api.times import LATEST

_FORM = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}(:?[0-5][0-9])?)?",
    re.ASCII,
)
_RIGHT = "Write a date and a time like 2013-12-10T12:34:43Z."
EARLIEST = 2  # the year; what is earlier cannot be told in every zone


def read(value: Any) -> datetime:
    """A moment as it was written, in the zone that it was written in.

    Raises:
      ValidationError: it is none.
    """
    return _as_written(value).replace(tzinfo=_as_written(value).tzinfo or UTC)


def echo(value: Any) -> str:
    """What the answer to a write says of a moment in its body: as it was written, naive if it was naive."""
    return _iso(_as_written(value))


def shown(moment: datetime | None) -> str | None:
    """`2013-12-16T11:19:29.994Z`: UTC, with milliseconds when there are any."""
    return None if moment is None else _iso(moment.astimezone(UTC))


def as_text(moment: datetime) -> str:
    """`2013-12-17 16:26:07+00:00`, as the sub-routes tell moments: microseconds only when there are any."""
    return moment.astimezone(UTC).isoformat(" ")


def _as_written(value: Any) -> datetime:
    if not isinstance(value, str) or not _FORM.fullmatch(value.strip()):
        raise ValidationError(_RIGHT)
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        raise ValidationError("There is no such date or time.") from None
    if not EARLIEST <= moment.year <= LATEST:
        raise ValidationError(f"Write a year up to {LATEST}.")
    return moment


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds").replace(
        "+00:00", "Z"
    )
