"""The processes: a worker, the relay, the clock; each alone for production, or all together in one."""

import signal
import threading
from collections.abc import Callable, Iterable
from typing import Any

from models import flow, settings
from workers import actors, clock, deadman, relay
from workers.broker import MemoryBroker, TrunkBroker
from workers.publisher import MemoryPublisher, Publisher, RabbitPublisher
from workers.queues import queue_name
from workers.serving import Crew, serve

STOPPING = 5.0  # seconds that a loop may take to see that it should stop


class NoSuchQueue(Exception):
    """pipelines.yaml has no queue of this name."""


def broker() -> TrunkBroker | MemoryBroker:
    """The broker of the settings."""
    ours = settings.current()
    if ours.embedded:
        return MemoryBroker(doubling=ours.double_hints)
    return TrunkBroker(ours.broker_url, doubling=ours.double_hints)


def publisher(over: TrunkBroker | MemoryBroker) -> Publisher:
    """What the relay publishes with."""
    ours = settings.current()
    if isinstance(over, MemoryBroker):
        return MemoryPublisher(over)
    return RabbitPublisher(ours.broker_url, doubling=ours.double_hints)


def run_relay() -> None:
    """Be a relay until told to stop."""
    _until_told(lambda stopping: relay.run(publisher(broker()), stopping))


def run_clock() -> None:
    """Be a clock until told to stop."""
    over = broker()
    _until_told(lambda stopping: clock.run(over.depth, stopping))
    over.close()


def run_worker(queues: Iterable[str], threads: int | None = None) -> bool:
    """Serve queues until told to stop.

    Parameters:
      queues: their names in pipelines.yaml; none means all.
      threads: for each; by default what pipelines.yaml says.

    Returns:
      Whether all work begun was finished.

    Raises:
      NoSuchQueue: the text names those there are.
    """
    known = flow.current().queues
    wanted = list(queues) or list(known)
    for name in wanted:
        if name not in known:
            raise NoSuchQueue(f"no queue {name!r} in pipelines.yaml; there are {', '.join(known)}")
    over = broker()
    actors.register(over)
    with deadman.held():
        done = serve(Crew(over, {name: threads or known[name].threads for name in wanted}))
    over.close()
    return done


class Together:
    """Relay, clock and workers in this process, with hints in its memory: the embedded mode."""

    def __init__(self) -> None:
        self._broker = broker()
        actors.register(self._broker)
        self._stopping = threading.Event()
        self._crew = Crew(
            self._broker, {name: queue.threads for name, queue in flow.current().queues.items()}
        )
        over = publisher(self._broker)
        self._loops = [
            threading.Thread(target=relay.run, args=(over, self._stopping), name="relay"),
            threading.Thread(target=clock.run, args=(self._broker.depth, self._stopping), name="clock"),
        ]

    def purge(self) -> None:
        """Drop all hints. The ledger knows what is owed."""
        if isinstance(self._broker, TrunkBroker):
            for name in flow.current().queues:
                self._broker.declare_queue(queue_name(name), ensure=True)
                self._broker.flush(queue_name(name))

    def start(self) -> None:
        """Start everything."""
        self._crew.start()
        for loop in self._loops:
            loop.start()

    def stop(self) -> None:
        """Stop everything within ten seconds."""
        self._stopping.set()
        for loop in self._loops:
            loop.join(STOPPING)
        self._crew.stop()
        self._broker.close()


def _until_told(work: Callable[[threading.Event], Any]) -> None:
    """Run a loop in this thread until SIGTERM or SIGINT."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    work(stopping)
