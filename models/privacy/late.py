"""Reports that come when somebody was erased: what they tell of him is not kept again.

Carriers report late, twice, and what nobody expects. A report about a call, a message or feedback of somebody erased is
known by its row. One that fits nothing is known by his number, of which only a keyed hash is kept; the key is
SECRET_KEY, which is not in the database. Without one, such a report is kept for its 90 days as any stranger's is.
"""

import hashlib
import hmac
import json
import re
from typing import Any

from peewee import BigAutoField, BigIntegerField, TextField

from models import clock, settings
from models.database import Row, Sql, UtcField
from models.numbers import ERASED

_RUN = re.compile(r"\d{7,15}")
_GROUPED = re.compile(r"[1-9](?:[ ()\-]{0,2}\d){6,14}")
MOST = 200  # numbers of one report that are looked up


class Erasure(Row):
    """Somebody was erased. `number_mark` is the keyed hash of a number of his; who had two has two rows."""

    id = BigAutoField()
    user_id = BigIntegerField()
    erased_at = UtcField(default=clock.now)
    number_mark = TextField(null=True)

    class Meta:
        table_name = "erased_person"


def mark(msisdn: str) -> str | None:
    """What is kept of a number: it tells whether another is the same, and nothing else. None without SECRET_KEY."""
    key = settings.current().secret_key
    return hmac.new(key.encode(), b"erased " + msisdn.encode(), hashlib.sha256).hexdigest() if key else None


# The two are locked against being erased until the transaction ends: who erases waits, and then sees what it wrote.
_PARTIES = {
    kind: Sql(
        f"SELECT p.{what} FROM {whose} FOR KEY SHARE OF p",
        sqlite={" FOR KEY SHARE OF p": ""},
    )
    for kind, (what, whose) in {
        "call": (
            "msisdn",
            "call AS t JOIN contact AS p ON p.id IN (t.caller_id, t.receiver_id) WHERE t.id = %s",
        ),
        "message": (
            "msisdn",
            "message AS t JOIN contact AS p ON p.id IN (t.sender_id, t.recipient_id) WHERE t.id = %s",
        ),
        "feedback": ("msisdn", "feedback AS t JOIN contact AS p ON p.id = t.sender_id WHERE t.id = %s"),
        "contact": ("msisdn", "contact AS p WHERE p.id = %s"),
        "callrequest": (
            "email",
            "call_request AS t JOIN account AS p ON p.id IN (t.requester_id, t.hero_account_id) WHERE t.id = %s",
        ),
        "alarm": (
            "username",
            "alarm AS t JOIN appointment_event AS e ON e.id = t.event_id JOIN calendar AS c ON c.id = e.calendar_id "
            "JOIN person AS p ON p.id IN (e.creator_id, c.user_id) WHERE t.id = %s",
        ),
    }.items()
}


def about_erased(reference: str) -> bool:
    """Whether somebody who takes part was erased.

    Parameters:
      reference: like `call:12`, or `alarm:12:1` of an attempt; of what is no person's, nobody was.
    """
    kind, row_id = (*reference.split(":"), "")[:2]
    if kind not in _PARTIES or not row_id.isdecimal():
        return False
    return any(name.startswith(f"{ERASED}:") for (name,) in _PARTIES[kind].all(int(row_id)))


def mentions_erased(text: str) -> bool:
    """Whether a text holds the number of somebody who was erased and is not here again."""
    if not settings.current().secret_key:
        return False
    found = {re.sub(r"\D", "", number) for form in (_RUN, _GROUPED) for number in form.findall(text)}
    marks = {str(mark(digits)): digits for digits in sorted(found)[:MOST]}
    if not marks:
        return False
    known = Erasure.select().where(Erasure.number_mark.in_(list(marks)))
    numbers = [marks[str(erasure.number_mark)] for erasure in known]
    return any(_HERE.one(number, number) is None for number in numbers)


_HERE = Sql("SELECT 1 FROM contact WHERE msisdn = %s UNION ALL SELECT 1 FROM account WHERE phone = '+' || %s")

# What of the report of a call's end is nobody's: ids, times, causes. And whose numbers these were.
_NOBODYS = frozenset(
    (
        "type", "data", "id", "reference", "conversation_id", "success", "started_at", "ended_at", "cdrs", "cause",
        "scheduledCallId", "conversationId", "conversationSuccess", "conversationStartTime", "conversationEndTime",
        "startTime", "errorCause", "totalTries",
    )
)  # fmt: skip
_SOMEBODYS = frozenset(("handler", "beneficiary"))
_CALL_ENDS = ("call.ended", "oniondev.call_end")


def redacted(source: str, body: str) -> str:
    """A report's body without what it tells of people: of a call's end its ids, times and causes; of others nothing.

    Its call data records may still be waiting to be read.
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    kind = value.get("type", source) if isinstance(value, dict) else ""
    return json.dumps(_bare(value)) if kind in _CALL_ENDS else ""


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        bare = {key: _bare(inner) for key, inner in value.items() if key in _NOBODYS}
        return bare | {key: ERASED for key in value if key in _SOMEBODYS}
    return [_bare(inner) for inner in value] if isinstance(value, list) else value
