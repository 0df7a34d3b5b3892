"""The judge: what was promised against the simulator's log and the API's answers, never against our tables."""

import contextlib
import math
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from chaos.ground import MENTORS
from chaos.load import Load, Promise
from chaos.outside import NotReady, wait_for
from chaos.system import System

PAGE = 10  # rows of the API's lists
SHOWN = 3  # references whose story is told
EVENTS = {"call": ("start_call", "end_call", "feedback_requested"), "message": ("message_sent",)}


@dataclass
class Verdict:
    """What came of some promises. Everything but `commands` should be 0."""

    commands: int = 0
    lost: int = 0
    dialled_twice: int = 0
    texts_doubled: int = 0
    refused: int = 0
    unasked: int = 0
    unended: int = 0
    eventless: int = 0
    dead: int = 0
    fallen: int = 0
    survived: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def troubles(self) -> int:
        """How much went wrong; 0 when every promise was kept once."""
        return sum(self.counts().values()) - self.commands

    def add(self, other: "Verdict") -> None:
        """Count another one in."""
        for name, count in other.counts().items():
            setattr(self, name, getattr(self, name) + count)
        self.wrong += other.wrong

    def counts(self) -> dict[str, int]:
        """The numbers, by name."""
        return {name: value for name, value in vars(self).items() if isinstance(value, int)}


def settle(system: System, *loads: Load, patience: float = 90.0) -> float:
    """Wait until nothing is owed and the carrier has all that was promised, or patience ends. Seconds it took."""
    promised = {promise.reference for load in loads for promise in load.join()}
    begun = time.monotonic()

    def settled() -> bool:
        # In this order: a report that is taken may owe a command, and a command may lead to a report.
        return (
            system.owed() == 0
            and promised <= {entry["reference"] for entry in system.log()}
            and system.reports_owed() == 0
            and system.owed() == 0
        )

    with contextlib.suppress(NotReady):  # the judge will say what is missing
        wait_for("settling", settled, patience)
    return time.monotonic() - begun


def judge(system: System, *loads: Load) -> Verdict:
    """Compare promises, log and API."""
    verdict = Verdict()
    promises = [promise for load in loads for promise in load.promises]
    verdict.commands = len(promises)
    for load in loads:
        verdict.refused += len(load.refused)
        verdict.wrong += [f"{wish.key}: never acknowledged: {why}" for wish, why in load.refused]
    heard = Counter(entry["reference"] for entry in system.log() if entry["channel"] in ("call", "text"))
    suspects = _against_the_log(verdict, promises, heard)
    suspects += _against_the_api(verdict, system, promises)
    if system.owed(("dead",), chores=True):
        for row in system.dead():
            verdict.dead += 1
            verdict.wrong.append(f"dead: {row['name']} {row['args']}: {row['error']}")
    for name in system.fallen():
        verdict.fallen += 1
        verdict.wrong.append(f"{name} ended by itself; it said last:\n{system.children[name].last_words()}")
    for reference in list(dict.fromkeys(suspects))[:SHOWN]:
        verdict.wrong.append(f"trunkline trace {reference}\n{system.trace(reference)}")
    return verdict


def _against_the_log(verdict: Verdict, promises: Sequence[Promise], heard: Counter[str]) -> list[str]:
    suspects = []
    promised = Counter(promise.reference for promise in promises)
    for reference, times in promised.items():
        if times > 1:
            verdict.wrong.append(f"{reference}: two wishes were given the same")
            verdict.lost += times - 1
        if heard[reference] == 0:
            verdict.lost += 1
            suspects.append(reference)
            verdict.wrong.append(f"{reference}: lost, the carrier never heard of it")
    for reference, times in heard.items():
        if times > 1:
            if reference.startswith("call:"):
                verdict.dialled_twice += times - 1
            else:
                verdict.texts_doubled += times - 1
            suspects.append(reference)
            verdict.wrong.append(f"{reference}: the carrier was asked {times} times")
        if reference not in promised:
            verdict.unasked += 1
            suspects.append(reference)
            verdict.wrong.append(f"{reference}: the carrier was asked, but no client was told of it")
    return suspects


def _against_the_api(verdict: Verdict, system: System, promises: Sequence[Promise]) -> list[str]:
    suspects = []
    calls = {f"call:{row['id']}": row for row in _all(system, "/comms/call/", "root")}
    events: Counter[tuple[str, str]] = Counter()
    for mentor in MENTORS:
        rows = _all(system, "/mentor/event/", mentor)
        events.update((row["event_type"], str(row["object_id"])) for row in rows)
    for promise in promises:
        kind, _, number = promise.reference.partition(":")
        status = calls.get(promise.reference, {}).get("status", "missing") if kind == "call" else ""
        if kind == "call" and status != "successful":
            verdict.unended += 1
            suspects.append(promise.reference)
            verdict.wrong.append(f"{promise.reference}: is {status} and not successful")
        missing = [event for event in EVENTS[kind] if events[event, number] != 1]
        if missing:
            verdict.eventless += 1
            suspects.append(promise.reference)
            verdict.wrong.append(f"{promise.reference}: has not exactly one {', '.join(missing)}")
    return suspects


def _all(system: System, path: str, user: str) -> list[dict[str, Any]]:
    """All rows of a list, page by page."""
    first = wait_for(path, lambda: system.ask(path, user))
    pages = range(2, math.ceil(first["count"] / PAGE) + 1)
    with ThreadPoolExecutor(4) as pool:
        rest = pool.map(lambda page: wait_for(path, lambda: system.ask(f"{path}?page={page}", user)), pages)
        return [*first["results"], *(row for answer in rest for row in answer["results"])]
