"""Faults a test can install: which requests fail, in what way and how often."""

import random
import threading
from dataclasses import asdict, dataclass
from typing import Any

# A request and its reports fail independently, so each request draws at most one fault of each kind.
OF_THE_REQUEST = {
    "refuse": "answered 403, not accepted",
    "error": "answered 500, not accepted",
    "timeout_after_accept": "accepted; no answer for `seconds`, then the connection is closed",
    "hang": "not accepted; no answer for `seconds`, then the connection is closed",
    "slow": "held for `seconds`, then accepted and answered",
}
OF_THE_REPORTS = {
    "callback_first": "the first report is posted, and answered, before the request is (at most `seconds`)",
    "callback_twice": "each report is posted twice, in parallel",
    "no_callback": "no report is posted",
}


@dataclass(frozen=True)
class Fault:
    """One way to fail.

    Parameters:
      channel: call, text, mail, push or `*` for all.
      kind: a key of `OF_THE_REQUEST` or `OF_THE_REPORTS`.
      share: of the requests, 0 to 1, that it strikes.
      times: how often it strikes at most; None is without end.
      seconds: how long something is held.
    """

    channel: str
    kind: str
    share: float = 1.0
    times: int | None = None
    seconds: float = 5.0


class Faults:
    """The faults now installed, struck in the order of their coming.

    Parameters:
      seed: of the dice, so that a run can be repeated.
    """

    def __init__(self, seed: int = 0) -> None:
        self._dice = random.Random(seed)
        self._lock = threading.Lock()
        self._left: dict[Fault, int | None] = {}

    def install(self, fault: Fault) -> None:
        """Let `fault` strike from now on; the same one again starts its count anew."""
        with self._lock:
            self._left[fault] = fault.times

    def clear(self) -> None:
        """Work properly again."""
        with self._lock:
            self._left = {}

    def shown(self) -> list[dict[str, Any]]:
        """The installed faults and how often each may still strike."""
        with self._lock:
            return [{**asdict(fault), "times_left": left} for fault, left in self._left.items()]

    def draw(self, channel: str, kinds: dict[str, str]) -> Fault | None:
        """The fault that strikes this request, of the given kinds, if any."""
        if not self._left:
            return None
        with self._lock:
            for fault, left in self._left.items():
                if fault.kind not in kinds or fault.channel not in ("*", channel) or left == 0:
                    continue
                if self._dice.random() < fault.share:
                    self._left[fault] = None if left is None else left - 1
                    return fault
        return None
