"""What is to happen in a moment: one thread and a heap, however many calls are ringing."""

import heapq
import itertools
import math
import threading
import time
from collections.abc import Callable

import structlog

TICK = 0.005  # seconds: hundreds of reports a second then cost two hundred wakings, not one each

log = structlog.get_logger(__name__)


class Timers:
    """Runs small things when their moment has come. What takes time belongs on another thread."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="exchange-timers", daemon=True)
        self._thread.start()

    def after(self, seconds: float, do: Callable[[], None]) -> None:
        """Call `do` once, `seconds` from now or up to a tick later."""
        moment = math.ceil((time.monotonic() + seconds) / TICK) * TICK
        with self._changed:
            first = not self._heap or moment < self._heap[0][0]
            heapq.heappush(self._heap, (moment, next(self._order), do))
            if first:
                self._changed.notify()

    def close(self) -> None:
        """Forget what is still to come."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while (do := self._next()) is not None:
            try:
                do()
            except Exception:  # one that fails must not keep the others from their time
                log.exception("timer.failed")

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            while not self._closed:
                wait = self._heap[0][0] - time.monotonic() if self._heap else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._heap)[2]
                self._changed.wait(wait)
        return None
