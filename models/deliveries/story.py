"""The story of deliveries: asked for, handed to carriers, answered, ended; no number, address or word is in it."""

import re
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from models.deliveries import Bridge, CallDataRecord, Delivery, Hook, Mail, Push, Ring, Text
from models.deliveries.causes import label
from models.deliveries.life import SKIPPED
from models.numbers import HIDDEN, masked

Entry = tuple[datetime, str, str]

TABLES: tuple[type[Delivery], ...] = (Bridge, Ring, Text, Mail, Push, Hook)
_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")


class Story(NamedTuple):
    """What a surface tells of one of its rows.

    Parameters:
      entries: when, what happened, and details.
      references: of the deliveries that were made for it.
    """

    entries: list[Entry]
    references: list[str]


def told(references: Collection[str]) -> Iterator[Entry]:
    """What became of the deliveries that are called so."""
    for table in TABLES:
        for delivery in table.select().where(table.reference.in_(references)):
            yield from _told(delivery)


def _told(delivery: Delivery) -> Iterator[Entry]:
    word, how = delivery.word, delivery.status if delivery.status == SKIPPED else "queued"
    yield delivery.created_at, f"{word} {how}", delivery.reference
    for attempt in delivery.attempts:
        yield attempt.begun_at, f"{word} attempt {attempt.number}", f"asks {attempt.provider}"
        if attempt.ended_at:
            answer = f"{attempt.provider}: {attempt.outcome}" + (
                f", {clean(attempt.cause)}" if attempt.cause else ""
            )
            yield attempt.ended_at, f"{word} answer {attempt.number}", answer
    if delivery.ended_at:
        cause = f": {clean(delivery.cause)}" if delivery.cause else ""
        yield delivery.ended_at, f"{word} {delivery.status}", f"{delivery.reference}{cause}"
    if isinstance(delivery, Bridge):
        for record in CallDataRecord.select().where(CallDataRecord.bridge == delivery):
            meant = f"record {record.partner_id}: {record.status} ({label(record.status)})"
            yield record.start_time, "leg rung", meant


def clean(cause: str) -> str:
    """A carrier's words without the numbers and addresses that it may have repeated."""
    return _ADDRESS.sub(HIDDEN, masked(cause))
