"""Pushes: what a mentor's device was told, at most once each, and only what was true when it was told."""

from collections.abc import Iterator, Sequence

from chaos.asking import Promise
from chaos.ground import with_device
from chaos.judge.evidence import Evidence
from chaos.judge.following import Due
from chaos.judge.following import pushes as reminders
from chaos.judge.verdict import Verdict


def pushes(verdict: Verdict, promises: Sequence[Promise], seen: Evidence) -> None:
    """The ends of calls, mentees' messages, and reminders."""
    due = {one.name: one for promise in promises for one in _due(promise, seen)}
    for mentor, number in seen.received:
        if with_device(mentor):
            due[f"push:message:{number}"] = Due(f"push:message:{number}", must=True)
    heard = seen.heard("push")
    for reference, times in heard.items():
        if times > 1:
            verdict.blame("pushes_doubled", f"{reference} {times} times", _origin(reference), by=times - 1)
        if reference not in due:
            told = f"{reference}, though it was not true any more, or has no device to go to"
            verdict.blame("pushes_stray", told, _origin(reference))
    for reference, one in due.items():
        if one.must and not heard[reference]:
            verdict.blame("pushes_lost", f"{reference} never came", _origin(reference))


def _due(promise: Promise, seen: Evidence) -> Iterator[Due]:
    if promise.wish.kind == "call" and with_device(promise.wish.mentor):
        yield Due(f"push:{promise.reference}", must=True)
    if promise.changes:
        yield from reminders(promise, seen.at)


def _origin(reference: str) -> str:
    """Whose story tells why."""
    _, kind, number, *_ = reference.split(":")
    return f"{'schedule' if kind == 'reminder' else kind.partition('-')[0]}:{number}"
