"""The clock: puts back what dead workers had, hints again what the broker forgot, and starts periodic jobs."""

import threading
from collections.abc import Callable
from datetime import timedelta

import structlog

from models import database, flow, hints, periodic
from models.database import LOST
from models.logs import spoken

log = structlog.get_logger(__name__)

TICK = 1.0  # seconds

# A queue is empty on the broker though the ledger has hints in it: after this long they count as lost. Workers hold a
# few hints in their hands; hinting those again is harmless.
LOST_AFTER = timedelta(seconds=4)

# However full the queue is, a hint this old is published again: one may be lost among many that are not.
LOST_ANYHOW = timedelta(minutes=5)

Depth = Callable[[str], int | None]


def tick(depth: Depth) -> None:
    """Look once at everything.

    Parameters:
      depth: how many hints the broker has ready in a queue; None when it cannot say.
    """
    if expired := hints.expire_leases():
        log.warning("clock.leases_expired", count=expired)
    for queue in flow.current().queues:
        heal(queue, depth)
    for name, interval in flow.current().every.items():
        periodic.turn(name, interval)


def follow_pipelines() -> None:
    """Bring what is owed to the queues that pipelines.yaml names now: it may have been changed since."""
    for name, actor in flow.current().actors.items():
        if count := hints.move_to(actor.queue, name):
            log.warning("clock.moved", command=name, queue=actor.queue, count=count)


def heal(queue: str, depth: Depth) -> int:
    """Have hints that the broker lost published again. Returns how many."""
    if not hints.any_older_than(queue, LOST_AFTER):
        return 0
    age = LOST_AFTER if depth(queue) == 0 else LOST_ANYHOW
    healed = hints.hint_again(queue, age)
    if healed:
        log.warning("clock.hinted_again", queue=queue, count=healed)
    return healed


def run(depth: Depth, stopping: threading.Event) -> None:
    """Tick until told to stop."""
    moved = False
    while not stopping.is_set():
        try:
            if not moved:
                follow_pipelines()
                moved = True
            tick(depth)
        except LOST as error:
            log.warning("clock.database_away", error=spoken(error))
        except (
            Exception
        ) as error:  # a clock that ends on a fault of ours would let everything lie that it puts right
            log.error("clock.broken", error=spoken(error))
        stopping.wait(TICK)
    database.close()
