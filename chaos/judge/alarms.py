"""Alarms: each was attempted exactly as planned, ended as it had to, and its event happens once more."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from chaos import patients
from chaos.asking import Promise
from chaos.judge.evidence import Evidence, Row
from chaos.judge.verdict import Verdict
from chaos.planning import STEPS

ALARM = "alarm:"  # how everything that alarms ask carriers for begins
PENDING = 1
TWICE = {"ring": "dialled_twice", "text": "texts_doubled", "mail": "mails_doubled"}
LOST = {"ring": "lost", "text": "lost", "mail": "mails_lost"}

Request = tuple[str, str, str]  # channel, reference, and to whom


def alarms(verdict: Verdict, promises: Sequence[Promise], seen: Evidence) -> None:
    """What the carrier was asked for, and how it stands."""
    asked = {patients.event(one.wish.pair): one for one in promises if one.wish.kind == "alarm"}
    rows = defaultdict(dict[int, Row])
    for number, row in seen.alarms.items():
        rows[_id(row["event"])][number] = row
    due: Counter[Request] = Counter()
    for event, promise in asked.items():
        _standing(verdict, promise, rows[event])
        for number in rows[event]:
            due.update(_due(promise.wish.pair, number))
        _following(verdict, promise, seen.children.get(event, []), rows)
    for event in rows.keys() - asked.keys():
        if event <= patients.EVENTS:
            verdict.blame("unasked", f"alarms of event {event}, but no client was told of them")
    _carried(verdict, due, seen)


def over(row: Row) -> bool:
    """Whether nothing is tried any more."""
    return row["status"] in (patients.SUCCESS, patients.FAILURE)


def _standing(verdict: Verdict, promise: Promise, rows: dict[int, Row]) -> None:
    manner = patients.manner(promise.wish.pair)
    if promise.number not in rows:
        verdict.blame("lost", "is not there", promise.reference)
    if len(rows) > 1 and promise.tries == len(STEPS):
        verdict.blame("unasked", f"was written down {len(rows)} times", promise.reference, by=len(rows) - 1)
    for number, row in rows.items():
        stands = row["status"], row["num_attempt"]
        if stands != (manner.ends, manner.rings):
            told = f"stands at {stands} (status, attempts) and not at {(manner.ends, manner.rings)}"
            verdict.blame("unended", told, f"{ALARM}{number}")


def _due(patient: int, number: int) -> Iterator[Request]:
    """All that the carrier is to be asked for, for one alarm."""
    manner, name = patients.manner(patient), f"{ALARM}{number}"
    if manner.method == patients.TEXT:
        yield "text", f"{name}:1", patients.phone(patient)
    elif manner.method == patients.MAIL:
        yield "mail", f"{name}:1", patients.mail(patient)
    for attempt in range(1, manner.rings + 1):
        yield "ring", f"{name}:{attempt}", patients.phone(patient)
    if manner.rings and manner.ends == patients.FAILURE:
        yield "text", f"{name}:{manner.rings}:failure", patients.family(patient)


def _following(
    verdict: Verdict, promise: Promise, children: Sequence[int], rows: dict[int, dict[int, Row]]
) -> None:
    """The next occurrence, with one alarm for each that the event has."""
    event = patients.event(promise.wish.pair)
    if len(children) != 1:
        verdict.blame("misplaced", f"event {event} is followed by {children}, not by one", promise.reference)
        return
    fresh = [(row["status"], row["num_attempt"]) for row in rows[children[0]].values()]
    if fresh != [(PENDING, 0)] * len(rows[event]):
        told = f"its next occurrence, event {children[0]}, has alarms {fresh}"
        verdict.blame("misplaced", told, promise.reference)


def _carried(verdict: Verdict, due: Counter[Request], seen: Evidence) -> None:
    entries = [entry for entry in seen.log if entry["reference"].startswith(ALARM)]
    found = Counter((entry["channel"], entry["reference"], entry["to"]) for entry in entries)
    for request, times in found.items():
        channel, reference, _ = request
        if not due[request]:
            verdict.blame("unasked", f"{channel} {reference} was never planned", _origin(reference), by=times)
        elif times > 1:
            verdict.blame(TWICE[channel], f"{reference} {times} times", _origin(reference), by=times - 1)
    for request in due.keys() - found.keys():
        channel, reference, _ = request
        verdict.blame(LOST[channel], f"{channel} {reference} never came", _origin(reference))


def _origin(reference: str) -> str:
    return ":".join(reference.split(":")[:2])


def _id(url: str) -> int:
    return int(url.rsplit("/", 2)[1])
