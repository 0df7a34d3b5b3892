"""Ringing: ask a carrier to ring one phone, in which a surface speaks."""

from models.commands import RingPhone
from models.deliveries import Ring
from providers.base import Leg, Receipt
from providers.errors import Unavailable
from workers.carrying import carrying
from workers.outcomes import Errand


@carrying(RingPhone, Ring)
def ring_phone(errand: Errand) -> Receipt:
    """The phone sees the number that was asked for, else that of the route; keys that follow its number are sent."""
    if not hasattr(
        errand.carrier, "ring"
    ):  # to look for all of `Rings`, each time, takes as long as a statement
        raise Unavailable("this carrier rings no single phones")  # the next of the route may
    ring: Ring = errand.delivery
    to = str(ring.dialled) or ring.address
    number = to.partition("w")[0]
    shown = str(ring.callerid) or errand.shown
    keys, name = to[len(number) :], str(ring.caller_name)
    leg = Leg(number, shown, ring.ring_seconds, ring.limit_seconds, keys=keys, shown_name=name)
    receipt: Receipt = errand.carrier.ring(leg, reference=errand.reference, timeout=errand.timeout)
    return receipt
