"""Publishing: what the broker confirmed is there, and no outage ever raises or holds the relay up."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from dramatiq import Message

from models.commands import COMMANDS
from models.hints import Hint
from tests.servers import PrivateRabbit
from tests.workers.process import running
from tests.workers.waiting import until
from workers.broker import MemoryBroker, TrunkBroker
from workers.publisher import MemoryPublisher, RabbitPublisher, message
from workers.queues import queue_name

# pika leaves the socket of a refused connection to the garbage collector, which says so.
pytestmark = [
    pytest.mark.servers,
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]


def hints(queue: str, count: int) -> list[Hint]:
    return [Hint(queue, "look", number, 1) for number in range(1, count + 1)]


@contextmanager
def frozen(rabbit: PrivateRabbit) -> Iterator[None]:
    """The broker does not answer, though its connections stand."""
    pid = int(rabbit.ctl("eval", "os:getpid().").strip().strip('"'))
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_hint_is_small_and_made_of_ids() -> None:
    longest = max(COMMANDS, key=len)

    body = message(Hint("notifications", longest, 10**15, 999)).encode()

    assert len(body) < 200
    read = Message.decode(body)
    assert (read.queue_name, read.actor_name, read.args) == ("notifications.v1", longest, (10**15, 999))
    assert read.message_id == f"{10**15}.999"


def test_what_is_confirmed_is_in_the_queue(
    publisher: RabbitPublisher, trunk: TrunkBroker, queue: str
) -> None:
    assert publisher.publish(hints(queue, 1200)) == set()

    assert publisher.up
    until(lambda: trunk.depth(queue) == 1200)


def test_publishing_nothing_is_fine(publisher: RabbitPublisher) -> None:
    assert publisher.publish([]) == set()


def test_one_batch_may_go_to_many_queues(publisher: RabbitPublisher, trunk: TrunkBroker, queue: str) -> None:
    names = [f"{queue}-{number}" for number in range(5)]

    assert publisher.publish([Hint(name, "look", 7, 1) for name in names]) == set()

    until(lambda: [trunk.depth(name) for name in names] == [1] * 5)


def test_a_rehearsed_publisher_sends_every_hint_twice(
    rabbit: PrivateRabbit, trunk: TrunkBroker, queue: str
) -> None:
    doubling = RabbitPublisher(rabbit.url, doubling=True)

    assert doubling.publish(hints(queue, 3)) == set()

    until(lambda: trunk.depth(queue) == 6)
    doubling.close()


def test_a_queue_that_is_gone_is_made_again(
    publisher: RabbitPublisher, trunk: TrunkBroker, queue: str
) -> None:
    other = Hint(f"{queue}-b", "look", 1, 1)
    publisher.publish([*hints(queue, 1), other])
    trunk.channel.queue_delete(queue_name(queue))

    assert publisher.publish([*hints(queue, 2), other]) == set(hints(queue, 2))

    assert publisher.publish(hints(queue, 2)) == set()
    until(lambda: trunk.depth(queue) == 2)


def test_refused_hints_are_reported_and_go_through_later(
    ours: PrivateRabbit, publisher: RabbitPublisher, trunk: TrunkBroker, queue: str
) -> None:
    publisher.publish(hints(queue, 1))
    limit = '{"max-length": 3, "overflow": "reject-publish"}'
    ours.ctl("set_policy", queue, f"^{queue}", limit, "--apply-to", "queues")
    until(lambda: publisher.publish(hints(queue, 20)))

    refused = publisher.publish(hints(queue, 20))

    assert refused == set(hints(queue, 20))
    ours.ctl("clear_policy", queue)
    until(lambda: publisher.publish(hints(queue, 20)) == set())


def test_a_dropped_connection_is_replaced(
    ours: PrivateRabbit, publisher: RabbitPublisher, queue: str
) -> None:
    publisher.publish(hints(queue, 1))

    ours.close_connections()

    until(lambda: publisher.publish(hints(queue, 5)) == set(), seconds=3)


def test_a_queue_that_was_declared_otherwise_takes_nothing_and_spoils_no_later_batch(
    publisher: RabbitPublisher, trunk: TrunkBroker, queue: str
) -> None:
    trunk.channel.queue_declare(queue_name(queue), durable=True)

    assert publisher.publish(hints(queue, 5)) == set(hints(queue, 5))

    assert publisher.publish(hints(f"{queue}-b", 5)) == set()


def test_a_broker_that_is_away_is_said_so_at_once(queue: str) -> None:
    publisher = RabbitPublisher("amqp://guest:guest@127.0.0.1:1/%2F")
    began = time.monotonic()

    assert publisher.publish(hints(queue, 1000)) == set(hints(queue, 1000))

    assert not publisher.up
    assert time.monotonic() - began < 1
    publisher.close()


def test_an_address_that_never_greets_costs_no_more_than_the_patience(queue: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        publisher = RabbitPublisher(f"amqp://127.0.0.1:{deaf.getsockname()[1]}/%2F", patience=0.5)
        began = time.monotonic()

        assert publisher.publish(hints(queue, 5)) == set(hints(queue, 5))

        assert time.monotonic() - began < 2
        publisher.close()


def test_the_next_node_of_the_cluster_is_taken_when_one_is_away(rabbit: PrivateRabbit, queue: str) -> None:
    publisher = RabbitPublisher(f"amqp://guest:guest@127.0.0.1:1/%2F;{rabbit.url}")

    assert publisher.publish(hints(queue, 5)) == set()
    publisher.close()


def test_a_frozen_broker_costs_no_more_than_the_patience(
    ours: PrivateRabbit, trunk: TrunkBroker, queue: str
) -> None:
    publisher = RabbitPublisher(ours.url, patience=0.5)
    publisher.publish(hints(queue, 1))
    trunk.depth(queue)

    with frozen(ours):
        began = time.monotonic()
        assert publisher.publish(hints(queue, 1000)) == set(hints(queue, 1000))
        assert not publisher.up
        assert time.monotonic() - began < 2
        assert trunk.depth(queue) is None

    until(lambda: publisher.publish(hints(queue, 5)) == set())
    publisher.close()


@pytest.mark.parametrize(
    ("where", "arrived"),
    [
        ("publisher.before_publish", {0}),
        ("publisher.after_publish", {0, 1, 2, 3}),  # the broker owes nothing that it has not confirmed
        ("publisher.after_confirm", {3}),
    ],
)
def test_what_was_confirmed_outlives_a_relay_that_dies(
    rabbit: PrivateRabbit, trunk: TrunkBroker, queue: str, where: str, arrived: set[int]
) -> None:
    trunk.declare_queue(queue_name(queue), ensure=True)
    with running("publish", rabbit.url, queue, "--count", "3", "--crash-at", where) as relay:
        assert relay.wait(20) == -signal.SIGKILL

    until(lambda: trunk.depth(queue) in arrived)


def test_the_memory_of_one_process_takes_everything(queue: str) -> None:
    broker = MemoryBroker()
    publisher = MemoryPublisher(broker)

    assert publisher.publish(hints(queue, 5)) == set()

    assert publisher.up
    assert broker.depth(queue) == 5
