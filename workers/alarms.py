"""Alarms of calendars: what is done when they are due."""

from models.appointments import performing
from models.commands import DispatchAlarms
from models.ledger import enqueue
from workers.actor import actor


@actor(DispatchAlarms)
def dispatch_alarms() -> None:
    """Perform what is due; when there is more than a transaction should take, go on in another."""
    if performing.perform():
        enqueue(DispatchAlarms(), key="every:dispatch_alarms")
