"""The judge: what was promised against the simulator's log and the API's answers, never against our tables."""

import contextlib
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from chaos.asking import Promise
from chaos.judge.alarms import alarms, over
from chaos.judge.carried import EVENTS, calls_and_texts
from chaos.judge.evidence import Evidence, children, events_of, gather
from chaos.judge.following import ahead
from chaos.judge.negotiations import negotiations, still_owed
from chaos.judge.pushes import pushes
from chaos.judge.schedules import replies, schedules
from chaos.judge.surveys import surveys
from chaos.judge.verdict import Verdict
from chaos.load import Load
from chaos.outside import NotReady, wait_for
from chaos.planning import ALARMS
from chaos.system import System

__all__ = ["Verdict", "judge", "judged", "settle"]

SHOWN = 3  # references whose story is told


def settle(system: System, *loads: Load, patience: float = 150.0) -> float:
    """Wait until nothing is owed but reminders of calls to come, every alarm is over, and the carrier has all that was
    promised.

    Returns:
      How many seconds it took, or `patience`.
    """
    promises = [promise for load in loads for promise in load.join()]
    promised = {promise.reference for promise in promises if promise.wish.kind in EVENTS}
    begun, waiting = time.monotonic(), _Waiting(system, promises)

    def owed_in_time() -> bool:
        now = datetime.now(UTC)
        return system.owed() == to_come(promises, now)

    def settled() -> bool:
        # In this order: a report that is taken may owe a command, and a command may lead to a report.
        return (
            waiting.over()
            and owed_in_time()
            and promised <= {entry["reference"] for entry in system.log()}
            and system.reports_owed() == 0
            and owed_in_time()
        )

    with contextlib.suppress(NotReady):  # the judge will say what is missing
        wait_for("settling", settled, patience)
    return time.monotonic() - begun


class _Waiting:
    """Alarms that are not over yet, and events that nothing follows yet: what is neither is not looked at again."""

    def __init__(self, system: System, promises: Sequence[Promise]) -> None:
        self._system = system
        self._alarms = {promise.number for promise in promises if promise.wish.kind == "alarm"}
        self._events = set(events_of(promises))

    def over(self) -> bool:
        """Look at all of them once."""
        for number in list(self._alarms):
            row = self._system.ask(f"{ALARMS}{number}/")
            if row and over(row):
                self._alarms.discard(number)
        for event in list(self._events) if not self._alarms else ():
            if children(self._system, event):
                self._events.discard(event)
        return not self._alarms and not self._events


def judge(system: System, *loads: Load) -> Verdict:
    """Compare promises, log and API."""
    promises = [promise for load in loads for promise in load.promises]
    verdict = judged(promises, gather(system, promises))
    for load in loads:
        for wish, why in load.refused:
            verdict.blame("refused", f"{wish.key}: never acknowledged: {why}")
    _still_standing(verdict, system)
    for reference in list(dict.fromkeys(verdict.suspects))[:SHOWN]:
        verdict.wrong.append(f"trunkline trace {reference}\n{system.trace(reference)}")
    return verdict


def judged(promises: Sequence[Promise], seen: Evidence) -> Verdict:
    """Compare promises with what was seen of them."""
    verdict = Verdict(commands=len(promises), looked_at=seen.amount)
    for look in (calls_and_texts, schedules, replies, pushes, surveys, negotiations, alarms):
        look(verdict, promises, seen)
    reminders = to_come(promises, seen.at)
    if seen.owed != reminders:
        verdict.blame("misplaced", f"{seen.owed} commands are owed, and not {reminders} reminders")
    return verdict


def to_come(promises: Sequence[Promise], now: datetime) -> int:
    """How many reminders are still owed when all has settled: of calls to come."""
    return sum(still_owed(promise) + ahead(promise, now) for promise in promises)


def _still_standing(verdict: Verdict, system: System) -> None:
    """No command was given up, and no process ended by itself."""
    if system.owed(("dead",), chores=True):
        for row in system.dead():
            verdict.blame("dead", f"dead: {row['name']} {row['args']}: {row['error']}")
    for name in system.fallen():
        told = f"{name} ended by itself; it said last:\n{system.children[name].last_words()}"
        verdict.blame("fallen", told)
