"""Texts of one hint are sent once each wherever their worker dies, and wait for no slow carrier together."""

from collections.abc import Callable

import pytest

from models import hints
from models.deliveries import Text
from models.ledger import LedgerRow
from tests.house import Carrier, run_due
from tests.workers import bundles
from tests.workers.bundles import hear, owe, references, run_together, sent, standing, taken
from tests.workers.dying import die_at
from workers import carrying

pytestmark = pytest.mark.pipeline

Jump = Callable[[float], None]

EACH_ONCE = [(1, "accepted")]


@pytest.fixture(autouse=True)
def _two_are_many(home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is due travels together here, however little it is."""
    monkeypatch.setattr(hints, "SPREAD", 1)


@pytest.mark.parametrize("nth", [1, 2, 4])
@pytest.mark.parametrize("point", ["carrier.before_request", "carrier.after_request"])
def test_a_worker_that_dies_between_the_texts_of_a_hint_sends_each_exactly_once(
    point: str, nth: int, carrier: Carrier, jump: Jump
) -> None:
    owe(4)
    die_at(point, nth, run_together)
    asked = nth if point == "carrier.after_request" else nth - 1
    assert sent(carrier) == references(*range(1, asked + 1))
    assert bundles.attempts() == [(1, "open")] * 4
    jump(60)

    bundles.forgotten()
    run_together()

    assert sent(carrier) == references(1, 2, 3, 4)
    again = [(1, "absent"), (2, "accepted")]
    assert bundles.attempts() == EACH_ONCE * asked + again * (4 - asked)
    assert bundles.statuses() == {"sent"}
    assert LedgerRow.select().count() == 0


@pytest.mark.parametrize(
    ("point", "outcomes"),
    [
        ("begin.before_commit", EACH_ONCE),
        ("begin.after_commit", [(1, "absent"), (2, "accepted")]),
        ("settle.before_commit", EACH_ONCE),
        ("settle.after_commit", EACH_ONCE),
    ],
)
def test_a_worker_that_dies_about_the_commits_of_a_hint_sends_each_text_exactly_once(
    point: str, outcomes: list[tuple[int, str]], carrier: Carrier, jump: Jump
) -> None:
    owe(4)
    die_at(point, run=run_together)
    jump(60)

    bundles.forgotten()
    run_together()

    assert sent(carrier) == references(1, 2, 3, 4)
    assert bundles.attempts() == outcomes * 4
    assert bundles.statuses() == {"sent"}
    assert LedgerRow.select().count() == 0


def test_what_a_slow_carrier_was_not_asked_for_in_time_goes_back_and_travels_alone(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "TOGETHER", 0.05)
    carrier.fault("slow", times=1, seconds=0.2)
    owe(5)

    first, *others = run_together()

    assert len(first.ids) == 5
    assert [(hint.others, hint.attempt) for hint in others] == [((), 2)] * 4
    assert sent(carrier) == references(1, 2, 3, 4, 5)
    assert bundles.attempts() == EACH_ONCE * 5
    assert bundles.statuses() == {"sent"}
    assert LedgerRow.select().count() == 0


def test_going_back_costs_a_text_neither_patience_nor_a_carrier_of_its_route(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "TOGETHER", -1.0)
    owe(3)

    hear(*taken())

    assert standing("probe:1") == ("sent", EACH_ONCE, [])
    assert standing("probe:3") == ("sending", [], [("ready", 0)])
    Text.call_off("probe:3")
    run_due()
    assert sent(carrier) == references(1, 2)
