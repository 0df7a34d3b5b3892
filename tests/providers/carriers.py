"""The table of all carriers over HTTP: the contract test runs each row through the same cases. For mail servers the
same is said in `test_smtp.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from providers.base import Bridge, Channel, Letter, Notice, Receipt, Sms
from providers.oniondev import OnionDev
from providers.simulator import Simulator

A, B, OURS = "+919812345678", "+919887654321", "+918000000000"
BRIDGE = Bridge(a_number=A, b_number=B, shown_to_a=OURS, shown_to_b="+918000000001")
SMS = Sms(to=B, sender=OURS, body="Grüße, नमस्ते 👋\n+919812345678")
LETTER = Letter(
    "ann@example.org",
    "Hello",
    "text",
    "<p>html</p>",
    (("a.txt", "text/plain", "aGk="),),
    "https://x.example/u",
    "Praxis <praxis@clinic.example>",
)
NOTICE = Notice("token-1", "Call ended", "Tap to give feedback", {"call": "12"})


@dataclass(frozen=True)
class Case:
    """One carrier on one channel.

    Parameters:
      make: the carrier, given the address of the server that plays it.
      ask: have it carry something, under a reference, within a time-out.
      id_field: where the carrier answers with its id.
      logged: what the log of the exchange then shows.
      askable: whether it can be asked what became of a reference.
    """

    name: str
    channel: Channel
    make: Callable[[str], Any]
    ask: Callable[[Any, str, float], Receipt]
    id_field: str
    logged: dict[str, Any]
    askable: bool = True

    def __str__(self) -> str:
        return self.name


def _oniondev(url: str) -> OnionDev:
    return OnionDev(f"{url}/oniondev/call", f"{url}/oniondev/message", username="trunk", password="line")


def _dial(carrier: Any, reference: str, timeout: float) -> Receipt:
    receipt: Receipt = carrier.dial(BRIDGE, reference=reference, timeout=timeout)
    return receipt


def _send(carrier: Any, reference: str, timeout: float) -> Receipt:
    receipt: Receipt = carrier.send(SMS, reference=reference, timeout=timeout)
    return receipt


def _post(carrier: Any, reference: str, timeout: float) -> Receipt:
    receipt: Receipt = carrier.post(LETTER, reference=reference, timeout=timeout)
    return receipt


def _push(carrier: Any, reference: str, timeout: float) -> Receipt:
    receipt: Receipt = carrier.push(NOTICE, reference=reference, timeout=timeout)
    return receipt


CALL = {"a_number": A, "b_number": B, "shown_to_a": OURS, "shown_to_b": "+918000000001"}
TEXT = {"to": B, "from": OURS, "body": SMS.body}
MAIL = {
    "to": "ann@example.org",
    "from": "Praxis <praxis@clinic.example>",
    "subject": "Hello",
    "text": "text",
    "html": "<p>html</p>",
    "attachments": [{"name": "a.txt", "type": "text/plain", "content": "aGk="}],
    "unsubscribe": "https://x.example/u",
}
PUSH = {"token": "token-1", "title": "Call ended", "body": "Tap to give feedback", "data": {"call": "12"}}

CASES = (
    Case("simulator-call", "call", Simulator, _dial, "provider_id", CALL),
    Case("simulator-text", "text", Simulator, _send, "provider_id", TEXT),
    Case("simulator-mail", "mail", Simulator, _post, "provider_id", MAIL),
    Case("simulator-push", "push", Simulator, _push, "provider_id", PUSH),
    Case("oniondev-call", "call", _oniondev, _dial, "scheduled_call_id", CALL, askable=False),
    Case("oniondev-text", "text", _oniondev, _send, "message_id", TEXT, askable=False),
)
