"""What people see: rows as JSON, and every number but one's own masked [M-7]."""

from datetime import datetime
from typing import Any

from api.auth import Caller
from api.times import seconds, written
from models.mentoring import Activity, Call, CallNote, Event, Feedback, Message, ScheduledCall, Task
from models.numbers import PhoneNumber
from models.people import Contact


def number(contact_id: int | None, given: PhoneNumber | None, to: Caller) -> str | None:
    """A contact's number: in full for its owner, administrators and service accounts; else `hidden:<contact id>`.

    On the mentor's own routes an administrator is only a mentor; those pass a caller without the right.
    """
    if contact_id is None or given is None:
        return None
    return given.reveal() if to.sees_all or to.contact_id == contact_id else f"hidden:{contact_id}"


def call(row: Call) -> dict[str, Any]:
    """A call for the two who take part in it."""
    return {
        "id": row.id,
        "start_time": written(row.start_time),
        "end_time": written(row.end_time),
        "caller": row.caller_id,
        "receiver": row.receiver_id,
        "status": row.status,
        "status_display": row.get_status_display(),
        "activity": row.activity,
        "scheduled_call": row.scheduled_call,
        "feedback_task": row.feedback_task_id,
        "partner_start_time": written(row.partner_start_time),
        "partner_end_time": written(row.partner_end_time),
        "duration": seconds(row.get_duration()),
        "lag": seconds(row.get_lag()),
    }


def call_with_partner(row: Call) -> dict[str, Any]:
    """A call for administrators and service accounts: also what the provider calls it, and its recording."""
    partner = {"recording_url": row.recording_url, "partner_id": row.partner_id, "call_id": row.call_id}
    return {**call(row), **partner}


def message(row: Message, to: Caller) -> dict[str, Any]:
    """A message with both pairs of names for the two numbers [M-27]."""
    sender = number(row.sender_id, row.sender.contact_number, to)
    recipient = number(row.recipient_id, row.recipient.contact_number, to) if row.recipient else None
    return message_of(row.id, row.time_sent, (sender, recipient), row.content, row.message_type)


def message_of(
    message_id: int, sent: datetime, numbers: tuple[str | None, str | None], content: str, kind: str
) -> dict[str, Any]:
    """A message by its parts, for who has them without asking the database.

    Parameters:
      numbers: the sender's and the recipient's, as they are to be shown.
    """
    sender, recipient = numbers
    return {
        "id": message_id,
        "time_sent": written(sent),
        "sender_contact": sender,
        "recipient_contact": recipient,
        "content": content,
        "sender": sender,
        "recipient": recipient,
        "message_type": kind,
    }


def scheduled_call(row: ScheduledCall) -> dict[str, Any]:
    """A scheduled call for the mentor who scheduled it."""
    return {
        "id": row.id,
        "created_at": written(row.created_at),
        "call_time": written(row.call_time),
        "caller": row.caller_id,
        "callee": row.callee_id,
        "activity": row.activity_id,
    }


def event(row: Event) -> dict[str, Any]:
    """An entry of the event log."""
    return {
        "id": row.id,
        "occured_at": written(row.occured_at),
        "event_type": row.event_type,
        "description": row.description,
        "relevant_mentor": row.relevant_mentor_id,
        "object_id": row.object_id,
    }


def task(row: Task) -> dict[str, Any]:
    """An entry of the to-do list."""
    return {
        "id": row.id,
        "mentor": row.mentor_id,
        "description": row.description,
        "link": row.link,
        "due_date": written(row.due_date),
        "status": row.status,
    }


def call_note(row: CallNote) -> dict[str, Any]:
    """A call note, with the questions of its version."""
    return {
        "id": row.id,
        "version": row.version,
        "mentor": row.mentor_id,
        "call": row.call_id,
        "created_at": written(row.created_at),
        **{name: getattr(row, name) for name in row.questions},
    }


def activity(row: Activity) -> dict[str, Any]:
    """What a call may be about."""
    names = ("id", "title", "description", "link", "active")
    return {name: getattr(row, name) for name in names}


def feedback(row: Feedback) -> dict[str, Any]:
    """What a mentee answered. `content` is text that holds JSON, as the reference has it [M-39]."""
    names = ("id", "sender_id", "call_id", "complete", "content")
    return {name: getattr(row, name) for name in names}


def person(row: Contact) -> dict[str, Any]:
    """A mentee or mentor for administrators. The password's key is kept, its value never sent [M-8]."""
    shown = {
        "id": str(row.id),
        "username": row.user.username,
        "first_name": row.user.first_name,
        "last_name": row.user.last_name,
        "email": row.user.email,
        "password": "",
        "contact_number": row.contact_number.reveal(),
        "external_id": row.external_id,
    }
    if row.is_mentor:
        own = ("profile_pic", "job_title", "motivation", "inspiration")
        shown |= {"mentee": row.mentee_id, **{name: getattr(row, name) for name in own}}
    return shown
