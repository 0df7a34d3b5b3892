"""Which bridge of a call request a report is about, when the carrier gives only what it knows itself."""

from models import clock
from models.callrequests.requests import CallRequest
from models.callrequests.ringing import ORIGIN, reference
from models.deliveries import Bridge
from models.deliveries.life import SENDING, UNKNOWN
from models.numbers import PhoneNumber
from models.people.accounts import Account


def by_id(provider: str, provider_id: str | None) -> Bridge | None:
    """The one that the carrier's answer to the dial named so."""
    bridge = Bridge.known(None, provider_id, provider)
    return bridge if bridge is not None and bridge.origin == ORIGIN else None


def by_number(first: str | None) -> Bridge | None:
    """The one that rings this number first, as far as we know: the answer to its dial has not come, or never will."""
    try:
        number = PhoneNumber.parse(first or "")
    except ValueError:
        return None
    account = Account.get_or_none(Account.phone == number.e164())
    if account is None:
        return None
    his = (CallRequest.requester == account) | (CallRequest.hero_account == account)
    begun = CallRequest.select().where(his & (CallRequest.agreed_time <= clock.now()))
    request = begun.order_by(CallRequest.agreed_time.desc()).first()
    bridge = request and Bridge.get_or_none(Bridge.reference == reference(request.id))
    if bridge is None or bridge.provider_id is not None or bridge.a_number != number:
        return None
    return bridge if bridge.status in (SENDING, UNKNOWN) else None
