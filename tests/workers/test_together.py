"""Texts of one hint are carried as if each had been alone: once each, whoever dies and however slow a carrier is."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from models import clock, donotcall, hints, rehearsal, settings
from models.commands import SendText
from models.database import transaction
from models.deliveries import Attempt, Ring, Text
from models.events import emit
from models.ledger import LedgerRow, enqueue
from models.numbers import PhoneNumber
from providers.base import Sms
from providers.simulator import Simulator
from tests.api.looking import statements
from tests.house import Carrier
from tests.workers import bundles
from tests.workers.bundles import hear, owe, references, run_together, sent, standing, taken
from tests.workers.dying import die_at

pytestmark = pytest.mark.pipeline

Jump = Callable[[float], None]

EACH_ONCE = [(1, "accepted")]


@pytest.fixture(autouse=True)
def _two_are_many(home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is due travels together here, however little it is."""
    monkeypatch.setattr(hints, "SPREAD", 1)


def _owe_rings(count: int, first: int = 1) -> None:
    with transaction():
        for one in range(first, first + count):
            ring = Ring.create(
                reference=f"alarm:{one}:1",
                origin="alarm_request",
                origin_id=one,
                to=PhoneNumber(bundles.number(one)),
            )
            emit("ring.requested", ring_id=ring.id)


@pytest.mark.parametrize("traces", [[], ["one request"] * 12])
def test_texts_of_one_hint_go_out_once_each(traces: list[str], carrier: Carrier) -> None:
    owe(12, traces=traces)

    (hint,) = run_together()

    assert len(hint.ids) == 12
    assert sent(carrier) == references(*range(1, 13))
    assert bundles.attempts() == EACH_ONCE * 12
    assert bundles.statuses() == {"sent"}
    assert LedgerRow.select().count() == 0


def test_calls_of_one_hint_ring_once_each(carrier: Carrier) -> None:
    _owe_rings(12)

    (hint,) = run_together()

    assert len(hint.ids) == 12
    assert sorted(entry["reference"] for entry in carrier.log()) == sorted(
        f"alarm:{one}:1" for one in range(1, 13)
    )
    assert bundles.attempts() == EACH_ONCE * 12


@pytest.mark.parametrize("due", ["texts", "rings"])
def test_what_is_carried_together_takes_no_more_statements_however_much_it_is(
    due: str, carrier: Carrier
) -> None:
    costs = []
    for count, first in ((2, 1), (2, 10), (12, 20)):  # accounts with carriers are looked up for the first
        if due == "texts":
            owe(count, first, traces=["one"] * count)
        else:
            _owe_rings(count, first)
        (hint,) = taken()
        with statements() as seen:
            hear(hint)
        costs.append(len(seen))

    assert len(carrier.log()) == 2 + 2 + 12
    assert costs[1] == costs[2]


def _mixed(jump: Jump) -> None:
    """Nine texts due, of which the first and the last are as any other."""
    texts = owe(9)
    Text.update(to=PhoneNumber("+27123459912")).where(Text.id == texts[1].id).execute()  # takes no texts
    donotcall.add(bundles.number(3), "text")
    with transaction():
        texts[3].report(delivered=True)
    one = LedgerRow.args == f'{{"text_id":{texts[4].id}}}'
    LedgerRow.update(expires_at=clock.now() - timedelta(seconds=1)).where(one).execute()
    Text.call_off("probe:6")
    (earlier,) = LedgerRow.select().where(LedgerRow.args == f'{{"text_id":{texts[6].id}}}')
    with transaction():
        enqueue(SendText(texts[6].id), key="alone", due=clock.now() - timedelta(hours=1))
    earlier.delete_instance()
    (alone,) = hints.take_due(1)
    die_at("carrier.after_request", run=lambda: hear(alone))
    jump(60)
    hints.expire_leases()
    LedgerRow.update(attempt=1).where(LedgerRow.key == "alone").execute()
    with transaction():  # one whose row is gone
        Text.delete().where(Text.id == texts[7].id).execute()


@pytest.mark.parametrize("together", [True, False])
def test_what_goes_otherwise_with_one_text_of_a_hint_goes_as_if_it_were_alone(
    together: bool, carrier: Carrier, jump: Jump
) -> None:
    _mixed(jump)

    due = taken() if together else hints.take_due(100)
    hear(*due)

    assert len(due) == (1 if together else 9)
    assert sent(carrier) == references(1, 7, 9)
    assert {one: standing(f"probe:{one}") for one in (1, 2, 3, 4, 5, 6, 7, 9)} == {
        1: ("sent", EACH_ONCE, []),
        2: ("failed", [(1, "rejected")], []),
        3: ("failed", [], []),
        4: ("delivered", [], []),
        5: ("expired", [], []),
        6: ("expired", [], []),
        7: ("sent", EACH_ONCE, []),
        9: ("sent", EACH_ONCE, []),
    }
    (left,) = LedgerRow.select()
    assert (left.state, left.attempt, left.tries, left.args) == ("ready", 2, 1, '{"text_id":8}')


def test_an_attempt_whose_end_nobody_saw_is_asked_about_and_not_made_anew(
    carrier: Carrier, jump: Jump
) -> None:
    texts = owe(4)
    for place, provider_has_it in ((1, True), (2, False)):
        Attempt.create(channel="text", delivery_id=texts[place].id, number=1, provider="simulator")
        Text.update(status="sending").where(Text.id == texts[place].id).execute()
        if provider_has_it:
            _hand_over(carrier, texts[place])

    run_together()

    assert sent(carrier) == references(1, 2, 4)
    assert bundles.attempts() == [*EACH_ONCE, *EACH_ONCE, (1, "open"), *EACH_ONCE]

    jump(60)  # now it is sure that the carrier never had the third
    run_together()

    assert sent(carrier) == references(1, 2, 3, 4)
    assert bundles.attempts() == [*EACH_ONCE, *EACH_ONCE, (1, "absent"), (2, "accepted"), *EACH_ONCE]


def _hand_over(carrier: Carrier, text: Text) -> None:
    line = Simulator(settings.current().simulator_url)
    line.send(Sms(text.address, "+15550100", text.body), reference=text.reference, timeout=5)


def test_a_text_called_off_while_its_worker_begins_is_still_the_carriers_to_say(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe(3)
    late: list[bool] = []

    def passed(point: str) -> None:
        if point == "begin.after_commit" and not late:
            late.append(Text.call_off("probe:2"))

    monkeypatch.setattr(rehearsal, "point", passed)
    run_together()

    assert late == [False]
    assert sent(carrier) == references(1, 2, 3)
    assert bundles.statuses() == {"sent"}
