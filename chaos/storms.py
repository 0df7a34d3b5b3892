"""Storms: processes killed under load, connections dropped, and a carrier that answers badly."""

import random
import threading
from collections.abc import Callable
from typing import Any

from chaos.judge import judge, settle
from chaos.load import Load
from chaos.plan import Outcome, Plan
from chaos.system import System
from chaos.wishes import wishes

ANSWER = 0.1  # seconds that a carrier takes to answer: real ones do, and so some are always being asked
RATE = 110.0  # requests a second: what two cores carry beside the restarts
OTHERS = {"relay": 4, "clock": 7, "web": 13}  # seconds between two deaths of those who are no workers


class Killer:
    """Kills one worker every second and starts it at once, all of them every ten, relay and clock now and then.

    Parameters:
      kill, start: by name; for our system and for the plain pipeline alike.
      others: killed now and then, by how many seconds.
    """

    def __init__(
        self,
        workers: list[str],
        kill: Callable[..., None],
        start: Callable[..., None],
        rng: random.Random,
        others: dict[str, int],
    ) -> None:
        self._workers, self._kill, self._start = workers, kill, start
        self._rng, self._others = rng, others
        self.kills = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Stop killing; how many were killed."""
        self._stopping.set()
        self._thread.join()
        return self.kills

    def _run(self) -> None:
        second = 0
        while not self._stopping.wait(1.0):
            second += 1
            doomed = list(self._workers) if second % 10 == 0 else [self._rng.choice(self._workers)]
            doomed += [name for name, every in self._others.items() if second % every == 0]
            self._kill(*doomed)
            self._start(*doomed)
            self.kills += len(doomed)


def _watched(plan: Plan, system: System, load: Load, total: int) -> None:
    """Show how far it is until every wish was acknowledged."""
    while load.going:
        plan.tell(f"{len(load.promises)}/{total} acknowledged")
        threading.Event().wait(0.5)
    plan.tell("settling")


def kills(plan: Plan) -> Outcome:
    """Worker processes killed every second, all of them every ten, relay and clock now and then."""
    rng, total = plan.rng("kills"), plan.count(3000)
    with System(plan.ground, plan.folder, "kills", seed=plan.seed, answer_after=ANSWER) as system:
        load = Load(system, wishes(total, rng), rate=RATE)
        killer = Killer(list(system.workers), system.kill, system.start, rng, OTHERS)
        _watched(plan, system, load, total)
        killed = killer.stop()
        seconds = settle(system, load)
        return Outcome(judge(system, load), {"kills": killed, "settled_after_s": round(seconds, 1)})


def connections(plan: Plan) -> Outcome:
    """The broker drops all connections every second."""
    rng, total = plan.rng("connections"), plan.count(1000)
    with System(plan.ground, plan.folder, "connections", seed=plan.seed) as system:
        load = Load(system, wishes(total, rng), rate=80)
        drops, over = 0, threading.Event()
        while load.going:
            plan.ground.rabbit.close_connections()
            drops += 1
            plan.tell(f"{len(load.promises)}/{total} acknowledged, {drops} drops")
            over.wait(0.5)  # rabbitmqctl itself takes as long
        seconds = settle(system, load)
        return Outcome(judge(system, load), {"drops": drops, "settled_after_s": round(seconds, 1)})


FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "timeout_after_accept", "share": 0.1, "seconds": 4},
    {"kind": "callback_first", "share": 0.2, "seconds": 3},
    {"kind": "callback_twice", "share": 0.2},
)


def carrier(plan: Plan) -> Outcome:
    """A carrier that accepts and does not answer, reports before it answers, and reports twice."""
    rng, total = plan.rng("carrier"), plan.count(1000)
    with System(plan.ground, plan.folder, "carrier", seed=plan.seed) as system:
        for fault in FAULTS:
            system.fault(**fault)
        load = Load(system, wishes(total, rng), rate=RATE)
        _watched(plan, system, load, total)
        seconds = settle(system, load)
        return Outcome(judge(system, load), {"settled_after_s": round(seconds, 1)})
