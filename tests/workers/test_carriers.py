"""Carriers by name: an administrator's account goes before the environment, and takes effect at once."""

from dataclasses import replace
from typing import Any

import pytest

from models import settings, voice_apis
from models.mentoring import Call
from models.settings import Settings
from models.voice_apis import VoiceApi
from providers.base import Bridge, Sms
from providers.example import Example
from providers.exchange import Exchange
from tests.api.looking import statements
from tests.conformance import holds
from tests.house import Carrier, Client, Staff, reroute, run_due, wait_for
from workers import carriers

TEXT = Sms(to="+919812345678", sender="+15550100", body="hi")
BRIDGE = Bridge("+919812345678", "+919887654321", "+15550100", "+15550100")


@pytest.fixture(autouse=True)
def _key(home: Settings) -> None:
    settings.use(replace(settings.current(), secret_key="one key"))


def _account(exchange: Exchange, **changes: Any) -> VoiceApi:
    facts = {
        "kind": "oniondev", "call_url": exchange.url + "/oniondev/call", "username": "", "password": "",
        "message_url": exchange.url + "/oniondev/message", "active": True,
    }  # fmt: skip
    return voice_apis.save({**facts, **changes})


def _say_nothing_in_the_environment(**changes: Any) -> None:
    settings.use(replace(settings.current(), oniondev_url="", **changes))


@holds("VoiceApi.call_url", "VoiceApi.message_url", "VoiceApi.active")
def test_an_active_account_gives_the_carrier_its_addresses(exchange: Exchange, carrier: Carrier) -> None:
    _say_nothing_in_the_environment()
    _account(exchange)

    carriers.named("oniondev").send(TEXT, reference="ref:1", timeout=5)
    carriers.named("oniondev").dial(BRIDGE, reference="ref:2", timeout=5)

    assert [(entry["channel"], entry["reference"]) for entry in carrier.log()] == [
        ("text", "ref:1"),
        ("call", "ref:2"),
    ]


def test_the_simulators_account_says_where_it_is_and_all_its_channels_go_there(exchange: Exchange) -> None:
    settings.use(replace(settings.current(), simulator_url="http://127.0.0.1:9"))
    _account(exchange, kind="simulator", call_url=exchange.url + "/call", message_url="")

    taken = carriers.named("simulator").send(TEXT, reference="ref:1", timeout=5)

    assert carriers.named("simulator").find("text", "ref:1", timeout=5) == taken


def test_a_change_of_an_account_takes_effect_without_a_restart(exchange: Exchange) -> None:
    before = carriers.named("oniondev")

    account = _account(exchange)
    with_account = wait_for(lambda: _other_than(before))
    voice_apis.save({**account.__data__, "username": "trunk", "password": "line"}, account)
    changed = wait_for(lambda: _other_than(with_account))
    voice_apis.save({**account.__data__, "active": False}, account)

    assert wait_for(lambda: _other_than(changed))


def _other_than(carrier: Any) -> Any:
    now = carriers.named("oniondev")
    return now if now is not carrier else None


def test_the_accounts_are_looked_up_once_in_a_while_and_not_once_a_command(
    exchange: Exchange,
) -> None:
    with statements() as asked:
        kept = {id(carriers.named("oniondev")) for _ in range(1000)}

    assert len(kept) == 1
    assert (
        len([sql for sql in asked if "voice_api" in sql]) <= 2
    )  # the second, should the look's life end here


def test_a_carrier_without_an_account_names_what_is_missing(home: Settings) -> None:
    _say_nothing_in_the_environment(broker_url="amqp://somewhere")

    with pytest.raises(LookupError, match=r"oniondev.*ONIONDEV_URL.*/admin/voice"):
        carriers.named("oniondev")


def test_a_password_sealed_under_another_key_names_the_key(exchange: Exchange) -> None:
    _account(exchange, username="trunk", password="line")
    settings.use(replace(settings.current(), secret_key="another"))

    with pytest.raises(LookupError, match="another SECRET_KEY"):
        carriers.named("oniondev")


def test_where_nothing_was_ever_set_up_the_example_stands_in_but_only_in_one_process(home: Settings) -> None:
    _say_nothing_in_the_environment()

    assert isinstance(carriers.named("oniondev"), Example)


def test_the_example_does_not_stand_in_for_an_account_that_was_put_to_rest(exchange: Exchange) -> None:
    _say_nothing_in_the_environment()
    _account(exchange, active=False)

    with pytest.raises(LookupError, match="no account"):
        carriers.named("oniondev")


def test_a_route_to_the_example_takes_calls_and_nobody_is_rung(
    staff: Staff, client: Client, carrier: Carrier
) -> None:
    reroute("voice", "example")
    client.post("/mentor/call/")

    run_due()

    assert carrier.log() == []
    assert Call.get().status == "inprogress"
    assert Call.get().call_id.startswith("example-")
