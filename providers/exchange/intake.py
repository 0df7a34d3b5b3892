"""The doors through which customers ask: the exchange's own, and OnionDev's."""

from typing import Any

import falcon
from marshmallow import Schema

from providers.base import Channel
from providers.exchange import bodies
from providers.exchange.desk import Desk, UnderWay
from providers.exchange.dialects import Order


class Requests:
    """POST /call, /text, /mail and /push."""

    def __init__(self, desk: Desk, channel: Channel, schema: Schema) -> None:
        self._desk = desk
        self._channel = channel
        self._schema = schema

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Accept a request under the customer's reference."""
        fields = bodies.read(req, self._schema)
        reference = fields.pop("reference")
        resp.media = {"provider_id": self._desk.take(Order(self._channel, reference, fields))}


class Find:
    """GET /find: what became of a request."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """200 with the id, 404 if never seen, 409 while it is still under way."""
        channel = req.get_param("channel", default="")
        if channel not in bodies.CHANNELS:
            raise bodies.WrongBody({"channel": [f"must be one of {', '.join(bodies.CHANNELS)}"]})
        reference = req.get_param("reference")
        if not reference:
            raise bodies.WrongBody({"reference": ["is missing"]})
        try:
            id = self._desk.find(channel, reference)
        except UnderWay:
            resp.status = falcon.HTTP_409
            resp.media = {"under_way": True}
        else:
            resp.status = falcon.HTTP_404 if id is None else falcon.HTTP_200
            resp.media = {"provider_id": id}


class OnionDevCalls:
    """POST /oniondev/call."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Accept a call; its end is reported in OnionDev's words."""
        body = bodies.read(req, bodies.ONIONDEV_CALL)
        fields: dict[str, Any] = {
            "a_number": _e164(body["handler"]),
            "b_number": _e164(body["beneficiary"]),
            "shown_to_a": _e164(body["shown_to_handler"]),
            "shown_to_b": _e164(body["shown_to_beneficiary"]),
        }
        order = Order("call", body["reference"], fields, dialect="oniondev")
        resp.media = {"scheduled_call_id": self._desk.take(order)}


class OnionDevMessages:
    """POST /oniondev/message."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Accept a text; OnionDev does not say what became of it."""
        body = bodies.read(req, bodies.ONIONDEV_MESSAGE)
        fields = {"to": _e164(body["mobile"]), "from": _e164(body["sender"]), "body": body["text"]}
        order = Order("text", body["reference"], fields, dialect="oniondev")
        resp.media = {"message_id": self._desk.take(order)}


def _e164(number: str) -> str:
    """The log shows every number in one form, though OnionDev leaves out the plus."""
    return f"+{number}" if number.isdecimal() else number
