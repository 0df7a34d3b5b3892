"""A RabbitMQ for the whole run, and a fresh queue and brokers for each test."""

import gc
import os
from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.servers import PrivateRabbit, rabbit_available
from workers.broker import MemoryBroker, TrunkBroker
from workers.publisher import RabbitPublisher

AnyBroker = TrunkBroker | MemoryBroker


@pytest.fixture(scope="session")
def rabbit() -> Iterator[PrivateRabbit]:
    """A running RabbitMQ. Without one a test is skipped, or fails where CI=true says it must be there."""
    if reason := rabbit_available():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    with PrivateRabbit.start() as node:
        yield node


@pytest.fixture(scope="module", autouse=True)
def tidy() -> Iterator[None]:
    """Leave a module's garbage to no other: these may have sockets of pika's in it."""
    yield
    gc.collect()


@pytest.fixture
def ours(rabbit: PrivateRabbit) -> PrivateRabbit:
    """A RabbitMQ that a test may kill, freeze or set up."""
    if rabbit.given:
        pytest.skip("the broker of TEST_BROKER_URL is not ours to break")
    return rabbit


@pytest.fixture
def queue() -> str:
    """A queue that no other test uses."""
    return f"queue-{uuid4().hex[:8]}"


@pytest.fixture
def trunk(rabbit: PrivateRabbit) -> Iterator[TrunkBroker]:
    """Our broker on RabbitMQ."""
    broker = TrunkBroker(rabbit.url)
    yield broker
    broker.close()


@pytest.fixture(params=["memory", "rabbit"])
def broker(request: pytest.FixtureRequest) -> AnyBroker:
    """Each of our brokers in turn."""
    if request.param == "memory":
        return MemoryBroker()
    return request.getfixturevalue("trunk")  # type: ignore[no-any-return]  # fixtures by name have no type


@pytest.fixture
def publisher(rabbit: PrivateRabbit) -> Iterator[RabbitPublisher]:
    """The relay's publisher on RabbitMQ."""
    publisher = RabbitPublisher(rabbit.url)
    yield publisher
    publisher.close()
