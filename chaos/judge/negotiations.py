"""Call requests: each stands as its two people were told, and each was told of every move once, by mail and by text."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from chaos import members
from chaos.asking import Promise
from chaos.judge.alarms import ALARM
from chaos.judge.evidence import Evidence, Row
from chaos.judge.verdict import Verdict
from chaos.moves import Moved, Standing

REMINDER = "callrequest-reminder:"  # how the texts of reminders are called

# A text that the carrier is just being asked for when the request is cancelled may go out: within the lease, the dead
# man's switch and the carrier's acceptance, and a little.
UNDER_WAY = timedelta(seconds=15)

# Who agrees so late may be reminded too late: an outage and what it takes to settle then lie between.
LATE = timedelta(minutes=5)

# Which mails follow a move, and whether each goes to the one who made it (0) or to the other one (1); by his role.
MAILS: dict[tuple[str, int], tuple[tuple[str, int], ...]] = {
    ("ask", 0): (("N1", 1),),
    ("accept", 1): (("N2", 1),),
    ("decline", 1): (("N3", 1),),
    ("counter", 1): (("N4", 1),),
    ("counter", 0): (("N5", 1),),
    ("agree", 1): (("N6", 1),),
    ("agree", 0): (("N7", 1),),
    ("cancel", 0): (("N8", 0), ("N9", 1)),
    ("cancel", 1): (("N8", 0), ("N9", 1)),
}


class Mail(NamedTuple):
    """What a mail is about: the kind of letter, the call request, and the address."""

    kind: str
    request: str
    to: str


class Line(NamedTuple):
    """Whom a reminder reaches, and of a call with whom: no two call requests have the same."""

    to: str
    other: str


def negotiations(verdict: Verdict, promises: Sequence[Promise], seen: Evidence) -> None:
    """How they stand, and what was told of them."""
    asked = {promise.number: promise for promise in promises if promise.moves}
    for number, promise in asked.items():
        _standing(verdict, promise, seen.requests.get(number))
    for number in sorted(set(seen.requests) - set(asked)):
        verdict.blame("unasked", "was made, but nobody was told of it", f"callrequest:{number}")
    _mails(verdict, list(asked.values()), seen)
    _reminders(verdict, list(asked.values()), seen)


def still_owed(promise: Promise) -> int:
    """How many reminders of it are owed when all has settled: both, if they are far ahead and it stands."""
    agreed = _agreed(promise)
    return 2 if agreed is not None and not agreed.move.near and _cancelled(promise) is None else 0


def _standing(verdict: Verdict, promise: Promise, row: Row | None) -> None:
    last = promise.moves[-1]
    if row is None:
        verdict.blame("misplaced", "is not there", promise.reference)
    elif Standing.shown(row) != last.standing:
        verdict.blame("misplaced", f"{Standing.shown(row)} and not {last.standing}", promise.reference)
    elif row != last.shown:
        verdict.blame("misplaced", f"is shown as {row} and was as {last.shown}", promise.reference)


def _mails(verdict: Verdict, promises: Sequence[Promise], seen: Evidence) -> None:
    due = Counter(mail for promise in promises for mail in _due(promise))
    mails = [entry for entry in seen.log if entry["channel"] == "mail"]
    sent = {entry["reference"]: entry["to"] for entry in mails if not entry["reference"].startswith(ALARM)}
    for reference, times in seen.heard("mail").items():
        if times > 1 and reference in sent:
            verdict.blame("mails_doubled", f"{reference} {times} times", _origin(reference), by=times - 1)
    came: Counter[Mail] = Counter()
    for reference, to in sent.items():
        kind, request, *_ = [*reference.split(":"), ""]
        mail = Mail(kind, request, to)
        came[mail] += 1
        if came[mail] > due[mail]:
            count = "mails_doubled" if due[mail] else "mails_stray"
            verdict.blame(count, f"{reference} to {to}", _origin(reference))
    for mail, times in due.items():
        if came[mail] < times:
            told = f"{mail.kind} came {came[mail]} and not {times} times to {mail.to}"
            verdict.blame("mails_lost", told, f"callrequest:{mail.request}", by=times - came[mail])


def _due(promise: Promise) -> Iterator[Mail]:
    pair = members.pair(promise.wish.pair)
    for moved in promise.moves:
        by = moved.move.by
        for kind, other in MAILS[moved.move.name, by]:
            yield Mail(kind, str(promise.number), members.mail(pair[by ^ other]))


def _origin(reference: str) -> str:
    return f"callrequest:{[*reference.split(':'), ''][1]}"


def _reminders(verdict: Verdict, promises: Sequence[Promise], seen: Evidence) -> None:
    """No client knows these texts' references: number and name tie them."""
    mine = {line: promise for promise in promises for line in _lines(promise)}
    came: Counter[Line] = Counter()
    for entry in seen.log:
        if entry["channel"] != "text" or not entry["reference"].startswith(REMINDER):
            continue
        line = next((line for line in mine if line.to == entry["to"] and line.other in entry["body"]), None)
        if line is None:
            verdict.blame("unasked", f"{entry['reference']} reminds of a call that nobody was told of")
            continue
        came[line] += 1
        if came[line] == 1 and not _may(mine[line], datetime.fromisoformat(entry["at"])):
            verdict.blame("unasked", f"{entry['reference']}: nobody is to be reminded", mine[line].reference)
        elif came[line] > 1 and seen.heard("text")[entry["reference"]] == 1:
            verdict.blame("texts_doubled", f"one party is reminded {came[line]} times", mine[line].reference)
    for line, promise in mine.items():
        if _must(promise) and not came[line]:
            verdict.blame("lost", f"{line.to} was never reminded", promise.reference)


def _lines(promise: Promise) -> Iterator[Line]:
    requester, hero = members.pair(promise.wish.pair)
    yield Line(members.phone(requester), members.name(hero))
    yield Line(members.phone(hero), members.name(requester))


def _may(promise: Promise, at: datetime) -> bool:
    """Whether a reminder may go out then: its time is near, and it was not cancelled for long."""
    agreed, cancelled = _agreed(promise), _cancelled(promise)
    if agreed is None or not agreed.move.near:
        return False
    return cancelled is None or at <= cancelled.acknowledged + UNDER_WAY


def _must(promise: Promise) -> bool:
    agreed = _agreed(promise)
    if agreed is None or not agreed.move.near or _cancelled(promise) is not None:
        return False
    time = agreed.standing.agreed
    return time is not None and time - agreed.acknowledged > LATE


def _agreed(promise: Promise) -> Moved | None:
    return next((moved for moved in promise.moves if moved.move.name == "agree"), None)


def _cancelled(promise: Promise) -> Moved | None:
    return next((moved for moved in promise.moves if moved.move.name == "cancel"), None)
