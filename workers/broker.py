"""The two brokers: RabbitMQ with quorum queues, and one process's memory. Both carry hints only."""

from collections.abc import Iterable
from functools import cached_property, partial
from queue import Empty, Queue
from threading import Semaphore
from typing import Any

from dramatiq import Message, MessageProxy
from dramatiq.broker import Consumer
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.common import join_queue

from workers.consumer import TrunkConsumer
from workers.queues import addresses, declare, queue_name
from workers.wire import Wire, ready_messages

DEPTH_PATIENCE = 2.0  # seconds: who asks how deep a queue is has other things to do


class DelayForbidden(ValueError):
    """Something asked a broker to hold a message back."""

    def __init__(self) -> None:
        super().__init__("nothing waits inside the broker: enqueue a command with a due time")


class TrunkBroker(RabbitmqBroker):
    """RabbitMQ as the trunk wants it: one durable quorum queue per queue, and nothing beside it.

    Dramatiq's delayed and dead letter queues are not declared, and its middleware (retries, age limits,
    pipelines) is not used: what waits or failed stands in the ledger. A hint that is refused is dropped.

    Parameters:
      url: one or more AMQP URLs, `;` between them.
      doubling: enqueue every message twice, as a rehearsal of what a broker may do.
    """

    def __init__(self, url: str, *, doubling: bool = False) -> None:
        super().__init__(confirm_delivery=True, middleware=[])
        self.parameters = addresses(url)
        self._url, self._copies = url, 2 if doubling else 1

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> TrunkConsumer:
        return TrunkConsumer(self.parameters, queue_name, prefetch, timeout)

    def declare_queue(self, queue_name: str, *, ensure: bool = False) -> None:
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues.add(queue_name)
            self.queues_pending.add(queue_name)
            self.emit_after("declare_queue", queue_name)
        super().declare_queue(queue_name, ensure=ensure)

    def _declare_queue(self, queue_name: str) -> None:
        declare(self.channel, queue_name)

    def _declare_dq_queue(self, queue_name: str) -> None:
        pass

    def _declare_xq_queue(self, queue_name: str) -> None:
        pass

    def enqueue(self, message: Message[Any], *, delay: int | None = None) -> Message[Any]:
        if delay is not None:
            raise DelayForbidden
        for _ in range(self._copies):
            super().enqueue(message)
        return message

    def depth(self, queue: str) -> int | None:
        """How many hints are ready in a queue, besides those that workers hold. None: the broker is away."""
        return self._wire.ask(partial(ready_messages, queue_name(queue)), DEPTH_PATIENCE)

    @cached_property
    def _wire(self) -> Wire:
        return Wire(self._url)

    def flush(self, queue_name: str) -> None:
        self.channel.queue_purge(queue_name)

    def close(self) -> None:
        if "_wire" in self.__dict__:
            self._wire.close()
        super().close()


class MemoryBroker(StubBroker):
    """The broker of the embedded mode: queues in this process's memory, gone with it.

    Parameters:
      doubling: enqueue every message twice.
    """

    def __init__(self, *, doubling: bool = False) -> None:
        super().__init__(middleware=[])
        self._copies = 2 if doubling else 1

    def declare_queue(self, queue_name: str) -> None:
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues.setdefault(queue_name, Queue())
            self.emit_after("declare_queue", queue_name)

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 100) -> "MemoryConsumer":
        self.declare_queue(queue_name)
        return MemoryConsumer(self.queues[queue_name], prefetch, timeout)

    def enqueue(self, message: Message[Any], *, delay: int | None = None) -> Message[Any]:
        if delay is not None:
            raise DelayForbidden
        self.declare_queue(message.queue_name)
        for _ in range(self._copies):
            super().enqueue(message)
        return message

    def depth(self, queue: str) -> int | None:
        """How many hints are in a queue or being worked on."""
        known = self.queues.get(queue_name(queue))
        return known.unfinished_tasks if known else 0

    def join(self, queue_name: str, *, timeout: int | None = None, fail_fast: bool | None = None) -> None:
        """Wait until a queue is empty and its work done, for `timeout` milliseconds at most."""
        self.declare_queue(queue_name)
        join_queue(self.queues[queue_name], timeout=timeout and timeout / 1000)


class MemoryConsumer(Consumer):
    """Takes hints from a queue in memory; those that its worker did not begin go back."""

    def __init__(self, queue: "Queue[bytes]", prefetch: int, timeout: int) -> None:
        self._queue, self._timeout = queue, timeout / 1000
        self._room = Semaphore(prefetch)

    def __next__(self) -> MessageProxy | None:
        if not self._room.acquire(timeout=self._timeout):
            return None
        try:
            return MessageProxy(Message.decode(self._queue.get(timeout=self._timeout)))
        except Empty:
            self._room.release()
            return None

    def ack(self, message: MessageProxy) -> None:
        self._queue.task_done()
        self._room.release()

    def nack(self, message: MessageProxy) -> None:
        self.ack(message)

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        for message in messages:
            self._queue.put(message.encode())
            self.ack(message)
