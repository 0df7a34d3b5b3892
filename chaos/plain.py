"""What we are compared with: one Dramatiq actor that asks the carrier, with Dramatiq's own retries and broker.

`dramatiq chaos.plain` serves it as its manual says. Only the first wait before a retry is shorter than by default (one
second and not fifteen), so that a run ends.
"""

import os

import dramatiq
import urllib3
from dramatiq.brokers.rabbitmq import RabbitmqBroker

TIMEOUT = 2.0  # seconds, as in chaos/pipelines.yaml
RETRY_FIRST_MS = 1000

broker = RabbitmqBroker(url=os.environ.get("BROKER_URL", "amqp://127.0.0.1"), confirm_delivery=True)
dramatiq.set_broker(broker)
_http = urllib3.PoolManager(maxsize=16, retries=False, timeout=TIMEOUT)


def _carry(path: str, fields: dict[str, str]) -> None:
    answer = _http.request("POST", os.environ["SIMULATOR_URL"] + path, json=fields)
    if answer.status >= 300:
        raise RuntimeError(f"the carrier said {answer.status}")


@dramatiq.actor(queue_name="dialing", min_backoff=RETRY_FIRST_MS)
def dial(fields: dict[str, str]) -> None:
    """Ask the carrier to ring two phones."""
    _carry("/call", fields)


@dramatiq.actor(queue_name="sms", min_backoff=RETRY_FIRST_MS)
def send_text(fields: dict[str, str]) -> None:
    """Hand one text to the carrier."""
    _carry("/text", fields)
