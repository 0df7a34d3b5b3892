"""Texts of one hint among other workers, and with surfaces that fail: each is sent once, and its own alone suffers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from models import clock, donotcall, hints, rehearsal
from models.commands import Prune, SendText
from models.database import transaction
from models.deliveries import Text
from models.events import listens
from models.ledger import LedgerRow, enqueue
from models.numbers import PhoneNumber
from tests.house import Carrier, run_due
from tests.workers import bundles
from tests.workers.bundles import (
    ORIGIN,
    at_once,
    hear,
    listening,
    owe,
    references,
    run_together,
    sent,
    standing,
    taken,
)
from workers import carrying

pytestmark = pytest.mark.pipeline

Jump = Callable[[float], None]

EACH_ONCE = [(1, "accepted")]
ROUNDS = 12


@pytest.fixture(autouse=True)
def _two_are_many(home: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is due travels together here, however little it is, and surfaces listen as long as a test lasts."""
    monkeypatch.setattr(hints, "SPREAD", 1)
    with listening():
        yield


def test_a_hint_that_several_workers_hear_at_once_sends_each_text_once(carrier: Carrier) -> None:
    for turn in range(ROUNDS):
        owe(6, first=1 + 10 * turn)
        (hint,) = taken()

        assert at_once([hint], [hint], [hint]) == []

    assert sent(carrier) == references(*(1 + 10 * turn + one for turn in range(ROUNDS) for one in range(6)))
    assert bundles.attempts() == EACH_ONCE * (6 * ROUNDS)
    assert LedgerRow.select().count() == 0


def test_hints_that_overlap_in_opposite_order_lock_nobody_out(carrier: Carrier) -> None:
    for turn in range(ROUNDS):
        owe(12, first=1 + 20 * turn)
        (hint,) = taken()
        up, down = sorted(hint.ids)[:8], sorted(hint.ids, reverse=True)[:8]
        one, other = (hint._replace(command_id=ids[0], others=tuple(ids[1:])) for ids in (up, down))

        assert at_once([one], [other], [one], [other]) == []

    assert bundles.attempts() == EACH_ONCE * (12 * ROUNDS)
    assert len(sent(carrier)) == len(set(sent(carrier))) == 12 * ROUNDS
    assert LedgerRow.select().count() == 0


def test_commands_that_speak_of_the_same_texts_in_opposite_order_lock_nobody_out(carrier: Carrier) -> None:
    for turn in range(ROUNDS):
        texts = owe(6, first=1 + 10 * turn)
        (hint,) = taken()
        with transaction():
            for text in reversed(texts):
                enqueue(SendText(text.id))
        (other,) = taken()

        assert at_once([hint], [other]) == []
        with transaction():  # who comes second asks the carrier later
            LedgerRow.update(due_at=clock.now()).where(LedgerRow.state == "ready").execute()
        run_together()

    assert len(sent(carrier)) == len(set(sent(carrier))) == 6 * ROUNDS
    assert bundles.attempts() == EACH_ONCE * (6 * ROUNDS)


def test_a_text_that_two_commands_of_a_hint_speak_of_is_sent_and_told_of_once(
    carrier: Carrier, jump: Jump
) -> None:
    heard: list[int] = []
    listens("text.accepted", ORIGIN)(lambda one, **_facts: heard.append(one))
    texts = owe(3)
    with transaction():
        enqueue(SendText(texts[1].id))

    (hint,) = run_together()
    jump(20)  # seconds: who had the first would have lost it by now
    run_together()

    assert len(hint.ids) == 4
    assert LedgerRow.select().count() == 0
    assert sent(carrier) == references(1, 2, 3)
    assert bundles.attempts() == EACH_ONCE * 3
    assert sorted(heard) == [1, 2, 3]


@pytest.mark.parametrize("together", [True, False])
def test_a_surface_that_fails_over_one_text_costs_only_this_ones_command_an_attempt(
    together: bool, carrier: Carrier
) -> None:
    told: list[int] = []
    broken = [True]

    @listens("text.accepted", ORIGIN)
    def listener(one: int, *, provider_id: str | None) -> None:
        if one == 3 and broken:
            raise ZeroDivisionError("a fault of the surface")
        with transaction():
            enqueue(Prune(), key=f"told:{one}", due=clock.now() + timedelta(days=1))
        told.append(one)

    owe(5)
    hear(*(taken() if together else hints.take_due(100)))

    assert sent(carrier) == references(1, 2, 3, 4, 5)
    assert {row.key for row in LedgerRow.select() if row.key} == {f"told:{one}" for one in (1, 2, 4, 5)}
    assert standing("probe:3") == ("sending", [(1, "open")], [("ready", 1)])
    assert [standing(one) for one in references(1, 2, 4, 5)] == [("sent", EACH_ONCE, [])] * 4

    broken.clear()
    LedgerRow.update(due_at=clock.now()).where(LedgerRow.tries == 1).execute()
    run_due()

    assert standing("probe:3") == ("sent", EACH_ONCE, [])
    assert told[-1] == 3
    assert sent(carrier) == references(1, 2, 3, 4, 5)


def test_what_goes_back_after_its_lease_was_lost_is_left_to_who_has_it_now(
    carrier: Carrier, jump: Jump, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe(3)
    monkeypatch.setattr(carrying, "TOGETHER", -1.0)
    seen: list[list[tuple[int, str]]] = []

    def passed(point: str) -> None:
        if point == "carrier.after_request" and not seen:
            seen.append([])
            jump(16)  # seconds: the lease is over, but who had it might still ask
            hints.expire_leases()
            run_due()
            seen.append(bundles.attempts())

    monkeypatch.setattr(rehearsal, "point", passed)
    hear(*taken())

    open_yet = [*EACH_ONCE, (1, "open"), (1, "open")]
    assert seen[1:] == [open_yet]
    assert bundles.attempts() == open_yet

    jump(60)
    run_due()

    assert bundles.attempts() == [*EACH_ONCE, *[(1, "absent"), (2, "accepted")] * 2]
    assert sent(carrier) == references(1, 2, 3)


def test_what_follows_from_each_text_of_a_hint_bears_the_trace_of_its_own_request(carrier: Carrier) -> None:
    def follow(one: int, **_facts: Any) -> None:
        enqueue(Prune(), key=f"after:{one}", due=clock.now() + timedelta(days=1))

    for happened in ("accepted", "failed", "expired"):
        listens(f"text.{happened}", ORIGIN)(follow)
    texts = owe(6)
    Text.update(to=PhoneNumber("+27123459912")).where(Text.id == texts[1].id).execute()  # takes no texts
    donotcall.add(bundles.number(3), "text")
    late = LedgerRow.args == f'{{"text_id":{texts[3].id}}}'
    LedgerRow.update(expires_at=clock.now() - timedelta(seconds=1)).where(late).execute()

    run_together()

    assert sent(carrier) == references(1, 5, 6)
    assert {row.key: row.trace for row in LedgerRow.select()} == {
        f"after:{one}": f"trace{one}" for one in range(1, 7)
    }


def test_a_surface_that_can_hear_of_many_at_once_is_told_once_of_all(carrier: Carrier) -> None:
    told: list[dict[int, str | None]] = []

    @listens("text.accepted", ORIGIN, many=True)
    def listener(them: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        told.append({one: facts["provider_id"] for one, facts in them})

    owe(5, traces=["one request"] * 5)
    run_together()
    owe(1, first=6)
    run_together()

    ids = {int(entry["reference"].partition(":")[2]): entry["id"] for entry in carrier.log("text")}
    assert told == [{one: ids[one] for one in range(1, 6)}, {6: ids[6]}]
