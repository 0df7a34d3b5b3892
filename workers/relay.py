"""The relay: takes due commands from the ledger and publishes their hints. Any number may run; any may die."""

import threading

import structlog

from models import database, hints
from models.database import LOST
from workers.publisher import Publisher

log = structlog.get_logger(__name__)

BATCH = 500  # a publisher's window: measured, the most that pays
QUICK = 0.005  # seconds until the next look while commands come singly
IDLE = 0.020  # seconds to which that grows while none come: a lone command waits half of it on average

# Where several come at once, many more do: after a while they go together. A hint among thirty costs the relay and the
# broker a quarter of what one among five does.
SEVERAL = 5
GATHER = 0.030  # seconds

AWAY = 0.5  # seconds between tries while the broker or the database is away


def relay_once(publisher: Publisher, limit: int = BATCH) -> int | None:
    """Publish one batch of due commands.

    Returns:
      How many went. Zero means nothing was due; None that the broker is away.
    """
    if not publisher.up:
        return None
    due = hints.take_due(limit)
    if not due:
        return 0
    lost = publisher.publish(due)
    if lost:
        hints.untake(list(lost))
        log.warning("relay.unconfirmed", count=len(lost))
        return None
    return len(due)


def run(publisher: Publisher, stopping: threading.Event) -> None:
    """Relay until told to stop."""
    pause = QUICK
    while not stopping.is_set():
        try:
            went = relay_once(publisher)
        except LOST as error:
            log.warning("relay.database_away", error=str(error))
            went = None
        if went is None:
            stopping.wait(AWAY)
        elif went < BATCH:
            pause = QUICK if went else min(pause * 1.02, IDLE)
            stopping.wait(GATHER if went >= SEVERAL else pause)
    publisher.close()
    database.close()
