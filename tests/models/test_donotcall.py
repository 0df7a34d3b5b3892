"""The do-not-call list: one number however it is spelled, all that was said of it, and nothing carried to it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from models import database, donotcall, events
from models.database import transaction
from models.deliveries import Bridge, Delivery, Mail, Ring, Text
from models.deliveries.life import Attempt
from models.deliveries.texts import OPT_OUT
from models.donotcall import DoNotCall, DoNotCallEntry
from models.ledger import LedgerRow
from models.numbers import ERASED, PhoneNumber
from models.settings import Settings
from tests.api.looking import statements
from tests.conformance import holds
from tests.house import run_due

NUMBER, OTHER = "+919876543210", "+27123456789"
SPELLINGS = (
    "+919876543210", "919876543210", "+91 98765 43210", "+91 (98765) 432-10", "0091 98765 43210", "009198765-43210",
    "+919876543210w12#", "+９１９８７６５４３２１０", "+٩١٩٨٧٦٥٤٣٢١٠", " +91-9876543210 ",
)  # fmt: skip


@holds("left alone: one number, however it is spelled")
@pytest.mark.parametrize("spelled", SPELLINGS)
def test_one_number_is_one_number_however_it_is_spelled(home: Settings, spelled: str):
    donotcall.add(spelled, "operator")
    assert all(donotcall.refused(other) for other in SPELLINGS)
    assert donotcall.refused(PhoneNumber(spelled))
    assert not donotcall.refused(OTHER)
    assert donotcall.refused_of([*SPELLINGS, OTHER, "", "nobody"]) == {"919876543210"}

    assert donotcall.lift(SPELLINGS[2], "operator")
    assert not any(donotcall.refused(other) for other in SPELLINGS)


@pytest.mark.parametrize("nobody", ["", "abc", "+", ERASED, "w123"])
def test_what_is_no_number_is_never_on_the_list(home: Settings, nobody: str):
    assert donotcall.add(nobody, "operator") is False
    assert donotcall.refused(nobody) is False
    assert donotcall.lift(nobody, "operator") is False
    assert (DoNotCall.select().count(), DoNotCallEntry.select().count()) == (0, 0)


@holds("left alone: all that was said is kept")
def test_all_that_was_said_is_kept_and_the_first_word_stands(home: Settings):
    assert donotcall.add(NUMBER, "text", "receipt 1: STOP", "en")
    assert not donotcall.add(NUMBER, "survey", "chosen in the call alarm:1:1")
    assert (DoNotCall.get().source, DoNotCall.get().proof, DoNotCall.get().language) == (
        "text", "receipt 1: STOP", "en",
    )  # fmt: skip
    assert donotcall.lift(NUMBER, "text", "receipt 2: START", "en")
    assert not donotcall.lift(NUMBER, "text", "receipt 3: START", "en")
    assert donotcall.add(NUMBER, "operator", "a letter of 3 May")

    assert [(row.done, row.source, row.proof) for row in donotcall.history([NUMBER])] == [
        ("added", "text", "receipt 1: STOP"),
        ("added", "survey", "chosen in the call alarm:1:1"),
        ("lifted", "text", "receipt 2: START"),
        ("added", "operator", "a letter of 3 May"),
    ]
    assert (DoNotCall.get().source, DoNotCall.get().lifted_at) == ("operator", None)


def test_who_adds_at_once_adds_once(home: Settings):
    def add(place: int) -> bool:
        try:
            return donotcall.add(NUMBER, "text", f"receipt {place}")
        finally:
            database.close()

    with ThreadPoolExecutor(4) as at_once:
        first = list(at_once.map(add, range(8)))

    assert sorted(first) == [False] * 7 + [True]
    assert (DoNotCall.select().count(), DoNotCallEntry.select().count()) == (1, 8)


def text(to: str = NUMBER, origin: str = "alarm") -> Text:
    made = Text.create(reference=f"t:{to}", origin=origin, origin_id=1, to=PhoneNumber(to), body="Hello")
    events.emit("text.requested", text_id=made.id)
    return made  # type: ignore[no-any-return]  # Peewee is untyped


def ring() -> Ring:
    made = Ring.create(reference="r", origin="x", origin_id=1, to=PhoneNumber("0091 98765 43210"))
    events.emit("ring.requested", ring_id=made.id)
    return made  # type: ignore[no-any-return]  # Peewee is untyped


def bridge(a_number: str, b_number: str) -> Callable[[], Bridge]:
    def make() -> Bridge:
        numbers = {"a_number": PhoneNumber(a_number), "b_number": PhoneNumber(b_number)}
        made = Bridge.create(reference="b", origin="x", origin_id=1, **numbers)
        events.emit("bridge.requested", bridge_id=made.id)
        return made  # type: ignore[no-any-return]  # Peewee is untyped

    return make


EVERYTHING: list[Callable[[], Delivery]] = [text, ring, bridge(NUMBER, OTHER), bridge(OTHER, NUMBER)]


@holds("left alone: no call and no text, whoever asked for it and whenever")
@pytest.mark.parametrize("ask", EVERYTHING, ids=["text", "ring", "bridge, leg A", "bridge, leg B"])
def test_nothing_is_carried_to_a_number_that_came_on_the_list_after_it_was_asked_for(
    home: Settings, ask: Callable[[], Delivery]
):
    with transaction():
        delivery = ask()
    donotcall.add(NUMBER, "text", "receipt 1: STOP")

    run_due()  # without a carrier: had one been asked, the attempt would be here

    left = type(delivery).get_by_id(delivery.id)
    assert (left.status, left.cause) == ("failed", "on the do-not-call list")
    assert (Attempt.select().count(), LedgerRow.select().count()) == (0, 0)


@pytest.fixture
def told() -> Any:
    """What a surface hears of its text."""
    heard: list[str] = []
    before = dict(events._listeners)
    events.listens("text.failed", "alarm")(lambda _id, cause: heard.append(cause))
    yield heard
    events._listeners.clear()
    events._listeners.update(before)


def test_the_surface_hears_why(home: Settings, told: list[str]):
    donotcall.add(NUMBER, "text")
    with transaction():
        text()
    run_due()
    assert told == [donotcall.CAUSE]


@pytest.mark.pipeline
def test_others_are_carried_to_and_so_is_a_number_that_was_lifted(carrier: Any):
    donotcall.add(NUMBER, "text")
    donotcall.lift(NUMBER, "text")
    donotcall.add(OTHER, "text")
    with transaction():
        text(NUMBER)
        text(OTHER)
        text("+15550001")
    run_due()
    assert sorted(one["to"] for one in carrier.log("text")) == sorted(["+15550001", NUMBER])


@pytest.mark.pipeline
def test_the_one_text_that_confirms_it_may_go_to_who_was_just_left_alone(carrier: Any):
    donotcall.add(NUMBER, "text")
    with transaction():
        text(NUMBER, origin=OPT_OUT)
    run_due()
    assert [one["to"] for one in carrier.log("text")] == [NUMBER]


def test_mails_and_pushes_ask_no_list(home: Settings):
    letter = Mail(reference="m", origin="x", origin_id=1, to="ann@example.org", subject="", text="")
    assert letter.numbers == []


def test_looking_at_the_list_costs_a_delivery_no_statement(home: Settings):
    with transaction():
        made = text()
    with transaction(), statements() as seen:
        Text.locked(made.id).begin("simulator", 1)
    assert len([one for one in seen if "attempt" in one or "delivery_text" in one]) == (
        2 if database.on_postgres() else 3
    )
    assert not [one for one in seen if "do_not_call" in one and "attempt" not in one]
