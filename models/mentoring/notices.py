"""What a mentor's device is told: a call is over, one is near, a message came. Never whose number, never the text."""

import json
from datetime import datetime

from models.deliveries import Push
from models.deliveries.life import QUEUED, SKIPPED
from models.events import emit
from models.mentoring.calls import SUCCESSFUL, Call
from models.mentoring.messages import Message
from models.people import Contact


def about_call(call_id: int) -> None:
    """A call has ended, or never came about. Both are worth one notice each: a failed call may succeed later."""
    call = Call.get_by_id(call_id)
    title = "Call ended" if call.status == SUCCESSFUL else "Call not connected"
    body = "How was it? Your feedback is waiting." if call.status == SUCCESSFUL else "You can try again."
    kind = "call" if call.status == SUCCESSFUL else "call-failed"
    _push(call.caller, f"push:{kind}:{call_id}", title, body, {"call": str(call_id), "status": call.status})


def about_message(message_id: int) -> None:
    """A mentee's message has come in."""
    message = Message.get_by_id(message_id)
    if message.recipient is not None:
        facts = {"message": str(message_id)}
        _push(
            message.recipient, f"push:message:{message_id}", "New message", "Your mentee wrote to you.", facts
        )


def about_scheduled_call(
    mentor: Contact, reference: str, text: str, data: dict[str, str], until: datetime
) -> None:
    """A call of his schedule is near; `until` is from when on that is no news."""
    _push(mentor, reference, "Your scheduled call", text, data, until)


def _push(
    mentor: Contact,
    reference: str,
    title: str,
    body: str,
    data: dict[str, str],
    until: datetime | None = None,
) -> None:
    """One push per reference; written down as skipped when the mentor has no device."""
    if Push.select().where(Push.reference == reference).exists():
        return
    push = Push.create(
        reference=reference, origin="notice", origin_id=mentor.id, token=mentor.device_token, title=title, body=body,
        data=json.dumps(data), status=QUEUED if mentor.device_token else SKIPPED,
    )  # fmt: skip
    if mentor.device_token:
        emit("push.requested", until=until, push_id=push.id)
