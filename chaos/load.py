"""The clients: each command is posted under an idempotency key until it is acknowledged, as a good client does."""

import random
import threading
import time
from dataclasses import dataclass
from typing import Any

import urllib3

from chaos.ground import MENTORS
from chaos.outside import authorization
from chaos.system import System

PATIENCE = 90.0  # seconds that a client tries before it gives up; it then counts as refused
PAUSE = 0.1  # seconds between two tries


@dataclass(frozen=True)
class Wish:
    """What a client wants: one call, or one text whose content is its key."""

    key: str
    kind: str
    mentor: str


@dataclass(frozen=True)
class Promise:
    """What the API acknowledged with 201."""

    wish: Wish
    reference: str
    seconds: float
    tries: int


def wishes(count: int, rng: random.Random, name: str = "wish") -> list[Wish]:
    """A mix of calls and texts."""
    return [
        Wish(f"{name}-{number}", rng.choice(("call", "message")), rng.choice(MENTORS))
        for number in range(count)
    ]


class Load:
    """Posts wishes from a few threads.

    Parameters:
      rate: at most so many begin in a second; None for as fast as it goes.
      clients: how many threads.
    """

    def __init__(
        self, system: System, wanted: list[Wish], *, rate: float | None = None, clients: int = 16
    ) -> None:
        self._system, self._wanted, self._rate = system, iter(wanted), rate
        self._lock = threading.Lock()
        self._begun = time.monotonic()
        self._taken = 0
        self.promises: list[Promise] = []
        self.refused: list[tuple[Wish, str]] = []
        self.stopping = threading.Event()
        self._pool = urllib3.PoolManager(maxsize=clients, retries=False, timeout=10)
        self._threads = [
            threading.Thread(target=self._work, daemon=True) for _ in range(min(clients, len(wanted)))
        ]
        for thread in self._threads:
            thread.start()

    @property
    def going(self) -> bool:
        """Whether some wish has not been acknowledged yet."""
        return any(thread.is_alive() for thread in self._threads)

    def join(self) -> list[Promise]:
        """Wait until every wish was acknowledged or given up; the promises."""
        for thread in self._threads:
            thread.join()
        self._pool.clear()
        return self.promises

    def _next(self) -> Wish | None:
        with self._lock:
            wish = None if self.stopping.is_set() else next(self._wanted, None)
            self._taken += 1
            due = self._begun + self._taken / self._rate if self._rate else 0.0
        if wish is not None:
            self.stopping.wait(max(0.0, due - time.monotonic()))
        return wish

    def _work(self) -> None:
        while (wish := self._next()) is not None:
            self._grant(wish)

    def _grant(self, wish: Wish) -> None:
        begun, tries, why = time.monotonic(), 0, ""
        while time.monotonic() < begun + PATIENCE:
            tries += 1
            status, body = self._post(wish)
            why = f"{status}: {body}"
            if status == 201:
                took = time.monotonic() - begun
                self.promises.append(Promise(wish, f"{wish.kind}:{body['id']}", took, tries))
                return
            if status < 500:
                break
            time.sleep(PAUSE)
        self.refused.append((wish, why))

    def _post(self, wish: Wish) -> tuple[int, Any]:
        body = {"content": wish.key} if wish.kind == "message" else {}
        headers = authorization(wish.mentor) | {"Idempotency-Key": wish.key}
        url = f"{self._system.url}/mentor/{wish.kind}/"
        try:
            answer = self._pool.request("POST", url, json=body, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            return 599, repr(error)  # no answer
        return answer.status, answer.json() if answer.data[:1] == b"{" else answer.data[:200]
