"""Hints that speak of several commands: which do, how large they are, and what becomes of them on their way."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from dramatiq import Message
from hypothesis import given
from hypothesis import strategies as st

from models import flow, hints
from models.commands import COMMANDS, Prune
from models.database import transaction
from models.deliveries import Attempt
from models.hints import MOST, SPREAD, Hint, together
from models.ledger import LedgerRow, enqueue
from models.pipelines import Rate
from tests.house import Carrier, House, Staff, reroute, run_until_settled
from tests.workers.bundles import attempts, hear, owe, references, run_together, sent, statuses, taken
from workers import clock
from workers.publisher import message
from workers.relay import Relay

Jump = Callable[[float], None]

KINDS = [("sms", "send_text"), ("dialing", "ring_phone"), ("dialing", "dial")]


class Doubtful:
    """A broker's front that confirms only what speaks of few commands."""

    up = True

    def __init__(self, few: int) -> None:
        self.published, self.few = list[Hint](), few

    def publish(self, due: Sequence[Hint]) -> set[Hint]:
        self.published.extend(due)
        return {hint for hint in due if len(hint.ids) > self.few}

    def close(self) -> None:
        """Nothing to let go of."""


@pytest.fixture
def two_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is due travels together, however little it is."""
    monkeypatch.setattr(hints, "SPREAD", 1)


@st.composite
def _due(draw: st.DrawFn) -> list[Hint]:
    """Commands due, most of one kind, some not for the first time, in any order."""
    count = draw(st.integers(0, 600))
    ids = draw(st.permutations(range(1, count + 1))) if count < 40 else range(count, 0, -1)
    odd = draw(st.dictionaries(st.integers(1, 600), st.tuples(st.sampled_from(KINDS), st.integers(1, 3))))
    return [Hint(*odd.get(id, (KINDS[0], 1))[0], id, odd.get(id, (KINDS[0], 1))[1]) for id in ids]


@given(_due())
def test_every_command_is_in_exactly_one_hint_of_its_own_kind(due: list[Hint]) -> None:
    found = together(due)

    spoken_of = [(hint.queue, hint.name, id, hint.attempt) for hint in found for id in hint.ids]
    assert sorted(spoken_of) == sorted((one.queue, one.name, one.command_id, one.attempt) for one in due)
    assert all(len(hint.ids) <= MOST for hint in found)
    assert all(not hint.others for hint in found if hint.attempt > 1)


@given(_due())
def test_few_commands_have_a_hint_each_so_that_many_work_at_once(due: list[Hint]) -> None:
    found = together(due)

    for kind in KINDS:
        first = [hint for hint in due if (hint.queue, hint.name, hint.attempt) == (*kind, 1)]
        its = [hint for hint in found if (hint.queue, hint.name, hint.attempt) == (*kind, 1)]
        assert len(its) >= min(len(first), SPREAD)
        if len(first) < 2 * SPREAD:
            assert not any(hint.others for hint in its)


@pytest.mark.parametrize(("count", "size"), [(31, 1), (32, 2), (100, 6), (255, 15), (500, 31), (600, 32)])
def test_the_more_are_due_the_more_travel_together_up_to_a_bound(count: int, size: int) -> None:
    found = together([Hint("sms", "send_text", id, 1) for id in range(count)])

    assert max(len(hint.ids) for hint in found) == size


def test_a_hint_of_many_grows_by_their_ids_only() -> None:
    longest = max(COMMANDS, key=len)
    others = tuple(10**15 + one for one in range(1, MOST))

    alone = message(Hint("notifications", longest, 10**15, 1)).encode()
    body = message(Hint("notifications", longest, 10**15, 1, others)).encode()

    assert len(body) <= len(alone) + len(others) * len(", 1000000000000001")
    assert Message.decode(body).args == (10**15, 1, *others)


def test_what_the_broker_does_not_confirm_of_a_hint_is_owed_again_all_of_it(
    home: object, two_are_many: None
) -> None:
    owe(4)

    refusing = Doubtful(few=1)
    Relay(refusing).once()
    again = Doubtful(few=4)
    Relay(again).once()

    (lost,), (kept,) = refusing.published, again.published
    assert sorted(lost.ids) == sorted(kept.ids)
    assert len(kept.ids) == 4
    assert {row.state for row in LedgerRow.select()} == {"sent"}


def test_what_the_broker_confirms_of_a_batch_is_not_owed_again(home: object, two_are_many: None) -> None:
    owe(MOST + 2)

    Relay(broker := Doubtful(few=MOST - 1)).once()

    assert [len(hint.ids) for hint in broker.published] == [MOST, 2]
    states = {row.id: row.state for row in LedgerRow.select()}
    assert [{states[id] for id in hint.ids} for hint in broker.published] == [{"ready"}, {"sent"}]


@pytest.mark.pipeline
def test_hints_of_many_that_a_broker_lost_come_back_and_the_old_ones_do_no_harm(
    carrier: Carrier, two_are_many: None, jump: Jump
) -> None:
    owe(5)
    (lost,) = taken()
    jump(5)  # seconds: older than the clock leaves a hint to an empty broker

    clock.heal("sms", lambda _queue: 0)
    (again,) = taken()
    hear(again, lost)

    assert sorted(again.ids) == sorted(lost.ids)
    assert sent(carrier) == references(1, 2, 3, 4, 5)
    assert attempts() == [(1, "accepted")] * 5


@pytest.mark.pipeline
@pytest.mark.parametrize("limited", ["route", "queue"])
def test_a_rate_holds_for_what_is_hinted_at_together(
    limited: str, carrier: Carrier, two_are_many: None
) -> None:
    rate = Rate(20, timedelta(seconds=1))
    if limited == "route":
        reroute("texts", "simulator", rate=rate)
    else:
        now = flow.current()
        flow.use(replace(now, queues={**now.queues, "sms": replace(now.queues["sms"], rate=rate)}))
    owe(8)

    (hint,) = taken()
    hear(hint)
    run_until_settled()

    assert len(hint.ids) == 8
    assert sent(carrier) == references(*range(1, 9))
    times = sorted(attempt.begun_at for attempt in Attempt.select())
    assert times[-1] - times[0] >= timedelta(seconds=7 / 20 - 0.1)


@pytest.mark.pipeline
def test_a_system_at_work_sends_what_comes_due_together_once_each(
    staff: Staff, house: House, carrier: Carrier
) -> None:
    owe(300)  # enough to travel together as the product is

    house.drain()

    assert sent(carrier) == references(*range(1, 301))
    assert attempts() == [(1, "accepted")] * 300
    assert statuses() <= {"sent", "delivered"}


def test_a_command_without_a_carrier_is_done_for_each_of_its_hint(home: object, two_are_many: None) -> None:
    with transaction():
        for one in range(3):
            enqueue(Prune(), key=f"prune:{one}")

    (hint,) = run_together()

    assert len(hint.ids) == 3
    assert LedgerRow.select().count() == 0
