"""From the request to the carrier: latency at low load, a realistic job, and the whole path until it is drained."""

import random
import time
from collections.abc import Callable
from typing import Any

import psycopg

from bench.accepting import WEB, Run, warm, where
from bench.figures import Result, interleaved, percentile, spread
from bench.ground import Ground
from bench.load import USERS, Client, fire
from bench.systems import Box, System
from models import database
from models.mentoring.messages import Message
from models.numbers import PhoneNumber

# Worker processes and threads of every system of the bench, ours and the others.
PROCESSES, THREADS = 2, 8

NOTED = 60.0  # seconds until the last answers are surely written down


def ours_at_work(system: System) -> None:
    """Start our relay and workers. A worker of ours that was frozen dies, on purpose; without the relay it idles."""
    system.run("relay", "trunkline.py", "relay")
    for _ in range(PROCESSES):
        system.run("worker", "trunkline.py", "worker", "sms", "--threads", str(THREADS), freezes=False)


def dramatiq_at_work(system: System, module: str) -> None:
    """Start a module's actors as Dramatiq does."""
    system.run("worker", "-m", "dramatiq", module, "-p", str(PROCESSES), "-t", str(THREADS))


def until_sent(system: System) -> None:
    """Until a plain pipeline has noted all its jobs: putting it to sleep sooner would cut its work off."""
    deadline = time.monotonic() + NOTED
    with psycopg.connect(system.env["DATABASE_URL"], autocommit=True) as connection:
        while connection.execute("SELECT 1 FROM plain_job WHERE state = 'queued' LIMIT 1").fetchone():
            if time.monotonic() > deadline:
                raise RuntimeError(f"the plain pipeline has not noted its jobs after {NOTED:.0f} s")
            time.sleep(0.02)  # between two looks; the deadline above ends it


def latency(ground: Ground, quick: bool) -> Result:
    """From sending the POST until the carrier has it in its log, at a few requests a second."""
    count, dice = (40 if quick else 150), random.Random(1)
    with ground.carrier() as box, ground.system("latency", SIMULATOR_URL=box.url, **WEB) as ours:
        port = ours.web("trunkline.py", "web")
        ours_at_work(ours)
        seen = warm(port)
        box.wait_for(seen)
        clients, sent = [Client(number, port) for number in range(USERS)], []
        for number in range(count):
            time.sleep(dice.uniform(0.1, 0.3))  # so far apart that no message waits for another
            sent.append(time.time())
            clients[number % USERS].converse()
        box.wait_for(seen + count)
        took = [(there - here) * 1000 for here, there in zip(sent, box.times()[seen:], strict=True)]
    figures = {
        "p50_ms": round(percentile(took, 0.5), 1),
        "p95_ms": round(percentile(took, 0.95), 1),
        "min_ms": round(min(took), 1),
        "max_ms": round(max(took), 1),
    }
    return Result(
        "latency", figures, {"p50_ms": ("<=", 20)}, "POST to the carrier's log, 5 requests a second"
    )


def carrier(ground: Ground, quick: bool) -> Result:
    """A job whose carrier takes 50 ms: jobs a second, beside a plain Dramatiq actor."""
    rounds, count = (3, 500) if quick else (5, 1000)
    with (
        ground.carrier(answer_after=0.05) as box,
        ground.system("plain", SIMULATOR_URL=box.url) as plain,
        ground.system("ours", SIMULATOR_URL=box.url) as ours,
    ):
        dramatiq_at_work(plain, "bench.plain")
        ours_at_work(ours)
        for system in (plain, ours):
            system.sleep()
        owing = _working(ground, ours, box, lambda: owe(ours, count), count)
        sending = _working(ground, plain, box, lambda: plain.do("-m", "bench.plain", str(count)), count)
        seen = interleaved(rounds, owing, sending)
    figures = {
        "jobs_to_plain": spread([one["rate"] / other["rate"] for one, other in zip(*seen, strict=True)]),
        "cpu_to_plain": spread([one["cpu"] / other["cpu"] for one, other in zip(*seen, strict=True)]),
        "ours_jobs_per_s": spread([run["rate"] for run in seen[0]], 0),
        "plain_jobs_per_s": spread([run["rate"] for run in seen[1]], 0),
        "ours_cpu_us_of": where(seen[0]),
        "plain_cpu_us_of": where(seen[1]),
    }
    how = f"a carrier that answers in 50 ms, {PROCESSES} x {THREADS} threads, beside a plain Dramatiq actor"
    return Result("carrier", figures, {"jobs_to_plain": (">=", 0.9)}, how)


def owe(system: System, count: int) -> None:
    """Accept messages as the API does."""
    database.bind(system.env["DATABASE_URL"])
    number = PhoneNumber.parse("+919876500000")
    for _ in range(count):
        Message.send_and_create(2, 1, number, "See you at five, at the same place as last time")
    database.close()


def _working(ground: Ground, system: System, box: Box, fill: Callable[[], None], count: int) -> Run:
    """A run: jobs a second in the middle of many that were there before the workers began."""

    def run() -> dict[str, Any]:
        fill()
        seen = box.accepted()
        before = ground.cpu_of(system)
        with system.awake():
            box.wait_for(seen + count)
            time.sleep(0.3)  # not timed: the last answers are written down, whose CPU counts
            after = ground.cpu_of(system)
        middle = box.times()[seen + count // 10 : seen + count - count // 10]
        parts = {name: (after[name] - before[name]) / count * 1e6 for name in after}
        return {"rate": len(middle) / (middle[-1] - middle[0]), "cpu": sum(parts.values()), "parts": parts}

    return run


def drained(ground: Ground, quick: bool) -> Result:
    """The whole path, POSTs to carrier, until nothing is left, beside the naive application and its worker."""
    rounds, count = (3, 400) if quick else (5, 800)
    with (
        ground.carrier() as box,
        ground.system("naive", SIMULATOR_URL=box.url, **WEB) as other,
        ground.system("ours", SIMULATOR_URL=box.url, **WEB) as ours,
    ):
        ports = [ours.web("trunkline.py", "web"), other.web("-m", "bench.naive")]
        ours_at_work(ours)
        dramatiq_at_work(other, "bench.naive")
        box.wait_for(warm(ports[0]))
        for system in (other, ours):
            system.sleep()
        seen = interleaved(
            rounds, _draining(ours, ports[0], box, count), _draining(other, ports[1], box, count)
        )
    figures = {
        "rate_to_naive": spread([one / other for one, other in zip(*seen, strict=True)]),
        "ours_per_s": spread(seen[0], 0),
        "naive_per_s": spread(seen[1], 0),
    }
    how = f"{count} POSTs until the carrier has them all, beside the naive application with its worker"
    return Result("drained", figures, {"rate_to_naive": (">=", 4)}, how)


def _draining(system: System, port: int, box: Box, count: int) -> Callable[[], float]:
    """A run: requests a second, from the first POST until the carrier has the last."""

    def run() -> float:
        seen = box.accepted()
        with system.awake():
            begun = fire(port, count=count)["begun"]
            box.wait_for(seen + count)
            time.sleep(0.3)  # the plain pipeline tells nobody when it is done: do not cut its work off
        return count / (box.times()[seen + count - 1] - float(begun))

    return run
