"""Series to compare: made up from a seed, most of them where the clocks change."""

import random
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.oracle.brute import Parts

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WINDOW = {  # how much time on either side of a change is compared
    "YEARLY": timedelta(days=3000),
    "MONTHLY": timedelta(days=200),
    "WEEKLY": timedelta(days=80),
    "DAILY": timedelta(days=30),
    "HOURLY": timedelta(hours=60),
    "MINUTELY": timedelta(minutes=60),
    "SECONDLY": timedelta(seconds=60),
}
FREQUENCIES = (*WINDOW, "WEEKLY", *["DAILY"] * 4)  # often what clinics use
RANGES = {
    "bymonth": range(1, 13),
    "bymonthday": [*range(1, 32), *range(-31, 0)],
    "byyearday": [*range(1, 367), *range(-366, 0)],
    "byweekno": [*range(1, 54), *range(-53, 0)],
    "byeaster": range(-60, 61),
    "byhour": range(24),
    "byminute": range(60),
    "bysecond": range(60),
}
MOST = {
    "bymonth": 6,
    "bymonthday": 12,
    "byyearday": 60,
    "byweekno": 20,
    "byeaster": 6,
    "byhour": 3,
    "byminute": 3,
    "bysecond": 2,
}
LIKELY = {"byhour": 0.4, "byminute": 0.15, "bysecond": 0.1, "bymonth": 0.12, "bymonthday": 0.12}


class Draw(NamedTuple):
    """One series, and the window in which it is compared."""

    frequency: str
    parts: Parts
    start: datetime
    zone: ZoneInfo
    begin: datetime
    end: datetime

    @property
    def params(self) -> str:
        """The parts as the product reads them."""
        return ";".join(f"{name}:{','.join(map(_spelled, values))}" for name, values in self.parts.items())


def draw(chance: random.Random, zone: ZoneInfo, change: datetime) -> Draw:
    """A series around a change of the zone's clock; two of three are at a time of day near it."""
    frequency = chance.choice(FREQUENCIES)
    said = parts(chance, frequency, zone, change)
    window = WINDOW[frequency] / (40 if frequency == "HOURLY" and "bysecond" in said else 1)
    long_ago = timedelta(days=chance.choice((0, 3, 40, 400, 4000)) * chance.random())
    start = change - window - long_ago
    if chance.random() < 0.7 and frequency in ("YEARLY", "MONTHLY", "WEEKLY", "DAILY"):
        away = timedelta(seconds=chance.randint(-5400, 5400))
        start = (
            start.astimezone(zone).replace(tzinfo=None) - _clock(start, zone) + _clock(change, zone) + away
        ).replace(tzinfo=zone)
    start = (
        (start + timedelta(seconds=chance.randint(0, 3000))).astimezone(change.tzinfo).replace(microsecond=0)
    )
    begin = change - window
    return Draw(frequency, said, start, zone, begin, change + window)


def _clock(moment: datetime, zone: ZoneInfo) -> timedelta:
    shown = moment.astimezone(zone)
    return timedelta(hours=shown.hour, minutes=shown.minute, seconds=shown.second)


def parts(chance: random.Random, frequency: str, zone: ZoneInfo, change: datetime) -> Parts:
    """What the rule says beside its frequency: mostly little, sometimes a lot."""
    found: Parts = {}
    if chance.random() < 0.4:
        found["interval"] = [chance.choice((1, 2, 2, 3, 4, 5, 7))]
    for name, values in RANGES.items():
        if chance.random() < LIKELY.get(name, 0.04):
            number = chance.randint(1, MOST[name])
            found[name] = sorted(set(chance.choices(values, k=number)))
    if "byhour" in found:  # let it be among those that the change concerns
        found["byhour"] = sorted({*found["byhour"], change.astimezone(zone).hour})
    if chance.random() < 0.3:
        found["byweekday"] = _weekdays(chance, frequency, found)
    if chance.random() < 0.15 and any(name.startswith("by") for name in found):
        found["bysetpos"] = sorted(set(chance.choices([1, 2, 3, 5, -1, -2, -4], k=chance.randint(1, 3))))
    return found


def _weekdays(chance: random.Random, frequency: str, found: Parts) -> list[int | tuple[int, int]]:
    numbered = frequency in ("YEARLY", "MONTHLY") and "byweekno" not in found
    ordinals = (0, 0, 1, 2, 3, 4, 5, -1, -2, -5) if numbered else (0,)
    return sorted({(chance.randrange(7), chance.choice(ordinals)) for _ in range(chance.randint(1, 5))})


def _spelled(value: int | tuple[int, int]) -> str:
    if isinstance(value, int):
        return str(value)
    day, nth = value
    return WEEKDAYS[day] + (f"({nth})" if nth else "")
