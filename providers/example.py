"""The example carrier: takes every call and text, carries none, and answers with ids it makes up [M-13]."""

from hashlib import sha256

from providers.base import Bridge, Receipt, Sms


class Example:
    """For trying things out where no phone should ring. It never goes on the network, and never reports.

    Its id is made of our reference, so asking twice under one reference gives one id.
    """

    name = "example"
    acceptance = 0.0  # whatever it was asked, it has nothing under way

    def dial(self, bridge: Bridge, *, reference: str, timeout: float) -> Receipt:
        """Take a bridge and forget it; see `Voice.dial`."""
        return _made_up(reference)

    def send(self, text: Sms, *, reference: str, timeout: float) -> Receipt:
        """Take a text and forget it; see `Texts.send`."""
        return _made_up(reference)


def _made_up(reference: str) -> Receipt:
    return Receipt(f"example-{sha256(reference.encode()).hexdigest()[:16]}")
