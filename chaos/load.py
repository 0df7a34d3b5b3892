"""The clients: each request is sent until it is acknowledged, under an idempotency key, as a good client does."""

import heapq
import itertools
import threading
import time
from collections.abc import Sequence
from typing import Any

import urllib3

from chaos.asking import Asking, Errand, Heard, Promise
from chaos.ground import OURS, phone_of_mentee
from chaos.negotiating import Negotiation
from chaos.planning import Planning
from chaos.system import System
from chaos.wishes import Wish

PATIENCE = 90.0  # seconds that a client tries before it gives up; it then counts as refused
PAUSE = 0.1  # seconds between two tries
ERRANDS: dict[str, type[Errand]] = {"callrequest": Negotiation, "alarm": Planning}


class Load:
    """Pursues wishes from a few threads.

    Parameters:
      rate: at most so many begin in a second; None for as fast as it goes.
      clients: how many threads.
    """

    def __init__(
        self, system: System, wanted: Sequence[Wish], *, rate: float | None = None, clients: int = 16
    ) -> None:
        self._system, self._wanted, self._rate = system, iter(wanted), rate
        self._lock = threading.Lock()
        self._begun = time.monotonic()
        self._taken = 0
        self._later: list[tuple[float, int, Errand]] = []  # scheduled calls whose next step is due then
        self._numbers = itertools.count()
        self.promises: list[Promise] = []
        self.refused: list[tuple[Wish, str]] = []
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

    def _work(self) -> None:
        while (errand := self._next()) is not None:
            if self._pursued(errand):
                self._keep(errand)

    def _next(self) -> Errand | None:
        """What to do now: the next step of something begun, or the next wish at its time."""
        with self._lock:
            wish, due = None, 0.0
            if not (self._later and self._later[0][0] <= time.monotonic()):
                wish = next(self._wanted, None)
            if wish is not None:
                self._taken += 1
                due = self._begun + self._taken / self._rate if self._rate else 0.0
            elif self._later:
                due, _, errand = heapq.heappop(self._later)
            else:
                return None
        time.sleep(max(0.0, due - time.monotonic()))  # the rate at which clients ask, not a wait
        if wish is None:
            return errand
        return ERRANDS.get(wish.kind, Errand)(wish)

    def _keep(self, errand: Errand) -> None:
        """One step was acknowledged: the rest for later, or a promise to be judged by."""
        if errand.step is not None:
            due = time.monotonic() + errand.step.after
            with self._lock:
                heapq.heappush(self._later, (due, next(self._numbers), errand))
            return
        self.promises.append(errand.promise())

    def _pursued(self, errand: Errand) -> bool:
        """Ask until it is acknowledged; False when it is refused or takes too long."""
        asking, tries, why = errand.asking(), 0, ""
        begun = time.monotonic()
        while time.monotonic() < begun + PATIENCE:
            tries, errand.tries = tries + 1, errand.tries + 1
            status, body = self._send(errand.wish, asking)
            why = f"{asking.verb} {asking.path} {status}: {body}"
            heard = asking.heard(status, tries)
            if heard is Heard.LOOK:
                status, body = self._send(errand.wish, errand.looking(asking))
                heard = Heard.AGAIN if status >= 500 else asking.otherwise
                if status == 200 and asking.took_effect(body):
                    heard = Heard.DONE
            if heard is Heard.DONE:
                errand.slowest = max(errand.slowest, time.monotonic() - begun)
                errand.acknowledge(asking, body)
                return not errand.again or self._once_more(errand, asking)
            if heard is Heard.NEVER:
                break
            if heard is Heard.ANEW:
                asking, tries = errand.asking(), 0
            time.sleep(PAUSE)  # as a good client waits between two tries
        self.refused.append((errand.wish, why))
        return False

    def _once_more(self, errand: Errand, asking: Asking) -> bool:
        """The same again, as of one who has not heard: it must change nothing."""
        until = time.monotonic() + PATIENCE
        while True:
            status, body = self._send(errand.wish, asking)
            if errand.unchanged(asking, status, body):
                return True
            if status < 500 or time.monotonic() > until:
                self.refused.append((errand.wish, f"{asking.verb} {asking.path} once more: {status}: {body}"))
                return False
            time.sleep(PAUSE)  # as a good client waits between two tries

    def _send(self, wish: Wish, asking: Asking) -> tuple[int, Any]:
        url, body = self._system.url + asking.path, asking.body
        headers = {**asking.headers, **({"Idempotency-Key": asking.key} if asking.key else {})}
        if (
            wish.kind == "reply"
        ):  # the carrier, which is not killed, reports what the mentee wrote until it is taken
            url = f"{self._system.simulator_url}/inbound"
            body = {"channel": "text", "from": phone_of_mentee(wish.mentor), "to": OURS, "body": wish.key}
        try:
            answer = self._pool.request(asking.verb, url, json=body, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            return 599, repr(error)  # no answer
        return answer.status, answer.json() if answer.data[:1] == b"{" else answer.data[:200]
