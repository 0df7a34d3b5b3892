"""Voice accounts: passwords sealed, addresses in form, one active account of a kind."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from models import settings, voice_apis
from models.database import db
from models.settings import Settings
from models.vocabulary import PROVIDERS
from models.voice_apis import NotUsable, VoiceApi
from tests.conformance import holds

CALLS, TEXTS = "https://voice.example.org/call", "https://voice.example.org/message"
PASSWORD = "open sesame"


@pytest.fixture(autouse=True)
def _key(home: Settings) -> None:
    settings.use(replace(home, secret_key="one key"))


def _facts(**changes: Any) -> dict[str, Any]:
    facts = {
        "kind": "oniondev", "call_url": CALLS, "message_url": TEXTS, "username": "trunk", "password": PASSWORD,
        "active": True,
    }  # fmt: skip
    return {**facts, **changes}


def test_a_password_is_sealed_in_the_database_and_opened_for_the_carrier() -> None:
    voice_apis.save(_facts())

    (stored,) = db.obj.execute_sql("SELECT sealed_password FROM voice_api").fetchone()
    assert PASSWORD not in stored
    assert voice_apis.active()["oniondev"].password() == PASSWORD


def test_the_same_password_is_sealed_differently_each_time() -> None:
    first, second = (voice_apis.save(_facts()).sealed_password for _ in range(2))

    assert first != second


def test_an_account_does_not_print_its_password() -> None:
    voice_apis.save(_facts())

    assert VoiceApi.get().sealed_password not in repr(voice_apis.active())


def test_without_a_key_a_password_cannot_be_kept_and_the_error_says_what_is_missing() -> None:
    settings.use(replace(settings.current(), secret_key=""))

    with pytest.raises(NotUsable, match="SECRET_KEY is not set"):
        voice_apis.save(_facts())
    voice_apis.save(_facts(password=""))

    assert VoiceApi.select().count() == 1


def test_under_another_key_the_account_says_that_its_password_must_be_entered_again() -> None:
    voice_apis.save(_facts())
    settings.use(replace(settings.current(), secret_key="another"))

    with pytest.raises(NotUsable, match="another SECRET_KEY: enter it again"):
        voice_apis.active()["oniondev"].password()


def test_an_empty_password_leaves_the_stored_one_and_it_can_be_forgotten() -> None:
    account = voice_apis.save(_facts())

    voice_apis.save(_facts(password="", username="other"), account)
    kept = voice_apis.active()["oniondev"].password()
    voice_apis.save(_facts(password="", forget_password=True), account)

    assert kept == PASSWORD
    assert voice_apis.active()["oniondev"].password() == ""


def test_a_change_leaves_alone_what_another_administrator_changes_meanwhile() -> None:
    made = voice_apis.save(_facts())
    one, other = (VoiceApi.get_by_id(made.id) for _ in range(2))

    voice_apis.save(_facts(password="another"), one)
    voice_apis.save(_facts(password="", username="other"), other)

    account = voice_apis.active()["oniondev"]
    assert (account.username, account.password()) == ("other", "another")


@holds("VoiceApi.active")
def test_making_an_account_active_puts_the_former_one_to_rest() -> None:
    first = voice_apis.save(_facts())
    voice_apis.save(_facts(kind="simulator"))
    voice_apis.save(_facts(username="second"))

    assert VoiceApi.get_by_id(first.id).active is False
    assert voice_apis.active()["oniondev"].username == "second"
    assert set(voice_apis.active()) == {"oniondev", "simulator"}


def test_the_database_itself_refuses_a_second_active_account_of_a_kind() -> None:
    voice_apis.save(_facts())

    with pytest.raises(Exception, match=r"(?i)unique"):
        VoiceApi.create(kind="oniondev", active=True)


def test_of_two_made_active_at_once_one_stays() -> None:
    refused: list[str] = []

    def add(name: str) -> None:
        try:
            voice_apis.save(_facts(username=name))
        except NotUsable as error:
            refused.append(error.field)
        finally:
            db.obj.close()

    for number in range(10):
        threads = [threading.Thread(target=add, args=(f"{number}-{twin}",)) for twin in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert VoiceApi.select().where(VoiceApi.active).count() == 1

    assert set(refused) <= {"active"}
    assert VoiceApi.select().count() == 20 - len(refused)


def test_an_inactive_account_is_nobodys() -> None:
    voice_apis.save(_facts(active=False))

    assert voice_apis.active() == {}
    assert voice_apis.kinds() == {"oniondev"}


def test_a_kind_may_be_spelled_as_the_specification_does() -> None:
    assert voice_apis.save(_facts(kind="onion_dev")).kind == "oniondev"


def test_every_carrier_of_calls_may_have_an_account() -> None:
    assert set(voice_apis.ADDRESSES) == {name for name, able in PROVIDERS.items() if "voice" in able}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "carrier pigeon"}, "kind"),
        ({"call_url": "voice.example.org"}, "call_url"),
        ({"call_url": "ftp://voice.example.org/call"}, "call_url"),
        ({"call_url": "https:///call"}, "call_url"),
        ({"call_url": "https://voice.example.org:port/call"}, "call_url"),
        ({"call_url": "https://voice.example.org/a b"}, "call_url"),
        ({"call_url": "https://[::1/call"}, "call_url"),
        ({"call_url": ""}, "call_url"),
        ({"message_url": "javascript:alert(1)"}, "message_url"),
        ({"message_url": "https://user:secret@voice.example.org/"}, "message_url"),
        ({"message_url": "https://voice.example.org/" + "x" * 2000}, "message_url"),
    ],
)
def test_what_is_no_account_is_refused_by_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(NotUsable) as caught:
        voice_apis.save(_facts(**changes))

    assert caught.value.field == field
    assert VoiceApi.select().count() == 0


@holds(
    "a voice API of the kind ExampleApi can be created",
    "ExampleApi: any text of the form of a URL is taken, and never called",
    "VoiceApi.kind",
    "M-13",
)
def test_the_example_needs_no_address_and_any_in_form_will_do() -> None:
    voice_apis.save(_facts(kind="example", call_url="", message_url=""))
    voice_apis.save(_facts(kind="example", call_url="http://nowhere/", message_url="http://nowhere:1/"))

    assert voice_apis.active()["example"].call_url == "http://nowhere/"
