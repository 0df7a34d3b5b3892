"""Publishing hints: confirms in windows, and for a broker that is away never an exception, only an answer."""

import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import takewhile
from typing import Any, Protocol

import pika
import structlog
from dramatiq import Message
from pika.exceptions import ChannelClosedByClient
from pika.spec import Basic

from models.hints import Hint
from models.rehearsal import point
from workers.broker import MemoryBroker
from workers.queues import declare, queue_name
from workers.wire import Wire

WINDOW = 500  # hints under way at a time: measured, more gains nothing and a loss would cost more
PATIENCE = 5.0  # seconds for a window's confirms

log = structlog.get_logger(__name__)


class Publisher(Protocol):
    """What the relay needs of a broker."""

    @property
    def up(self) -> bool:
        """Whether publishing makes sense now."""

    def publish(self, hints: Sequence[Hint]) -> set[Hint]:
        """Publish hints and return those that were not confirmed (the broker may have them all the same)."""

    def close(self) -> None:
        """Let go of the broker."""


def message(hint: Hint) -> Message[Any]:
    """The hint as it travels: ids only, less than 200 bytes, and what the ids of others take that it speaks of."""
    return Message(
        queue_name=queue_name(hint.queue),
        actor_name=hint.name,
        args=(hint.command_id, hint.attempt, *hint.others),
        kwargs={},
        options={},
        message_id=f"{hint.command_id}.{hint.attempt}",
        message_timestamp=0,  # a hint has no age: the ledger knows how long a command waits
    )


class MemoryPublisher:
    """Publishes to the broker of the embedded mode, which is never away."""

    up = True

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker

    def publish(self, hints: Sequence[Hint]) -> set[Hint]:
        """Publish hints; none stays unconfirmed."""
        for hint in hints:
            self._broker.enqueue(message(hint))
        return set()

    def close(self) -> None:
        """Nothing to let go of."""


class RabbitPublisher:
    """Publishes to RabbitMQ: persistent, mandatory, confirmed.

    What is nacked, returned for want of a queue, or not confirmed in time is reported as unconfirmed, and the
    next call does what is needed: it declares the queue, opens a new channel (after a leader died, RabbitMQ
    3.10 nacks for ever on the old one) or uses the new connection.

    Parameters:
      url: one or more AMQP URLs, `;` between them.
      patience: seconds that a window may take before the rest counts as unconfirmed.
      window: hints to send before waiting for their confirms.
      doubling: publish every hint twice.
    """

    def __init__(
        self, url: str, *, patience: float = PATIENCE, window: int = WINDOW, doubling: bool = False
    ) -> None:
        self._wire = Wire(url)
        self._patience, self._window, self._copies = patience, window, 2 if doubling else 1
        self._lane: Lane | None = None
        self._turn = threading.Lock()

    @property
    def up(self) -> bool:
        """Whether the broker is there, as far as we know."""
        return self._wire.up

    def publish(self, hints: Sequence[Hint]) -> set[Hint]:
        """Publish hints and return those not confirmed: all of them, and at once, when the broker is away."""
        point("publisher.before_publish")
        with self._turn:
            unconfirmed = {hint for window in self._windows(hints) for hint in self._publish(window)}
        point("publisher.after_confirm")
        return unconfirmed

    def _windows(self, hints: Sequence[Hint]) -> Iterator[Sequence[Hint]]:
        for start in range(0, len(hints), self._window):
            yield hints[start : start + self._window]

    def _publish(self, window: Sequence[Hint]) -> set[Hint]:
        cargo = [(hint, message(hint).encode()) for hint in window] * self._copies
        lost: set[Hint] | None = self._wire.ask(partial(self._send, cargo), self._patience)
        return set(window) if lost is None else lost

    def _send(self, cargo: "Cargo", connection: Any, answer: "Answer") -> None:
        if self._lane is None or not self._lane.usable:
            self._lane = Lane(connection)
        self._lane.send(cargo, answer)

    def close(self) -> None:
        """Hang up."""
        self._wire.close()


Cargo = Sequence[tuple[Hint, bytes]]
Answer = Callable[[set[Hint]], None]


class Lane:
    """A channel in confirm mode, with one window at a time under way. Lives on the wire's thread."""

    _persistent = pika.BasicProperties(delivery_mode=2)

    def __init__(self, connection: Any) -> None:
        self.usable = True
        self._ready = False
        self._connection, self._loop = connection, connection.ioloop
        self._declared: set[str] = set()
        self._sent = 0
        self._window: Cargo = ()
        self._answer: Answer | None = None
        self._waiting: dict[int, Hint] = {}
        self._confirmed: set[Hint] = set()
        self._returned: set[bytes] = set()
        self._channel = connection.channel(on_open_callback=self._opened)
        self._channel.add_on_close_callback(self._closed)

    def send(self, window: Cargo, answer: Answer) -> None:
        """Publish a window; `answer` is called once, with the hints that were not confirmed."""
        self._window, self._answer = window, answer
        self._confirmed, self._returned = set(), set()
        if self._ready:
            self._post()

    def _opened(self, channel: Any) -> None:
        channel.add_on_return_callback(self._came_back)
        channel.confirm_delivery(self._settled, callback=self._confirming)

    def _confirming(self, _frame: Any) -> None:
        self._ready = True
        self._loop.add_callback_threadsafe(self._post)

    def _post(self) -> None:
        with self._connection.bundled():
            for hint, body in self._window:
                queue = queue_name(hint.queue)
                if queue not in self._declared:
                    declare(self._channel, queue)
                    self._declared.add(queue)
                self._sent += 1
                self._waiting[self._sent] = hint
                self._channel.basic_publish("", queue, body, self._persistent, mandatory=True)
        # In the loop's next turn, when it has left the process and no confirm can be here yet.
        self._loop.add_callback_threadsafe(partial(point, "publisher.after_publish"))

    def _settled(self, frame: Any) -> None:
        tag = frame.method.delivery_tag
        tags = list(takewhile(lambda sent: sent <= tag, self._waiting)) if frame.method.multiple else [tag]
        hints = [self._waiting.pop(each) for each in tags]
        if isinstance(frame.method, Basic.Nack):
            if self.usable:  # once, not for each of a window
                log.warning("publisher.refused", queue=queue_name(hints[0].queue))
            self.usable = False
        else:
            self._confirmed.update(hints)
        if not self._waiting:
            self._finish()

    def _came_back(self, _channel: Any, method: Any, _properties: Any, body: bytes) -> None:
        """The queue is not there. The confirm that follows says only that the broker is done with it."""
        if method.routing_key in self._declared:
            log.warning("publisher.queue_is_gone", queue=method.routing_key)
        self._declared.discard(method.routing_key)
        self._returned.add(body)

    def _closed(self, _channel: Any, reason: Any) -> None:
        if not isinstance(reason, ChannelClosedByClient):
            # Now and then: a lost connection. Again and again: a queue that was declared otherwise before.
            log.warning("publisher.channel_lost", reason=str(reason))
        self.usable = False
        self._finish()

    def _finish(self) -> None:
        if not self.usable and self._channel.is_open:
            self._channel.close()
        if self._answer is not None:
            answer, self._answer = self._answer, None
            answer(
                {hint for hint, body in self._window if hint not in self._confirmed or body in self._returned}
            )
