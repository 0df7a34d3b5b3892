"""SMS gateways: carriers of texts that administrators describe in rows, instead of a route of pipelines.yaml.

A gateway without an address is none: its texts take the route of their channel.
"""

import json
from functools import lru_cache

from models import flow, web_addresses
from models.appointments.gateways import SmsGateway
from models.deliveries import Delivery, Text
from models.pipelines import NoRoute, Route
from providers.base import Place, Receipt, Sms
from providers.errors import Unavailable
from providers.http_sms import ACCEPTANCE, HttpSms, Manners

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


class Gone:
    """In place of a gateway that cannot be asked any more: nothing can be sent, nor what it took be found out."""

    def __init__(self, name: str, why: str) -> None:
        self.name, self.acceptance, self._why = name, ACCEPTANCE, why

    def send(self, _text: Sms, *, reference: str, timeout: float) -> Receipt:
        """Tell why not."""
        raise Unavailable(self._why)


def carrier(gateway_id: int) -> HttpSms | Gone:
    """The carrier that a gateway describes now."""
    gateway = SmsGateway.get_or_none(SmsGateway.id == gateway_id)
    try:
        if gateway is not None:
            return _made(gateway)
        why = "this SMS gateway is gone"
    except NoRoute as error:
        why = str(error)
    return Gone(f"{NAME}{gateway_id}", why)


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
