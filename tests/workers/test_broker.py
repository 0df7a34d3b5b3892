"""The brokers: quorum queues and nothing beside them, and every acknowledgement for its own message."""

import dramatiq
import pika
import pytest
from dramatiq import Message, MessageProxy
from dramatiq.broker import Consumer
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.errors import ConnectionClosed

from tests.servers import PrivateRabbit
from tests.workers.conftest import AnyBroker
from tests.workers.waiting import until
from workers.broker import DelayForbidden, MemoryBroker, TrunkBroker
from workers.queues import addresses, declare, queue_name

# pika leaves the socket of a refused connection to the garbage collector, which says so.
pytestmark = [
    pytest.mark.servers,
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]


def hint(queue: str, name: str = "look") -> Message[None]:
    return Message(queue_name=queue_name(queue), actor_name=name, args=(), kwargs={}, options={})


def taken(consumer: Consumer) -> MessageProxy:
    message = next(consumer)
    assert message is not None
    return message


def names_left(broker: dramatiq.Broker, queue: str) -> list[str]:
    """What is in a queue, in its order; it stays there."""
    consumer = broker.consume(queue_name(queue), prefetch=100, timeout=300)
    found = []
    while message := next(consumer):
        found.append(message.actor_name)
    consumer.close()
    return found


def test_a_queue_is_durable_replicated_and_bounded_in_its_redeliveries(
    trunk: TrunkBroker, queue: str
) -> None:
    trunk.enqueue(hint(queue))

    # The broker refuses a declaration that differs from what it has.
    trunk.channel.queue_declare(
        f"{queue}.v1", durable=True, arguments={"x-queue-type": "quorum", "x-delivery-limit": 20}
    )


@pytest.mark.parametrize("kind", ["DQ", "XQ"])
def test_no_queue_for_delayed_or_dead_messages_is_made(trunk: TrunkBroker, queue: str, kind: str) -> None:
    trunk.enqueue(hint(queue))

    with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="NOT_FOUND"):
        trunk.channel.queue_declare(f"{queue}.v1.{kind}", passive=True)


def test_nothing_of_dramatiq_retries_delays_or_expires(broker: AnyBroker, queue: str) -> None:
    broker.declare_queue(queue_name(queue))

    assert broker.middleware == []
    assert broker.get_declared_queues() == {queue_name(queue)}
    assert broker.get_declared_delay_queues() == set()
    with pytest.raises(DelayForbidden, match="enqueue a command with a due time"):
        broker.enqueue(hint(queue), delay=1000)


def test_who_consumes_a_queue_that_was_deleted_and_declared_again_hears_of_it(
    trunk: TrunkBroker, queue: str
) -> None:
    name = queue_name(queue)
    consumers = [trunk.consume(name, prefetch=1, timeout=100)]
    assert next(consumers[0]) is None
    trunk.channel.queue_delete(name)
    declare(trunk.channel, name)
    trunk.enqueue(hint(queue))

    def heard() -> MessageProxy | None:
        try:
            return next(consumers[-1])
        except (ConnectionClosed, StopIteration):  # Dramatiq then makes a new one
            consumers.append(trunk.consume(name, prefetch=1, timeout=100))
            return None

    until(heard, seconds=30)
    for consumer in consumers:
        consumer.close()


def test_connections_are_patient_only_within_bounds() -> None:
    first, second = addresses("amqp://guest:guest@10.0.0.1:5672/%2F ; amqp://10.0.0.2/%2F?heartbeat=60")

    assert (first.host, first.virtual_host, second.host) == ("10.0.0.1", "/", "10.0.0.2")
    assert (first.heartbeat, second.heartbeat) == (30, 60)
    assert first.blocked_connection_timeout == 30
    assert (first.socket_timeout, first.stack_timeout, first.connection_attempts) == (3, 5, 1)


@pytest.mark.parametrize(
    ("whose", "left"),
    [(RabbitmqBroker, ["second"]), (TrunkBroker, ["second", "third"])],
    ids=["dramatiq_loses_one", "ours_loses_none"],
)
def test_work_that_outlived_its_connection_acknowledges_no_other_message(
    rabbit: PrivateRabbit, queue: str, whose: type[RabbitmqBroker], left: list[str]
) -> None:
    broker = (
        TrunkBroker(rabbit.url) if whose is TrunkBroker else RabbitmqBroker(url=rabbit.url, middleware=[])
    )
    for name in ("first", "second", "third"):
        broker.enqueue(hint(queue, name))
    old = broker.consume(queue_name(queue), prefetch=1)
    old.ack(taken(old))
    begun = taken(old)
    old.close()
    new = broker.consume(queue_name(queue), prefetch=2)
    assert [taken(new).actor_name, taken(new).actor_name] == ["second", "third"]

    # `begun` was the old channel's second message; the new channel's second message is another one.
    new.ack(begun)
    new.close()

    assert names_left(broker, queue) == left
    broker.close()


def test_a_lost_connection_does_not_hold_up_the_thread_that_acknowledges(
    trunk: TrunkBroker, queue: str
) -> None:
    trunk.enqueue(hint(queue))
    consumer = trunk.consume(queue_name(queue))
    message = taken(consumer)
    consumer.close()

    consumer.ack(message)

    assert names_left(trunk, queue) == ["look"]


def test_a_message_that_cannot_be_read_is_dropped(trunk: TrunkBroker, queue: str) -> None:
    trunk.declare_queue(queue_name(queue), ensure=True)
    trunk.channel.basic_publish("", queue_name(queue), b"no hint of ours", mandatory=True)
    trunk.enqueue(hint(queue))

    consumer = trunk.consume(queue_name(queue))
    assert next(consumer) is None
    consumer.ack(taken(consumer))
    consumer.close()

    assert names_left(trunk, queue) == []


def test_a_consumer_makes_its_queue_again_when_it_is_gone(trunk: TrunkBroker, queue: str) -> None:
    trunk.enqueue(hint(queue))
    trunk.channel.queue_delete(queue_name(queue))

    consumer = trunk.consume(queue_name(queue), timeout=100)

    assert next(consumer) is None
    consumer.close()


def test_depth_counts_the_hints_that_wait(broker: AnyBroker, queue: str) -> None:
    assert broker.depth(queue) == 0

    for _ in range(3):
        broker.enqueue(hint(queue))

    until(lambda: broker.depth(queue) == 3)
    broker.flush(queue_name(queue))
    until(lambda: broker.depth(queue) == 0)


def test_depth_is_unknown_while_the_broker_is_away() -> None:
    broker = TrunkBroker("amqp://guest:guest@127.0.0.1:1/%2F")

    assert broker.depth("sms") is None
    broker.close()


def test_a_rehearsed_broker_delivers_every_hint_twice(rabbit: PrivateRabbit, queue: str) -> None:
    for doubling in (TrunkBroker(rabbit.url, doubling=True), MemoryBroker(doubling=True)):
        doubling.enqueue(hint(queue))

        assert names_left(doubling, queue) == ["look", "look"]
        doubling.close()
