"""Who keeps which appointments, and how their patients are reminded: drawn from a seed, known to everybody else here.

All that happens on purpose happens on quarters of an hour. What an attempt or a report takes is less than the two
minutes by which delays of retries (13, 28 minutes) stay below one.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

BEGIN = datetime(2027, 1, 4, tzinfo=UTC)  # a Monday
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
CALL, TEXT, MAIL = "call", "text", "mail"
LIVES = {"27": "Africa/Johannesburg", "91": "Asia/Kolkata"}  # who has such a number

SENDER = "The clinic <clinic@example.org>"


@dataclass(frozen=True)
class Terms:
    """A manager's setting. `quiet`: when nobody is told anything, on the clock of who would be."""

    label: str
    zone: str
    callerid: str
    quiet: tuple[str, str] | None = None


TERMS = (
    Terms("Cape", "UTC", "+15550201"),
    Terms("Mitte", "Europe/Berlin", "+15550202"),
    Terms("Hudson", "America/New_York", "+15550203", quiet=("20:30", "09:30")),
)


@dataclass(frozen=True)
class Reminder:
    """An alarm of every occurrence of a series.

    Parameters:
      to: a number or an address that no other alarm has.
      phone: how it behaves: `answer`, `busy`, `no_answer`, `unreachable`, or `refused` for texts.
      lives: the zone that is said of the patient; else the one of his number.
      before: minutes from the date of notice to the event's start.
      advance: minutes of notice in advance.
      window: from when until when on a day; None: always.
      retries, delay: how often again, and after how many minutes.
      failure_to: the number texted when all was in vain.
    """

    method: str
    to: str
    phone: str = "answer"
    lives: str | None = None
    before: int = 0
    advance: int = 0
    window: tuple[str, str] | None = None
    retries: int = 0
    delay: int = 0
    failure_to: str | None = None


@dataclass(frozen=True)
class Practice:
    """A calendar with one series of events.

    Parameters:
      recurs: `weekly`, `monthly` (on the same Wednesday of the month), or `last` (of months with 31 days).
      first, at: the day and the time of day of its first event, on the wall of its terms' zone.
      until: the end of the recurring period.
      count: how many events at most; 0: that period alone.
      pause: when its next event is set to paused, and when back.
    """

    number: int
    terms: Terms
    recurs: str
    first: date
    at: time
    until: datetime
    count: int = 0
    pause: tuple[datetime, datetime] | None = None
    reminders: tuple[Reminder, ...] = field(default=())

    @property
    def doctor(self) -> str:
        """Whom patients see."""
        return f"Dr. {self.number:03}"

    @property
    def start(self) -> datetime:
        """Of its first event."""
        return datetime.combine(self.first, self.at, ZoneInfo(self.terms.zone)).astimezone(UTC)


TAILS = {"answer": "0000", "busy": "9901", "no_answer": "9902", "unreachable": "9905", "refused": "9912"}
KINDS = ("plain", "window", "night", "busy", "away", "gone", "at once", "patient")


def practices(seed: int, count: int, days: int) -> list[Practice]:
    """So many practices, and all that happens in so many days from `BEGIN`."""
    dice = random.Random(f"clinic {seed}")
    return [_practice(dice, number, days) for number in range(count)]


def _practice(dice: random.Random, number: int, days: int) -> Practice:
    terms = TERMS[number % 3]
    recurs = "last" if number % 20 == 5 else "monthly" if number % 2 or number % 3 == 2 else "weekly"
    end = BEGIN + timedelta(days=days)
    first = BEGIN.date() + timedelta(days=2 + 7 * dice.randrange(3))  # Wednesdays
    first = first.replace(day=31) if recurs == "last" else first
    at = {"UTC": time(10), "Europe/Berlin": time(11), "America/New_York": time(11)}[terms.zone]
    until = end if dice.random() < 0.7 else BEGIN + (end - BEGIN) * dice.uniform(0.4, 0.9)
    plain = Practice(number, terms, recurs, first, at, until.replace(minute=7, second=0, microsecond=0))
    pause, limit = None, 0
    if number % 5 == 1:
        pause = _pause(dice, plain, brief=dice.random() < 0.4)
    elif dice.random() < 0.2:
        limit = dice.randrange(3, 30)
    kinds = [KINDS[number % len(KINDS)], dice.choice(KINDS)]
    reminders = tuple(_reminder(dice, kind, number, place) for place, kind in enumerate(kinds, 1))
    told = (*reminders, _passive(dice, number))
    return Practice(number, terms, recurs, first, at, plain.until, limit, pause, told)


def _pause(dice: random.Random, practice: Practice, *, brief: bool) -> tuple[datetime, datetime] | None:
    """From before a start until half an hour after it, or for ten days from the noon of the day before."""
    least = 8 if practice.recurs == "weekly" else 32
    most = int((practice.until - BEGIN) / DAY) - (8 if brief else 18)
    if most <= least:
        return None
    noon = BEGIN + timedelta(days=dice.randrange(least, most), hours=12, minutes=30)
    if not brief:
        return noon, noon + 10 * DAY
    weeks = -((practice.start - noon) // (7 * DAY))
    day = practice.first + timedelta(days=7 * weeks)
    start = datetime.combine(day, practice.at, ZoneInfo(practice.terms.zone)).astimezone(UTC)
    return start - 45 * MINUTE, start + 30 * MINUTE


def _reminder(dice: random.Random, kind: str, number: int, place: int) -> Reminder:
    """A call, of one of these kinds."""
    country = "277" if dice.random() < 0.6 else "9198"
    reached = dice.choice(("answer", "answer", "busy"))
    failure = f"+2783{number:03}000{place}" if dice.random() < 0.6 else None

    def calling(phone: str, **more: Any) -> Reminder:
        to = f"+{country}{place}{number:03}{TAILS[phone]}"
        return Reminder(CALL, to, phone, failure_to=failure, **more)

    made = {
        "plain": lambda: calling("answer"),
        "window": lambda: calling(reached, before=120, window=("09:00", "19:59:59"), retries=1, delay=13),
        "night": lambda: calling(reached, window=("22:00", "05:59:59"), retries=1, delay=13),
        "busy": lambda: calling("busy", retries=2, delay=13),
        "away": lambda: calling("no_answer", advance=120, retries=1, delay=13),
        "gone": lambda: calling("unreachable", retries=dice.choice((0, 3)), delay=13),
        "at once": lambda: calling("busy", advance=120, retries=1, delay=0),
        "patient": lambda: calling(reached, before=120, lives="Europe/Berlin", retries=1, delay=13),
    }
    return made[kind]()


def _passive(dice: random.Random, number: int) -> Reminder:
    """A text or a mail besides, a day before or less."""
    advance = dice.choice((1440, 0))
    if dice.random() < 0.3:
        return Reminder(MAIL, f"patient{number:03}@example.org", advance=advance)
    phone = "refused" if dice.random() < 0.2 else "answer"
    return Reminder(TEXT, f"+2782{number:03}{TAILS[phone]}", phone, advance=advance)
