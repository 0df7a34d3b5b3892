"""Times as the Mentoring Tool writes them, in UTC with microseconds only when there are any, and reads them [M-4]."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from marshmallow import ValidationError, fields

# ISO 8601 has more forms (weeks, days of the year, hours alone); what is not one of these is rather a slip than meant.
_READ = re.compile(
    r"[0-9]{4}(?:-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
    r"|[0-9]{4}T[0-9]{4}(?:[0-9]{2}(?:[.,][0-9]{1,9})?)?)(?:Z|[+-][0-9]{2}(?::?[0-5][0-9])?)?"
)
_RIGHT = "Write a date and a time in ISO 8601, like 2016-12-23T17:30:00Z"
LATEST = 9998  # the year; what is later cannot be told in every zone


def written(moment: datetime | None) -> str | None:
    """`2016-01-14T08:56:59.152335Z`, `2016-12-23T17:30:00Z`, or null."""
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def seconds(span: timedelta | None) -> float | None:
    """A span in seconds, or null."""
    return None if span is None else span.total_seconds()


def read(text: str) -> datetime:
    """A moment in ISO 8601, `2016-12-23T17:30:00+05:30` or shorter; without an offset it is UTC.

    Raises:
      ValueError: it is none; the text says what would be right.
    """
    if not _READ.fullmatch(text):
        raise ValueError(f"{_RIGHT}.")
    try:
        given = datetime.fromisoformat(text)
        moment = given.replace(tzinfo=given.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("There is no such date or time; write one like 2016-12-23T17:30:00Z.") from None
    if moment.year > LATEST:
        raise ValueError(f"Write a year up to {LATEST}.")
    return moment


class Moment(fields.DateTime):
    """A moment in a body."""

    reader = staticmethod(read)

    def __init__(self, *, error_messages: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(error_messages={"null": f"{_RIGHT}.", **(error_messages or {})}, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_more: Any) -> datetime:
        try:
            return self.reader(value if isinstance(value, str) else "")
        except ValueError as error:
            raise ValidationError(str(error)) from None
