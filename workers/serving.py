"""Serving queues: threads for each in one process, started together and stopped within ten seconds."""

import signal
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from queue import SimpleQueue

import dramatiq.worker
import structlog
from dramatiq import Broker, Worker
from dramatiq.common import iter_queue

from workers.queues import queue_name

# Milliseconds between looks at whether to stop. Nobody polls for work: a hint wakes its thread at once.
LOOK_UP = 200

# Seconds. In all less than the ten that a stop may take; who is not done by then loses the lease and no more.
FINISHING = 7.0
LEAVING = 1.0

# Seconds after which a thread gives way to another. Work here is short steps between waits; with the default of 5 ms a
# thread whose database has answered waits for others ten times longer than for the database.
SWITCH = 0.0005

# Dramatiq waits three seconds before it consumes again after a loss, and takes another number only from an
# environment variable at import. A broker that is back should be used soon, and a try a second hurts nobody.
dramatiq.worker.CONSUMER_RESTART_DELAY_SECS = 1.0

log = structlog.get_logger(__name__)


class Gang(Worker):
    """The threads of one queue. Each has one hint that it works on, and the next one in hand.

    A quorum queue needs milliseconds to take back one hint and send another; without one in hand, a thread would be
    idle meanwhile (measured: a tenth of its time with a carrier that takes 50 ms).
    """

    def __init__(self, broker: Broker, queue: str, threads: int) -> None:
        super().__init__(broker, queues={queue}, worker_timeout=LOOK_UP, worker_threads=threads)
        self.queue = queue
        self.queue_prefetch = 2 * threads

    def start(self) -> None:
        """Start consuming and working.

        Dramatiq's own way is a middleware that waits for queues to be declared and outlives the worker. Our
        queue is known, and several workers share the broker.
        """
        self.broker.emit_before("worker_boot", self)
        self.broker.declare_queue(self.queue)
        self._add_consumer(self.queue)
        for _ in range(self.worker_threads):
            self._add_worker()
        self.broker.emit_after("worker_boot", self)


class Crew:
    """Serves some queues in this process.

    Parameters:
      broker: where the hints come from; the actors are declared on it.
      threads: how many threads each queue gets, by the queue's name.
    """

    def __init__(self, broker: Broker, threads: Mapping[str, int]) -> None:
        self._broker = broker
        self._gangs = [Gang(broker, queue_name(queue), count) for queue, count in threads.items()]

    def start(self) -> None:
        """Begin to take hints. A broker that is away is waited for."""
        for gang in self._gangs:
            gang.start()

    def stop(self, finishing: float = FINISHING) -> bool:
        """Take nothing more, finish what is begun, hang up. What was not begun goes back to its queue.

        Parameters:
          finishing: seconds for the work begun; what takes longer is left to its thread and its lease.

        Returns:
          Whether everything begun was finished.
        """
        workers = [thread for gang in self._gangs for thread in gang.workers]
        consumers = [thread for gang in self._gangs for thread in gang.consumers.values()]
        for thread in workers:
            thread.stop()
        finished = _join(workers, finishing)
        for consumer in consumers:
            consumer.stop()
        _join(consumers, LEAVING)
        closers = [threading.Thread(target=_leave, args=(gang,), daemon=True) for gang in self._gangs]
        for closer in closers:
            closer.start()
        _join(closers, LEAVING)
        if not finished:
            log.warning("crew.left_work_behind", seconds=finishing)
        return finished


def _leave(gang: Gang) -> None:
    """Give back what was not begun and hang up. A consumer that is still connecting ends with the process."""
    for thread in gang.consumers.values():
        if thread.consumer is not None and not thread.is_alive():
            thread.requeue_messages(item.message for item in iter_queue(gang.work_queue))
            thread.close()


def _join(threads: Iterable[threading.Thread], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    for thread in (threads := list(threads)):
        thread.join(max(0.0, deadline - time.monotonic()))
    return not any(thread.is_alive() for thread in threads)


def serve(crew: Crew, finishing: float = FINISHING) -> bool:
    """Run a crew until SIGTERM or SIGINT, then stop it: `finishing` and the result are `Crew.stop`'s."""
    # A SimpleQueue may be put to from a signal handler; an Event may deadlock there.
    orders: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda given, _frame: orders.put(given))
    sys.setswitchinterval(SWITCH)
    crew.start()
    orders.get()
    return crew.stop(finishing)
