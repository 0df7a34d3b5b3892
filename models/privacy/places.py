"""Where something is held about a person: which rows of each table, and what is left of them when he is erased."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.database import Row, Sql
from models.deliveries import Attempt, Bridge, CallDataRecord, Delivery, Push, Text
from models.idempotency import IdempotencyKey
from models.mentoring import Call, CallNote, CallReminder, Event, Feedback, Message, ScheduledCall, Task
from models.numbers import ERASED
from models.people.sessions import WebSession

_EMPTY, _NOTHING, _GONE = "''", "NULL", f"'{ERASED}'"
_CAUSE = {"cause": f"CASE WHEN t.cause IS NULL THEN NULL ELSE '{ERASED}' END"}  # a carrier's words

CALLS_MADE = "SELECT c.id FROM call AS c WHERE c.caller_id = {me}"
CALLS_GOT = "SELECT c.id FROM call AS c WHERE c.receiver_id = {me}"
CALLS = "SELECT c.id FROM call AS c WHERE c.caller_id = {me} OR c.receiver_id = {me}"
SENT = "SELECT m.id FROM message AS m WHERE m.sender_id = {me}"
RECEIVED = "SELECT m.id FROM message AS m WHERE m.recipient_id = {me}"
MESSAGES = "SELECT m.id FROM message AS m WHERE m.sender_id = {me} OR m.recipient_id = {me}"
SCHEDULED = "SELECT s.id FROM scheduled_call AS s WHERE s.caller_id = {me} OR s.callee_id = {me}"
FEEDBACK = "SELECT f.id FROM feedback AS f WHERE f.sender_id = {me}"


def called(word: str, ids: str) -> str:
    """The references of rows: `call:12`."""
    return f"SELECT '{word}:' || x.id FROM ({ids}) AS x"


def carried(delivery: type[Delivery], word: str, ids: str) -> str:
    """The deliveries of rows."""
    table = delivery._meta.table_name
    return f"SELECT d.id FROM {table} AS d WHERE d.reference IN ({called(word, ids)})"


PUSHES = "SELECT d.id FROM delivery_push AS d WHERE d.origin = 'notice' AND d.origin_id = {me}"


@dataclass(frozen=True)
class Place:
    """Rows about somebody.

    Parameters:
      section: what they are called when he asks what is held about him.
      his: which rows `t` are his; `{me}` is his contact id, `{user}` his user's.
      left: what each column is changed to when he is erased; a missing one stays.
      removed: whether his rows go as a whole.
      others: columns that tell something of others, or are keys: not for his eyes.
    """

    section: str
    table: type[Row]
    his: str
    left: Mapping[str, str] = field(default_factory=dict)
    removed: bool = False
    others: tuple[str, ...] = ()


def _attempts(channel: str, ids: str) -> Place:
    return Place("attempts", Attempt, f"t.channel = '{channel}' AND t.delivery_id IN ({ids})", _CAUSE)


PLACES = (
    Place("calls", Call, "t.caller_id = {me} OR t.receiver_id = {me}", {"recording_url": _NOTHING}),
    Place(
        "bridges", Bridge, f"t.reference IN ({called('call', CALLS_MADE)})",
        {"a_number": _GONE, **_CAUSE}, others=("b_number",),
    ),
    Place(
        "bridges", Bridge, f"t.reference IN ({called('call', CALLS_GOT)})",
        {"b_number": _GONE, **_CAUSE}, others=("a_number",),
    ),
    Place("call_data_records", CallDataRecord, f"t.bridge_id IN ({carried(Bridge, 'call', CALLS)})"),
    Place("messages", Message, "t.sender_id = {me} OR t.recipient_id = {me}", {"content": _EMPTY}),
    Place(
        "texts", Text, f"t.reference IN ({called('message', SENT)})",
        {"body": _EMPTY, **_CAUSE}, others=("to",),
    ),
    Place(
        "texts", Text, f"t.reference IN ({called('message', RECEIVED)})",
        {"to": _GONE, "body": _EMPTY, **_CAUSE},
    ),
    Place(
        "pushes", Push, "t.origin = 'notice' AND t.origin_id = {me}",
        {"token": _EMPTY, "title": _EMPTY, "body": _EMPTY, "data": "'{}'", **_CAUSE},
    ),
    _attempts("call", carried(Bridge, "call", CALLS)),
    _attempts("text", carried(Text, "message", MESSAGES)),
    _attempts("push", PUSHES),
    Place("events", Event, "t.relevant_mentor_id = {me}"),
    Place("tasks", Task, "t.mentor_id = {me}"),
    Place("schedule", ScheduledCall, "t.caller_id = {me} OR t.callee_id = {me}"),
    Place("reminders", CallReminder, f"t.scheduled_call_id IN ({SCHEDULED})"),
    Place(
        "notes", CallNote, f"t.call_id IN ({CALLS})",
        {"discussion": _EMPTY, "follow_up": _EMPTY, "mentee_state": _NOTHING},
    ),
    Place(
        "feedback", Feedback, "t.sender_id = {me}",
        {**{f"question_{n}": _NOTHING for n in range(1, 5)}, "content": "'{}'"},
    ),
    Place("idempotency_keys", IdempotencyKey, "t.owner_id = {user}", removed=True, others=("fingerprint",)),
    Place("sessions", WebSession, "t.user_id = {user}", removed=True, others=("token_hash", "csrf")),
)  # fmt: skip

# Receipts that turned out to be about him; others mention his number.
RECEIPTS = " OR ".join(
    f"t.about IN ({called(word, ids)})"
    for word, ids in {"call": CALLS, "message": MESSAGES, "feedback": FEEDBACK}.items()
)


def mentioning(msisdn: str) -> str:
    """The condition that a receipt `t` holds a number, however it is grouped."""
    bare = "t.body"
    for character in " -()+":
        bare = f"REPLACE({bare}, '{character}', '')"
    return f"{bare} LIKE '%%{int(msisdn)}%%'"


WINDOW = 5000  # receipts that are looked through at a time: a statement takes moments, whatever their number


def reports(here: str, columns: Sequence[str], after: int = 0) -> Iterator[list[Any]]:
    """Receipts `t` that fit a condition, in chunks by id.

    Parameters:
      after: only those of a higher id.
    """
    shown = ", ".join(f"t.{name}" for name in columns)
    sql = Sql(f"SELECT {shown} FROM receipt AS t WHERE t.id > %s AND t.id <= %s AND ({here}) ORDER BY t.id")
    last = Sql("SELECT COALESCE(MAX(id), 0) FROM receipt").one()[0]
    for start in range(after, last, WINDOW):
        yield sql.all(start, start + WINDOW)


# Whose is what a command is about, by the name of the id it carries.
OWNED = {
    "bridge_id": carried(Bridge, "call", CALLS),
    "text_id": carried(Text, "message", MESSAGES),
    "push_id": PUSHES,
    "call_id": CALLS,
    "message_id": MESSAGES,
    "feedback_id": FEEDBACK,
    "scheduled_call_id": SCHEDULED,
    "receipt_id": f"SELECT t.id FROM receipt AS t WHERE {RECEIPTS}",
}
