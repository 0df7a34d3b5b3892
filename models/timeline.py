"""The timeline of one delivery: from the request through every attempt and report to the last effect."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from models.deliveries import Bridge, CallDataRecord, Delivery, Mail, Push, Text
from models.deliveries.causes import label
from models.deliveries.life import SKIPPED
from models.mentoring import Call, CallReminder, Event, Message, ScheduledCall
from models.mentoring.messages import SYSTEM
from models.receipts import Receipt

Entry = tuple[datetime, str, str]

TABLES: tuple[type[Delivery], ...] = (Bridge, Text, Mail, Push)


class Unknown(LookupError):
    """Nothing has this reference."""


def timeline(reference: str) -> list[dict[str, str]]:
    """What happened, in order.

    Parameters:
      reference: like `call:12`, `message:7` or `schedule:5`: a surface's word and its row's id.

    Returns:
      Entries with `at` (ISO 8601, UTC), `what` and `detail`. No phone number is in them.

    Raises:
      Unknown: nothing has this reference.
    """
    entries = [*_surface(reference), *_trunk(reference), *_reports(reference)]
    if not entries:
        raise Unknown(
            f"nothing is called {reference}; write a kind and an id, like call:12, message:7 or schedule:5"
        )
    entries.sort(key=lambda entry: entry[0])
    return [
        {"at": at.isoformat(timespec="milliseconds"), "what": what, "detail": detail}
        for at, what, detail in entries
    ]


def _surface(reference: str) -> Iterator[Entry]:
    kind, _, digits = reference.partition(":")
    if kind not in SURFACES:
        return
    table, told, events = SURFACES[kind]
    row: Any = table.get_or_none(id=_id(digits))
    if row is None:
        return
    yield from told(row)
    for event in Event.select().where((Event.object_id == row.id) & Event.event_type.in_(events)):
        yield event.occured_at, "event", f"{event.event_type}: {event.description}"


def _id(digits: str) -> int | None:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


def _call(row: Call) -> Iterator[Entry]:
    yield row.start_time, "requested", f"contact {row.caller_id} calls contact {row.receiver_id}"
    if row.partner_start_time:
        yield row.partner_start_time, "talking", "both legs joined, by the carrier's clock"
    if row.end_time:
        yield row.end_time, "ended", row.get_status_display()


def _message(row: Message) -> Iterator[Entry]:
    told = f"contact {row.sender_id} writes to contact {row.recipient_id}: {row.state}"
    yield row.time_sent, "requested", told


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


CALL_EVENTS = ("start_call", "end_call", "call_failed", "feedback_requested")
MESSAGE_EVENTS = ("message_sent", "message_failed", "message_received")
SCHEDULE_EVENTS = ("call_scheduled", "call_rescheduled", "call_cancelled")
SURFACES: dict[str, tuple[type[Any], Callable[[Any], Iterator[Entry]], tuple[str, ...]]] = {
    "call": (Call, _call, CALL_EVENTS),
    "message": (Message, _message, MESSAGE_EVENTS),
    "schedule": (ScheduledCall, _scheduled_call, SCHEDULE_EVENTS),
}


def _trunk(reference: str) -> Iterator[Entry]:
    kind, _, number = reference.partition(":")
    names = [reference, f"push:{kind}:{number}", f"push:{kind}-failed:{number}"]
    if kind == "schedule" and (row_id := _id(number)):
        names += [reminder.push_reference for reminder in CallReminder.of(row_id)]
    for table in TABLES:
        for delivery in table.select().where(table.reference.in_(names)):
            how = delivery.status if delivery.status == SKIPPED else "queued"
            yield delivery.created_at, f"{table.word} {how}", delivery.reference
            for attempt in delivery.attempts:
                yield attempt.begun_at, f"{table.word} attempt {attempt.number}", f"asks {attempt.provider}"
                if attempt.ended_at:
                    told = f"{attempt.provider}: {attempt.outcome}" + (
                        f", {attempt.cause}" if attempt.cause else ""
                    )
                    yield attempt.ended_at, f"{table.word} answer {attempt.number}", told
            if delivery.ended_at:
                cause = f": {delivery.cause}" if delivery.cause else ""
                yield delivery.ended_at, f"{table.word} {delivery.status}", f"{delivery.reference}{cause}"
            if isinstance(delivery, Bridge):
                for record in CallDataRecord.select().where(CallDataRecord.bridge == delivery):
                    told = f"record {record.partner_id}: {record.status} ({label(record.status)})"
                    yield record.start_time, "leg rung", told


def _reports(reference: str) -> Iterator[Entry]:
    for receipt in Receipt.select().where(Receipt.about == reference):
        yield receipt.received_at, "report", f"receipt {receipt.id} from {receipt.source}: {receipt.outcome}"
