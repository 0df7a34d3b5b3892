"""A door to type commands at."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

import trunkline
from models import settings

Type = Callable[..., Result]


@pytest.fixture
def door(home: settings.Settings, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Type a command."""
    monkeypatch.setattr(
        trunkline.logs, "configure", lambda *_a, **_k: None
    )  # the runner's streams end with it

    def type_in(*words: object, said: str = "") -> Result:
        return CliRunner().invoke(trunkline.main, [str(word) for word in words], input=said)

    return type_in
