"""Where something is held about a person: which rows of each table, and what is left of them when he is erased."""

from collections.abc import Iterator, Sequence
from typing import Any

from models.database import Sql
from models.deliveries import Bridge, CallDataRecord, Push, Text
from models.idempotency import IdempotencyKey
from models.mentoring import Call, CallNote, CallReminder, Event, Feedback, Message, ScheduledCall, Task
from models.people.sessions import WebSession
from models.privacy import members, planned
from models.privacy.place import CAUSE, EMPTY, GONE, NOTHING, Place, attempts, called, carried

CALLS_MADE = "SELECT c.id FROM call AS c WHERE c.caller_id = {me}"
CALLS_GOT = "SELECT c.id FROM call AS c WHERE c.receiver_id = {me}"
CALLS = "SELECT c.id FROM call AS c WHERE c.caller_id = {me} OR c.receiver_id = {me}"
SENT = "SELECT m.id FROM message AS m WHERE m.sender_id = {me}"
RECEIVED = "SELECT m.id FROM message AS m WHERE m.recipient_id = {me}"
MESSAGES = "SELECT m.id FROM message AS m WHERE m.sender_id = {me} OR m.recipient_id = {me}"
SCHEDULED = "SELECT s.id FROM scheduled_call AS s WHERE s.caller_id = {me} OR s.callee_id = {me}"
FEEDBACK = "SELECT f.id FROM feedback AS f WHERE f.sender_id = {me}"


PUSHES = "SELECT d.id FROM delivery_push AS d WHERE d.origin = 'notice' AND d.origin_id = {me}"


PLACES = (
    Place("calls", Call, "t.caller_id = {me} OR t.receiver_id = {me}", {"recording_url": NOTHING}),
    Place(
        "bridges", Bridge, f"t.reference IN ({called('call', CALLS_MADE)})",
        {"a_number": GONE, **CAUSE}, others=("b_number",),
    ),
    Place(
        "bridges", Bridge, f"t.reference IN ({called('call', CALLS_GOT)})",
        {"b_number": GONE, **CAUSE}, others=("a_number",),
    ),
    Place("call_data_records", CallDataRecord, f"t.bridge_id IN ({carried(Bridge, 'call', CALLS)})"),
    Place("messages", Message, "t.sender_id = {me} OR t.recipient_id = {me}", {"content": EMPTY}),
    Place(
        "texts", Text, f"t.reference IN ({called('message', SENT)})",
        {"body": EMPTY, **CAUSE}, others=("to",),
    ),
    Place(
        "texts", Text, f"t.reference IN ({called('message', RECEIVED)})",
        {"to": GONE, "body": EMPTY, **CAUSE},
    ),
    Place(
        "pushes", Push, "t.origin = 'notice' AND t.origin_id = {me}",
        {"token": EMPTY, "title": EMPTY, "body": EMPTY, "data": "'{}'", **CAUSE},
    ),
    attempts("call", carried(Bridge, "call", CALLS)),
    attempts("text", carried(Text, "message", MESSAGES)),
    attempts("push", PUSHES),
    Place("events", Event, "t.relevant_mentor_id = {me}"),
    Place("tasks", Task, "t.mentor_id = {me}"),
    Place("schedule", ScheduledCall, "t.caller_id = {me} OR t.callee_id = {me}"),
    Place("reminders", CallReminder, f"t.scheduled_call_id IN ({SCHEDULED})"),
    Place(
        "notes", CallNote, f"t.call_id IN ({CALLS})",
        {"discussion": EMPTY, "follow_up": EMPTY, "mentee_state": NOTHING},
    ),
    Place(
        "feedback", Feedback, "t.sender_id = {me}",
        {**{f"question_{n}": NOTHING for n in range(1, 5)}, "content": "'{}'"},
    ),
    Place("idempotency_keys", IdempotencyKey, "t.owner_id = {user}", removed=True, others=("fingerprint",)),
    Place("sessions", WebSession, "t.user_id = {user}", removed=True, others=("token_hash", "csrf")),
    *members.PLACES,
    *planned.PLACES,
)  # fmt: skip

# Receipts that turned out to be about him; others mention his number.
_ABOUT = {"call": CALLS, "message": MESSAGES, "feedback": FEEDBACK, "callrequest": members.REQUESTS}
RECEIPTS = " OR ".join(
    (*(f"t.about IN ({called(word, ids)})" for word, ids in _ABOUT.items()), planned.RECEIPTS)
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
_MENTORING = {
    "bridge_id": carried(Bridge, "call", CALLS),
    "text_id": carried(Text, "message", MESSAGES),
    "push_id": PUSHES,
    "call_id": CALLS,
    "message_id": MESSAGES,
    "feedback_id": FEEDBACK,
    "scheduled_call_id": SCHEDULED,
    "receipt_id": f"SELECT t.id FROM receipt AS t WHERE {RECEIPTS}",
}
OWNED = {
    name: " UNION ALL ".join(of[name] for of in (_MENTORING, members.OWNED, planned.OWNED) if name in of)
    for name in dict.fromkeys((*_MENTORING, *members.OWNED, *planned.OWNED))
}
