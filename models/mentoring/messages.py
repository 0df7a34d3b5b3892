"""Texts between a mentor and his mentee."""

from datetime import datetime
from typing import Any

from peewee import JOIN, BigAutoField, ForeignKeyField, TextField

from models import clock
from models.database import Row, Sql, UtcField
from models.deliveries import Text
from models.events import emit, following, listens
from models.mentoring.events import Event
from models.numbers import PhoneNumber
from models.people import Contact
from models.writing import IdOf, New, write

USER, SYSTEM = "user", "system"
QUEUED, SENT, FAILED, RECEIVED = "queued", "sent", "failed", "received"
LONGEST = 1600  # code points [M-22]: ten concatenated GSM-7 parts and a little


class Message(Row):
    """One text. What carriers do for an outgoing one is a `Text` of the trunk with this message as origin."""

    id = BigAutoField()
    time_sent = UtcField(default=clock.now)
    sender = ForeignKeyField(Contact, backref="messages_sent", on_delete="RESTRICT")
    recipient = ForeignKeyField(Contact, null=True, backref="messages_received", on_delete="RESTRICT")
    message_type = TextField(default=USER)
    content = TextField()
    state = TextField(default=QUEUED)

    sender_id: int
    recipient_id: int | None

    class Meta:
        table_name = "message"

    @classmethod
    def send_and_create(
        cls,
        sender: int,
        recipient: int,
        to: PhoneNumber,
        content: str,
        *,
        kind: str = USER,
        at: datetime | None = None,
        once: New | None = None,
        until: datetime | None = None,
    ) -> int:
        """The message, its text for the trunk and the command to send it, in one transaction. Returns its id.

        Parameters:
          sender, recipient, to: contact ids, and the recipient's number.
          kind, at: `user`, or `system` for what the tool says by itself; when it was written, now by default.
          once: the row of an idempotency key, whose `object_id` is the message's.
          until: its last useful moment, if that is sooner than with any text.

        Raises:
          peewee.IntegrityError: the idempotency key was used before.
        """
        at = at or clock.now()
        message = New(
            cls,
            {
                "time_sent": at, "sender": sender, "recipient": recipient, "message_type": kind,
                "content": content, "state": QUEUED,
            },
        )  # fmt: skip
        text = New(
            Text,
            {
                "reference": IdOf(0, "message:"), "origin": "message", "origin_id": IdOf(0),
                "to": to, "body": content, "created_at": at,
            },
        )  # fmt: skip
        commands = following("message.created", until=until, message_id=IdOf(0), text_id=IdOf(1))
        return write(message, text, *commands, *([once] if once else []))[0]

    @classmethod
    def receive_message(cls, mentee: Contact, content: str, *, mentor: int | None = None) -> "Message":
        """A mentee's text came in: it goes to his mentor, who is told. Without a mentor it is only kept [M-37].

        Parameters:
          mentor: whom it was written to, where that is known.
        """
        mentor = mentor or mentor_in_touch(mentee)
        message = cls.create(sender=mentee, recipient=mentor, content=content, state=RECEIVED)
        if mentor is not None:
            Event.note("message_received", mentor, message.id)
            emit("message.received", message_id=message.id)
        return message

    @classmethod
    def record_sent(cls, mentor: Contact, mentee: Contact, content: str) -> "Message":
        """A mentor's text that somebody else has sent already: written down, not sent [M-35]."""
        message = cls.create(sender=mentor, recipient=mentee, content=content, state=SENT)
        Event.note("message_sent", mentor.id, message.id)
        return message


def with_numbers() -> Any:
    """All messages with both contacts, in one query."""
    sender, recipient = Contact.alias("sender"), Contact.alias("recipient")
    both = Message.select(Message, sender, recipient).join(sender, on=Message.sender)
    return both.switch(Message).join(recipient, JOIN.LEFT_OUTER, on=Message.recipient)


_MOVE = Sql(
    """
    UPDATE message SET state = %s WHERE id = %s AND state IN ('queued', 'sent') AND state <> %s
    RETURNING message_type, sender_id
    """
)


def _moved(message_id: int, state: str, event: str) -> None:
    row = _MOVE.one(state, message_id, state)
    if row is None:
        return
    kind, mentor = row
    if kind == USER:
        Event.note(f"message_{state}", mentor, message_id)
    emit(event, message_id=message_id)


@listens("text.accepted", "message")
def taken(message_id: int, *, provider_id: str | None) -> None:
    """A carrier has it."""
    _moved(message_id, SENT, "message.sent")


@listens("text.failed", "message")
@listens("text.expired", "message")
def not_sent(message_id: int, *, cause: str) -> None:
    """No carrier will take it, or the carrier says it never arrived."""
    _moved(message_id, FAILED, "message.failed")


def take_text(sender: str, body: str) -> Message | None:
    """A text came to a number of ours. None when it is nobody's here: its sender is no mentee, or it says nothing."""
    if not body.strip() or len(body) > LONGEST:
        return None
    contact = Contact.by_number(sender)
    return None if contact is None or contact.is_mentor else Message.receive_message(contact, body)


_IN_TOUCH = Sql(
    """
    SELECT c.id FROM contact AS c LEFT JOIN (
        SELECT caller_id AS mentor, start_time AS at FROM call WHERE receiver_id = %s
        UNION ALL SELECT sender_id, time_sent FROM message WHERE recipient_id = %s
        UNION ALL SELECT recipient_id, time_sent FROM message WHERE sender_id = %s
        UNION ALL SELECT caller_id, created_at FROM scheduled_call WHERE callee_id = %s AND cancelled_at IS NULL
    ) AS touch ON touch.mentor = c.id
    WHERE c.mentee_id = %s GROUP BY c.id ORDER BY MAX(touch.at) DESC NULLS LAST, c.id LIMIT 1
    """
)


def mentor_in_touch(mentee: Contact) -> int | None:
    """Which mentor a mentee's text is for: the one of the latest call, message or scheduled call, else the lowest id.

    A scheduled call counts from when it was scheduled: what is to come next week is no contact yet [M-37].
    """
    mentors = [row.id for row in Contact.select(Contact.id).where(Contact.mentee == mentee).limit(2)]
    if len(mentors) < 2:
        return mentors[0] if mentors else None
    return int(_IN_TOUCH.one(*[mentee.id] * 5)[0])
