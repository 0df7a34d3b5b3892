"""The carriers of this process, by the names that pipelines.yaml uses.

An active account that an administrator keeps on the pages goes before what the environment says.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple

import structlog

from models import clock, settings, voice_apis, web_addresses
from models.settings import Settings
from models.voice_apis import Account, NotUsable
from providers.base import Askable, Provider
from providers.example import Example
from providers.oniondev import OnionDev
from providers.simulator import Simulator
from providers.smtp import Smtp
from providers.webhook import Webhook
from workers import gateways

log = structlog.get_logger(__name__)

LIFE = 2.0  # seconds between two looks at the accounts: who has just saved one tries it at once


def _simulator(ours: Settings, account: Account | None) -> Provider:
    url = account.call_url.removesuffix("/call") if account else ours.simulator_url
    return Simulator(url, acceptance=ours.simulator_acceptance)


def _oniondev(ours: Settings, account: Account | None) -> Provider:
    if account is not None:
        return OnionDev(
            account.call_url,
            account.message_url,
            username=account.username,
            password=account.password(),
            acceptance=ours.oniondev_acceptance,
        )
    if not ours.oniondev_url:
        return _stand_in(ours, "oniondev", "ONIONDEV_URL")
    return OnionDev(
        ours.oniondev_url + "/call",
        ours.oniondev_url + "/message",
        username=ours.oniondev_username,
        password=ours.oniondev_password,
        acceptance=ours.oniondev_acceptance,
    )


def _smtp(ours: Settings, _account: Account | None) -> Provider:
    if not ours.smtp_url:
        raise LookupError("pipelines.yaml routes to smtp, but there is no mail server: set SMTP_URL")
    return Smtp(ours.smtp_url, sender=ours.mail_from, now=clock.now)


def _stand_in(ours: Settings, name: str, variable: str) -> Provider:
    """The example carrier, where nothing was ever set up and nobody relies on it."""
    if ours.embedded and name not in voice_apis.kinds():
        log.warning("carrier.example", stands_in_for=name, missing=variable)
        return Example()
    raise LookupError(
        f"pipelines.yaml routes to {name}, but it has no account: set {variable}, or make one active at /admin/voice"
    )


def _webhook(ours: Settings, _account: Account | None) -> Provider:
    return Webhook(now=clock.now, permitted=partial(web_addresses.permitted, private=ours.private_hooks))


MAKERS: dict[str, Callable[[Settings, Account | None], Provider]] = {
    "simulator": _simulator,
    "oniondev": _oniondev,
    "smtp": _smtp,
    "example": lambda _ours, _account: Example(),
    "webhook": _webhook,
}


class _Look(NamedTuple):
    ours: Settings
    until: float
    accounts: dict[str, Account]


class _Made(NamedTuple):
    ours: Settings
    account: Account | None
    carrier: Any


_look: _Look | None = None
_made: dict[str, _Made] = {}
_looking = threading.Lock()


def named(name: str) -> Any:
    """The carrier of this name, as it is set up now: kept for as long as nobody changes that.

    Raises:
      LookupError: its settings are missing; the text says which.
    """
    if name.startswith(gateways.NAME):
        return gateways.carrier(int(name.removeprefix(gateways.NAME)))
    ours = settings.current()
    account = _accounts(ours).get(name)
    made = _made.get(name)
    if made is None or made.ours is not ours or made.account != account:
        try:
            made = _made[name] = _Made(ours, account, MAKERS[name](ours, account))
        except NotUsable as error:
            raise LookupError(str(error)) from None
    return made.carrier


def askable() -> list[str]:
    """The carriers that can say what became of a request, of those that are set up here."""
    found = []
    for name in MAKERS:
        with suppress(LookupError):
            if isinstance(named(name), Askable):
                found.append(name)
    return found


def _accounts(ours: Settings) -> dict[str, Account]:
    """The active accounts, looked up once in `LIFE` by one thread of the process."""
    global _look
    look = _look
    if look is None or look.ours is not ours or time.monotonic() > look.until:
        with _looking:
            if _look is look:
                _look = _Look(ours, time.monotonic() + LIFE, voice_apis.active())
            look = _look
    return look.accounts if look else {}
