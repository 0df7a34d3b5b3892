"""Settling by hand: a person has asked the carrier what became of a delivery that nobody knew the fate of."""

from datetime import datetime
from typing import NamedTuple

from models import clock
from models.database import Sql, transaction, utc
from models.deliveries import Bridge, Delivery, Hook, Mail, Push, Ring, Text
from models.deliveries.life import UNKNOWN
from models.numbers import masked

TABLES: tuple[type[Delivery], ...] = (Bridge, Ring, Text, Mail, Push, Hook)

_OF_EACH = 20
_UNKNOWN = Sql(
    " UNION ALL ".join(
        f"""
        SELECT * FROM (
            SELECT reference, created_at, cause, '{table.channel}', (
                SELECT provider FROM attempt WHERE channel = '{table.channel}' AND delivery_id = delivery.id
                ORDER BY number DESC LIMIT 1)
            FROM {table._meta.table_name} AS delivery WHERE status = 'unknown' ORDER BY id DESC LIMIT {_OF_EACH}
        ) AS {table.channel}_
        """
        for table in TABLES
    )
)


class Unknown(NamedTuple):
    """A delivery that nobody knows the fate of; `provider` is the carrier that was asked last."""

    reference: str
    created_at: datetime
    cause: str
    channel: str
    provider: str


def unknown() -> list[Unknown]:
    """The latest of them, twenty of each channel at most; their count is in `watching`."""
    found = [
        Unknown(reference, utc(created_at) or clock.now(), masked(cause or ""), channel, provider or "")
        for reference, created_at, cause, channel, provider in _UNKNOWN.all()
    ]
    return sorted(found, key=lambda one: one.created_at, reverse=True)


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
