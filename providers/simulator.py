"""The carrier in a box, seen from the customer's side: calls, texts, mail and push, and it can be asked."""

from collections.abc import Mapping
from typing import Any

from providers.base import Bridge, Channel, Leg, Letter, Notice, Receipt, Sms
from providers.errors import NoAnswer, Unavailable
from providers.http import Line, identifier

ACCEPTANCE = 5.0  # seconds a request may lie in the exchange's sockets, unread; once read, `find` knows it


class Simulator:
    """The client of `providers.exchange`.

    Parameters:
      url: where the exchange listens.
      acceptance: seconds after a request during which "never seen" might still become untrue.
    """

    name = "simulator"

    def __init__(self, url: str, *, acceptance: float = ACCEPTANCE) -> None:
        self.acceptance = acceptance
        self._line = Line(self.name, url)

    def dial(self, bridge: Bridge, *, reference: str, timeout: float) -> Receipt:
        """Ask for a bridge; see `Voice.dial`."""
        numbers = {
            "a_number": bridge.a_number,
            "b_number": bridge.b_number,
            "shown_to_a": bridge.shown_to_a,
            "shown_to_b": bridge.shown_to_b,
        }
        return self._ask("/call", numbers, reference, timeout)

    def ring(self, leg: Leg, *, reference: str, timeout: float) -> Receipt:
        """Ask for a call of one leg; see `Rings.ring`."""
        fields = {
            "to": leg.to,
            "from": leg.shown,
            "ring_seconds": leg.ring_seconds,
            "limit_seconds": leg.limit_seconds,
            "keys": leg.keys,
            "name": leg.shown_name,
        }
        return self._ask("/ring", fields, reference, timeout)

    def send(self, text: Sms, *, reference: str, timeout: float) -> Receipt:
        """Hand over one text; see `Texts.send`."""
        fields = {"to": text.to, "from": text.sender, "body": text.body}
        return self._ask("/text", fields, reference, timeout)

    def post(self, letter: Letter, *, reference: str, timeout: float) -> Receipt:
        """Hand over one mail; see `Mails.post`."""
        fields = {
            "to": letter.to,
            "from": letter.sender,
            "subject": letter.subject,
            "text": letter.text,
            "html": letter.html,
            "attachments": [
                {"name": name, "type": kind, "content": content} for name, kind, content in letter.attachments
            ],
            "unsubscribe": letter.unsubscribe,
        }
        return self._ask("/mail", fields, reference, timeout)

    def push(self, notice: Notice, *, reference: str, timeout: float) -> Receipt:
        """Hand over one push; see `Pushes.push`."""
        fields = {
            "token": notice.token,
            "title": notice.title,
            "body": notice.body,
            "data": dict(notice.data),
        }
        return self._ask("/push", fields, reference, timeout)

    def find(self, channel: Channel, reference: str, *, timeout: float) -> Receipt | None:
        """What became of a request; see `Askable.find`."""
        answer = self._line.get("/find", {"channel": channel, "reference": reference}, timeout=timeout)
        fields = answer.fields()
        provider_id = identifier(fields.get("provider_id"))
        if answer.status == 200 and provider_id is not None:
            return Receipt(provider_id)
        # Any server says 404 to a path it does not know; only the exchange says that it has no such request.
        if answer.status == 404 and "provider_id" in fields and provider_id is None:
            return None
        raise Unavailable(f"{self.name} could not say ({answer.status})")

    def _ask(self, path: str, fields: Mapping[str, Any], reference: str, timeout: float) -> Receipt:
        answer = self._line.post(path, {"reference": reference, **fields}, timeout=timeout)
        provider_id = identifier(answer.fields().get("provider_id"))
        if provider_id is None:
            raise NoAnswer(f"{self.name} said {answer.status} but gave no provider_id")
        return Receipt(provider_id)
