"""Placeholders: `{key}` in what alarms say, text and mail, filled from the event's data."""

import html as markup
import json
import re
from collections.abc import Mapping
from typing import Any

SPELT = frozenset({"contact", "Phone1", "Phone2", "Phone3"})  # spoken digit by digit
PLACE = re.compile(r"\{([^{}]*)\}")
BRACES = str.maketrans("{}", "()", "\0")  # no value is a placeholder itself; no database keeps a NUL


def known(contact: str | None, data: str | None) -> dict[str, Any]:
    """What placeholders stand for: the event's data over what is known of every alarm.

    Parameters:
      contact: the number that the alarm is for.
      data: the event's data, JSON as it is stored; anything but an object holds no values.
    """
    values: dict[str, Any] = {"contact": contact or ""}
    values |= dict.fromkeys(("first_name", "last_name", "email", "address"), "")
    try:
        told = json.loads(data or "null")
    except (ValueError, RecursionError):
        told = None
    return values | told if isinstance(told, dict) else values


def filled(text: str, values: Mapping[str, Any], *, speech: bool = False, html: bool = False) -> str:
    """The text with its placeholders filled, in one pass; those that nothing is known for are removed.

    `{doctor.name}` and `{times.0}` look into nested data. Objects and lists themselves are not text and are removed
    too. Braces of a value become parentheses, so that it can neither be filled again nor take text around it away.
    Any `{…}` goes, so rules of style belong into attributes of a HTML body, not between braces.

    Parameters:
      values: as `known` gives them.
      speech: numbers of phones are spelt, each character followed by a space.
      html: values are escaped; the text around them is markup already.
    """
    if "{" not in text:
        return text

    def value(place: re.Match[str]) -> str:
        found = _text(_found(place[1], values))
        if speech and place[1] in SPELT:
            found = "".join(f"{character} " for character in found)
        return markup.escape(found) if html else found

    return _without_pairs(PLACE.sub(value, text))


def _found(key: str, values: Mapping[str, Any]) -> Any:
    """What a key stands for: itself, before it is taken for a path."""
    if key in values:
        return values[key]
    here: Any = values
    for step in key.split("."):
        if isinstance(here, Mapping):
            here = here.get(step)
        elif isinstance(here, list) and step.isascii() and step.isdigit() and len(step) < 6:
            here = here[int(step)] if int(step) < len(here) else None
        else:
            return None
    return here


def _text(value: Any) -> str:
    """A value as it is written; what no carrier could carry is left out."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str | int | float):
        return ""
    return str(value).translate(BRACES).encode("utf-8", "ignore").decode()


def _without_pairs(text: str) -> str:
    """The text without any `{…}`, however deep they are nested."""
    kept: list[str] = []
    opened: list[int] = []
    for character in text:
        if character == "}" and opened:
            del kept[opened.pop() :]
            continue
        if character == "{":
            opened.append(len(kept))
        kept.append(character)
    return "".join(kept)
