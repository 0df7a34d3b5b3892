"""The clock: puts back what dead workers had, hints again what the broker forgot, and starts periodic jobs."""

import threading
from collections.abc import Callable
from datetime import timedelta

import structlog

from models import database, flow, hints, periodic
from models.database import LOST

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
    while not stopping.is_set():
        try:
            tick(depth)
        except LOST as error:
            log.warning("clock.database_away", error=str(error))
        stopping.wait(TICK)
    database.close()
