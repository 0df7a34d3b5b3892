"""Chores: what is done every so often."""

from datetime import timedelta

import structlog

from models import clock, keeping
from models.commands import (
    Command,
    Dial,
    LayMilestones,
    Prune,
    RingPhone,
    SendHook,
    SendMail,
    SendPush,
    SendText,
    SettleUnknown,
    SweepCalls,
)
from models.deliveries import Attempt, Bridge, Delivery, Hook, Mail, Push, Ring, Text, life
from models.ledger import enqueue
from models.lists import lay_milestones as lay
from models.mentoring.calling import sweep_timed_out
from workers.actor import actor
from workers.carriers import askable

log = structlog.get_logger(__name__)

# How long a carrier is asked again about a delivery that nobody knows the fate of; then it is left to a person.
CURIOUS = timedelta(hours=24)

CARRIES: dict[type[Delivery], type[Command]] = {
    Bridge: Dial,
    Ring: RingPhone,
    Text: SendText,
    Mail: SendMail,
    Push: SendPush,
    Hook: SendHook,
}


@actor(SweepCalls)
def sweep_calls() -> None:
    """End the calls that nobody ever reported the end of."""
    if swept := sweep_timed_out():
        log.info("calls.timed_out", count=swept)


@actor(SettleUnknown)
def settle_unknown() -> None:
    """Have carriers asked again about deliveries whose fate is unknown, where the carrier can be asked."""
    since = clock.now() - CURIOUS
    for table, command in CARRIES.items():
        (field,) = command.needs()
        last = (Attempt.channel == table.channel) & (Attempt.delivery_id == table.id)
        here = (table.status == life.UNKNOWN) & (table.created_at > since) & Attempt.provider.in_(askable())
        unclear = Attempt.outcome.in_((life.OPEN, life.UNCLEAR))
        for delivery in (
            table.select().join(Attempt, on=last).where(here & unclear).order_by(table.id).limit(100)
        ):
            enqueue(command.from_ids({field: delivery.id}), key=f"settle:{delivery.reference}")


@actor(LayMilestones)
def lay_milestones() -> None:
    """Lay the milestones of long lists; when that is more than a transaction should do, go on in another."""
    if lay():
        enqueue(LayMilestones(), key="every:lay_milestones")


@actor(Prune)
def prune() -> None:
    """Delete what has been kept for its time."""
    log.info("pruned", **keeping.prune())
