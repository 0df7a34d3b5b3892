"""Reads a report's JSON field by field, and collects everything that is wrong with it before it says so."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from providers.errors import BadReport

LONGEST_ID = 64  # characters: the width of the columns that keep them
LONGEST_URL = 2000
IST = timezone(timedelta(hours=5, minutes=30), "IST")  # Asia/Calcutta: no daylight saving since 1945

_WALL_CLOCK = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?")
_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


class Fields:
    """One JSON object and the faults found in it, by field name. A null is as good as absent.

    Parameters:
      value: what was sent; anything but an object is a fault of its own, named `name`.
      name: where this object stands in the whole, for the faults' names.
      wrong: where to collect; shared with the objects inside this one.
    """

    def __init__(self, value: object, name: str = "", wrong: dict[str, list[str]] | None = None) -> None:
        self.wrong: dict[str, list[str]] = {} if wrong is None else wrong
        self._prefix = f"{name}." if name else ""
        self._is_object = isinstance(value, dict)
        self._values: Mapping[str, Any] = value if isinstance(value, dict) else {}
        if not self._is_object:
            self.wrong.setdefault(name or "body", []).append("must be a JSON object")

    def fault(self, field: str, text: str) -> None:
        """Note what is wrong with a field, in words that say what would be right."""
        if self._is_object:  # else everything is wrong, and has been said
            self.wrong.setdefault(self._prefix + field, []).append(text)

    def done(self) -> None:
        """Raises BadReport if anything was wrong."""
        if self.wrong:
            raise BadReport(self.wrong)

    def raw(self, field: str) -> Any:
        """The value as sent, or None."""
        return self._values.get(field)

    def inside(self, field: str) -> "Fields":
        """The object in a field."""
        return Fields(self.raw(field), self._prefix + field, self.wrong)

    def objects(self, field: str, most: int) -> list["Fields"]:
        """The objects of a list; absent is none of them, a null is not a list."""
        values = self._values.get(field, [])
        if not isinstance(values, list) or len(values) > most:
            self.fault(field, f"must be a list of at most {most} objects")
            return []
        name = self._prefix + field
        return [Fields(value, f"{name}[{place}]", self.wrong) for place, value in enumerate(values)]

    def identifier(self, field: str, *, required: bool = False) -> str | None:
        """An id: a text or a whole number, as text. An empty text is as good as absent."""
        value = self.raw(field)
        if value is None or value == "":
            if required:
                self.fault(field, "is required")
            return None
        text = _as_text(value)
        if text is None or not is_identifier(text):
            self.fault(
                field, f"must be a printable text of at most {LONGEST_ID} characters, or a whole number"
            )
            return None
        return text

    def text(self, field: str, most: int, *, least: int = 0) -> str:
        """A required text, kept as it is."""
        value = self.raw(field)
        if not _storable(value) or not least <= len(value) <= most:
            self.fault(field, f"must be a text of {least} to {most} characters, without NUL")
            return ""
        return value

    def flag(self, field: str, *, absent: bool) -> bool:
        """A boolean, also as the texts that Python programs send."""
        value = self._values.get(field, absent)
        if isinstance(value, bool):
            return value
        if value in ("true", "True", "false", "False"):
            return bool(value in ("true", "True"))
        self.fault(field, 'must be true or false (or the texts "true", "True", "false", "False")')
        return absent

    def moment(self, field: str, *, required: bool = False) -> datetime | None:
        """An ISO 8601 time with Z or an offset, as UTC."""
        return self._time(field, _ISO, "must be a time like 2017-04-20T12:02:33.593300Z", required)

    def ist(self, field: str, *, required: bool = False) -> datetime | None:
        """A wall clock time of India, as UTC."""
        right = "must be a time of day in India like 2017-04-20 17:32:33.593300, without T, Z or offset"
        return self._time(field, _WALL_CLOCK, right, required)

    def url(self, field: str) -> str | None:
        """A web address; absent, null and the empty text are none."""
        value = self.raw(field)
        if value is None or value == "":
            return None
        if not isinstance(value, str) or len(value) > LONGEST_URL or not _is_web_address(value):
            self.fault(field, f"must be an http or https URL of at most {LONGEST_URL} characters")
            return None
        return value

    def only(self, names: Iterable[str]) -> dict[str, Any]:
        """The fields of these names, as they were sent."""
        return {name: self._values[name] for name in names if name in self._values}

    def _time(self, field: str, form: re.Pattern[str], right: str, required: bool) -> datetime | None:
        value = self.raw(field)
        if value is None:
            if required:
                self.fault(field, right)
            return None
        if isinstance(value, str) and form.fullmatch(value):
            try:
                when = datetime.fromisoformat(value)
                return (when if when.tzinfo else when.replace(tzinfo=IST)).astimezone(UTC)
            except (ValueError, OverflowError):
                pass  # a 30th of February, or the morning of year 1
        self.fault(field, right)
        return None


def is_identifier(text: str) -> bool:
    """Whether this may be an id: printable, not blank, and as long as a column is wide."""
    return 0 < len(text) <= LONGEST_ID and text.isprintable() and not text.isspace()


def _as_text(value: object) -> str | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    if isinstance(value, int):
        return str(value) if abs(value) < 10**LONGEST_ID else None
    return value if isinstance(value, str) else None


def _storable(value: object) -> TypeGuard[str]:
    """No database takes a NUL in a text, and half a surrogate pair is no character."""
    return isinstance(value, str) and "\0" not in value and not re.search("[\ud800-\udfff]", value)


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and value.isprintable()
        and " " not in value
    )
