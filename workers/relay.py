"""The relay: takes due commands from the ledger and publishes their hints. Any number may run; any may die."""

import threading
import time

import structlog

from models import database, hints
from models.database import LOST
from models.logs import spoken
from workers.publisher import Publisher

log = structlog.get_logger(__name__)

BATCH = 500  # a publisher's window: measured, the most that pays
QUICK = 0.005  # seconds until the next look while commands come singly
IDLE = 0.020  # seconds to which that grows while none come: a lone command waits half of it on average

# Where several come at once, many more do: after a while they go together. A hint among fifty costs the relay and the
# broker a quarter of what one among five does.
SEVERAL = 5
GATHER = 0.050  # seconds

AWAY = 0.5  # seconds between tries while the broker or the database is away

# A queue that the broker does not take hints for is left alone for as long as trying has held up the others, and twice
# as long each further time: its commands wait longest, so they would fill every batch. One that was only deleted is
# declared with its next hint, after `AWAY`; one that stays without a leader costs five seconds in each half minute.
LONGEST_REST = 30.0  # seconds


class Relay:
    """One relay.

    Parameters:
      publisher: how hints reach the broker.
      limit: hints in a batch.
    """

    def __init__(self, publisher: Publisher, limit: int = BATCH) -> None:
        self._publisher, self._limit = publisher, limit
        self._resting: dict[str, float] = {}
        self._rests: dict[str, float] = {}

    def once(self) -> int | None:
        """Publish one batch of due commands.

        Returns:
          How many were tried. Zero means nothing was due; None that the broker is away.
        """
        if self._away():
            return None
        begun = time.monotonic()
        resting = [queue for queue, until in self._resting.items() if until > begun]
        due = hints.take_due(self._limit, without=resting)
        lost = self._publisher.publish(hints.together(due)) if due else set()
        failed = {hint.queue for hint in lost}
        for queue in {hint.queue for hint in due} - failed:
            self._rests.pop(queue, None)
        if not lost:
            return len(due)
        hints.untake(list(lost))
        log.warning(
            "relay.unconfirmed", count=sum(len(hint.ids) for hint in lost), queues=",".join(sorted(failed))
        )
        if self._away():
            return None
        self._rest(failed, held_up=time.monotonic() - begun)
        return len(due)

    def _rest(self, queues: set[str], held_up: float) -> None:
        for queue in queues:
            rest = min(LONGEST_REST, max(AWAY, held_up, 2 * self._rests.get(queue, 0.0)))
            self._rests[queue], self._resting[queue] = rest, time.monotonic() + rest

    def _away(self) -> bool:
        return not self._publisher.up


def run(publisher: Publisher, stopping: threading.Event) -> None:
    """Relay until told to stop."""
    relay, pause = Relay(publisher), QUICK
    while not stopping.is_set():
        try:
            went = relay.once()
        except LOST as error:
            log.warning("relay.database_away", error=spoken(error))
            went = None
        except Exception as error:  # a relay that ends on a fault of ours would stop everybody's work
            log.error("relay.broken", error=spoken(error))
            went = None
        if went is None:
            stopping.wait(AWAY)
        elif went < BATCH:
            pause = QUICK if went else min(pause * 1.02, IDLE)
            stopping.wait(GATHER if went >= SEVERAL else pause)
    publisher.close()
    database.close()
