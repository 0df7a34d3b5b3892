"""SMS gateways: carriers of texts that administrators describe in rows, instead of a route of pipelines.yaml.

A gateway without an address is none: its texts take the route of their channel.
"""

import json
from functools import lru_cache

from models import flow, web_addresses
from models.appointments.gateways import SmsGateway
from models.deliveries import Delivery, Text
from models.pipelines import NoRoute, Route
from providers.base import Place
from providers.http_sms import HttpSms, Manners

NAME = "sms_gateway:"  # and its id: what attempts call the carrier


def route_of(delivery: Delivery) -> Route:
    """Who carries it: the gateway that it names, else the route of its channel.

    Raises:
      NoRoute: nobody does, or the gateway cannot be used; the text says why.
    """
    if isinstance(delivery, Text) and delivery.gateway_id is not None:
        gateway = SmsGateway.get_or_none(SmsGateway.id == delivery.gateway_id)
        if gateway is None:
            raise NoRoute("the SMS gateway is gone through which this was to go")
        if gateway.base_url:
            _made(gateway)
            return Route(delivery.route, "", (f"{NAME}{gateway.id}",))
    return flow.current().route(delivery.route, delivery.address)


def carrier(gateway_id: int) -> HttpSms:
    """The carrier that a gateway describes now.

    Raises:
      NoRoute: it cannot be used; the text says why.
    """
    gateway = SmsGateway.get_or_none(SmsGateway.id == gateway_id)
    if gateway is None:
        raise NoRoute("this SMS gateway is gone")
    return _made(gateway)


def _made(gateway: SmsGateway) -> HttpSms:
    try:
        return _described(
            f"{NAME}{gateway.id}", str(gateway.base_url), str(gateway.settings), str(gateway.recipient_keyword),
            str(gateway.content_keyword), str(gateway.uuid_keyword), str(gateway.success_format),
            str(gateway.status_mapping),
        )  # fmt: skip
    except ValueError as error:
        raise NoRoute(f"its SMS gateway cannot be used: {error}") from None


@lru_cache(maxsize=64)
def _described(
    name: str, url: str, sent: str, recipient: str, content: str, uuid: str, success: str, statuses: str
) -> HttpSms:
    """Kept for as long as the row says the same. Superusers name the address: it may be on our own network."""
    where = web_addresses.read(url, private=True)
    place = Place(where.tls, where.host, where.port, where.target)
    settings, mapping = json.loads(sent or "{}"), json.loads(statuses or "{}")
    if not isinstance(settings, dict) or not isinstance(mapping, dict):
        raise ValueError("its settings and its status mapping must be JSON objects")
    fields = {str(key): str(value) for key, value in settings.items()}
    meanings = {str(code): str(meaning) for code, meaning in mapping.items()}
    return HttpSms(name, place, fields, Manners(recipient, content, uuid, success, meanings))
