"""The timeline of one delivery: from the request through every attempt and report to the last effect."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from models.deliveries import Bridge, CallDataRecord, Delivery, Mail, Push, Text
from models.deliveries.life import SKIPPED
from models.mentoring import Call, Event, Message
from models.receipts import Receipt

Entry = tuple[datetime, str, str]

TABLES: tuple[type[Delivery], ...] = (Bridge, Text, Mail, Push)
EVENTS_OF = {"call": ("start_call", "end_call", "call_failed", "feedback_requested"),
             "message": ("message_sent", "message_failed", "message_received")}  # fmt: skip


class Unknown(LookupError):
    """Nothing has this reference."""


def timeline(reference: str) -> list[dict[str, str]]:
    """What happened, in order.

    Parameters:
      reference: like `call:12` or `message:7`: a surface's word and its row's id, as carriers are told too.

    Returns:
      Entries with `at` (ISO 8601, UTC), `what` and `detail`. No phone number is in them.

    Raises:
      Unknown: nothing has this reference.
    """
    entries = [*_surface(reference), *_trunk(reference), *_reports(reference)]
    if not entries:
        raise Unknown(f"nothing is called {reference}; write a kind and an id, like call:12 or message:7")
    entries.sort(key=lambda entry: entry[0])
    return [
        {"at": at.isoformat(timespec="milliseconds"), "what": what, "detail": detail}
        for at, what, detail in entries
    ]


def _surface(reference: str) -> Iterator[Entry]:
    kind, _, digits = reference.partition(":")
    if kind not in EVENTS_OF or not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        return
    row: Any = (Call if kind == "call" else Message).get_or_none(id=int(digits))
    if row is None:
        return
    if kind == "call":
        yield row.start_time, "requested", f"contact {row.caller_id} calls contact {row.receiver_id}"
        if row.partner_start_time:
            yield row.partner_start_time, "talking", "both legs joined, by the carrier's clock"
        if row.end_time:
            yield row.end_time, "ended", row.get_status_display()
    else:
        yield (
            row.time_sent,
            "requested",
            f"contact {row.sender_id} writes to contact {row.recipient_id}: {row.state}",
        )
    here = (Event.object_id == row.id) & Event.event_type.in_(EVENTS_OF[kind])
    for event in Event.select().where(here):
        yield event.occured_at, "event", f"{event.event_type}: {event.description}"


def _trunk(reference: str) -> Iterator[Entry]:
    kind, _, number = reference.partition(":")
    names = [reference, f"push:{kind}:{number}", f"push:{kind}-failed:{number}"]
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
                    yield record.start_time, "leg rung", f"record {record.partner_id}: {record.status}"


def _reports(reference: str) -> Iterator[Entry]:
    for receipt in Receipt.select().where(Receipt.about == reference):
        yield receipt.received_at, "report", f"receipt {receipt.id} from {receipt.source}: {receipt.outcome}"
