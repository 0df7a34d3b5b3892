"""Fields of the resources: how each is read from a body, leniently, and shown.

Nobody has to send a number as a number: `"1"` is 1. What is stored is of one type, and shown as such.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from marshmallow import ValidationError, fields, validate

from api.appointments.kinds import Kind
from api.appointments.links import Links, row_id
from api.appointments.moments import read, shown

MOST = 2**31 - 1  # what an integer column holds
_NOT_NULL = "This may not be null."
_NOT_BLANK = "This may not be blank."


class Field(fields.Field[Any]):
    """One field. `says` is told in the documentation; `read_only` ones are ignored when sent.

    Where null may be stored, `null` is true; `default` is what is stored when nothing was sent. What is not told
    while it has a certain value says `unless`. What is `secret` is null to everyone but superusers.
    """

    extra: Mapping[str, Any] = {}  # of its schema in the documentation

    def __init__(
        self,
        says: str,
        *,
        read_only: bool = False,
        null: bool = False,
        required: bool = False,
        unless: Any = None,
        secret: bool = False,
        **more: Any,
    ) -> None:
        self.unless, self.secret = unless, secret
        meta = {"description": says, **self.extra, **more.pop("meta", {})}
        if "default" in more:
            more["load_default"] = more.pop("default")
        super().__init__(metadata=meta, dump_only=read_only, allow_none=null, required=required, **more)
        self.error_messages |= {"required": "This is required.", "null": _NOT_NULL}

    @property
    def column(self) -> str:
        """Its column's name."""
        return str(self.name)

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **more: Any) -> Any:
        """What is stored of what was sent; an empty text is nothing, but for texts."""
        if value == "" and not isinstance(self, Text):
            value = None
        return super().deserialize(value, attr, data, **more)

    def tells(self, row: Any) -> bool:
        """Whether it is told of a row at all."""
        return self.unless is None or bool(getattr(row, self.column) != self.unless)

    def shown(self, row: Any, _links: Links) -> Any:
        """What is told of a row."""
        return getattr(row, self.column)


class Text(Field, fields.String):
    """A text of up to `longest` characters."""

    def __init__(self, longest: int, says: str, *, blank: bool = True, **more: Any) -> None:
        self.blank = blank
        length = validate.Length(None if blank else 1, longest, error=f"Write at most {longest} characters.")
        also = more.pop("also", ())
        super().__init__(says, validate=[length, *also], **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise ValidationError("Send a text.")
        if "\0" in value:
            raise ValidationError("A text may not hold a NUL character.")
        if not self.blank and not value.strip():
            raise ValidationError(_NOT_BLANK)
        return value


class Mail(Text):
    """A mail address; an empty text is none."""

    def __init__(self, says: str, **more: Any) -> None:
        right = validate.Email(error="Write a mail address, like somebody@example.com.")
        super().__init__(254, says, also=[right], **more)

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **more: Any) -> Any:
        if value == "":
            return None if self.allow_none else ""
        return super().deserialize(value, attr, data, **more)


class Site(Text):
    """The address of a website; an empty text is none."""

    def __init__(self, longest: int, says: str, **more: Any) -> None:
        right = validate.URL(schemes={"http", "https"}, error="Write an address like https://example.com.")
        super().__init__(longest, says, also=[right], **more)

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **more: Any) -> Any:
        return super().deserialize(None if value == "" else value, attr, data, **more)


class Whole(Field, fields.Integer):
    """A whole number."""

    def __init__(self, says: str, *, least: int = -MOST - 1, most: int = MOST, **more: Any) -> None:
        limits = validate.Range(least, most, error=f"Send a whole number from {least} to {most}.")
        super().__init__(says, validate=more.pop("validate", limits), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int:
        if isinstance(value, str) and re.fullmatch(r"\s*[+-]?[0-9]{1,19}\s*", value, re.ASCII):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValidationError("Send a whole number.")
        return value


class Code(Whole):
    """One of a few numbers, each of which means something."""

    def __init__(self, meanings: Mapping[int, str], says: str, **more: Any) -> None:
        self.meanings = meanings
        told = ", ".join(f"{code} {meaning}" for code, meaning in meanings.items())
        self._one_of = f"Send one of {told}."
        one = validate.OneOf(list(meanings), error=self._one_of)
        super().__init__(f"{says} {told}.", validate=one, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int:
        try:
            return super()._deserialize(value, attr, data, **more)
        except ValidationError:
            raise ValidationError(self._one_of) from None


class Flag(Field, fields.Boolean):
    """True or false; nothing that only looks like it."""

    WORDS: Mapping[Any, bool] = {
        "true": True, "True": True, "1": True, 1: True, "false": False, "False": False, "0": False, 0: False,
    }  # fmt: skip

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> bool:
        if isinstance(value, str | int) and value in self.WORDS:
            return self.WORDS[value]
        raise ValidationError("Send true or false.")


class When(Field, fields.DateTime):
    """A date and a time; without an offset it is UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> datetime:
        return read(value).astimezone(UTC)

    def shown(self, row: Any, _links: Links) -> Any:
        return shown(getattr(row, self.column))


class TimeOfDay(Field, fields.String):
    """A time of day, `hh:mm[:ss[.ffffff]]`."""

    _FORM = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?", re.ASCII)
    extra: Mapping[str, Any] = {"pattern": r"^[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?$"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        text = value.strip() if isinstance(value, str) else ""
        try:
            if not self._FORM.fullmatch(text):
                raise ValueError
            return time.fromisoformat(text).isoformat()
        except ValueError:
            raise ValidationError("Write a time of day like 07:30 or 07:30:00.") from None


class Json(Field, fields.Raw):
    """Any JSON; a text is read as JSON itself."""

    LONGEST = 100_000  # characters

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        try:
            value = json.loads(value) if isinstance(value, str) else value
            text = json.dumps(value, allow_nan=False)
            json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair could never be told again
        except (ValueError, RecursionError):
            raise ValidationError('Send JSON, like {"name": "Ann"}.') from None
        if len(text) > self.LONGEST or "\\u0000" in text:
            raise ValidationError(f"Send JSON of at most {self.LONGEST} characters, without NUL.")
        return text

    def shown(self, row: Any, _links: Links) -> Any:
        text = getattr(row, self.column)
        return None if text is None else json.loads(text)


class To(Field, fields.String):
    """A row of another resource: read as URL, path or id, shown as its URL; `bare`: as its id."""

    extra: Mapping[str, Any] = {"format": "uri"}

    def __init__(self, kind: Kind, says: str, *, bare: bool = False, **more: Any) -> None:
        self.kind, self.bare = kind, bare
        plain = {"type": ["integer", "null"] if more.get("null") else "integer"}
        super().__init__(says, meta={**plain, "format": "int64"} if bare else {}, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        try:
            return row_id(self.kind.name, value)
        except ValueError as error:
            raise ValidationError(str(error)) from None

    @property
    def column(self) -> str:
        """The column of the other row's id."""
        return f"{self.name}_id"

    def shown(self, row: Any, links: Links) -> Any:
        other = getattr(row, self.column)
        return other if self.bare or other is None else links.one(self.kind.name, other)


class Url(Field, fields.String):
    """The row's own URL."""

    extra: Mapping[str, Any] = {"format": "uri"}

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        super().__init__("The row's own URL.", read_only=True)

    def shown(self, row: Any, links: Links) -> Any:
        return links.one(self.kind.name, self.kind.id_of(row))


class Name(Field, fields.String):
    """The username of whom a row belongs to."""

    def shown(self, row: Any, _links: Links) -> Any:
        return getattr(row, self.column).username
