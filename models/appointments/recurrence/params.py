"""The `params` of a rule, read without running anything: `count:10;byweekday:MO,TU(-1)`.

Names and ranges are those of RFC 5545 §3.3.10, spelled as python-dateutil spells them; `byeaster`: days from Easter.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial
from typing import NamedTuple

FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONGEST = 4000  # characters: more than all minutes, seconds, days and months written out
MOST_VALUES = 400  # of one name: every day of a year and to spare
MOST = 1_000_000  # for count and interval: beyond it somebody mistyped
_NUMBER = re.compile(r"[+-]?[0-9]{1,7}", re.ASCII)
_NAMED = re.compile(r"([A-Z]{2})(?:\(([+-]?[0-9]{1,2})\))?", re.ASCII)
_SHOWN = 40  # characters of a bad segment that an error repeats


class BadParams(ValueError):
    """These params say no rule: which segment does not, and what would be right."""


class Weekday(NamedTuple):
    """A weekday, 0 = Monday; `nth` of its month or year, from the end when negative; 0: every one."""

    day: int
    nth: int = 0

    def __str__(self) -> str:
        return WEEKDAYS[self.day] + (f"({self.nth})" if self.nth else "")


@dataclass(frozen=True)
class Params:
    """What a rule says beside its frequency. Empty: not said."""

    count: int | None = None
    interval: int = 1
    bysetpos: tuple[int, ...] = ()
    bymonth: tuple[int, ...] = ()
    bymonthday: tuple[int, ...] = ()
    byyearday: tuple[int, ...] = ()
    byweekno: tuple[int, ...] = ()
    byweekday: tuple[Weekday, ...] = ()
    byhour: tuple[int, ...] = ()
    byminute: tuple[int, ...] = ()
    bysecond: tuple[int, ...] = ()
    byeaster: tuple[int, ...] = ()


NAMES = tuple(field.name for field in fields(Params))


def parse(text: str | None) -> Params:
    """Read params; null and blank say nothing beyond the frequency.

    Segments that are not `name:value` are passed over, as the original does (`1`, `{}`).

    Raises: BadParams, naming the first segment that is wrong and what would be right.
    """
    text = text or ""
    if len(text) > LONGEST:
        raise BadParams(f"at most {LONGEST} characters, not {len(text)}")
    said: dict[str, tuple[int | Weekday, ...]] = {}
    for segment in text.replace('"', "").split(";"):
        name, colon, values = (part.strip() for part in segment.partition(":"))
        if not colon:
            continue
        if name not in _READERS:
            raise _bad(segment, f"a name is one of {', '.join(NAMES)}")
        if name in said:
            raise _bad(segment, f"{name} is said twice: put its values together, like {name}:1,2")
        said[name] = _values(segment, name, values)
    if "bysetpos" in said and not any(name.startswith("by") for name in said.keys() - {"bysetpos"}):
        raise BadParams("bysetpos picks among what other parts name: add one, like byweekday:MO,TU,WE,TH,FR")
    single = {name: said.pop(name)[0] for name in ("count", "interval") if name in said}
    return Params(**single, **said)  # type: ignore[arg-type]  # each name has been read by its own reader


def fitting(frequency: str, text: str | None) -> Params:
    """Read params that somebody writes for a rule of this frequency: what would mean something else there is refused.

    Raises: BadParams.
    """
    params = parse(text)
    numbered = [str(weekday) for weekday in params.byweekday if weekday.nth]
    if numbered and frequency not in ("YEARLY", "MONTHLY"):
        raise BadParams(
            f"byweekday:{numbered[0]}: only of a month or a year is there an nth weekday, not {frequency}"
        )
    if numbered and params.byweekno:
        raise BadParams(f"byweekday:{numbered[0]}: of a week (byweekno) there is no nth weekday")
    return params


def spelled(params: Params) -> str:
    """Params as text again, which reads as the same params."""
    said = [(name, getattr(params, name)) for name in NAMES]
    return ";".join(
        f"{name}:{','.join(map(str, value)) if isinstance(value, tuple) else value}"
        for name, value in said
        if value and (name, value) != ("interval", 1)
    )


def _values(segment: str, name: str, text: str) -> tuple[int | Weekday, ...]:
    values = [value.strip() for value in text.split(",")]
    if len(values) > MOST_VALUES:
        raise _bad(segment, f"at most {MOST_VALUES} values")
    read, right = _READERS[name]
    found = [read(value) for value in values]
    if None in found:
        wrong = values[found.index(None)]
        raise _bad(segment, f"{_short(wrong) or 'nothing'} is no {name}, which is {right}")
    if name in ("count", "interval") and len(found) > 1:
        raise _bad(segment, f"{name} has one value")
    return tuple(sorted({value for value in found if value is not None}))


def _number(lowest: int, highest: int, negative: bool, text: str) -> int | None:
    """A number from lowest to highest, or from the end, the same below zero."""
    if not _NUMBER.fullmatch(text):
        return None
    number = int(text)
    return number if lowest <= (abs(number) if negative else number) <= highest else None


def _weekday(text: str) -> Weekday | None:
    if text in ("0", "1", "2", "3", "4", "5", "6"):
        return Weekday(int(text))
    if not (match := _NAMED.fullmatch(text)) or match[1] not in WEEKDAYS:
        return None
    nth = int(match[2] or 0)
    fine = match[2] is None or 1 <= abs(nth) <= 53
    return Weekday(WEEKDAYS.index(match[1]), nth) if fine else None


Reader = Callable[[str], int | Weekday | None]


def _range(lowest: int, highest: int, negative: bool = False) -> tuple[Reader, str]:
    right = f"{lowest} to {highest}" + (f", or {-highest} to {-lowest} from the end" if negative else "")
    return partial(_number, lowest, highest, negative), right


_READERS: dict[str, tuple[Reader, str]] = {
    "count": _range(1, MOST),
    "interval": _range(1, MOST),
    "bysetpos": _range(1, 366, negative=True),
    "bymonth": _range(1, 12),
    "bymonthday": _range(1, 31, negative=True),
    "byyearday": _range(1, 366, negative=True),
    "byweekno": _range(1, 53, negative=True),
    "byweekday": (_weekday, "0 to 6 (0 is Monday) or MO TU WE TH FR SA SU, the nth like MO(1) or MO(-1)"),
    "byhour": _range(0, 23),
    "byminute": _range(0, 59),
    "bysecond": _range(0, 59),  # 60 is RFC 5545's leap second, which no clock here shows
    "byeaster": _range(-80, 250),  # days of the same year, whenever its Easter is
}


def _bad(segment: str, right: str) -> BadParams:
    return BadParams(f"{_short(segment.strip())}: {right}")


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
