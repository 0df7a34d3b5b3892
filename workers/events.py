"""Events of calendars: what follows when their start has come."""

import structlog

from models.appointments import dispatching
from models.commands import DispatchEvent, DispatchEvents
from models.ledger import enqueue
from workers.actor import actor

log = structlog.get_logger(__name__)


@actor(DispatchEvents)
def dispatch_events() -> None:
    """Owe each due event its dispatch; when there are more than a transaction should take, go on in another."""
    if dispatching.owe_due():
        enqueue(DispatchEvents(), key="every:dispatch_events")


@actor(DispatchEvent)
def dispatch_event(event_id: int) -> None:
    """Complete one event, and make its next occurrence."""
    if child := dispatching.dispatch(event_id):
        log.info("event.recurred", event_id=event_id, child_id=child.id)
