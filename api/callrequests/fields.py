"""Fields that bodies of `/api/v1` share: texts that are trimmed, whole numbers, and what forces."""

from typing import Any

from marshmallow import ValidationError, fields


class Trimmed(fields.String):
    """A text without the blanks around it, of 1 to `longest` characters."""

    def __init__(self, longest: int, **more: Any) -> None:
        self._wrong = f"Write 1 to {longest} characters, not only blanks."
        self._longest = longest
        super().__init__(error_messages=dict.fromkeys(("null", "invalid"), self._wrong), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more).strip()
        if not 1 <= len(text) <= self._longest:
            raise ValidationError(self._wrong)
        return text


class Whole(fields.Integer):
    """A whole number; true and false are none.

    Parameters:
      wrong: what is said of anything else.
      digits: whether a text of digits is taken for the number.
    """

    LONGEST = 18  # digits: what every column holds

    def __init__(self, wrong: str, *, digits: bool = False, **more: Any) -> None:
        self._wrong, self._digits = wrong, digits
        super().__init__(error_messages={"null": wrong}, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_more: Any) -> int:
        if self._digits and isinstance(value, str) and len(value) <= self.LONGEST:
            value = int(value) if value.isascii() and value.isdigit() else value
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValidationError(self._wrong)
        return value


class Forced(fields.Boolean):
    """True or false, or 1 or 0, or "true" or "false" [D-21]."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_more: Any) -> bool:
        if value in ("true", "false"):
            return bool(value == "true")
        if isinstance(value, int) and value in (0, 1):
            return bool(value)
        raise ValidationError("Send true or false.")
