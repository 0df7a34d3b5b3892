"""What clients wish for: calls, texts, calls in a schedule that are moved and cancelled, mentees who write, call
requests, and alarms.
"""

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chaos.ground import MENTORS
from chaos.moves import Move, life

# Of ours: how many of a hundred. The plain pipeline has calls and texts only.
MIX = {"call": 36, "message": 36, "schedule": 10, "reply": 4, "callrequest": 8, "alarm": 6}
QUARTER_HOUR = 900.0  # seconds: in chaos/pipelines.yaml, the first reminder is so long before the call


@dataclass(frozen=True)
class Step:
    """One thing that a client does to his scheduled call.

    Parameters:
      verb: `POST` schedules it, `PUT` moves it, `DELETE` cancels it.
      ahead: seconds from when he does it to the time that the call is given.
      after: seconds that he waits before he does it.
    """

    verb: str
    ahead: float = 0.0
    after: float = 0.0


@dataclass(frozen=True)
class Wish:
    """What a client wants: a call, a text whose content is its key, or a scheduled call and what becomes of it.

    A `reply` is no client's: the mentor's mentee texts its key to a number of ours. A `callrequest` is no mentor's: two
    members, the `pair` of this number, talk of a call. An `alarm` reminds the patient of this number.
    """

    key: str
    kind: str
    mentor: str
    steps: tuple[Step, ...] = ()
    moves: tuple[Move, ...] = ()
    pair: int = 0


def calls_and_texts(count: int, rng: random.Random, name: str = "wish") -> list[Wish]:
    """What the plain pipeline can do as well."""
    return [
        Wish(f"{name}-{number}", rng.choice(("call", "message")), rng.choice(MENTORS))
        for number in range(count)
    ]


def wishes(
    count: int, rng: random.Random, name: str = "wish", pairs: Iterator[int] | None = None
) -> list[Wish]:
    """A mix of all.

    Parameters:
      pairs: of members, and patients, whom nobody else in the system takes; by default all are there to be taken.
    """
    pairs = itertools.count() if pairs is None else pairs
    kinds = rng.choices(list(MIX), list(MIX.values()), k=count)
    return [_wish(f"{name}-{number}", kind, rng, pairs) for number, kind in enumerate(kinds)]


def _wish(key: str, kind: str, rng: random.Random, pairs: Iterator[int]) -> Wish:
    if kind == "callrequest":
        return Wish(key, kind, "", moves=life(rng), pair=next(pairs))
    if kind == "alarm":
        return Wish(key, kind, "", pair=next(pairs))
    return Wish(key, kind, rng.choice(MENTORS), _steps(rng) if kind == "schedule" else ())


def far(rng: random.Random) -> float:
    """Seconds ahead: the first reminder is due soon, and the mentee can certainly be told before the call."""
    return QUARTER_HOUR + rng.uniform(1.0, 10.0)


def near(rng: random.Random) -> float:
    """Seconds ahead: the reminder at the call's own time is due soon."""
    return rng.uniform(3.0, 12.0)


Ahead = Callable[[random.Random], float]

# The times that a scheduled call is given one after another, and whether it is cancelled in the end.
LIVES: tuple[tuple[tuple[Ahead, ...], bool], ...] = (
    ((far,), False),
    ((near,), False),
    ((far, far), False),
    ((far, near), False),
    ((near, far), False),
    ((far,), True),
    ((near,), True),
    ((far, far), True),
)


def _steps(rng: random.Random) -> tuple[Step, ...]:
    times, cancelled = rng.choice(LIVES)
    steps = [
        Step("PUT" if number else "POST", ahead(rng), rng.uniform(0.0, 4.0) if number else 0.0)
        for number, ahead in enumerate(times)
    ]
    return (*steps, Step("DELETE", after=rng.uniform(0.0, 4.0))) if cancelled else tuple(steps)
