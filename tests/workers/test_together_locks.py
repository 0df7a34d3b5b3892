"""Workers that have several rows in hand hold nobody up, and what fails with one is made good without the others."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from peewee import OperationalError

from models import database, flow, hints, rehearsal
from models.database import transaction
from models.deliveries import Text
from models.hints import Hint
from models.ledger import LedgerRow
from models.pipelines import Rate, Route
from tests.house import Carrier, run_due, run_until_settled, wait_for
from tests.workers import bundles
from tests.workers.bundles import hear, owe, references, run_together, sent, standing, taken

pytestmark = pytest.mark.pipeline

Jump = Callable[[float], None]

EACH_ONCE = [(1, "accepted")]
WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture(autouse=True)
def _two_are_many(home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is due travels together here, however little it is."""
    monkeypatch.setattr(hints, "SPREAD", 1)


def _somebody_waits() -> bool:
    database.db.obj.execute_sql(
        "SELECT pg_stat_clear_snapshot()"
    )  # else a transaction sees what it saw first
    return bool(_column(WAITING))


def _column(statement: str) -> list[Any]:
    return [row[0] for row in database.db.obj.execute_sql(statement).fetchall()]


def _reading_as_rows_lie(hint: Hint) -> None:
    """Hear a hint on a connection that finds rows by no index, so in any order but that of their ids."""
    for way in ("indexscan", "indexonlyscan", "bitmapscan"):
        database.db.obj.execute_sql(f"SET enable_{way} = off")
    hear(hint)


