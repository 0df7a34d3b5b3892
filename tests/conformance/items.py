"""All items of all inventories."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tests.conformance import appointments, callrequests, mentoring, people

INVENTORIES: Mapping[str, Mapping[str, str]] = {
    "The Mentoring Tool": mentoring.PLACES,
    "Call requests": callrequests.PLACES,
    "Appointments": appointments.PLACES,
    "What people asked for": people.PLACES,
}


class Item(NamedTuple):
    """One thing to hold: its name, and where it stands."""

    name: str
    surface: str
    place: str


def _items() -> Iterator[Item]:
    for surface, places in INVENTORIES.items():
        for place, lines in places.items():
            for line in filter(None, map(str.strip, lines.splitlines())):
                yield Item(line, surface, place)


ITEMS = list(_items())
