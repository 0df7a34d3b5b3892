"""Queues on RabbitMQ: what they are called, how they are declared, and where the cluster that has them is."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pika

# The arguments of a queue cannot be changed once it exists: other arguments need another version.
VERSION = "v1"

# A hint that came back this often (its worker died or left) is dropped, and the clock makes a new one: the
# ledger still has its command, and counts on its own what kills workers.
DELIVERY_LIMIT = 20

ARGUMENTS = {"x-queue-type": "quorum", "x-delivery-limit": DELIVERY_LIMIT}

# Seconds, unless the URL says otherwise. Nobody waits for a broker: the ledger does.
PATIENCE = {
    "heartbeat": 30,
    "blocked_connection_timeout": 30,
    "socket_timeout": 3,  # to open the TCP connection
    "stack_timeout": 5,  # to open it and greet; a frozen broker accepts but never greets
    "connection_attempts": 1,  # who connects tries again by itself
    "retry_delay": 0,
}


def queue_name(queue: str) -> str:
    """What a queue is called on the broker: `sms` is `sms.v1`."""
    return f"{queue}.{VERSION}"


def declare(channel: Any, name: str) -> None:
    """Declare a queue by its name on the broker, durable and replicated.

    A pika BlockingChannel waits for the answer. Any other channel does not: the broker does things in their
    order, and a refusal closes the channel.
    """
    channel.queue_declare(name, durable=True, arguments=dict(ARGUMENTS))


def addresses(url: str) -> list[pika.URLParameters]:
    """The nodes of the cluster, in their order.

    Parameters:
      url: one AMQP URL, or several with `;` between them. A query (`?heartbeat=60`) overrides our patience.
    """
    return [pika.URLParameters(_patient(one.strip())) for one in url.split(";") if one.strip()]


def _patient(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode(PATIENCE | dict(parse_qsl(parts.query)))))
