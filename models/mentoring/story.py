"""The stories of a call, a message and a scheduled call, as the Mentoring Tool knows them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from models.deliveries.story import Entry, Story
from models.mentoring.calls import Call
from models.mentoring.events import Event
from models.mentoring.messages import SYSTEM, Message
from models.mentoring.schedule import CallReminder, ScheduledCall

CALL_EVENTS = ("start_call", "end_call", "call_failed", "feedback_requested")
MESSAGE_EVENTS = ("message_sent", "message_failed", "message_received")
SCHEDULE_EVENTS = ("call_scheduled", "call_rescheduled", "call_cancelled")


def call(call_id: int) -> Story | None:
    """What happened to a call; None when there is no such."""
    row = Call.get_or_none(id=call_id)
    if row is None:
        return None
    return Story([*_call(row), *_events(row, CALL_EVENTS)], _pushes("call", row))


def message(message_id: int) -> Story | None:
    """What happened to a message; None when there is no such."""
    row = Message.get_or_none(id=message_id)
    if row is None:
        return None
    meant = f"contact {row.sender_id} writes to contact {row.recipient_id}: {row.state}"
    told = [(row.time_sent, "requested", meant), *_events(row, MESSAGE_EVENTS)]
    return Story(told, _pushes("message", row))


def schedule(scheduled_call_id: int) -> Story | None:
    """What became of a scheduled call; None when there is no such."""
    row = ScheduledCall.get_or_none(id=scheduled_call_id)
    if row is None:
        return None
    pushes = [reminder.push_reference for reminder in CallReminder.of(row.id)]
    return Story([*_scheduled_call(row), *_events(row, SCHEDULE_EVENTS)], pushes)


STORIES: Mapping[str, Callable[[int], Story | None]] = {
    "call": call,
    "message": message,
    "schedule": schedule,
}


def _call(row: Call) -> Iterator[Entry]:
    yield row.start_time, "requested", f"contact {row.caller_id} calls contact {row.receiver_id}"
    if row.partner_start_time:
        yield row.partner_start_time, "talking", "both legs joined, by the carrier's clock"
    if row.end_time:
        yield row.end_time, "ended", row.get_status_display()


def _scheduled_call(row: ScheduledCall) -> Iterator[Entry]:
    yield row.created_at, "requested", f"contact {row.caller_id} will call contact {row.callee_id}"
    told_mentee = Event.select(Event.occured_at).where(
        (Event.object_id == row.id) & Event.event_type.in_(SCHEDULE_EVENTS)
    )  # both were written at the same instant
    from_him = (Message.sender == row.caller_id) & (Message.message_type == SYSTEM)
    for message in Message.select().where(from_him & Message.time_sent.in_(told_mentee)):
        yield message.time_sent, "message", f"message:{message.id}: {message.state}"
    for reminder in CallReminder.of(row.id):
        yield reminder.sent_at, "reminder", str(reminder.reminder_type)
    if not row.cancelled_at:
        yield row.call_time, "planned", "the time of the call"


def _events(row: Any, kinds: tuple[str, ...]) -> Iterator[Entry]:
    for event in Event.select().where((Event.object_id == row.id) & Event.event_type.in_(kinds)):
        yield event.occured_at, "event", f"{event.event_type}: {event.description}"


def _pushes(kind: str, row: Any) -> list[str]:
    """What the pushes about it are called."""
    return [f"push:{kind}:{row.id}", f"push:{kind}-failed:{row.id}"]
