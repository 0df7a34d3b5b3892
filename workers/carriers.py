"""The carriers of this process, made once from the settings, by the names that pipelines.yaml uses."""

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any

from models import settings
from providers.base import Askable, Provider
from providers.oniondev import OnionDev
from providers.simulator import Simulator


def _simulator() -> Provider:
    ours = settings.current()
    return Simulator(ours.simulator_url, acceptance=ours.simulator_acceptance)


def _oniondev() -> Provider:
    ours = settings.current()
    if not ours.oniondev_url:
        raise LookupError("pipelines.yaml routes to oniondev, but ONIONDEV_URL is not set")
    return OnionDev(
        ours.oniondev_url + "/call",
        ours.oniondev_url + "/message",
        username=ours.oniondev_username,
        password=ours.oniondev_password,
        acceptance=ours.oniondev_acceptance,
    )


MAKERS: dict[str, Callable[[], Provider]] = {"simulator": _simulator, "oniondev": _oniondev}


@cache
def named(name: str) -> Any:
    """The carrier of this name.

    Raises:
      LookupError: its settings are missing; the text says which.
    """
    return MAKERS[name]()


def askable() -> list[str]:
    """The carriers that can say what became of a request, of those that are set up here."""
    found = []
    for name in MAKERS:
        with suppress(LookupError):
            if isinstance(named(name), Askable):
                found.append(name)
    return found
