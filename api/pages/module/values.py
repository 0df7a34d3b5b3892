"""Values as people read them: JSON as lines of names and values, seconds as minutes, hours and days."""

import json
from collections.abc import Iterator
from typing import Any

MINUTE = 60  # seconds
_UNITS = ((86400, "day"), (3600, "h"), (MINUTE, "min"), (1, "s"))


def lines(text: str) -> str:
    """JSON, a line for each value: its name as placeholders have it, and what it is.

    `{"patient": "Ann", "doctor": {"name": "Weiss"}}` is `patient: Ann` and `doctor.name: Weiss`.

    Parameters:
      text: JSON; what is none stands as it is.
    """
    try:
        return "\n".join(_lines("", json.loads(text)))
    except (ValueError, RecursionError):
        return text


def _lines(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _lines(f"{name}.{key}" if name else key, inner)
    elif name or value not in (None, {}, []):
        said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield f"{name}: {said}" if name else said


def lasting(seconds: int) -> str:
    """`15 min`, `1 h 30 min`, `2 days`: of days, hours, minutes and seconds all that there are."""
    told, rest = [], seconds
    for length, unit in _UNITS:
        count, rest = divmod(rest, length)
        if count:
            told.append(f"{count} {unit}{'s' if unit == 'day' and count > 1 else ''}")
    return " ".join(told) or "0 s"


def seconds(count: int) -> str:
    """`900 (15 min)`: a number of seconds, and what that is where people count otherwise."""
    return f"{count} ({lasting(count)})" if count >= MINUTE else str(count)
