"""Settling by hand: a person has asked the carrier what became of a delivery that nobody knew the fate of."""

from models.database import transaction
from models.deliveries import Bridge, Delivery, Mail, Push, Text
from models.deliveries.life import UNKNOWN

TABLES: tuple[type[Delivery], ...] = (Bridge, Text, Mail, Push)


def settle(reference: str, *, sent: bool) -> bool:
    """Move an `unknown` delivery, and what belongs to it, as the carrier's own word would have.

    Parameters:
      sent: whether the carrier had it.

    Returns:
      False when no unknown delivery has this reference.
    """
    with transaction("settle"):
        for table in TABLES:
            found = table.get_or_none((table.reference == reference) & (table.status == UNKNOWN))
            if found is None:
                continue
            delivery = table.locked(found.id)
            if delivery.status != UNKNOWN:
                return False
            if sent:
                delivery.accepted(delivery.attempts[-1], None)
                return True
            return delivery.fail("settled by a person: the carrier never had it")
    return False
