"""What must be the case for a process to pass a named point: a system, what is asked of it, and what is amiss."""

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from chaos import members, offices
from chaos.ground import MENTORS, PASSWORD, forget_hints, phone
from chaos.judge import settle
from chaos.load import Load
from chaos.moves import ACCEPT, ASK, CANCEL, COUNTER, DECLINE, SOON, SOON_TOO, Move
from chaos.outside import wait_for
from chaos.system import System
from chaos.wishes import QUARTER_HOUR, Step, Wish

PATIENCE = 40.0  # seconds until a process must have reached its point
LEASE = 7.0  # seconds that chaos/pipelines.yaml's timeout and the runner's spare time make

ROLES = {"relay": "relay", "publisher": "relay", "clock": "clock"} | dict.fromkeys(
    (
        "accept",
        "webhook",
        "schedule",
        "reschedule",
        "cancel",
        "callrequest",
        "allowance",
        "seal",
        "audio",
        "module",
    ),
    "web",
)

# Calls that stay where they were put; one that is moved so near that its time comes, and one that is cancelled.
KEPT = [(Step("POST", QUARTER_HOUR + 3.0),)] * 2
CHANGED = [
    (Step("POST", QUARTER_HOUR + 0.5), Step("PUT", 2.0)),
    (Step("POST", QUARTER_HOUR + 1.0), Step("PUT", QUARTER_HOUR + 1.0), Step("DELETE")),
]
QUEUES = ("dialing.v1", "sms.v1")

# A call request that stays as it is in the end; and for each move a life of one, in which it is the n-th to pass the
# points of `callrequest`. Asking passes those of `accept`.
STANDS = (ASK, ACCEPT, SOON)
LONGEST = (ASK, ACCEPT, COUNTER, SOON_TOO, CANCEL)
MOVES: dict[str, tuple[tuple[Move, ...], int]] = {
    **{move.name: (LONGEST, place) for place, move in enumerate(LONGEST) if place},
    "decline": ((ASK, DECLINE), 1),
}


def role(point: str) -> str:
    """Which process passes it."""
    return ROLES.get(point.partition(".")[0], "worker")


@dataclass
class Lane:
    """One system in which one point after another is rehearsed."""

    system: System
    loads: list[Load] = field(default_factory=list)
    survived: list[str] = field(default_factory=list)
    pairs: Iterator[int] = field(default_factory=itertools.count)

    def drive(self, name: str, scheduled: Sequence[tuple[Step, ...]] = CHANGED) -> Load:
        """Two calls, two texts, a reply, scheduled calls, each of another mentor; a call request, and two alarms."""
        kinds = ("call", "message", "call", "message", "reply")
        wanted = [Wish(f"{name}-{number}", kind, MENTORS[number]) for number, kind in enumerate(kinds)]
        for mentor, steps in zip(MENTORS[6:], scheduled, strict=True):
            wanted.append(Wish(f"{name}-{mentor}", "schedule", mentor, steps))
        wanted += [Wish(f"{name}-alarm-{number}", "alarm", "", pair=next(self.pairs)) for number in range(2)]
        return self.pursue([*wanted, self._asked(f"{name}-stands", STANDS)])

    def drive_one(self, name: str, moves: Sequence[Move]) -> Load:
        """One call request and nothing else."""
        return self.pursue([self._asked(name, moves)])

    def pursue(self, wanted: Sequence[Wish]) -> Load:
        """Clients at work."""
        self.loads.append(Load(self.system, wanted))
        return self.loads[-1]

    def _asked(self, name: str, moves: Sequence[Move]) -> Wish:
        return Wish(name, "callrequest", "", moves=tuple(moves), pair=next(self.pairs))

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
            time.sleep(0.05)  # between two looks
        return child.said("SIGKILL")


def simply(lane: Lane, point: str, scheduled: Sequence[tuple[Step, ...]] = CHANGED) -> bool:
    """Armed, then driven."""
    name = role(point)
    lane.rearm(name, point)
    lane.drive(point, scheduled)
    return lane.died(name)


def _to_stay(lane: Lane, point: str) -> bool:
    """What the death may have left out is not made good by a later change."""
    return simply(lane, point, KEPT)


def _without_an_answer(lane: Lane, point: str) -> bool:
    """The carrier takes a text and does not answer, so it is asked afterwards."""
    lane.system.fault("timeout_after_accept", channel="text", times=1, seconds=3)
    return simply(lane, point)


def _with_a_table_missing(lane: Lane, point: str) -> bool:
    """Somebody has taken away the table that records are written to, and brings it back."""
    lane.system.sql("ALTER TABLE call_data_record RENAME TO elsewhere")
    died = simply(lane, point)
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
    time.sleep(LEASE + 0.5)  # for as long as the lease of the dead holds
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


def at_each_move(lane: Lane, point: str) -> bool:
    """One call request, and the process dies at this move of it."""
    name, _, move = point.partition(":")
    moves, place = MOVES[move]
    lane.rearm("web", f"{name}:{place}")
    lane.drive_one(point, moves)
    return lane.died("web")


def _while_logging_in(lane: Lane, point: str) -> bool:
    """Somebody logs in to an API that dies as it counts the attempt, and once more."""
    body = {"email": members.mail(0), "password": PASSWORD}
    lane.rearm("web", point)
    first = lane.system.post("/api/v1/accounts/login/", body)
    died = lane.died("web")
    lane.rearm("web")
    return died and first == 599 and lane.system.post("/api/v1/accounts/login/", body) == 200


SITUATIONS: dict[str, Callable[[Lane, str], bool]] = {
    "carrier.before_find": _without_an_answer,
    "carrier.after_find": _without_an_answer,
    "failure": _with_a_table_missing,
    "relay.untake": _without_a_queue,
    "clock.leases": _after_a_lease,
    "clock.heal": _without_hints,
    "erase": _while_erasing,
    "allowance": _while_logging_in,
    "callrequest": at_each_move,
    "schedule": _to_stay,
    "rules": offices.while_migrating,
    "seal": offices.while_sealing,
    "audio.kept": offices.while_uploading,
    "module.added": offices.while_adding,
    "module.access": offices.while_granting,
}


def situation(point: str) -> Callable[[Lane, str], bool]:
    """What is to be done for this point to be passed."""
    return SITUATIONS.get(point) or SITUATIONS.get(point.rpartition(".")[0]) or simply
