"""Fills all lists at once, with so many rows that they are long."""

from collections.abc import Callable
from typing import Any

from peewee import chunked

from models import clock
from models.mentoring import Activity, Call, CallNote, Event, Feedback, Message, ScheduledCall, Task
from models.numbers import PhoneNumber
from models.people import Contact, User
from tests.house import Staff

Rows = list[dict[str, Any]]


def fill(staff: Staff, count: int) -> None:
    """So many more rows of everything that is listed, all of them this mentor's and his mentee's."""
    mentor, mentee = staff.mentor.id, staff.mentee.id
    first = User.select().count()
    _insert(User, [{"username": f"u{first + n}", "password": "x"} for n in range(2 * count)])
    users = [row.id for row in User.select(User.id).order_by(User.id)][-2 * count :]
    _insert(Contact, [_contact(users[n], first + n, n % 2 and mentee) for n in range(2 * count)])
    last = Call.select().count()
    now = clock.now()
    tables: list[tuple[Any, Callable[[int], dict[str, Any]]]] = [
        (Activity, lambda n: {"title": "x"}),
        (Call, lambda n: {"caller": mentor, "receiver": mentee}),
        (Message, lambda n: {"sender": (mentor, mentee)[n % 2], "recipient": (mentee, mentor)[n % 2], "content": "x"}),
        (Event, lambda n: {"event_type": "start_call", "relevant_mentor": mentor, "object_id": last + n}),
        (Task, lambda n: {"mentor": mentor, "description": "x"}),
        (CallNote, lambda n: {"version": 1, "mentor": mentor, "call": last + n + 1, "mentee_state": "happy"}),
        (Feedback, lambda n: {"sender": mentee, "mentor": mentor, "call": last + n + 1}),
        (ScheduledCall, lambda n: {"call_time": now, "caller": mentor, "callee": mentee}),
    ]  # fmt: skip
    for table, row in tables:
        _insert(table, [row(n) for n in range(count)])


def _contact(user: int, number: int, mentee: int) -> dict[str, Any]:
    phone = PhoneNumber.parse(f"+4915{number:08}")
    facts = {"user": user, "contact_number": phone, "msisdn": phone.msisdn}
    return {**facts, "kind": "mentor" if mentee else "mentee", "mentee": mentee or None}


def _insert(table: Any, rows: Rows) -> None:
    for some in chunked(rows, 500):
        table.insert_many(some).execute()
