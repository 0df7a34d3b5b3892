"""Death at every named point: the process that passes it is killed exactly there, restarted, and nothing is lost."""

import queue
import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from chaos.ground import MENTORS, forget_hints, phone
from chaos.judge import Verdict, judge, settle
from chaos.load import Load
from chaos.outside import wait_for
from chaos.plan import Outcome, Plan
from chaos.processes import ROOT
from chaos.system import System
from chaos.wishes import QUARTER_HOUR, Step, Wish

LANES = 4  # systems side by side: most points wait for a lease to end, which costs no processor
PATIENCE = 40.0  # seconds until a process must have reached its point
LEASE = 7.0  # seconds that chaos/pipelines.yaml's timeout and the runner's spare time make

WORKER: dict[str, tuple[str, ...]] = {"worker": ("dialing", "sms", "records", "chores", "mail", "push")}
ROLES = {"relay": "relay", "publisher": "relay", "clock": "clock"} | dict.fromkeys(
    ("accept", "webhook", "schedule", "reschedule", "cancel"), "web"
)

# Calls that stay where they were put; one that is moved so near that its time comes, and one that is cancelled.
KEPT = [(Step("POST", QUARTER_HOUR + 3.0),)] * 2
CHANGED = [
    (Step("POST", QUARTER_HOUR + 0.5), Step("PUT", 2.0)),
    (Step("POST", QUARTER_HOUR + 1.0), Step("PUT", QUARTER_HOUR + 1.0), Step("DELETE")),
]
QUEUES = ("dialing.v1", "sms.v1")


def named_points() -> set[str]:
    """Every point of death in the code. A transaction has one before and one after its commit."""
    names: set[str] = set()
    for room in ("api", "models", "workers", "providers"):
        for file in (ROOT / room).rglob("*.py"):
            text = file.read_text(encoding="utf-8")
            names.update(re.findall(r'\bpoint\("([a-z_.]+)"', text))
            names.update(re.findall(r'\bpartial\(point, "([a-z_.]+)"', text))
            for name in re.findall(r'\btransaction\("([a-z_.]+)"', text):
                names.update((f"{name}.before_commit", f"{name}.after_commit"))
    return names - {""}


def role(point: str) -> str:
    """Which process passes it."""
    return ROLES.get(point.partition(".")[0], "worker")


@dataclass
class Lane:
    """One system in which one point after another is rehearsed."""

    system: System
    loads: list[Load] = field(default_factory=list)
    survived: list[str] = field(default_factory=list)

    def drive(self, name: str, scheduled: Sequence[tuple[Step, ...]] = CHANGED) -> Load:
        """Two calls, two texts, a mentee who writes, and scheduled calls, each of a mentor of its own."""
        kinds = ("call", "message", "call", "message", "reply")
        wanted = [Wish(f"{name}-{number}", kind, MENTORS[number]) for number, kind in enumerate(kinds)]
        for mentor, steps in zip(MENTORS[6:], scheduled, strict=True):
            wanted.append(Wish(f"{name}-{mentor}", "schedule", mentor, steps))
        self.loads.append(Load(self.system, wanted))
        return self.loads[-1]

    def rearm(self, name: str, point: str = "") -> None:
        """Kill a process and start it armed, or unarmed again."""
        if name in self.system.children:
            self.system.kill(name)
        self.system.start(name, crash_at=point)
        if name == "web":
            self.system.ready()

    def died(self, name: str) -> bool:
        """Wait for the process's SIGKILL. Of the API it is a worker of gunicorn's that dies."""
        child = self.system.children[name]
        if name != "web":
            return child.died(PATIENCE) == -9
        deadline = time.monotonic() + PATIENCE
        while not child.said("SIGKILL") and time.monotonic() < deadline:
            time.sleep(0.05)
        return child.said("SIGKILL")


def _simply(lane: Lane, point: str, scheduled: Sequence[tuple[Step, ...]] = CHANGED) -> bool:
    """Armed, then driven."""
    name = role(point)
    lane.rearm(name, point)
    lane.drive(point, scheduled)
    return lane.died(name)


def _to_stay(lane: Lane, point: str) -> bool:
    """What the death may have left out is not made good by a later change."""
    return _simply(lane, point, KEPT)


