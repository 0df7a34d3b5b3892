"""`/mentor/message/`: a mentor writes to his mentee, and reads what the two wrote."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import falcon
from falcon import Request, Response
from marshmallow import Schema, ValidationError, fields, validate

from api import shown
from api.bodies import checked
from api.errors import refuse
from api.once import once
from api.paging import id_in_path, page
from models import clock
from models.mentoring import Message
from models.mentoring.lists import MESSAGES
from models.mentoring.messages import LONGEST, USER, with_numbers
from models.writing import New


def not_blank(text: str) -> None:
    """A text of blanks alone says nothing."""
    if not text.strip():
        raise ValidationError("Write something: blanks alone are no message.")


content_rules: list[Callable[[str], object]] = [
    validate.Length(1, LONGEST, error=f"Write 1 to {LONGEST} characters."),
    not_blank,
]


class NewMessage(Schema):
    """What a mentor sends."""

    content = fields.String(required=True, validate=content_rules)
    sender_id = fields.Raw()
    recipient_id = fields.Raw()


_NEW = NewMessage()


class Messages:
    """The mentor's messages."""

    for_ = "mentors"

    def on_get(self, req: Request, resp: Response) -> None:
        """List the messages that the mentor sent or received."""
        me = req.context.caller
        mine = MESSAGES.of(me.mentor_id, with_numbers())
        resp.media = page(req, mine, lambda row: shown.message(row, me.as_mentor()))

    def on_post(self, req: Request, resp: Response) -> None:
        """Accept a message to the mentee; a worker sends it."""
        body, me = checked(req, _NEW), req.context.caller
        _own(body, "sender_id", me.mentor_id)
        _own(body, "recipient_id", me.mentee_id)
        content, now = body["content"], clock.now()
        made: list[int] = []
        message_id = once(req, resp, "message", content, partial(_send, req, content, now, made))
        resp.status = falcon.HTTP_201
        if made:
            resp.media = _just_sent(message_id, req, content, now)
        else:
            message = with_numbers().where(Message.id == message_id).get()
            resp.media = shown.message(message, me.as_mentor())


def _send(req: Request, content: str, now: datetime, made: list[int], key: New | None) -> int:
    me = req.context.caller
    made.append(
        Message.send_and_create(me.mentor_id, me.mentee_id, me.reaching_mentee(), content, at=now, once=key)
    )
    return made[0]


def _just_sent(message_id: int, req: Request, content: str, now: datetime) -> dict[str, Any]:
    """What `shown.message` shows, without asking the database for what the request has told."""
    me = req.context.caller
    return shown.message_of(message_id, now, (me.number.reveal(), f"hidden:{me.mentee_id}"), content, USER)


def _own(body: dict[str, Any], field: str, own: int) -> None:
    """An id in the body may only be the one that it would be without [M-28]."""
    if field in body and (isinstance(body[field], bool) or str(body[field]) != str(own)):
        raise refuse(field, f"Leave it out, or send {own}: a mentor writes to his own mentee.")


class OneMessage:
    """One of the mentor's messages. Others' do not exist for him."""

    for_ = "mentors"

    def on_get(self, req: Request, resp: Response, message_id: str) -> None:
        """Show the message."""
        me = req.context.caller
        here = (Message.sender == me.mentor_id) | (Message.recipient == me.mentor_id)
        message = with_numbers().where((Message.id == id_in_path(message_id)) & here).first()
        if message is None:
            raise falcon.HTTPNotFound(description="You have no such message.")
        resp.media = shown.message(message, me.as_mentor())