@pytest.mark.parametrize(
    ("table", "where", "held"),
    [
        ("command", "", 1),
        ("delivery_text", "", 1),
        ("delivery_text", "carrier.after_request", 1),
        ("delivery_text", "carrier.after_request", 2),  # whatever came of each, and whichever trace it bears
    ],
)
def test_a_worker_takes_rows_in_the_order_of_their_ids(
    table: str, where: str, held: int, full: bool, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not full:
        pytest.skip("SQLite locks no rows")
    owe(4, traces=["one", "other", "one", "one"])
    (hint,) = taken()
    here, go_on = threading.Event(), threading.Event()

    def passed(point: str) -> None:
        if point == where and not here.is_set():
            here.set()
            go_on.wait(10)

    monkeypatch.setattr(rehearsal, "point", passed)
    worker = threading.Thread(target=_reading_as_rows_lie, args=(hint,))
    if where:
        worker.start()
        assert here.wait(10)
    for id in range(held, 0, -1):  # these lie behind the others now
        database.db.obj.execute_sql(f"UPDATE {table} SET id = id WHERE id = {id}")
    with transaction():
        _column(f"SELECT id FROM {table} WHERE id = {held} FOR UPDATE")
        if not where:
            worker.start()
        go_on.set()
        wait_for(_somebody_waits)
        free = _column(f"SELECT id FROM {table} FOR UPDATE SKIP LOCKED")
    worker.join()

    assert set(range(held, 5)) <= set(free)
    assert sent(carrier) == references(1, 2, 3, 4)
    assert bundles.attempts() == EACH_ONCE * 4


def test_a_worker_takes_the_limits_of_several_routes_in_one_order(full: bool, carrier: Carrier) -> None:
    if not full:
        pytest.skip("SQLite locks no rows")
    every: dict[str, Any] = {"use": ("simulator",), "rate": Rate(1000, timedelta(seconds=1)), "shown": "900"}
    routes = tuple(Route("texts", prefix, **every) for prefix in ("+27", "+91"))
    flow.use(replace(flow.current(), routes={**flow.current().routes, "texts": routes}))
    both = ["+919876543210", bundles.number(1)]
    owe(2, to=both)
    run_until_settled()
    owe(2, first=3, to=both)
    (hint,) = taken()
    worker = threading.Thread(target=hear, args=(hint,))

    with transaction():
        _column("SELECT key FROM pace WHERE key = 'texts:+27' FOR UPDATE")
        worker.start()
        wait_for(_somebody_waits)
        free = _column("SELECT key FROM pace FOR UPDATE SKIP LOCKED")
    worker.join()
    run_until_settled()

    assert "texts:+91" in free
    assert sent(carrier) == references(1, 2, 3, 4)


@pytest.mark.parametrize("point", ["begin.before_commit", "settle.before_commit"])
def test_a_transaction_that_the_database_gives_up_is_made_good_one_by_one(
    point: str, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe(4)
    given_up = _gives_up(point, (1,), monkeypatch)

    hear(*taken())

    assert given_up == [1]
    assert sent(carrier) == references(1, 2, 3, 4)
    assert bundles.attempts() == EACH_ONCE * 4
    assert LedgerRow.select().count() == 0


@pytest.mark.parametrize(
    ("error", "left"),
    [(ZeroDivisionError("a fault of ours"), ("ready", 1)), (OperationalError("gone"), ("running", 0))],
)
def test_what_fails_as_one_text_is_asked_for_leaves_only_this_one_open(
    error: Exception, left: tuple[str, int], carrier: Carrier, jump: Jump, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe(4)
    asked: list[str] = []

    def passed(here: str) -> None:
        if here == "carrier.before_request":
            asked.append(here)
            if len(asked) == 2:
                raise error

    monkeypatch.setattr(rehearsal, "point", passed)
    hear(*taken())

    assert sent(carrier) == references(1, 3, 4)
    assert standing("probe:2") == ("sending", [(1, "open")], [left])
    assert [standing(one) for one in references(1, 3, 4)] == [("sent", EACH_ONCE, [])] * 3

    jump(60)
    hints.expire_leases()
    run_due()

    assert sent(carrier) == references(1, 2, 3, 4)
    assert standing("probe:2") == ("sent", [(1, "absent"), (2, "accepted")], [])


def test_a_text_that_is_gone_holds_no_other_up_however_often_it_is_tried(carrier: Carrier) -> None:
    (first, *_) = owe(4)
    with transaction():
        Text.delete().where(Text.id == first.id).execute()

    run_together()

    assert sent(carrier) == references(2, 3, 4)
    (row,) = LedgerRow.select()
    assert (row.state, row.tries) == ("ready", 1)


def test_what_the_database_gives_up_once_more_as_one_text_begins_costs_no_other_its_turn(
    carrier: Carrier, jump: Jump, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe(4)
    given_up = _gives_up("begin.before_commit", (1, 3), monkeypatch)  # all at once, then the second by itself
    (hint,) = taken()

    bundles.hear_once(hint)

    assert given_up == [1, 3]
    assert sent(carrier) == references(1, 3, 4)
    assert standing("probe:2") == ("queued", [], [("sent", 0)])
    jump(60)
    bundles.forgotten()
    run_due()
    assert sent(carrier) == references(1, 2, 3, 4)
    assert bundles.attempts() == EACH_ONCE * 4


def test_what_the_database_gives_up_once_more_as_one_text_is_settled_costs_no_other_its_outcome(
    carrier: Carrier, jump: Jump, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe(4)
    given_up = _gives_up("settle.before_commit", (1, 3), monkeypatch)

    with pytest.raises(OperationalError, match="deadlock"):
        hear(*taken())

    assert given_up == [1, 3]
    assert standing("probe:2") == ("sending", [(1, "open")], [("running", 0)])
    assert [standing(one) for one in references(1, 3, 4)] == [("sent", EACH_ONCE, [])] * 3
    jump(60)
    hints.expire_leases()
    run_due()
    assert sent(carrier) == references(1, 2, 3, 4)
    assert bundles.attempts() == EACH_ONCE * 4


def _gives_up(point: str, times: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Have the database break off what passes a point for the so-manieth times. Returns which it did."""
    passes, broken = [0], list[int]()

    def passed(here: str) -> None:
        passes[0] += here == point
        if here == point and passes[0] in times:
            broken.append(passes[0])
            raise OperationalError("deadlock detected")

    monkeypatch.setattr(rehearsal, "point", passed)
    return broken
