"""`/`: the mentor's home: his mentee, the call, what the two wrote, what happened, and what is to be done."""

import hashlib
import json
from functools import partial
from typing import Any

import falcon
from falcon import Request, Response
from peewee import JOIN

from api.errors import FieldErrors
from api.mentoring.messages import NewMessage
from api.once import keyed
from api.pages.forms import Form
from api.pages.newest import newest
from api.pages.render import fragment, go, show
from api.pages.tasks import open_tasks
from models import clock
from models.donotcall import Unwanted
from models.idempotency import KeyReused
from models.mentoring import Activity, Event, Message, ScheduledCall
from models.mentoring.calls import RUNNING, Call
from models.mentoring.lists import CALLS, EVENTS, MESSAGES
from models.mentoring.schedule import LATE
from models.writing import New

THREAD, LOG, TASKS = 50, 20, 5  # how many of each are shown

# The parts of the home that are refreshed by themselves, and the template of each.
PARTS = ("state", "buttons", "thread", "log", "todo")

_NEW = NewMessage()


class Home:
    """The mentor's home."""

    for_ = "mentor pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """Show it."""
        show_home(req, resp, Form())


class Live:
    """`/live`: the parts of the home as they are now, for the script that refreshes them."""

    for_ = "mentor pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """Send them; 304 when they are as the script has them."""
        facts = now(req)
        parts = {part: fragment(req, f"home/{part}.html", **facts) for part in PARTS}
        text = json.dumps(parts)
        resp.etag = mark = hashlib.sha256(text.encode()).hexdigest()[:32]
        if req.if_none_match and mark in req.if_none_match:
            resp.status = falcon.HTTP_304
            return
        resp.content_type = falcon.MEDIA_JSON
        resp.text = text


class Messages:
    """`/messages`: all that the two ever wrote, newest first; the composer posts here."""

    for_ = "mentor pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """Show a screenful."""
        mine = MESSAGES.of(req.context.caller.mentor_id)
        show(req, resp, "messages.html", messages=newest(req, mine.latest))

    def on_post(self, req: Request, resp: Response) -> None:
        """Accept a message to the mentee."""
        form, me = Form.sent(req), req.context.caller
        try:
            content = form.checked(_NEW)["content"]
            keyed(me.user_id, "message", form.once, content, partial(_send, req, content))
        except FieldErrors as error:
            show_home(req, resp, form.wrong(error.fields), falcon.HTTP_400)
        except KeyReused:
            text = (
                "The message before was sent from this page already. To send this one too, press send again."
            )
            show_home(req, resp, form.wrong({"content": [text]}), falcon.HTTP_400)
        except Unwanted as error:
            show_home(req, resp, form.wrong({"content": [str(error)]}), falcon.HTTP_409)
        else:
            go(req, resp, "/", "Your message is on its way.")


def _send(req: Request, content: str, key: New | None) -> int:
    me = req.context.caller
    return Message.send_and_create(me.mentor_id, me.mentee_id, me.reaching_mentee(), content, once=key)


def show_home(req: Request, resp: Response, form: Form, status: str = falcon.HTTP_200) -> None:
    """The home, with this in its composer."""
    show(req, resp, "home.html", status=status, form=form, **now(req))


def now(req: Request) -> dict[str, Any]:
    """How things stand with the mentor and his mentee: what the parts of the home show. Six queries."""
    me = req.context.caller.mentor_id
    call: Call | None = CALLS.of(me).latest(1).first()
    return {
        "call": call,
        "running": call is not None and call.status in RUNNING and not call.has_timed_out(),
        "thread": list(MESSAGES.of(me).latest(THREAD))[::-1],
        "log": list(EVENTS.of(me, with_texts()).latest(LOG)),
        "todo": open_tasks(me, TASKS),
        "coming": coming(me).first(),
        "me": me,
    }


def with_texts() -> Any:
    """All events, each with the `text` of the message that came in, if it is about one."""
    about = (Event.event_type == "message_received") & (Message.id == Event.object_id)
    query = Event.select(Event, Message.content.alias("text"))
    return query.join(Message, JOIN.LEFT_OUTER, on=about).objects()


def coming(mentor: int) -> Any:
    """The mentor's scheduled calls, the next one first; one whose time is just over can still be made."""
    ahead = ScheduledCall.of(mentor).where(ScheduledCall.call_time > clock.now() - LATE)
    query = ahead.select(ScheduledCall, Activity).join(Activity, JOIN.LEFT_OUTER)
    return query.order_by(ScheduledCall.call_time, ScheduledCall.id)
