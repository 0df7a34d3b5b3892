"""How single values are written in pipelines.yaml: 5s, 10/s, 5s..5m, +91. Text in, a part or `Wrong` out."""

import re
from datetime import timedelta
from decimal import Decimal

from models.pipelines.parts import UNITS, Backoff, Price, Rate, spelled

LONGEST = timedelta(days=366)
HASTE = timedelta(milliseconds=100)  # waiting less between attempts is hammering, not patience
DURATIONS = "durations are written like 5s, 10m, 2h, 1d, 500ms"
BACKOFFS = "a back-off is written like 5s..5m, from the first wait to the longest"
PRICES = "prices of one segment are written like 0.0079 USD"
RATES = "rates are written like 10/s, 600/m, 1000/h"

_DURATION = re.compile(r"([0-9]{1,6})(ms|s|m|h|d)")
_RATE = re.compile(r"([1-9][0-9]{0,5})/(s|m|h|d)")
_PRICE = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?) ([A-Z]{3})")
_WHOLE = re.compile(r"[0-9]{1,6}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PREFIX = re.compile(r"\+[1-9][0-9]{0,14}")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


class Wrong(ValueError):
    """What is wrong with a written value, and how it would be right."""


def quoted(text: str) -> str:
    """The text in quotes as an error shows it: one line, not too long."""
    return repr(text if len(text) <= 40 else f"{text[:39]}…")


def duration(text: str, low: timedelta = timedelta(), high: timedelta = LONGEST) -> timedelta:
    """Read `15m`. Raises `Wrong` when it is no duration, or not from `low` to `high`."""
    match = _DURATION.fullmatch(text)
    if not match:
        raise Wrong(f"{quoted(text)} is no duration; {DURATIONS}")
    value = int(match[1]) * UNITS[match[2]]
    if not low <= value <= high:
        raise Wrong(f"{text} is out of bounds; write {spelled(low)} to {spelled(high)}")
    return value


def backoff(text: str) -> Backoff:
    """Read `5s..5m`. Raises `Wrong`."""
    first, dots, last = text.partition("..")
    if not dots:
        raise Wrong(f"{quoted(text)} is no back-off; {BACKOFFS}")
    found = Backoff(duration(first, low=HASTE), duration(last))
    if found.last < found.first:
        raise Wrong(f"{text} runs backwards; write {last}..{first}")
    return found


def rate(text: str) -> Rate:
    """Read `10/s`. Raises `Wrong`."""
    match = _RATE.fullmatch(text)
    if not match:
        raise Wrong(f"{quoted(text)} is no rate; {RATES}")
    return Rate(int(match[1]), UNITS[match[2]])


def price(text: str) -> Price:
    """Read `0.0079 USD`. Raises `Wrong`."""
    match = _PRICE.fullmatch(text)
    if not match:
        raise Wrong(f"{quoted(text)} is no price; {PRICES}")
    return Price(Decimal(match[1]), match[2])


def whole(text: str, low: int, high: int) -> int:
    """Read a whole number from `low` to `high`. Raises `Wrong`."""
    if not _WHOLE.fullmatch(text) or not low <= int(text) <= high:
        raise Wrong(f"{quoted(text)} will not do; write a whole number from {low} to {high}")
    return int(text)


def name(text: str) -> str:
    """Read a name of the operator's choice, fit for a broker's queue. Raises `Wrong`."""
    if not _NAME.fullmatch(text):
        raise Wrong(
            f"{quoted(text)} is no name; write small letters, digits and _, a letter first, at most 40"
        )
    return text


def prefix(text: str) -> str:
    """Read the beginning of E.164 numbers. Raises `Wrong`."""
    if not _PREFIX.fullmatch(text):
        raise Wrong(f'{quoted(text)} begins no number; write a + and the first digits, like "+91"')
    return text


def number(text: str) -> str:
    """Read an E.164 number. Raises `Wrong`."""
    if not _NUMBER.fullmatch(text):
        raise Wrong(f'{quoted(text)} is no phone number; write it like "+15550100", without blanks')
    return text
