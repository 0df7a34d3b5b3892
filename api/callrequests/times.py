"""Times as `/api/v1` writes them, in UTC with six digits of a second, and reads them [D-2]."""

import re
from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, fields

_READ = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,6})?)?"
    r"(?:Z|[+-][0-9]{2}(?::?[0-5][0-9])?)?"
)
_RIGHT = "Write a date and a time in ISO 8601, like 2017-12-25T06:00:00Z."
LATEST = 9998  # the year; what is later cannot be told in every zone


def written(moment: datetime | None) -> str | None:
    """`2017-12-25T06:00:00.000000Z`, or null."""
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


class Instant(fields.DateTime):
    """A moment in a body; without an offset it is UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(error_messages={"null": _RIGHT}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        if not (isinstance(value, str) and _READ.fullmatch(value)):
            raise ValidationError(_RIGHT)
        try:
            given = datetime.fromisoformat(value)
            moment = given.replace(tzinfo=given.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValidationError(_RIGHT) from None
        if not 1 < moment.year <= LATEST:
            raise ValidationError(f"Write a year from 2 to {LATEST}.")
        return moment
