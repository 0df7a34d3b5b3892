"""Schedules and what mentees wrote: as the API has them, against what was acknowledged."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from chaos.asking import Promise
from chaos.judge.evidence import Evidence
from chaos.judge.following import EVENTS, last, moves
from chaos.judge.verdict import Verdict


def schedules(verdict: Verdict, promises: Sequence[Promise], seen: Evidence) -> None:
    """Every scheduled call stands where its client was told that it stands, with an event for each change."""
    known = {(promise.wish.mentor, promise.number): promise for promise in promises if promise.changes}
    for (mentor, number), promise in known.items():
        _placed(verdict, promise, seen)
        wanted = Counter(EVENTS[change.verb] for change in promise.changes)
        found = {event: seen.events[mentor, event, number] for event in EVENTS.values()}
        if wanted != Counter(found):
            verdict.blame("eventless", f"has events {found} and not {dict(wanted)}", promise.reference)
    here = {(mentor, number) for mentor, rows in seen.schedule.items() for number in rows}
    here |= {(mentor, number) for mentor, event, number in seen.events if event in EVENTS.values()}
    for _, number in sorted(here - set(known)):
        verdict.blame("unasked", "was scheduled, but no client was told of it", f"schedule:{number}")


def _placed(verdict: Verdict, promise: Promise, seen: Evidence) -> None:
    row = seen.schedule[promise.wish.mentor].get(promise.number)
    stands = None if row is None else datetime.fromisoformat(row["call_time"])
    if stands != last(promise):
        told = f"stands at {stands} and not at {last(promise)}, after {moves(promise.changes)} moves"
        verdict.blame("misplaced", told, promise.reference)


def replies(verdict: Verdict, promises: Sequence[Promise], seen: Evidence) -> None:
    """What each mentee wrote came to his mentor once, and is in his event log once."""
    came = Counter((mentor, words) for (mentor, _), words in seen.received.items())
    for promise in promises:
        if promise.wish.kind == "reply":
            line = promise.wish.mentor, promise.wish.key
            if came[line] == 0:
                verdict.blame("lost", f"what a mentee wrote never came: {line[1]}")
            came[line] -= 1
    for (mentor, words), times in came.items():
        if times > 0:
            verdict.blame("texts_doubled", f"came to {mentor} {times} times too often: {words}", by=times)
    for mentor, number in seen.received:
        if not seen.once(mentor, "message_received", number):
            verdict.blame("eventless", "has not exactly one message_received", f"message:{number}")
