"""The example carrier: takes all, carries nothing, and makes its ids up."""

import socket

import pytest

from providers.base import Askable, Receipt
from providers.example import Example
from providers.http import identifier
from tests.conformance import holds
from tests.providers.carriers import BRIDGE, SMS

PROMPT = 5.0


def _dial(reference: str) -> Receipt:
    return Example().dial(BRIDGE, reference=reference, timeout=PROMPT)


def _send(reference: str) -> Receipt:
    return Example().send(SMS, reference=reference, timeout=PROMPT)


@pytest.mark.parametrize("ask", [_dial, _send])
@holds("ExampleApi: any text of the form of a URL is taken, and never called", "M-13")
def test_it_never_goes_on_the_network(ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise AssertionError("it opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)

    assert ask("ref:1").provider_id


@pytest.mark.parametrize("ask", [_dial, _send])
def test_its_ids_are_made_up_one_for_each_reference(ask) -> None:
    made = [ask(f"ref:{number}").provider_id for number in range(100)]

    assert len(set(made)) == 100
    assert ask("ref:7").provider_id == made[7]
    assert all(identifier(one) == one for one in made)


def test_its_ids_tell_nothing_of_the_numbers_they_stand_for() -> None:
    told = repr(_dial("ref:1")) + repr(_send("ref:1"))

    assert not any(number.lstrip("+") in told for number in (BRIDGE.a_number, BRIDGE.b_number, SMS.to))


def test_it_cannot_say_afterwards_what_it_never_kept() -> None:
    assert not isinstance(Example(), Askable)
