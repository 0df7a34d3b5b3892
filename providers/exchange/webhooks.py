"""Carries reports to the customer until they are taken: at least once, for as long as the process lives."""

import base64
import queue
import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

import structlog
import urllib3
from standardwebhooks import Webhook

from providers.exchange.dialects import Report
from providers.exchange.timers import Timers
from providers.reports import twilio

FIRST_RETRY, SLOWEST_RETRY = 0.1, 5.0  # seconds: a customer restarting is soon caught up with
PATIENCE = urllib3.Timeout(connect=3.0, read=15.0)
TRY_AGAIN = {408, 429}  # of the 4xx; the others would say the same tomorrow

log = structlog.get_logger(__name__)


class _Delivery(NamedTuple):
    report: Report
    settled: Callable[[], None]
    answered: Callable[[bytes], None]
    attempt: int = 1


class Courier:
    """Posts reports from a few threads.

    Parameters:
      url: the customer's API; None drops every report.
      secret: for Standard Webhooks signatures (`whsec_…`).
      credentials: user name and password for reports in OnionDev's words.
      timers: waits between tries.
      threads: posts at one time.
    """

    def __init__(
        self,
        url: str | None,
        *,
        secret: str,
        credentials: tuple[str, str] | None,
        timers: Timers,
        threads: int = 16,
    ) -> None:
        self._secret = secret
        self._webhook = Webhook(secret)
        self._basic = _basic(*credentials) if credentials else {}
        self._timers = timers
        self._counting = threading.Lock()
        self._owed = 0
        self._ready: queue.SimpleQueue[_Delivery | None] = queue.SimpleQueue()
        self.aim(url)
        self._threads = [
            threading.Thread(target=self._work, name=f"exchange-webhooks-{n}", daemon=True)
            for n in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def aim(self, url: str | None) -> None:
        """Post to this address from now on, also what is still owed."""
        self._pool = urllib3.connection_from_url(url, maxsize=64) if url else None
        self._url = (url or "").rstrip("/")
        self._base = urllib3.util.parse_url(url).path or "" if url else ""

    def post(
        self,
        report: Report,
        *,
        after: float = 0.0,
        copies: int = 1,
        settled: Callable[[], None] = lambda: None,
        answered: Callable[[bytes], None] = lambda _answer: None,
    ) -> None:
        """Deliver `report`, beginning in `after` seconds, `copies` times at once.

        Parameters:
          settled: called for each that the customer took or refused for good.
          answered: called with what he answered to each; with nothing, when he refused it.
        """
        if self._pool is None:
            answered(b"")
            settled()
            return
        self._count(copies)
        for _ in range(copies):
            self._timers.after(after, partial(self._ready.put, _Delivery(report, settled, answered)))

    @property
    def silent(self) -> bool:
        """Whether nobody is reported to."""
        return self._pool is None

    @property
    def owed(self) -> int:
        """Reports promised and not settled."""
        return self._owed

    def close(self) -> None:
        """Stop posting; what is still owed is lost."""
        for _ in self._threads:
            self._ready.put(None)
        until = time.monotonic() + 1.0
        for thread in self._threads:
            thread.join(
                max(0.0, until - time.monotonic())
            )  # one that waits for the customer ends with the process
        if self._pool is not None:
            self._pool.close()

    def _work(self) -> None:
        while (delivery := self._ready.get()) is not None:
            report, attempt = delivery.report, delivery.attempt
            status, answer = self._try(report)
            if status is None or status >= 500 or status in TRY_AGAIN or 300 <= status < 400:
                wait = min(FIRST_RETRY * 2 ** min(attempt - 1, 10), SLOWEST_RETRY) * random.uniform(0.7, 1.0)
                self._timers.after(wait, partial(self._ready.put, delivery._replace(attempt=attempt + 1)))
                continue
            if status >= 400:
                log.warning("webhook.refused", path=report.path, id=report.id, status=status)
            delivery.answered(answer if status < 300 else b"")
            self._count(-1)
            delivery.settled()

    def _try(self, report: Report) -> tuple[int | None, bytes]:
        """The customer's status and what he answered; no status if there was none."""
        if self._pool is None:
            return 204, b""
        # What he named himself must be below his own address: nobody else is posted to.
        path = report.path.removeprefix(self._url)
        if not path.startswith("/"):
            return 404, b""
        try:
            answer = self._pool.urlopen(
                "POST",
                self._base.rstrip("/") + path,
                body=report.body,
                headers=self._proof(report, path),
                retries=False,
                redirect=False,
                timeout=PATIENCE,
            )
        except (urllib3.exceptions.HTTPError, OSError):
            return None, b""
        return answer.status, answer.data

    def _proof(self, report: Report, path: str) -> dict[str, str]:
        if report.form:
            signature = twilio.signature(self._url + path, report.form, self._secret)
            return {"Content-Type": twilio.MEDIA, twilio.HEADER: signature}
        return {
            "Content-Type": "application/json",
            **(self._signature(report) if report.signed else self._basic),
        }

    def _signature(self, report: Report) -> dict[str, str]:
        # Signed by the wall clock, not the product's: the library that verifies looks at the wall clock.
        now = datetime.now(UTC)
        return {
            "webhook-id": report.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._webhook.sign(report.id, now, report.body.decode()),
        }

    def _count(self, change: int) -> None:
        with self._counting:
            self._owed += change


def _basic(username: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()}
