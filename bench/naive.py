"""The naive way, as it is written on the first day: connect, create a row, send a message to the broker, disconnect.

`python -m bench.naive` serves the API with our gunicorn settings; `dramatiq bench.naive` works.
"""

import base64
import os
from datetime import UTC, datetime
from typing import Any

import dramatiq
import falcon
import peewee
import requests
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from falcon import Request, Response
from marshmallow import Schema, fields, validate
from playhouse.db_url import connect

from api.serving import Web
from bench.load import PASSWORD, USERS, user

db = connect(os.environ["DATABASE_URL"])
broker = RabbitmqBroker(url=os.environ["BROKER_URL"], confirm_delivery=True)
dramatiq.set_broker(broker)
CARRIER = os.environ.get("SIMULATOR_URL", "")


class Message(peewee.Model):
    id = peewee.BigAutoField()
    time_sent = peewee.DateTimeField()
    sender_id = peewee.BigIntegerField()
    recipient_id = peewee.BigIntegerField()
    message_type = peewee.TextField(default="user")
    content = peewee.TextField()
    state = peewee.TextField(default="queued")

    class Meta:
        database = db
        table_name = "message"


@dramatiq.actor(queue_name="texts")
def send_text(message_id: int) -> None:
    """Hand the text to the carrier."""
    with db.connection_context():
        message = Message.get_by_id(message_id)
        body = {"reference": f"naive:{message_id}", "to": "+919876500000", "from": "+15550100"}
        requests.post(
            f"{CARRIER}/text", json={**body, "body": message.content}, timeout=10
        ).raise_for_status()
        Message.update(state="sent").where(Message.id == message_id).execute()


class NewMessage(Schema):
    content = fields.String(required=True, validate=validate.Length(1, 1600))


class Messages:
    """Accepts a message. Its users' passwords are already known to it, which spares it a query."""

    def __init__(self) -> None:
        pairs = (f"{user(number)}:{PASSWORD}" for number in range(USERS))
        self._known = {f"Basic {base64.b64encode(pair.encode()).decode()}" for pair in pairs}

    def on_post(self, req: Request, resp: Response) -> None:
        if req.auth not in self._known:
            raise falcon.HTTPUnauthorized
        content = NewMessage().load(req.get_media())["content"]
        db.connect(reuse_if_open=True)
        try:
            message = Message.create(
                time_sent=datetime.now(UTC), sender_id=2, recipient_id=1, content=content
            )
            send_text.send(message.id)
        finally:
            db.close()
        resp.status = falcon.HTTP_201
        resp.media = {"id": message.id, "content": content}


class Naive(Web):
    """Our server with the naive application in it."""

    def load(self) -> Any:
        app = falcon.App()
        app.req_options.strip_url_path_trailing_slash = True
        app.add_route("/mentor/message", Messages())
        return app


if __name__ == "__main__":
    Naive().run()
