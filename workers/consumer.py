"""Consuming from RabbitMQ: deliveries are settled on the connection that brought them, or not at all."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

import pika
import structlog
from dramatiq import Message, MessageProxy
from dramatiq.broker import Consumer
from dramatiq.errors import ConnectionClosed, DecodeError
from pika.exceptions import AMQPError, ConnectionWrongStateError

from models.rehearsal import point
from workers.queues import declare

# Seconds without a message after which a consumer with nothing in hand subscribes anew. When a quorum queue is deleted
# and at once declared again, RabbitMQ (seen on 3.10.8) tells its consumers nothing, and what it then assigns to one of
# them never leaves the broker until his channel is closed.
SILENCE = 10.0

log = structlog.get_logger(__name__)


class Delivery(MessageProxy):
    """A message, its number on the channel that brought it, and the consumer that this channel belongs to."""

    def __init__(self, message: Message[object], consumer: "TrunkConsumer", tag: int) -> None:
        super().__init__(message)
        self.consumer, self.tag = consumer, tag


class TrunkConsumer(Consumer):
    """A queue's consumer, from one connection to its loss.

    The broker numbers deliveries from 1 on every channel, and Dramatiq settles a message through whichever
    consumer is there when the work is done. After a reconnect the number of an old message is that of another
    one, which Dramatiq's own consumer then acknowledges unseen. This one leaves messages of others alone: the
    broker, having lost the connection, delivers them again.

    Parameters:
      parameters: the addresses to try, in their order.
      queue: the queue's name on the broker; it is declared, for it may have gone with the broker that had it.
      prefetch: how many messages to hold unsettled.
      timeout: milliseconds without a message after which iterating gives None.

    Raises:
      ConnectionClosed: the broker is away or refuses; Dramatiq then makes a new consumer.
    """

    def __init__(
        self, parameters: Sequence[pika.URLParameters], queue: str, prefetch: int, timeout: int
    ) -> None:
        try:
            self._connection = pika.BlockingConnection(parameters)
        except AMQPError as error:
            raise ConnectionClosed(error) from None
        self._queue, self._prefetch, self._timeout = queue, prefetch, timeout / 1000
        self._held = 0
        try:
            self._subscribe()
        except AMQPError as error:
            self.close()
            raise ConnectionClosed(error) from None

    def _subscribe(self) -> None:
        self._channel = self._connection.channel()
        self._channel.basic_qos(prefetch_count=self._prefetch)
        declare(self._channel, self._queue)
        self._deliveries = self._channel.consume(self._queue, inactivity_timeout=self._timeout)
        self._silent_from = time.monotonic()

    def __next__(self) -> Delivery | None:
        try:
            method, _properties, body = next(self._deliveries)
            if method is None and not self._held and time.monotonic() > self._silent_from + SILENCE:
                self._channel.close()
                self._subscribe()
        except (AssertionError, AMQPError) as error:  # pika asserts where it did not expect the loss
            raise ConnectionClosed(error) from None
        if method is None or method.delivery_tag is None or body is None:  # nothing came in time
            return None
        self._held += 1
        self._silent_from = time.monotonic()
        try:
            return Delivery(Message.decode(body), self, method.delivery_tag)
        except DecodeError:
            log.error("consumer.unreadable", size=len(body))
            self._refuse(method.delivery_tag)
            return None

    def ack(self, message: MessageProxy) -> None:
        """Tell the broker that a message is done with. Called by the thread that did the work."""
        self._settle(message, self._ack)

    def nack(self, message: MessageProxy) -> None:
        """Have the broker drop a message that no actor of ours wants."""
        self._settle(message, self._refuse)

    def _settle(self, message: MessageProxy, how: Callable[[int], None]) -> None:
        if not isinstance(message, Delivery) or message.consumer is not self:
            log.debug("consumer.late", message_id=message.message_id)
            return
        with suppress(ConnectionWrongStateError):  # lost: it will be delivered again
            self._connection.add_callback_threadsafe(partial(how, message.tag))

    def _ack(self, tag: int) -> None:
        self._held -= 1
        if self._channel.is_open:
            point("consumer.before_ack")
            self._channel.basic_ack(tag)
            point("consumer.after_ack")

    def _refuse(self, tag: int) -> None:
        self._held -= 1
        if self._channel.is_open:
            self._channel.basic_nack(tag, requeue=False)

    def close(self) -> None:
        """Send what is settled, then hang up; the rest goes back to the queue."""
        with suppress(AMQPError, AssertionError):  # lost before: then nothing is there to be sent
            sent = threading.Event()
            self._connection.add_callback_threadsafe(sent.set)
            while not sent.is_set():
                self._connection.sleep(0)
        with suppress(AMQPError, AssertionError):
            self._connection.close()
