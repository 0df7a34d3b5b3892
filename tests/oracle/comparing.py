"""The product's occurrences against those found by brute force, zone after zone, until enough were compared."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle, takewhile
from zoneinfo import ZoneInfo

from models.appointments.recurrence.occurrences import occurrences
from models.appointments.recurrence.params import parse
from tests.oracle import zones
from tests.oracle.brute import expected
from tests.oracle.draws import Draw, draw

SECOND = timedelta(seconds=1)


@dataclass
class Comparison:
    """What was compared, and where the two disagree."""

    zones: set[str] = field(default_factory=set)
    transitions: set[tuple[str, datetime]] = field(default_factory=set)
    series: int = 0
    occurrences: Counter[str] = field(default_factory=Counter)
    mismatches: list[str] = field(default_factory=list)

    def add(self, name: str, change: datetime, drawn: Draw) -> None:
        """Compare one series."""
        wanted = expected(*drawn)
        found = list(
            takewhile(
                lambda moment: moment <= drawn.end,
                occurrences(
                    drawn.frequency, parse(drawn.params), drawn.start, drawn.zone, drawn.begin - SECOND
                ),
            )
        )
        self.series += 1
        self.zones.add(name)
        self.transitions.add((name, change))
        self.occurrences[drawn.frequency] += len(wanted)
        if found != wanted:
            odd = sorted(set(found) ^ set(wanted))[:3]
            self.mismatches.append(
                f"{name} {drawn.frequency} {drawn.params!r} from {drawn.start} at {change}: {[str(one) for one in odd]}"
            )

    def join(self, other: "Comparison") -> None:
        """Add what was compared elsewhere."""
        self.zones |= other.zones
        self.transitions |= other.transitions
        self.series += other.series
        self.occurrences += other.occurrences
        self.mismatches += other.mismatches


def compare(seed: int, least: int) -> Comparison:
    """Draw series in every zone, at one of its changes after the other, until `least` occurrences were compared.

    Every zone gets its turn, however soon there are enough. Zones whose clock never changes are compared at a moment
    of their own.
    """
    chance, result = random.Random(seed), Comparison()
    names = zones.names()
    for turn, name in enumerate(cycle(names)):
        if turn >= len(names) and result.occurrences.total() >= least:
            return result
        changes = zones.transitions(name)
        change = (
            changes[chance.randrange(len(changes))]
            if changes
            else zones.FIRST + timedelta(days=chance.randrange(13800))
        )
        result.add(name, change, draw(chance, ZoneInfo(name), change))
    raise AssertionError("there are no zones")
