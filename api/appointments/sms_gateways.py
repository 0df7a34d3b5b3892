"""SMS gateways: any provider over HTTP, as superusers describe it; how it is reached is told to nobody else [O-5]."""

import json
from typing import Any

import re2
from marshmallow import ValidationError
from peewee import IntegrityError, fn

from api.appointments import kinds
from api.appointments.callers import RestCaller
from api.appointments.compound import JsonObject
from api.appointments.fields import Text, Url
from api.appointments.resources import Body, Resource, Wrong
from models import web_addresses
from models.appointments.gateways import SmsGateway
from models.deliveries import Text as Sent
from models.deliveries.life import QUEUED, SENDING, UNKNOWN

_DATES = "%Y-%m-%d %H:%M:%S"
STATUSES = ("Unsent", "Sent", "Delivered", "Failed", "No_Route", "Unauthorized")


def _reachable(text: str) -> str:
    """Superusers name whom to ask, so it may be on our own network."""
    try:
        if text:
            web_addresses.read(text, private=True)
    except web_addresses.Unfit as error:
        told = str(error)
        raise ValidationError(f"{told[0].upper()}{told[1:]}.") from None
    return text


def _pattern(text: str) -> str:
    """Whether this is a regular expression that no answer keeps busy for long."""
    quiet = re2.Options()
    quiet.log_errors = False
    try:
        re2.compile(text, quiet)
    except (re2.error, UnicodeError):
        raise ValidationError(
            "Write a regular expression as RE2 reads them, like `OK (?P<gateway_message_id>.*)`: without look-around, "
            "and without references back."
        ) from None
    return text


class SmsGatewayBody(Body):
    """How a provider is asked, and how its answers and reports read."""

    url = Url(kinds.SMS_GATEWAY)
    name = Text(128, "What it is called.", blank=False, required=True)
    base_url = Text(
        500, "Where it is asked; empty: texts take the routes of this installation. Superusers only.",
        default="", secret=True, also=[_reachable],
    )  # fmt: skip
    settings = JsonObject(
        "What is sent with every text, credentials among it: texts and numbers by name. Superusers only.",
        default="{}", secret=True,
    )  # fmt: skip
    recipient_keyword = Text(100, "The name by which the number is sent.", default="")
    content_keyword = Text(100, "The name by which the text is sent.", default="")
    uuid_keyword = Text(100, "The name by which our id of the text is sent; empty: it is not.", default="")
    charge_keyword = Text(100, "Kept.", default="")
    status_mapping = JsonObject(
        f"What its status codes mean: each code one of {', '.join(STATUSES)}.", default="{}"
    )
    status_msg_id = Text(100, "The name by which a report gives the id of a text.", default="")
    status_status = Text(100, "The name by which a report gives a status.", default="")
    status_error_code = Text(100, "The name by which a report gives an error.", default="")
    status_date = Text(100, "The name by which a report gives its time.", default="")
    status_date_format = Text(100, "How that is written.", default=_DATES)
    reply_content = Text(100, "The name by which a reply gives its text.", default="")
    reply_sender = Text(100, "The name by which a reply gives its sender.", default="")
    reply_date = Text(100, "The name by which a reply gives its time.", default="")
    reply_date_format = Text(100, "How that is written.", default=_DATES)
    success_format = Text(
        500, "A regular expression (as RE2 reads them: without look-around and references back) for its answers, with "
        "groups `gateway_message_id`, `status_code` and `status_message`.", default="", also=[_pattern],
    )  # fmt: skip


class SmsGateways(Resource):
    """SMS gateways, the same for everybody; their addresses and credentials are for superusers."""

    kind = kinds.SMS_GATEWAY
    body = SmsGatewayBody
    noun = "SMS gateway"
    text = (
        "Through SMS gateways texts go. `base_url` and `settings` are null to everyone but superusers, who alone "
        "write here."
    )
    reserved = True
    in_use = (
        "Calendar settings refer to this SMS gateway, or texts are on their way through it: give the settings another "
        "one first, and wait for the texts."
    )

    def wrong(self, caller: RestCaller, values: dict[str, Any], row: Any) -> Wrong:
        wrong: Wrong = {}
        if not all(map(_plain, _object(values, "settings").values())):
            wrong["settings"] = ["Its values are texts and numbers."]
        if not all(value in STATUSES for value in _object(values, "status_mapping").values()):
            wrong["status_mapping"] = [f"Its values are among {', '.join(STATUSES)}."]
        if values.get("base_url", row and row.base_url):
            for name in ("recipient_keyword", "content_keyword"):
                if not values.get(name, row and getattr(row, name)):
                    wrong[name] = ["Without this it cannot be asked at its address."]
        return wrong

    def remove(self, row: Any) -> None:
        """Not while it is to carry texts, or nobody knows yet whether it has."""
        under_way = Sent.select(Sent.id).where(
            (Sent.gateway_id == row.id) & Sent.status.in_((QUEUED, SENDING, UNKNOWN))
        )
        if not SmsGateway.delete().where((SmsGateway.id == row.id) & ~fn.EXISTS(under_way)).execute():
            raise IntegrityError


def _object(values: dict[str, Any], name: str) -> dict[str, Any]:
    return dict(json.loads(values.get(name) or "{}"))


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


SMS_GATEWAYS = SmsGateways()
