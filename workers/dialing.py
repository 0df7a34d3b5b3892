"""Dialling: ask a carrier to ring two phones and join them, each seeing only a number of ours."""

from models import flow
from models.commands import Dial
from models.deliveries import Bridge as Wanted
from providers.base import Bridge, Receipt
from workers.carrying import carrying
from workers.outcomes import Errand


@carrying(Dial, Wanted)
def dial(errand: Errand) -> Receipt:
    """Leg A sees the number of its own route, leg B that of its own."""
    a_number, b_number = errand.delivery.a_number.e164(), errand.delivery.b_number.e164()
    shown_to_b = flow.current().route(Wanted.route, b_number).shown or errand.shown
    bridge = Bridge(a_number, b_number, shown_to_a=errand.shown, shown_to_b=shown_to_b)
    receipt: Receipt = errand.carrier.dial(bridge, reference=errand.reference, timeout=errand.timeout)
    return receipt
