"""Fields that say by whose clock something is done: zones, and times of day that may be none."""

from typing import Any

from marshmallow import ValidationError

from api.appointments.fields import Text, TimeOfDay
from models.people.accounts import zones

_LONGEST = 64  # characters of a zone's name


class Zone(Text):
    """A zone by its IANA name; an empty text is none. Null is not told: most rows do without."""

    def __init__(self, says: str, *, unless: Any = False, **more: Any) -> None:
        super().__init__(_LONGEST, says, unless=unless, **more)

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **more: Any) -> Any:
        return super().deserialize(None if value == "" else value, attr, data, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        if not isinstance(value, str) or value not in zones():
            raise ValidationError("Write an IANA name, like Europe/Berlin.")
        return value

    def tells(self, row: Any) -> bool:
        return getattr(row, self.column) not in (None, self.unless)


class MaybeTime(TimeOfDay):
    """A time of day, or none; null is not told."""

    def __init__(self, says: str) -> None:
        super().__init__(says, unless=False, null=True, default=None)

    def tells(self, row: Any) -> bool:
        return getattr(row, self.column) is not None