def _without_an_answer(lane: Lane, point: str) -> bool:
    """The carrier takes a text and does not answer, so it is asked afterwards."""
    lane.system.fault("timeout_after_accept", channel="text", times=1, seconds=3)
    return _simply(lane, point)


def _with_a_table_missing(lane: Lane, point: str) -> bool:
    """Somebody has taken away the table that records are written to, and brings it back."""
    lane.system.sql("ALTER TABLE call_data_record RENAME TO elsewhere")
    died = _simply(lane, point)
    lane.system.sql("ALTER TABLE elsewhere RENAME TO call_data_record")
    return died


def _without_a_queue(lane: Lane, point: str) -> bool:
    """The relay has published to a queue before, and then the queue is gone."""
    lane.rearm("relay", point)
    settle(lane.system, lane.drive(f"{point}-before"))
    lane.system.kill("worker")
    for name in QUEUES:
        forget_hints(lane.system.broker_url, name, whole=True)
    lane.drive(point)
    died = lane.died("relay")
    lane.rearm("worker")
    return died


def _after_a_lease(lane: Lane, point: str) -> bool:
    """A worker has died with commands in its hands, and their leases are over when the clock looks."""
    lane.system.kill("clock")
    lane.rearm("worker", "carrier.before_request")
    lane.drive(point)
    died = lane.died("worker")
    lane.rearm("worker")
    time.sleep(LEASE + 0.5)
    lane.rearm("clock", point)
    return lane.died("clock") and died


def _without_hints(lane: Lane, point: str) -> bool:
    """Hints lie in the queues with nobody to take them, and then the queues are empty."""
    lane.system.kill("worker")
    lane.drive(point).join()
    wait_for("hints being sent", lambda: lane.system.owed(("ready",)) == 0)
    for name in QUEUES:
        forget_hints(lane.system.broker_url, name, whole=False)
    lane.rearm("clock", point)
    died = lane.died("clock")
    lane.rearm("worker")
    return died


def _while_erasing(lane: Lane, point: str) -> bool:
    """Somebody is erased by a command that dies, and is asked for again."""
    lane.drive(point)
    command = ("person", "erase", str(lane.system.ground.passer_by), "--yes")
    died = lane.system.command(*command, crash_at=point).returncode == -9
    again = lane.system.command(*command).returncode
    people = lane.system.command("person", "export", command[2]).stdout
    return died and again == 0 and phone(99, "2").e164() not in people


SITUATIONS: dict[str, Callable[[Lane, str], bool]] = {
    "carrier.before_find": _without_an_answer,
    "carrier.after_find": _without_an_answer,
    "failure": _with_a_table_missing,
    "relay.untake": _without_a_queue,
    "clock.leases": _after_a_lease,
    "clock.heal": _without_hints,
    "erase": _while_erasing,
    "schedule": _to_stay,
}


def _situation(point: str) -> Callable[[Lane, str], bool]:
    return SITUATIONS.get(point) or SITUATIONS.get(point.rpartition(".")[0]) or _simply


def points(plan: Plan) -> Outcome:
    """The process that passes a named point is killed exactly there, for each point in the code."""
    names = sorted(
        named_points(), key=lambda name: (_situation(name) is _simply, name)
    )  # the long ones first
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
                before = verdict.troubles
                verdict = _rehearse(here, point)
                done[0] += 1
                plan.tell(f"{done[0]}/{len(names)} points, {point}")
                if verdict.troubles > before:
                    faults.append(point)
        return verdict

    with ThreadPoolExecutor(LANES) as pool:
        for verdict in pool.map(lane, range(LANES)):
            total.add(verdict)
    total.wrong += [f"it went wrong at {point}" for point in faults]
    return Outcome(total, {"points": len(names)})


def _each(left: "queue.SimpleQueue[str]") -> Iterator[str]:
    while True:
        try:
            yield left.get_nowait()
        except queue.Empty:
            return


def _rehearse(lane: Lane, point: str) -> Verdict:
    died = _situation(point)(lane, point)
    lane.rearm(role(point))
    settle(lane.system, *lane.loads)
    lane.system.tell_simulator("DELETE", "/faults")
    verdict = judge(lane.system, *lane.loads)
    lane.survived += [] if died else [point]
    verdict.survived = len(lane.survived)
    verdict.wrong += [f"nobody died at {name}" for name in lane.survived]
    return verdict
