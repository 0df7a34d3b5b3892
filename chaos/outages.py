"""Outages: the broker away, the broker emptied, the database killed."""

import itertools
import threading
import time

from chaos.ground import forget_hints
from chaos.judge import judge, settle
from chaos.load import Load
from chaos.outside import wait_for
from chaos.plan import Outcome, Plan
from chaos.system import WORKERS, System
from chaos.wishes import wishes

OUTAGE = 60.0  # seconds that the broker is away, at scale 1
LONGEST = 240.0  # at most: "it is time for your call" is news for five minutes
WAITING = 2000  # hints in the queues when they are emptied
QUEUES = ("dialing.v1", "sms.v1")


def broker(plan: Plan) -> Outcome:
    """The broker is killed and stays away while requests come in steadily."""
    rng, away = plan.rng("broker"), min(max(5.0, OUTAGE * plan.scale), LONGEST)
    rate, pairs = 15.0, itertools.count()
    with System(plan.ground, plan.folder, "broker", seed=plan.seed) as system:
        first = Load(system, wishes(40, rng, "first", pairs))
        wait_for("the first calls", lambda: len(system.log()) > 20)
        plan.ground.rabbit.settle()
        load = Load(system, wishes(round(rate * (away + 5)), rng, pairs=pairs), rate=rate)
        plan.ground.rabbit.kill()
        begun, before = time.monotonic(), len(load.promises)
        while time.monotonic() < begun + away:
            plan.tell(f"away for {time.monotonic() - begun:.0f} s, {len(load.promises) - before} accepted")
            time.sleep(0.5)  # between two lines of progress; the loop ends with the outage
        meanwhile = len(load.promises) - before
        plan.ground.rabbit.restart()
        plan.tell("the broker is back")
        seconds = settle(system, first, load)
        slowest = max(promise.seconds for promise in load.promises)
        facts = {
            "away_s": round(away),
            "accepted_meanwhile": meanwhile,
            "slowest_answer_s": round(slowest, 2),
        }
        return Outcome(judge(system, first, load), {**facts, "settled_after_s": round(seconds, 1)})


def emptied(plan: Plan) -> Outcome:
    """RabbitMQ is emptied with thousands of hints waiting: one queue purged, another deleted."""
    rng, total = plan.rng("emptied"), plan.count(WAITING)
    with System(plan.ground, plan.folder, "emptied", seed=plan.seed) as system:
        system.kill(*WORKERS)
        load = Load(system, wishes(total, rng))
        while load.going or system.owed(("ready",)):
            plan.tell(f"{len(load.promises)}/{total} acknowledged")
            time.sleep(0.2)  # between two looks
        lost = [forget_hints(system.broker_url, name, whole=name == "sms.v1") for name in QUEUES]
        system.start(*WORKERS)
        plan.tell(f"{sum(lost)} hints are gone")
        wait_for("the first of them", lambda: len(system.log()) > total // 3)
        for name in QUEUES:  # and again, with the workers at it
            lost.append(forget_hints(system.broker_url, name, whole=name == "dialing.v1"))
        seconds = settle(system, load)
        return Outcome(judge(system, load), {"hints_lost": sum(lost), "settled_after_s": round(seconds, 1)})


def postgres(plan: Plan) -> Outcome:
    """PostgreSQL is killed and restarted again and again under requests and webhooks."""
    rng, total = plan.rng("postgres"), plan.count(800)
    with System(plan.ground, plan.folder, "postgres", seed=plan.seed) as system:
        load = Load(system, wishes(total, rng), rate=50)
        count, pause = 0, threading.Event()
        while load.going:
            pause.wait(rng.uniform(2.5, 4.0))
            plan.ground.postgres.kill()
            count += 1
            pause.wait(rng.uniform(0.1, 1.0))
            plan.ground.postgres.restart()
            plan.tell(f"{len(load.promises)}/{total} acknowledged, {count} kills")
        seconds = settle(system, load)
        tries = sum(promise.tries - 1 for promise in load.promises)
        facts = {"database_kills": count, "repeated_requests": tries}
        return Outcome(judge(system, load), {**facts, "settled_after_s": round(seconds, 1)})
