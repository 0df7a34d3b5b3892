"""Texts: hand a short message to a carrier."""

from models.commands import SendText
from models.deliveries import Text
from providers.base import Receipt, Sms
from workers.carrying import carrying
from workers.outcomes import Errand


@carrying(SendText, Text)
def send_text(errand: Errand) -> Receipt:
    """The receiver sees a number of ours."""
    text = Sms(errand.delivery.to.e164(), errand.shown, errand.delivery.body)
    return errand.carrier.send(text, reference=errand.reference, timeout=errand.timeout)  # type: ignore[no-any-return]  # any carrier
