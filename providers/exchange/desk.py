"""Takes one request from its arrival to its answer: faults, the journal, then the phones."""

import hashlib
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from providers.exchange import faults
from providers.exchange.dialects import Order, call_ended, call_feedback, moment, text_outcome
from providers.exchange.faults import Fault, Faults
from providers.exchange.journal import Journal
from providers.exchange.phones import PhoneBook, course
from providers.exchange.promises import Promises
from providers.exchange.ringing import Ringer
from providers.exchange.webhooks import Courier

TEXT_TAKES = 0.05  # seconds from a text's acceptance to its delivery report
SURVEY_TAKES = 0.1  # seconds from a conversation's end to the answers


class Refused(Exception):
    """Not accepted, and never will be."""


class Broken(Exception):
    """Not accepted; the carrier stumbled."""


class HungUp(ConnectionAbortedError):
    """The connection is closed without an answer."""


class UnderWay(Exception):
    """A request with this reference has arrived and is neither accepted nor turned away yet."""


class Desk:
    """Accepts requests. It never looks whether a reference was there before: a double is a double.

    Parameters:
      now: the product's clock.
      answer_after: seconds between accepting a request and answering it.
      closing: set when nobody is to be kept waiting any more.
    """

    def __init__(
        self,
        journal: Journal,
        book: PhoneBook,
        installed: Faults,
        courier: Courier,
        promises: Promises,
        ringer: Ringer,
        *,
        now: Callable[[], datetime],
        answer_after: float,
        closing: threading.Event,
    ) -> None:
        self._journal = journal
        self._book = book
        self._faults = installed
        self._courier = courier
        self._promises = promises
        self._ringer = ringer
        self._now = now
        self._answer_after = answer_after
        self._closing = closing
        self._lock = threading.Lock()
        self._held: Counter[tuple[str, str]] = Counter()

    def take(self, order: Order) -> str:
        """Accept a request and return the id it got.

        Raises:
          Refused, Broken, HungUp: as a fault or the number called for has it.
          OSError: the journal cannot be written.
        """
        struck = self._faults.draw(order.channel, faults.OF_THE_REQUEST)
        with self._holding(order.channel, order.reference):
            self._before_accepting(order, struck)
            id = secrets.token_hex(8)
            asked_at = self._now()
            self._journal.append(
                {
                    "at": moment(asked_at),
                    "channel": order.channel,
                    "reference": order.reference,
                    "id": id,
                    "dialect": order.dialect,
                    **order.fields,
                }
            )
        self._carry(order, id, asked_at)
        if struck is not None and struck.kind == "timeout_after_accept":
            self._wait(struck.seconds)
            raise HungUp(f"{order.reference}: told to time out after accepting")
        if self._answer_after:
            self._wait(self._answer_after)
        return id

    def resume(self, entries: list[dict[str, Any]]) -> None:
        """Report on these entries of the journal: the process that took them ended before it could."""
        head = ("n", "at", "channel", "reference", "id", "dialect")
        for entry in self._promises.owed(entries):
            fields = {name: value for name, value in entry.items() if name not in head}
            order = Order(entry["channel"], entry["reference"], fields, dialect=entry["dialect"])
            self._carry(order, entry["id"], datetime.fromisoformat(entry["at"]), waits=False)

    def find(self, channel: str, reference: str) -> str | None:
        """The id of the request made under `reference`, or None if there never was one.

        Raises:
          UnderWay: it is still being decided.
        """
        # In this order: what stops being held in between has been written by the time the journal is asked.
        held = self._held[channel, reference] > 0
        id = self._journal.find(channel, reference)
        if id is None and held:
            raise UnderWay(reference)
        return id

    def _before_accepting(self, order: Order, struck: Fault | None) -> None:
        if order.channel == "text" and self._book.phone(order.fields["to"]).text == "refused":
            raise Refused("this number takes no texts")
        if struck is None:
            return
        if struck.kind == "refuse":
            raise Refused("told to refuse")
        if struck.kind == "error":
            raise Broken("told to fail")
        if struck.kind in ("hang", "slow"):
            self._wait(struck.seconds)
        if struck.kind == "hang":
            raise HungUp(f"{order.reference}: told to hang")

    def _carry(self, order: Order, id: str, asked_at: datetime, *, waits: bool = True) -> None:
        """Let the phones ring and promise the reports; under `callback_first`, wait for the first of them."""
        if self._courier.silent:
            self._promises.keep(id)
            return
        fault = self._faults.draw(order.channel, faults.OF_THE_REPORTS)
        kind = fault.kind if fault is not None else ""
        if kind == "no_callback":
            self._promises.keep(id)
            return
        told = threading.Event()

        def settled() -> None:
            self._promises.keep(id)
            told.set()

        copies = 2 if kind == "callback_twice" else 1
        expected = False
        if order.channel == "call":
            self._ring(order, id, asked_at, copies, settled)
            expected = True
        elif order.channel == "ring":
            self._ringer.ring(order, id, copies, settled)
            expected = True
        elif order.channel == "text" and order.dialect == "simulator":
            fate = self._book.phone(order.fields["to"]).text
            expected = fate != "never"
            if expected:
                report = text_outcome(order, id, fate == "delivered")
                self._courier.post(report, after=TEXT_TAKES, copies=copies, settled=settled)
        if not expected:
            self._promises.keep(id)
        elif waits and fault is not None and kind == "callback_first":
            self._wait_for(told, fault.seconds)

    def _ring(
        self, order: Order, id: str, asked_at: datetime, copies: int, settled: Callable[[], None]
    ) -> None:
        numbers = order.fields["a_number"], order.fields["b_number"]
        phones = [self._book.phone(number) for number in numbers]
        way = course(*phones)
        conversation = hashlib.sha256(id.encode()).hexdigest()[:16]  # the same again after a restart
        report = call_ended(order, id, way, asked_at, conversation)
        self._courier.post(report, after=way.ended, copies=copies, settled=settled)
        if way.joined is None:
            return
        for number, phone in zip(numbers, phones, strict=True):
            if phone.feedback:
                report = call_feedback(order, id, number, phone.feedback, asked_at, conversation)
                self._courier.post(report, after=way.ended + SURVEY_TAKES, copies=copies)

    @contextmanager
    def _holding(self, channel: str, reference: str) -> Iterator[None]:
        key = (channel, reference)
        with self._lock:
            self._held[key] += 1
        try:
            yield
        finally:
            with self._lock:
                self._held[key] -= 1
                if not self._held[key]:
                    del self._held[key]

    def _wait_for(self, told: threading.Event, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not told.wait(0.05) and not self._closing.is_set() and time.monotonic() < until:
            pass

    def _wait(self, seconds: float) -> None:
        if self._closing.wait(seconds):
            raise HungUp("the exchange is closing")
