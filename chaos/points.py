"""Death at every named point: the process that passes it is killed exactly there, restarted, and nothing is lost."""

import queue
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from chaos.judge import Verdict, judge, settle
from chaos.plan import Outcome, Plan
from chaos.processes import ROOT
from chaos.situations import MOVES, Lane, at_each_move, role, simply, situation
from chaos.system import System

LANES = 4  # systems side by side: most points wait for a lease to end, which costs no processor

WORKER: dict[str, tuple[str, ...]] = {
    "worker": ("dialing", "ringing", "sms", "records", "alarms", "chores", "mail", "push", "hooks")
}

# Transactions that are always a part of an actor's: who dies in them dies at `actor`.
PARTS = ("alarms.performed", "alarms.swept", "attempt.swept", "event.dispatched", "events.owed")


def named_points() -> set[str]:
    """Every point of death in the code. A transaction has one before and one after its commit."""
    names: set[str] = set()
    for room in ("api", "models", "workers", "providers"):
        for file in (ROOT / room).rglob("*.py"):
            text = file.read_text(encoding="utf-8")
            names.update(re.findall(r'\bpoint\("([a-z_.]+)"', text))
            names.update(re.findall(r'\bpartial\(point, "([a-z_.]+)"', text))
            for name in re.findall(r'\btransaction\("([a-z_.]+)"', text):
                if name not in PARTS:
                    names.update((f"{name}.before_commit", f"{name}.after_commit"))
    return names - {""}


def _deaths() -> Iterator[str]:
    """Every point once, and that of a call request at each of its moves."""
    for point in named_points():
        if situation(point) is at_each_move:
            yield from (f"{point}:{move}" for move in MOVES)
        else:
            yield point


def points(plan: Plan) -> Outcome:
    """The process that passes a named point is killed exactly there, for each point in the code."""
    names = sorted(_deaths(), key=lambda name: (situation(name) is simply, name))  # the long ones first
    left: queue.SimpleQueue[str] = queue.SimpleQueue()
    for name in names:
        left.put(name)
    total, done, faults = Verdict(), [0], []

    def lane(number: int) -> Verdict:
        verdict = Verdict()
        system = System(plan.ground, plan.folder, f"points-{number}", workers=WORKER, web_processes=1)
        with system:
            here = Lane(system)
            for point in _each(left):
                before = verdict.counts()
                verdict = _rehearse(here, point)
                done[0] += 1
                plan.tell(f"{done[0]}/{len(names)} points, {point}")
                now = verdict.counts()
                worse = [name for name in now if name != "commands" and now[name] > before[name]]
                if worse:
                    faults.append(
                        f"it went wrong at {point}: {', '.join(worse)}; {'; '.join(verdict.wrong[-3:])}"
                    )
        return verdict

    with ThreadPoolExecutor(LANES) as pool:
        for verdict in pool.map(lane, range(LANES)):
            total.add(verdict)
    total.wrong += faults
    return Outcome(total, {"points": len(names)})


def _each(left: "queue.SimpleQueue[str]") -> Iterator[str]:
    while True:
        try:
            yield left.get_nowait()
        except queue.Empty:
            return


def _rehearse(lane: Lane, point: str) -> Verdict:
    died = situation(point)(lane, point)
    lane.rearm(role(point))
    settle(lane.system, *lane.loads)
    lane.system.tell_simulator("DELETE", "/faults")
    verdict = judge(lane.system, *lane.loads)
    lane.survived += [] if died else [point]
    verdict.survived = len(lane.survived)
    verdict.wrong += [f"nobody died at {name}" for name in lane.survived]
    return verdict
