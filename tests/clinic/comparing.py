"""Whether the carrier was asked for exactly what the plan has, and the alarms ended as it says."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click

from chaos.ground import ADMIN
from tests.clinic.expected import TAKEN, Expected, Told
from tests.clinic.system import Clinic

STATUSES = {"pending": 1, "failure": 3, "retry": 4, "success": 5}
SHOWN = 20  # differences that are written out


def compare(clinic: Clinic, wanted: Expected) -> dict[str, Any]:
    """What lacks, what is too much, what has been asked for twice, and how many alarms ended otherwise."""
    log = clinic.log()
    rounds = sorted(wanted.rounds)
    seen = Counter(told(entry, rounds) for entry in log)
    missing, surplus = Counter(wanted.told) - seen, seen - Counter(wanted.told)
    doubled = len(log) - len({(entry["channel"], entry["reference"]) for entry in log})
    ended = {
        word: clinic.send("GET", f"alarm/?status={status}", None, ADMIN)["count"]
        for word, status in STATUSES.items()
    }
    for word, found in (("missing", missing), ("surplus", surplus)):
        for one in sorted(found)[:SHOWN]:
            click.echo(f"{word}: {one}", err=True)
    return {
        "told": len(wanted.told), "seen": len(log), "missing": missing.total(), "surplus": surplus.total(),
        "doubled": doubled, "ended": ended,
        "misjudged": sum(abs(ended[word] - wanted.ended[word]) for word in STATUSES),
    }  # fmt: skip


def told(entry: dict[str, Any], rounds: Sequence[datetime]) -> Told:
    """A line of the log as the plan has it: in the quarter in which it was due, unless it came late."""
    at = datetime.fromisoformat(entry["at"])
    place = bisect_right(rounds, at)
    quarter = rounds[place - 1] if place and at - rounds[place - 1] < TAKEN else at
    attempt = int(entry["reference"].split(":")[2])
    words = {"ring": "", "text": entry.get("body", ""), "mail": entry.get("subject", "")}[entry["channel"]]
    return Told(quarter, entry["channel"], entry["to"], entry.get("from", ""), attempt, words)
