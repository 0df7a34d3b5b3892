"""Alarms of calendars: what is done when they are due."""

import structlog

from models.appointments import performing, sweeping
from models.commands import DispatchAlarms, SweepAlarms
from models.ledger import enqueue
from workers.actor import actor

log = structlog.get_logger(__name__)


@actor(DispatchAlarms)
def dispatch_alarms() -> None:
    """Perform what is due; what is more than a transaction should take, or due before the next round, in another."""
    if again := performing.perform():
        enqueue(DispatchAlarms(), due=again, key="every:dispatch_alarms")


@actor(SweepAlarms)
def sweep_alarms() -> None:
    """End the attempts that nobody ever reported the end of."""
    if swept := sweeping.sweep():
        log.info("alarms.swept", count=swept)
