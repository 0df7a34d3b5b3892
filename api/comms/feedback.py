"""`/comms/feedback/`: what mentees answered, for the back office and for those who take part; and to hand it in."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

import falcon
from falcon import Request, Response
from marshmallow import Schema, ValidationError, fields

from api import shown
from api.auth import Caller, may_write_comms
from api.bodies import Flag, checked
from api.errors import refuse
from api.mentoring.people import ContactId
from api.paging import LARGEST_ID, id_in_path, page
from models.database import transaction
from models.mentoring import Call, Feedback, surveys
from models.mentoring.feedback import QUESTIONS, answered
from models.mentoring.lists import FEEDBACK
from models.people import MENTEE, Contact


def _holds_json(text: str) -> None:
    try:
        _decoded(text)
    except (ValueError, RecursionError):
        raise ValidationError('Send a text that holds JSON, like "{\\"question 1\\": \\"Yes\\"}".') from None


class NewFeedback(Schema):
    """Feedback as it is handed in: answers in a text that holds JSON [M-39]."""

    sender_id = ContactId(required=True)
    call_id = fields.Integer(required=True, strict=True)
    complete = Flag(required=True, texts=True)
    content = fields.String(required=True, validate=_holds_json)


_NEW = NewFeedback()


class AllFeedback:
    """All feedback that the caller may see."""

    for_ = "users"

    def on_get(self, req: Request, resp: Response) -> None:
        """List the feedback that the caller may see."""
        me = req.context.caller
        resp.media = page(req, FEEDBACK.all() if me.sees_all else FEEDBACK.of(me.own_id), shown.feedback)

    def on_post(self, req: Request, resp: Response) -> None:
        """Take a mentee's feedback on a call, and tell the mentor."""
        may_write_comms(req)
        body = checked(req, _NEW)
        mentee = _sender(body["sender_id"])
        call = _call(body["call_id"], mentee)
        answers = _answers(_decoded(body["content"]))
        with transaction("webhook"):
            feedback = Feedback.create(
                sender=mentee,
                mentor=call.caller_id,
                call=call,
                content=body["content"],
                reported_complete=body["complete"],
                **answered(answers),
            )
            surveys.tell(feedback)
        resp.status = falcon.HTTP_201
        resp.media = shown.feedback(feedback)


class OneFeedback:
    """One feedback. What the caller takes no part in does not exist for him."""

    for_ = "users"

    def on_get(self, req: Request, resp: Response, feedback_id: str) -> None:
        """Show the feedback."""
        feedback = visible(req.context.caller).where(Feedback.id == id_in_path(feedback_id)).first()
        if feedback is None:
            raise falcon.HTTPNotFound(description="There is no such feedback.")
        resp.media = shown.feedback(feedback)


def visible(me: Caller) -> Any:
    """The feedback that this caller may see, as a query: a mentee what he said, a mentor what he is told of."""
    if me.sees_all:
        return Feedback.select()
    return Feedback.select().where((Feedback.sender == me.own_id) | (Feedback.mentor == me.own_id))


def _sender(contact_id: int) -> Contact:
    mentee: Contact | None = Contact.get_or_none((Contact.id == contact_id) & (Contact.kind == MENTEE))
    if mentee is None or mentee.erased:
        raise refuse("sender_id", "There is no mentee with this id.")
    return mentee


def _call(call_id: int, mentee: Contact) -> Call:
    his = (Call.id == call_id) & (Call.receiver == mentee)
    call: Call | None = Call.get_or_none(his) if 0 < call_id <= LARGEST_ID else None
    if call is None:
        raise refuse("call_id", "This mentee has no such call.")
    return call


def _decoded(text: str) -> Any:
    return json.loads(text, parse_constant=_no_constant)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _answers(content: Any) -> list[str | None]:
    """The answers to `question 1` to `question 4`, in an object or in a list of such; others stay in the content."""
    found: dict[str, Any] = {}
    for part in content if isinstance(content, list) else [content]:
        if isinstance(part, Mapping):
            found |= {name: value for name, value in part.items() if value is not None}
    return [_text(found.get(f"question {place}")) for place in range(1, QUESTIONS + 1)]


def _text(value: Any) -> str | None:
    """An answer as text that any database takes."""
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
