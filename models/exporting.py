"""Exporting: calls and messages as flat rows, read in chunks: a million of them need no more memory than a few."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models.database import Sql, utc
from models.mentoring.calls import Call
from models.numbers import masked

CHUNK = 1000

Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """One kind of export.

    `columns` names its cells in order; `read(since, until, after, numbers)` gives a chunk of rows by id, each with its
    id first; `count(since, until)` how many there are.
    """

    columns: tuple[str, ...]
    read: Callable[[datetime, datetime, int, bool], Sequence[Sequence[Cell]]]
    count: Callable[[datetime, datetime], int]

    def rows(self, since: datetime, until: datetime, numbers: bool) -> Iterator[Sequence[Cell]]:
        """All rows from `since` up to and without `until`, by id.

        Parameters:
          numbers: whether phone numbers are shown; `hidden:<contact id>` stands for them otherwise.
        """
        after = 0
        while chunk := self.read(since, until, after, numbers):
            yield from chunk
            after = int(str(chunk[-1][0]))


_CALLS = Sql(
    f"""
    SELECT c.id, c.status, c.start_time, c.end_time, c.partner_start_time, c.partner_end_time,
        c.caller_id, c.receiver_id, a.contact_number, b.contact_number,
        c.activity, c.scheduled_call, c.feedback_task_id, d.id, d.provider, d.status, d.cause
    FROM call AS c JOIN contact AS a ON a.id = c.caller_id JOIN contact AS b ON b.id = c.receiver_id
        LEFT JOIN delivery_bridge AS d ON d.reference = 'call:' || c.id
    WHERE c.start_time >= %s AND c.start_time < %s AND c.id > %s ORDER BY c.id LIMIT {CHUNK}
    """
)
_COUNT_CALLS = Sql("SELECT COUNT(*) FROM call WHERE start_time >= %s AND start_time < %s")

CALL_COLUMNS = (
    "id", "status", "start_time", "end_time", "partner_start_time", "partner_end_time", "duration_s", "lag_s",
    "caller_id", "receiver_id", "caller", "receiver", "activity", "scheduled_call", "feedback_task",
    "carrier", "delivery", "attempts", "cdrs", "last_cause",
)  # fmt: skip


def _read_calls(since: datetime, until: datetime, after: int, numbers: bool) -> list[Sequence[Cell]]:
    rows = _CALLS.all(since, until, after)
    bridges = [row[13] for row in rows if row[13] is not None]
    attempts, records = _attempts(bridges), _records(bridges)
    return [_call(row, attempts, records, numbers) for row in rows]


def _call(
    row: Sequence[Any], attempts: Mapping[int, int], records: Mapping[int, tuple[int, str]], numbers: bool
) -> Sequence[Cell]:
    times = [utc(value) for value in row[2:6]]
    call = Call(start_time=times[0], partner_start_time=times[2], partner_end_time=times[3])
    caller, receiver, bridge = row[6], row[7], row[13]
    cdrs, last = records.get(bridge, (0, ""))
    return (
        row[0], row[1], *map(_time, times), _seconds(call.get_duration()), _seconds(call.get_lag()),
        caller, receiver, _number(caller, row[8], numbers), _number(receiver, row[9], numbers), *row[10:13],
        row[14], row[15], attempts.get(bridge, 0), cdrs, masked(last or row[16] or ""),
    )  # fmt: skip


def _attempts(bridges: Sequence[int]) -> dict[int, int]:
    """How often a carrier was asked for each."""
    if not bridges:
        return {}
    here = f"channel = 'call' AND delivery_id IN ({', '.join(map(str, bridges))})"
    return dict(Sql(f"SELECT delivery_id, COUNT(*) FROM attempt WHERE {here} GROUP BY delivery_id").all())


def _records(bridges: Sequence[int]) -> dict[int, tuple[int, str]]:
    """How many call data records each has, and what the latest says."""
    if not bridges:
        return {}
    found: dict[int, tuple[int, str]] = {}
    here = f"bridge_id IN ({', '.join(map(str, bridges))})"
    records = Sql(f"SELECT bridge_id, status FROM call_data_record WHERE {here} ORDER BY start_time, id")
    for bridge, status in records.all():
        found[bridge] = (found.get(bridge, (0, ""))[0] + 1, status)
    return found


_MESSAGES = Sql(
    f"""
    SELECT m.id, m.message_type, m.state, m.time_sent, m.sender_id, m.recipient_id, a.contact_number, b.contact_number,
        LENGTH(m.content), d.provider, d.status, d.cause
    FROM message AS m JOIN contact AS a ON a.id = m.sender_id LEFT JOIN contact AS b ON b.id = m.recipient_id
        LEFT JOIN delivery_text AS d ON d.reference = 'message:' || m.id
    WHERE m.time_sent >= %s AND m.time_sent < %s AND m.id > %s ORDER BY m.id LIMIT {CHUNK}
    """
)
_COUNT_MESSAGES = Sql("SELECT COUNT(*) FROM message WHERE time_sent >= %s AND time_sent < %s")

MESSAGE_COLUMNS = (
    "id", "message_type", "state", "time_sent", "sender_id", "recipient_id", "sender", "recipient", "characters",
    "carrier", "delivery", "cause",
)  # fmt: skip


def _read_messages(since: datetime, until: datetime, after: int, numbers: bool) -> list[Sequence[Cell]]:
    return [
        (
            *row[:3],
            _time(utc(row[3])),
            *row[4:6],
            _number(row[4], row[6], numbers),
            _number(row[5], row[7], numbers),
            *row[8:11],
            masked(row[11] or ""),
        )
        for row in _MESSAGES.all(since, until, after)
    ]


CALLS = Table(CALL_COLUMNS, _read_calls, lambda *span: int(_COUNT_CALLS.one(*span)[0]))
MESSAGES = Table(MESSAGE_COLUMNS, _read_messages, lambda *span: int(_COUNT_MESSAGES.one(*span)[0]))


_FORMULA = re.compile(r"[=+\-@\t\r\n]")


def safe(cell: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula: a text that could be one gets an apostrophe before it."""
    return "'" + cell if isinstance(cell, str) and _FORMULA.match(cell) else cell


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.replace(tzinfo=None).isoformat() + "Z"


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()


def _number(contact_id: int | None, given: str, numbers: bool) -> str | None:
    if contact_id is None:
        return None
    return given if numbers else f"hidden:{contact_id}"
