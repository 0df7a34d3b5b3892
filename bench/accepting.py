"""How fast requests are accepted, beside the same server with one bare INSERT and beside the naive application."""

from collections.abc import Callable
from statistics import median
from typing import Any

from bench.figures import Result, interleaved, spread
from bench.ground import Ground
from bench.load import fire
from bench.members import enrol
from bench.systems import System

# How much CPU more than one bare INSERT accepting may cost in the end; until then its target is less strict.
GOAL = 1.25

# Processes and threads of every web server of the bench, ours and the others.
WEB = {"WEB_PROCESSES": "2", "WEB_THREADS": "4"}


# What one run found: `rate` a second, `cpu` in microseconds for each, and its `parts` by process.
Run = Callable[[], dict[str, Any]]


def flooding(ground: Ground, system: System, port: int, seconds: float, kind: str = "message") -> Run:
    """A run: requests a second, and microseconds of CPU for each over all processes of the system and the servers."""
    turn = 0

    def run() -> dict[str, Any]:
        nonlocal turn
        with system.awake():
            turn = fire(port, seconds=0.3, kind=kind, turn=turn)["turn"]
            before = ground.cpu_of(system)
            seen = fire(port, seconds=seconds, kind=kind, turn=turn)
            turn = seen["turn"]
            after, count = ground.cpu_of(system), seen["answered"]
        parts = {name: (after[name] - before[name]) / count * 1e6 for name in after}
        return {"rate": count / seen["seconds"], "cpu": sum(parts.values()), "parts": parts}

    return run


def warm(port: int) -> int:
    """Have every process check every password once: that is slow on purpose, and remembered. Returns how many asked."""
    return sum(int(fire(port, connections=32, seconds=0.5)["answered"]) for _ in range(3))


def where(runs: list[dict[str, Any]]) -> dict[str, float]:
    """Microseconds of CPU for each request, by process; medians."""
    return {name: round(median(run["parts"][name] for run in runs)) for name in runs[0]["parts"]}


def compared(ours: list[dict[str, Any]], others: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """Ratios of runs that lay beside each other."""
    pairs = list(zip(ours, others, strict=True))
    return {
        f"rate_to_{name}": spread([one["rate"] / other["rate"] for one, other in pairs]),
        f"cpu_to_{name}": spread([one["cpu"] / other["cpu"] for one, other in pairs]),
        f"{name}_per_s": spread([run["rate"] for run in others], 0),
        f"{name}_cpu_us": spread([run["cpu"] for run in others], 0),
        f"{name}_cpu_us_of": where(others),
    }


def accept(ground: Ground, quick: bool) -> Result:
    """Ours, its relay running, to the same gunicorn doing authentication, validation and one bare INSERT."""
    rounds, seconds = (3, 1.5) if quick else (11, 1.5)
    with (
        ground.system("accept", **WEB) as ours,
        ground.system("insert", **WEB) as insert,
        ground.system("least", BENCH_AUTH="memory", **WEB) as least,
    ):
        ports = [
            ours.web("trunkline.py", "web"),
            insert.web("-m", "bench.reference"),
            least.web("-m", "bench.reference"),
        ]
        ours.run("relay", "trunkline.py", "relay")
        for port in ports:
            warm(port)
        runs = []
        for system, port in zip((ours, insert, least), ports, strict=True):
            runs.append(flooding(ground, system, port, seconds))
            system.sleep()
        seen = interleaved(rounds, *runs)
    figures = {
        **compared(seen[0], seen[1], "insert"),
        "cpu_goal": GOAL,
        **compared(seen[0], seen[2], "insert_without_auth_query"),
        "ours_per_s": spread([run["rate"] for run in seen[0]], 0),
        "ours_cpu_us": spread([run["cpu"] for run in seen[0]], 0),
        "ours_cpu_us_of": where(seen[0]),
    }
    targets = {"rate_to_insert": (">=", 0.6), "cpu_to_insert": ("<=", 1.7)}
    how = "POST /mentor/message/ with the relay running, beside the same gunicorn and one bare INSERT"
    return Result("accept", figures, targets, how)


def ask(ground: Ground, quick: bool) -> Result:
    """A call request, its relay running, to the same gunicorn checking the token, the hero and one bare INSERT."""
    rounds, seconds = (3, 1.5) if quick else (11, 1.5)
    with ground.system("ask", **WEB) as ours, ground.system("insert", **WEB) as insert:
        for system in (ours, insert):
            enrol(system.env["DATABASE_URL"])
        ports = [ours.web("trunkline.py", "web"), insert.web("-m", "bench.reference")]
        ours.run("relay", "trunkline.py", "relay")
        runs = []
        for system, port in zip((ours, insert), ports, strict=True):
            runs.append(flooding(ground, system, port, seconds, "call_request"))
            runs[-1]()
        seen = interleaved(rounds, *runs)
    figures = {
        **compared(seen[0], seen[1], "insert"),
        "ours_per_s": spread([run["rate"] for run in seen[0]], 0),
        "ours_cpu_us": spread([run["cpu"] for run in seen[0]], 0),
        "ours_cpu_us_of": where(seen[0]),
    }
    targets = {"rate_to_insert": (">=", 0.6), "cpu_to_insert": ("<=", 1.7)}
    how = "POST /api/v1/call-requests/ with the relay running, beside the same gunicorn and one bare INSERT"
    return Result("ask", figures, targets, how)


def naive(ground: Ground, quick: bool) -> Result:
    """Ours, its relay running, to connect, Peewee create and Dramatiq send for every request."""
    rounds, seconds = (3, 1.5) if quick else (7, 2.0)
    with ground.system("ours", **WEB) as ours, ground.system("naive", **WEB) as other:
        ports = [ours.web("trunkline.py", "web"), other.web("-m", "bench.naive")]
        ours.run("relay", "trunkline.py", "relay")
        warm(ports[0])
        runs = []
        for system, port in zip((ours, other), ports, strict=True):
            runs.append(flooding(ground, system, port, seconds))
            system.sleep()
        seen = interleaved(rounds, *runs)
    figures = {
        **compared(seen[0], seen[1], "naive"),
        "ours_per_s": spread([run["rate"] for run in seen[0]], 0),
    }
    how = "POST /mentor/message/ with the relay running, beside connecting and publishing in every request"
    return Result("naive", figures, {"rate_to_naive": (">=", 8)}, how)
