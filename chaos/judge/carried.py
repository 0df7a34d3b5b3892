"""Calls and texts: each that was promised reached the carrier once, and nothing else did."""

from collections import Counter
from collections.abc import Sequence

from chaos.asking import Promise
from chaos.ground import phone_of_mentee
from chaos.judge.alarms import ALARM
from chaos.judge.evidence import Evidence
from chaos.judge.following import texts
from chaos.judge.negotiations import REMINDER
from chaos.judge.verdict import Verdict

# What the event log says once of each, and how the count of what rang twice is called.
EVENTS = {"call": ("start_call", "end_call", "feedback_requested"), "message": ("message_sent",)}
TWICE = {"call": "dialled_twice", "text": "texts_doubled"}


def calls_and_texts(verdict: Verdict, promises: Sequence[Promise], seen: Evidence) -> None:
    """What clients asked for by name, in the carrier's log and in the API."""
    named = [promise for promise in promises if promise.wish.kind in EVENTS]
    for reference, times in Counter(promise.reference for promise in named).items():
        if times > 1:
            verdict.blame("lost", "two wishes were given the same", reference, by=times - 1)
    for channel, count in TWICE.items():
        for reference, times in seen.heard(channel).items():
            if times > 1 and not reference.startswith(ALARM):
                verdict.blame(count, f"the carrier was asked {times} times", reference, by=times - 1)
    asked = seen.heard("call") + seen.heard("text")
    for promise in named:
        if not asked[promise.reference]:
            verdict.blame("lost", "the carrier never heard of it", promise.reference)
        _in_the_api(verdict, promise, seen)
    unknown = {reference for reference in asked if not reference.startswith((REMINDER, ALARM))}
    unknown -= {promise.reference for promise in named}
    _told_mentees(verdict, promises, seen, unknown)


def _in_the_api(verdict: Verdict, promise: Promise, seen: Evidence) -> None:
    kind = promise.wish.kind
    status = seen.calls.get(promise.number, {}).get("status", "missing") if kind == "call" else "successful"
    if status != "successful":
        verdict.blame("unended", f"is {status} and not successful", promise.reference)
    lacking = [event for event in EVENTS[kind] if not seen.once(promise.wish.mentor, event, promise.number)]
    if lacking:
        verdict.blame("eventless", f"has not exactly one {', '.join(lacking)}", promise.reference)


def _told_mentees(verdict: Verdict, promises: Sequence[Promise], seen: Evidence, unknown: set[str]) -> None:
    """What mentees were told of schedules. No client knows these texts' references: number and words tie them."""
    least: Counter[tuple[str, str]] = Counter()
    most: Counter[tuple[str, str]] = Counter()
    for promise in promises:
        for due in texts(promise):
            line = phone_of_mentee(promise.wish.mentor), due.name
            most[line] += 1
            least[line] += due.must
    told = {
        entry["reference"]: (entry["to"], entry["body"])
        for entry in seen.log
        if entry["channel"] == "text" and entry["reference"] in unknown
    }
    counted = Counter(told.values())
    for line, times in least.items():
        if counted[line] < times:
            verdict.blame(
                "lost", f"{counted[line]} and not {times} times told: {line[1]}", by=times - counted[line]
            )
    for reference in sorted(unknown):
        line = told.get(reference, ("", ""))
        if counted[line] > most[line]:
            counted[line] -= 1
            verdict.blame("unasked", "the carrier was asked, but no client was told of it", reference)
