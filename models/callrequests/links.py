"""Links in mails: signed, expiring addresses by which a party acts on one call request, or ends its mails, without
logging in.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from itsdangerous import BadData, URLSafeSerializer

from models import clock, settings
from models.callrequests.reading import suggestions_of
from models.callrequests.requests import CallRequest, TimeSuggestion
from models.keys import key_for

# From the mail, or from the last moment that the request is about by then, whichever is later: a party still finds
# what was agreed while it matters. Whoever agrees or proposes moves that moment, and the other gets a new link.
PAGE_LIFE = timedelta(days=30)
UNSUBSCRIBE_LIFE = timedelta(days=365)  # mails are kept, and have to be stoppable long after
LONGEST = 300  # characters that a token of ours never has

_PAGE, _UNSUBSCRIBE = "meet", "unsubscribe"


class BadLink(Exception):
    """Nobody was ever given this link: altered, cut off, or made for something else."""


class Expired(Exception):
    """It was given to somebody, and its time is over."""


class Party(NamedTuple):
    """Whom the link of a page was given to: the account, and the one call request it is about."""

    call_request_id: int
    account_id: int


def page(call_request_id: int, account_id: int) -> str:
    """The address of the page where this party sees the request and acts on it. One query or two.

    Parameters:
      call_request_id, account_id: a request, and one of its two parties.

    Raises:
      CallRequest.DoesNotExist: there is no such request.
    """
    until = max(clock.now(), _last_moment(call_request_id)) + PAGE_LIFE
    return _address(_PAGE, call_request_id, account_id, until)


def unsubscribe(account_id: int) -> str:
    """The address where the owner of this account ends, or has again, the mails about his call requests."""
    return _address(_UNSUBSCRIBE, account_id, clock.now() + UNSUBSCRIBE_LIFE)


def party(token: str) -> Party:
    """Whose page this is.

    Parameters:
      token: what stands behind `/meet/` in the address.

    Raises:
      BadLink, Expired
    """
    return Party(*_read(_PAGE, token, 2))


def subscriber(token: str) -> int:
    """The account id that the token of an address below `/unsubscribe/` is for; raises as `party` does."""
    return _read(_UNSUBSCRIBE, token, 1)[0]


def _last_moment(call_request_id: int) -> datetime:
    """The latest that this request is about: the call, the times proposed last, or that it was made."""
    request = CallRequest.get_by_id(call_request_id)
    if request.agreed_time is None:
        latest = suggestions_of(request.id).order_by(TimeSuggestion.id.desc()).first()
        return max(latest.times) if latest else request.created_at  # type: ignore[no-any-return]  # Peewee has no types
    return request.agreed_time  # type: ignore[no-any-return]  # nor here


def _address(purpose: str, *carried: Any) -> str:
    *ids, until = carried
    token = _signer(purpose).dumps([*ids, int(until.timestamp())])
    return f"{settings.current().api_url}/{purpose}/{token}"


def _read(purpose: str, token: str, count: int) -> list[int]:
    """The ids that a token carries."""
    if len(token) > LONGEST:
        raise BadLink
    signer = _signer(purpose)
    ids: list[int]
    try:
        *ids, until = signer.loads(token)
    except BadData:
        raise BadLink from None
    # Base64 has more than one way to write the same bytes; we give out one.
    if len(ids) != count or not hmac.compare_digest(
        str(signer.dumps([*ids, until])).encode(), token.encode()
    ):
        raise BadLink
    if until <= clock.now().timestamp():
        raise Expired
    return ids


def _signer(purpose: str) -> URLSafeSerializer:
    """What signs for one purpose, and knows no other's signatures."""
    how = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(key_for("links"), salt=purpose, signer_kwargs=how)
