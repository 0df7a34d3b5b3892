"""The product's occurrences against those found by brute force, at one change of a clock after the other."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
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
Place = tuple[str, datetime]  # a zone, and a moment at which its clock changes


@dataclass
class Comparison:
    """What was compared, and where the two disagree."""

    zones: set[str] = field(default_factory=set)
    transitions: set[Place] = field(default_factory=set)
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
        if change in zones.transitions(name):
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


def compare(seed: int, places: Sequence[Place], least: int) -> Comparison:
    """Draw a series at each of the places, and again from the first, until `least` occurrences were compared."""
    chance, result = random.Random(seed), Comparison()
    for turn, (name, change) in enumerate(cycle(places)):
        if turn >= len(places) and result.occurrences.total() >= least:
            break
        result.add(name, change, draw(chance, ZoneInfo(name), change))
    return result


def everywhere(seed: int) -> list[Place]:
    """Every zone at every change of its clock in 2000-2037, mixed; at any moment where the clock never changes."""
    places = [place for one in _by_zone(random.Random(seed)) for place in one]
    random.Random(seed).shuffle(places)
    return places


def once_each(seed: int) -> list[Place]:
    """Every zone once, at some change of its clock."""
    chance = random.Random(seed)
    return [chance.choice(one) for one in _by_zone(chance)]


def _by_zone(chance: random.Random) -> Iterator[list[Place]]:
    for name in zones.names():
        calm = zones.FIRST + timedelta(days=chance.randrange((zones.LAST - zones.FIRST).days))
        yield [(name, change) for change in zones.transitions(name) or [calm]]
