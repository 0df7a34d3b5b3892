"""What two people do to one call request, move by move, and how it stands after each."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

QUARTER = timedelta(minutes=15)
# How far ahead the first time is, at least: an outage passes and all settles before it.
NEAR = timedelta(minutes=7)
# How much further the others are: chaos/system.py has the reminders an hour ahead, so they are due long after the run.
FAR = timedelta(hours=5)

STATUSES = {"accept": "a", "decline": "d", "cancel": "c"}
TIMES = ("datetime_one", "datetime_two", "datetime_three")

Times = tuple[datetime, ...]


@dataclass(frozen=True)
class Move:
    """One thing that somebody does.

    Parameters:
      name: `ask`, `accept`, `decline`, `counter`, `agree` or `cancel`.
      by: 0 is the requester, 1 the hero.
      near: whether the time that is agreed to is so near that both are reminded at once.
      after: seconds that he waits before he does it.
    """

    name: str
    by: int
    near: bool = False
    after: float = 0.0


class Standing(NamedTuple):
    """How a request stands: what was proposed, by three times each, and what was agreed to."""

    status: str = "o"
    offers: tuple[Times, ...] = ()
    agreed: datetime | None = None

    @classmethod
    def shown(cls, row: Mapping[str, Any]) -> "Standing":
        """As the API shows it."""
        offers = tuple(tuple(datetime.fromisoformat(offer[name]) for name in TIMES) for offer in row["times"])
        agreed = row["agreed_time"]
        return cls(row["status"], offers, agreed and datetime.fromisoformat(agreed))

    def after(self, move: Move, now: datetime) -> "Standing":
        """How it must stand after a move that is made now."""
        status = STATUSES.get(move.name, self.status)
        if move.name in ("accept", "counter"):
            return Standing(status, (*self.offers, self._following(now)))
        if move.name == "agree":
            return self._replace(agreed=self.offers[-1][0 if move.near else 2])
        return self._replace(status=status)

    def _following(self, now: datetime) -> Times:
        """Three times that were not proposed before: one near, two far."""
        first = self.offers[-1][0] + QUARTER if self.offers else _quarter_after(now + NEAR)
        return first, first + FAR + len(self.offers) * QUARTER, first + FAR + (len(self.offers) + 8) * QUARTER


NEW = Standing()


@dataclass(frozen=True)
class Moved:
    """A move that was acknowledged: it took effect at some moment between these two.

    `standing` is how the request must stand since, `shown` how the answer showed it.
    """

    move: Move
    asked: datetime
    acknowledged: datetime
    standing: Standing
    shown: Mapping[str, Any]


def _quarter_after(moment: datetime) -> datetime:
    whole = moment.replace(minute=0, second=0, microsecond=0)
    return whole + QUARTER * ((moment - whole) // QUARTER + 1)


ASK, ACCEPT, DECLINE = Move("ask", 0), Move("accept", 1), Move("decline", 1)
COUNTER, COUNTERED = Move("counter", 0), Move("counter", 1)
AGREE, AGREED = Move("agree", 0), Move("agree", 1)
SOON, SOON_TOO = Move("agree", 0, near=True), Move("agree", 1, near=True)
CANCEL, CANCELLED = Move("cancel", 0), Move("cancel", 1)

# What may become of a request. Names in the passive are the hero's moves.
LIVES: tuple[tuple[Move, ...], ...] = (
    (ASK,),
    (ASK, DECLINE),
    (ASK, CANCEL),
    (ASK, ACCEPT, SOON),
    (ASK, ACCEPT, AGREE),
    (ASK, ACCEPT, COUNTER, SOON_TOO),
    (ASK, ACCEPT, COUNTER, AGREED),
    (ASK, ACCEPT, COUNTER, COUNTERED, SOON),
    (ASK, ACCEPT, COUNTERED, AGREE),
    (ASK, ACCEPT, CANCELLED),
    (ASK, ACCEPT, SOON, CANCEL),
    (ASK, ACCEPT, AGREE, CANCELLED),
    (ASK, ACCEPT, COUNTER, AGREED, CANCEL),
)


def life(rng: random.Random) -> tuple[Move, ...]:
    """What becomes of one, with the pauses between."""
    first, *rest = rng.choice(LIVES)
    return first, *(replace(move, after=rng.uniform(0.0, 4.0)) for move in rest)
