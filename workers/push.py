"""Push: hand a notification to a carrier."""

from models.commands import SendPush
from models.deliveries import Push
from providers.base import Notice, Receipt
from workers.carrying import carrying
from workers.outcomes import Errand


@carrying(SendPush, Push)
def send_push(errand: Errand) -> Receipt:
    """To one device."""
    push: Push = errand.delivery
    notice = Notice(str(push.token), str(push.title), str(push.body), push.facts())
    receipt: Receipt = errand.carrier.push(notice, reference=errand.reference, timeout=errand.timeout)
    return receipt
