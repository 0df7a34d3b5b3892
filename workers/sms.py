"""Texts: hand a short message to a carrier."""

from models.commands import SendText
from models.deliveries import Text
from providers.base import Receipt, Sms
from workers.carrying import carrying
from workers.outcomes import Errand


@carrying(SendText, Text)
def send_text(errand: Errand) -> Receipt:
    """The receiver sees the number that was asked for, else that of the route."""
    wanted: Text = errand.delivery
    text = Sms(wanted.address, str(wanted.sender) or errand.shown, str(wanted.body))
    receipt: Receipt = errand.carrier.send(text, reference=errand.reference, timeout=errand.timeout)
    return receipt
