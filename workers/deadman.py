"""The dead man's switch: a worker that was frozen dies before it does what others have taken over meanwhile.

A lease keeps two workers from asking a carrier for the same thing if the one who lost it looks at the clock first. A
process that is stopped between that look and the request itself (a paused container, a host that moves it) cannot. So
the kernel looks for it: a timer that the process must keep pushing forward ends it, and one that was stopped receives
the timer's signal before it runs on.
"""

import signal
import threading
import time

FROZEN = 5.0  # seconds: a machine under heavy load pauses a process for one or two, never for as long as this


def hold(frozen: float = FROZEN) -> None:
    """Have this process end by SIGALRM, should it not run for so many seconds."""
    _push(frozen)
    threading.Thread(target=_keep_pushing, args=(frozen,), name="deadman", daemon=True).start()


def _keep_pushing(frozen: float) -> None:
    while True:
        time.sleep(frozen / 5)
        _push(frozen)


def _push(frozen: float) -> None:
    signal.setitimer(signal.ITIMER_REAL, frozen)
