"""`/comms/message/`: messages for the back office, and what providers hand in."""

from typing import Any

import falcon
from falcon import Request, Response
from marshmallow import Schema, fields

from api import shown
from api.auth import Caller, may_write_comms
from api.bodies import checked
from api.errors import refuse
from api.mentoring.messages import content_rules
from api.paging import id_in_path, page
from models.database import transaction
from models.mentoring import Message
from models.mentoring.lists import MESSAGES
from models.mentoring.messages import with_numbers
from models.people import Contact


class HandedIn(Schema):
    """A message between two known numbers."""

    sender_contact = fields.String(required=True)
    recipient_contact = fields.String(required=True)
    content = fields.String(required=True, validate=content_rules)


_HANDED_IN = HandedIn()
SHOWN = ("id", "time_sent", "sender_contact", "recipient_contact", "content")


class Messages:
    """All messages that the caller may see."""

    for_ = "users"

    def on_get(self, req: Request, resp: Response) -> None:
        """List the messages that the caller may see."""
        me = req.context.caller
        everyone = with_numbers()
        listed = MESSAGES.all(everyone) if me.sees_all else MESSAGES.of(me.own_id, everyone)
        resp.media = page(req, listed, lambda row: _shown(row, me))

    def on_post(self, req: Request, resp: Response) -> None:
        """Take a message that passed elsewhere: a mentee's is received, a mentor's only written down [M-35]."""
        may_write_comms(req)
        body = checked(req, _HANDED_IN)
        sender = _contact(body, "sender_contact")
        recipient = _contact(body, "recipient_contact")
        mentor, mentee = (sender, recipient) if sender.is_mentor else (recipient, sender)
        if not mentor.is_mentor or mentor.mentee_id != mentee.id:
            raise refuse("recipient_contact", "One must be a mentor and the other his mentee.")
        with transaction("webhook"):
            if sender.is_mentor:
                made = Message.record_sent(mentor, mentee, body["content"])
            else:
                made = Message.receive_message(mentee, body["content"], mentor=mentor.id)
        resp.status = falcon.HTTP_201
        resp.media = _shown(with_numbers().where(Message.id == made.id).get(), req.context.caller)


class OneMessage:
    """One message. What the caller takes no part in does not exist for him."""

    for_ = "users"

    def on_get(self, req: Request, resp: Response, message_id: str) -> None:
        """Show the message."""
        me = req.context.caller
        message = visible(me).where(Message.id == id_in_path(message_id)).first()
        if message is None:
            raise falcon.HTTPNotFound(description="There is no such message.")
        resp.media = _shown(message, me)


def visible(me: Caller) -> Any:
    """The messages that this caller may see, as a query."""
    if me.sees_all:
        return with_numbers()
    return with_numbers().where((Message.sender == me.own_id) | (Message.recipient == me.own_id))


def _contact(body: dict[str, Any], field: str) -> Contact:
    contact = Contact.by_number(body[field])
    if contact is None:
        raise refuse(field, "This is nobody's number: send the number of a mentor or mentee.")
    return contact


def _shown(row: Message, me: Caller) -> dict[str, Any]:
    facts = shown.message(row, me)
    return {name: facts[name] for name in SHOWN}
