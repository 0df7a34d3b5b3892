"""The bar for accepting: our own gunicorn, authentication and validation, then one bare INSERT and nothing else.

With `BENCH_AUTH=memory` even the authentication asks no database: the least that any such service does.
"""

import base64
import os
import threading
from datetime import UTC, datetime
from typing import Any

import falcon
import psycopg
from falcon import Request, Response

from api import errors
from api.auth import Authentication, Caller
from api.bodies import checked, json_object
from api.callrequests import bodies, shown
from api.callrequests.auth import Tokens
from api.mentoring.messages import _NEW
from api.serving import Web
from api.times import written
from bench.load import PASSWORD, USERS, user
from models import settings
from models.database import Sql
from models.numbers import PhoneNumber

_INSERT = """
    INSERT INTO message (time_sent, sender_id, recipient_id, message_type, content, state)
    VALUES (%s, %s, %s, 'user', %s, 'queued') RETURNING id
"""
_kept = threading.local()


def _connection() -> Any:
    if not hasattr(_kept, "connection"):
        _kept.connection = psycopg.connect(settings.current().database_url, autocommit=True)
    return _kept.connection


class Messages:
    """Accepts a message and writes it down, for nobody to send."""

    for_ = "mentors"

    def on_post(self, req: Request, resp: Response) -> None:
        content, me = checked(req, _NEW)["content"], req.context.caller
        now = datetime.now(UTC)
        values = (now, me.mentor_id, me.mentee_id, content)
        ((message_id,),) = _connection().execute(_INSERT, values).fetchall()
        sender, recipient = me.number.reveal(), f"hidden:{me.mentee_id}"
        resp.status = falcon.HTTP_201
        resp.media = {
            "id": message_id, "time_sent": written(now), "sender_contact": sender, "recipient_contact": recipient,
            "content": content, "sender": sender, "recipient": recipient, "message_type": "user",
        }  # fmt: skip


_ASKED = """
    INSERT INTO call_request (requester_id, hero_id, hero_account_id, message, estimated_length, status, reason, way,
                              created_at, updated_at)
    VALUES (%s, %s, %s, %s, %s, 'o', '', 'dial_in', %s, %s) RETURNING id
"""


class CallRequests:
    """Accepts a call request and writes it down, for nobody to tell the hero."""

    for_ = "members"

    def on_post(self, req: Request, resp: Response) -> None:
        me = req.context.member
        wish = bodies.wish(json_object(req), me)
        facts = (wish.requester, wish.hero_id, wish.hero_account, wish.message, wish.estimated_length)
        ((request_id,),) = _connection().execute(_ASKED, (*facts, wish.asked_at, wish.asked_at)).fetchall()
        resp.media = shown.just_asked(request_id, me.uuid, wish)


class Remembered:
    """Authentication against people kept in memory."""

    def __init__(self) -> None:
        people = Sql(
            "SELECT id, mentee_id, contact_number FROM contact WHERE msisdn LIKE '9198766%%' ORDER BY id"
        ).all()
        self._callers = {}
        for number, (contact, mentee, phone) in zip(range(USERS), people, strict=True):
            credentials = base64.b64encode(f"{user(number)}:{PASSWORD}".encode()).decode()
            shown = PhoneNumber(phone)
            self._callers[f"Basic {credentials}"] = Caller(
                0, False, False, contact, "mentor", shown, mentee, shown
            )

    def process_resource(self, req: Request, _resp: Response, _resource: Any, _params: Any) -> None:
        req.context.caller = self._callers[req.auth or ""]


class Reference(Web):
    """The same server with the reference in it."""

    def load(self) -> Any:
        remembered = os.environ.get("BENCH_AUTH") == "memory"
        app = falcon.App(middleware=[Remembered() if remembered else Authentication()])
        app.req_options.strip_url_path_trailing_slash = True
        errors.install(app)
        app.add_middleware(Tokens())
        app.add_route("/mentor/message", Messages())
        app.add_route("/api/v1/call-requests", CallRequests())
        return app


if __name__ == "__main__":
    Reference().run()
