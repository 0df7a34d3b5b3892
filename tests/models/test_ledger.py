"""The ledger: what is owed is done once, at its time, and never without the change it follows from."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from models import clock, database, graveyard, hints, ledger, watching
from models.commands import Prune, SendText, SweepCalls
from models.database import transaction
from models.ledger import LedgerRow, NotInTransaction, enqueue

Jump = Callable[[float], None]


@pytest.fixture(autouse=True)
def _ground(home: object) -> None:
    """Every test here has a ledger of its own."""


def _owe(**how: object) -> None:
    with transaction():
        enqueue(SweepCalls(), **how)  # type: ignore[arg-type]  # each test gives what it is about


def _taken() -> hints.Hint:
    (hint,) = hints.take_due(10)
    return hint


def _leased(hint: hints.Hint) -> ledger.Claim | None:
    claims = ledger.claim_and_lease(hint.ids, hint.attempt, timedelta(seconds=9))
    return claims[0] if claims else None


def test_a_command_outside_a_transaction_is_refused() -> None:
    with pytest.raises(NotInTransaction, match="sweep_calls"):
        enqueue(SweepCalls())


def test_a_command_is_forgotten_with_the_change_it_follows_from() -> None:
    with pytest.raises(ZeroDivisionError), transaction():  # noqa: PT012  # both belong to one transaction
        enqueue(SweepCalls())
        1 / 0  # noqa: B018  # the change fails

    assert LedgerRow.select().count() == 0


def test_a_command_waits_for_its_time(jump: Jump) -> None:
    _owe(due=clock.now() + timedelta(hours=1))

    early = hints.take_due(10)
    jump(3601)

    assert early == []
    assert _taken().name == "sweep_calls"


def test_the_longest_waiting_goes_first() -> None:
    for minutes in (1, 3, 2):
        _owe(due=clock.now() - timedelta(minutes=minutes))

    assert [hints.take_due(1)[0].command_id for _ in range(3)] == [2, 3, 1]


def test_owing_it_again_under_its_key_moves_it_and_outdates_its_hint() -> None:
    _owe(key="a")
    old = _taken()
    _owe(key="a")

    assert LedgerRow.select().count() == 1
    assert ledger.claim_and_end(old.command_id, old.attempt) is None
    assert _taken().attempt == old.attempt + 1


def test_a_cancelled_command_is_not_done() -> None:
    _owe(key="a")
    hint = _taken()

    assert ledger.cancel("a")
    assert ledger.claim_and_end(hint.command_id, hint.attempt) is None
    assert not ledger.cancel("a")


def test_a_hint_that_comes_twice_finds_nothing_the_second_time() -> None:
    _owe()
    hint = _taken()
    with transaction():
        first = _leased(hint)

    with transaction():
        assert first is not None
        assert _leased(hint) is None
        assert ledger.finish(first)
        assert not ledger.finish(first)


def test_a_worker_that_lost_its_lease_cannot_finish_what_another_has(jump: Jump) -> None:
    _owe()
    hint = _taken()
    with transaction():
        frozen = _leased(hint)
    jump(10)
    hints.expire_leases()
    again = _taken()
    with transaction():
        other = _leased(again)

    with transaction():
        assert frozen is not None
        assert other is not None
        assert not ledger.finish(frozen)
        assert not ledger.put_back(frozen, clock.now())
        assert ledger.finish(other)


def test_what_kills_every_worker_is_buried_in_the_end(jump: Jump) -> None:
    _owe()
    for turn in range(1, ledger.MOST_CRASHES + 1):
        hint = _taken()
        with transaction():
            _leased(hint)
        jump(10.0 * turn)
        hints.expire_leases()

    (dead,) = graveyard.dead()
    assert hints.take_due(10) == []
    assert dead["crashes"] == ledger.MOST_CRASHES


def test_a_dead_commands_key_is_free_again_and_the_dead_can_be_dropped() -> None:
    _owe(key="a")
    claim = _leased(_taken())
    assert claim is not None
    ledger.bury(claim, "it broke")
    _owe(key="a")

    assert LedgerRow.select().count() == 2
    assert graveyard.one(claim.command_id)["error"] == "it broke"  # type: ignore[index]  # it is there
    assert graveyard.drop(claim.command_id)
    assert not graveyard.drop(claim.command_id)


def test_the_dead_are_replayed_although_their_key_is_taken_by_now() -> None:
    _owe(key="a")
    claim = _leased(_taken())
    assert claim is not None
    ledger.bury(claim, "it broke")
    _owe(key="a")

    assert graveyard.replay([claim.command_id]) == 1
    assert len(hints.take_due(10)) == 2


def test_unconfirmed_hints_go_back_unless_somebody_has_them_already() -> None:
    _owe()
    _owe()
    due = hints.take_due(10)
    _leased(due[0])

    hints.untake(due)

    assert [hint.command_id for hint in hints.take_due(10)] == [due[1].command_id]


def test_what_is_owed_is_counted_by_queue_and_standing() -> None:
    with transaction():
        enqueue(SendText(1))
        enqueue(Prune(), due=clock.now() + timedelta(days=1))
    hints.take_due(1)

    standing = watching.standing()

    assert standing["sms"]["sent"][0] == 1
    assert standing["chores"]["future"][0] == 1
    assert watching.due_count() == 1


def test_relays_at_the_same_time_take_different_commands() -> None:
    with transaction():
        for number in range(200):
            enqueue(SendText(number))
    taken: list[int] = []

    def relay() -> None:
        while due := hints.take_due(7):
            taken.extend(hint.command_id for hint in due)
        database.close()

    relays = [threading.Thread(target=relay) for _ in range(4)]
    for thread in relays:
        thread.start()
    for thread in relays:
        thread.join()

    assert len(taken) == 200
    assert len(set(taken)) == 200


def test_workers_at_the_same_time_claim_a_command_once() -> None:
    _owe()
    hint = _taken()
    claims: list[object] = []

    def worker() -> None:
        with transaction():
            claims.append(_leased(hint))
        database.close()

    workers = [threading.Thread(target=worker) for _ in range(8)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()

    assert len([claim for claim in claims if claim]) == 1


def test_a_late_hint_never_finds_another_command_under_its_id() -> None:
    _owe()
    late = _taken()
    assert ledger.claim_and_end(late.command_id, late.attempt) is not None
    _owe(due=clock.now() + timedelta(days=1))

    assert ledger.claim_and_end(late.command_id, late.attempt) is None
