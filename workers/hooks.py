"""Hooks: tell a customer's own system what happened."""

from models import settings, web_addresses
from models.appointments.answering import secret_of
from models.commands import SendHook
from models.deliveries import Hook
from models.web_addresses import Unfit
from providers import base
from providers.base import Receipt
from providers.errors import Rejected
from workers.carrying import carrying
from workers.outcomes import Errand


@carrying(SendHook, Hook)
def send_hook(errand: Errand) -> Receipt:
    """To the address that he named, if it is one that is asked: what was written down may be older than the rules."""
    hook: Hook = errand.delivery
    try:
        where = web_addresses.read(str(hook.url), private=settings.current().private_hooks)
    except Unfit as error:
        raise Rejected(f"the address will not do: {error}") from None
    place = base.Place(where.tls, where.host, where.port, where.target)
    told = base.Hook(place, str(hook.body), secret_of(hook.user_id))
    receipt: Receipt = errand.carrier.tell(told, reference=errand.reference, timeout=errand.timeout)
    return receipt
