"""How often accounts may be tried: by whose they are and by who asks, exact over all processes; beyond it, 429."""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import falcon
from falcon import Request

from models import allowances, settings
from models.allowances import Limit, Share, UsedUp
from models.people.passwords import TooManyFailures

FAILURES, CODES = timedelta(minutes=15), timedelta(hours=1)
SITE = 64  # bits of an IPv6 address: whoever has one has all that begin so


@contextmanager
def only_failures(req: Request, what: str, whose: str = "") -> Iterator[None]:
    """An attempt that may fail. One is taken before it is looked at, so that many at once are no more than one by one,
    and given back when it succeeds.

    Parameters:
      what: is tried: each has allowances of its own.
      whose: account, address or number it is tried with; empty where that is what is guessed.

    Raises:
      falcon.HTTPTooManyRequests
    """
    now = settings.current()
    shares = [Share(what, f"from {client_address(req)}", Limit(now.failures_per_address, FAILURES))]
    if whose:
        shares.append(Share(what, f"of {whose}", Limit(now.failures_per_account, FAILURES)))
    _take(*shares)
    try:
        yield
    except TooManyFailures as error:  # it was not looked at
        allowances.give_back(*shares)
        raise _later(error.retry_after) from None
    allowances.give_back(*shares)


def send_code(req: Request, *whose: str) -> None:
    """A code that is to be sent, for which nobody can say whether it is wanted: every one counts.

    Parameters:
      whose: account, number and mail address it is for, as many as are known, in this order.

    Raises:
      falcon.HTTPTooManyRequests
    """
    now = settings.current()
    _take(
        Share("code", f"from {client_address(req)}", Limit(now.codes_per_address, CODES)),
        *(Share("code", f"of {one}", Limit(now.codes_per_account, CODES)) for one in whose),
    )


def client_address(req: Request) -> str:
    """Who asks: the address that the outermost proxy of ours saw; without proxies the socket's. IPv6 by its site."""
    proxies = settings.current().proxies
    seen = req.get_header("X-Forwarded-For", default="").split(",")[-proxies:] if proxies else []
    for text in (*seen, req.remote_addr):
        try:
            address = ipaddress.ip_address(_without_port(text.strip()))
        except ValueError:
            continue
        if isinstance(address, ipaddress.IPv6Address):
            mapped = address.ipv4_mapped
            return str(mapped or ipaddress.ip_network((int(address), SITE), strict=False))
        return str(address)
    return "unknown"


def _without_port(text: str) -> str:
    """An address as some proxies write it: `203.0.113.9:4711`, `[2001:db8::1]:4711`."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


def _take(*shares: Share) -> None:
    try:
        allowances.take(*shares)
    except UsedUp as error:
        raise _later(error.retry_after) from None


def _later(seconds: int) -> falcon.HTTPTooManyRequests:
    return falcon.HTTPTooManyRequests(
        description="Too many attempts: wait as long as Retry-After says.", retry_after=seconds
    )
