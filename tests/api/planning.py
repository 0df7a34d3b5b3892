"""Scheduled calls as tests make them, and what can be seen of them: texts, events, reminders owed."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from models import clock
from models.deliveries import Text
from models.ledger import LedgerRow
from models.mentoring import Event
from tests.house import Client

PATH = "/mentor/schedule/"
SCHEDULE_EVENTS = ("call_scheduled", "call_rescheduled", "call_cancelled")


def ahead(**span: float) -> str:
    """A time so far ahead of the product's now, as a client writes it."""
    return (clock.now() + timedelta(**span)).isoformat()


def scheduled(client: Client, call_time: str | None = None, **more: Any) -> dict[str, Any]:
    """A call that a mentor has scheduled, by default for the day after tomorrow; what he was answered."""
    answer = client.post(PATH, {"call_time": call_time or ahead(days=2)}, **more)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def set_clock(jump: Callable[[float], None], moment: datetime) -> None:
    """Have it be this moment."""
    jump((moment - datetime.now(UTC)).total_seconds())


def texts() -> list[str]:
    """What has been written to mentees, in order."""
    return [text.body for text in Text.select().order_by(Text.id)]


def events() -> list[str]:
    """What the log says of the schedule, in order."""
    here = Event.event_type.in_(SCHEDULE_EVENTS)
    return [event.event_type for event in Event.select().where(here).order_by(Event.id)]


def reminders() -> list[tuple[str, datetime, datetime]]:
    """The reminders owed: each one's type, the call's time it is for, and when it is due; in order of time."""
    owed = LedgerRow.select().where(LedgerRow.name == "remind").order_by(LedgerRow.due_at)
    return [
        (
            row.key.rpartition(":")[2],
            datetime.fromtimestamp(0, UTC) + timedelta(microseconds=json.loads(row.args)["call_time"]),
            row.due_at,
        )
        for row in owed
    ]
