"""The dead man's switch: a worker that was frozen dies before it does what others have taken over meanwhile.

A lease keeps two workers from asking a carrier for the same thing if the one who lost it looks at the clock first. A
process that is stopped between that look and the request itself (a paused container, a host that moves it) cannot. So
the kernel looks for it: a timer that the process must keep pushing forward ends it, and one that was stopped receives
the timer's signal before it runs on.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

FROZEN = 5.0  # seconds: a machine under heavy load pauses a process for one or two, never for as long as this


@contextmanager
def held(frozen: float = FROZEN) -> Iterator[None]:
    """Have this process end by SIGALRM, should it not run for so many seconds within."""
    released = threading.Event()

    def push() -> None:
        while not released.wait(frozen / 5):
            signal.setitimer(signal.ITIMER_REAL, frozen)

    pushing = threading.Thread(target=push, name="deadman", daemon=True)
    signal.setitimer(signal.ITIMER_REAL, frozen)
    pushing.start()
    try:
        yield
    finally:
        released.set()
        pushing.join()
        signal.setitimer(signal.ITIMER_REAL, 0)
