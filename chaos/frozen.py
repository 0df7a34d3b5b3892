"""Frozen workers: stopped for longer than their leases, then continued. Nothing may ring a second time."""

import signal
import time
from collections.abc import Callable
from functools import partial

from chaos.judge import judge, settle
from chaos.load import Load
from chaos.outside import wait_for
from chaos.plan import Outcome, Plan
from chaos.system import ACCEPTANCE, System
from chaos.wishes import Wish, calls_and_texts, wishes

# Seconds: the lease, the dead man's switch, the carrier's acceptance, and a little. By then others have taken over.
LONG = 7.0 + 5.0 + ACCEPTANCE + 1.0
SHORT = (0.2, 3.0)  # seconds: a hiccup, after which the worker goes on with what it had
AWOKE = 3.0  # seconds that a continued worker is given to do harm
EACH = 1.5  # seconds between two freezes
POINT = "carrier.before_request"


def frozen(plan: Plan) -> Outcome:
    """Workers frozen just before they ask the carrier, and at any moment, for too long; then continued."""
    rng, total = plan.rng("frozen"), plan.count(500)
    with System(plan.ground, plan.folder, "frozen", seed=plan.seed) as system:
        first = _exactly_before_asking(system, calls_and_texts(12, rng, "exactly"))
        load = Load(system, wishes(total, rng), rate=40)
        count = _at_any_moment(plan, system, load, rng.uniform, rng.choice)
        time.sleep(AWOKE)  # that nothing is done wrong has no event: so long may it take
        seconds = settle(system, first, load)
        facts = {"freezes": count + 2, "ended_by_their_switch": system.switched}
        return Outcome(judge(system, first, load), {**facts, "settled_after_s": round(seconds, 1)})


def _exactly_before_asking(system: System, wanted: list[Wish]) -> Load:
    """Two workers stop between their last look at the clock and the request, and wake when all is done."""
    doomed, others = ("dialing-1", "sms-1"), ("dialing-2", "sms-2")
    system.kill(*doomed, *others)
    system.start(*doomed, crash_at=f"{POINT}:1:STOP")
    load = Load(system, wanted)
    for name in doomed:
        wait_for(f"{name} freezing", partial(system.children[name].frozen, 1.0))
    system.start(*others)
    settle(system, load)
    time.sleep(1.0)  # so far apart that the log's times tell the others' work from what the awakened do
    for name in doomed:
        system.signal(name, signal.SIGCONT)
    time.sleep(AWOKE)  # that nothing is done wrong has no event: so long may it take
    return load


def _at_any_moment(
    plan: Plan,
    system: System,
    load: Load,
    uniform: Callable[[float, float], float],
    choice: Callable[[list[str]], str],
) -> int:
    """One worker after another, a third of them for long."""
    thawing: dict[str, float] = {}
    count, following = 0, time.monotonic()
    while load.going or thawing:
        now = time.monotonic()
        for name in [name for name, until in thawing.items() if until <= now]:
            system.signal(name, signal.SIGCONT)
            del thawing[name]
        awake = [name for name in system.workers if name not in thawing]
        if load.going and now >= following and len(awake) > 2:
            name = choice(awake)
            system.signal(name, signal.SIGSTOP)
            thawing[name] = now + (LONG if uniform(0, 1) < 0.34 else uniform(*SHORT))
            count, following = count + 1, now + EACH
        plan.tell(f"{len(load.promises)} acknowledged, {count} freezes, {len(thawing)} frozen now")
        time.sleep(0.1)  # freezes go by the clock, so exactly; it ends with the load
    return count
