"""The relay and the clock: every due command gets its hint, whatever the broker forgets and whoever dies."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from models import clock as product_clock
from models import flow, hints, periodic, watching
from models.commands import Prune, SendText
from models.database import transaction
from models.hints import Hint
from models.ledger import LedgerRow, enqueue
from tests.house import Carrier, Client, House, Staff, wait_for
from workers import clock
from workers.relay import Relay

Jump = Callable[[float], None]


class Recorder:
    """A broker's front that confirms what it is told to."""

    def __init__(self, confirms: bool = True) -> None:
        self.up, self.published, self._confirms = True, list[Hint](), confirms

    def publish(self, due: Sequence[Hint]) -> set[Hint]:
        self.published.extend(due)
        return set() if self._confirms else set(due)

    def close(self) -> None:
        """Nothing to let go of."""


def _owe(count: int) -> None:
    with transaction():
        for number in range(count):
            enqueue(SendText(number))


def test_a_relay_publishes_every_due_command_once(home: object) -> None:
    _owe(5)
    broker = Recorder()

    at_work = Relay(broker, limit=3)

    went = [at_work.once() for _ in range(3)]

    assert went == [3, 2, 0]
    assert len(set(broker.published)) == 5


def test_what_the_broker_does_not_confirm_is_published_again(home: object) -> None:
    _owe(2)

    Relay(Recorder(confirms=False)).once()
    broker = Recorder()
    Relay(broker).once()

    assert len(broker.published) == 2


def test_a_queue_that_the_broker_does_not_serve_keeps_no_other_from_its_hints(home: object) -> None:
    _owe(5)
    with transaction():
        enqueue(Prune())
    broker = Recorder(confirms=False)
    at_work = Relay(broker, limit=3)

    at_work.once()
    at_work.once()

    assert [hint.name for hint in broker.published] == ["send_text"] * 3 + ["prune"]


def test_a_queue_that_says_no_at_once_is_tried_again_within_a_second(home: object) -> None:
    _owe(1)
    broker = Recorder(confirms=False)
    at_work = Relay(broker)
    at_work.once()
    begun = time.monotonic()

    wait_for(at_work.once)

    assert time.monotonic() - begun < 1
    assert len(broker.published) == 2


def test_a_broker_that_is_away_costs_the_ledger_nothing(home: object) -> None:
    _owe(1)
    away = Recorder()
    away.up = False

    assert Relay(away).once() is None
    assert LedgerRow.get().state == "ready"


@pytest.mark.parametrize(
    ("depth", "seconds", "healed"),
    [(0, 3, 0), (0, 5, 2), (7, 5, 0), (7, 301, 2), (None, 5, 0), (None, 301, 2)],
)
def test_hints_that_the_broker_lost_are_published_again(
    home: object, jump: Jump, depth: int | None, seconds: int, healed: int
) -> None:
    _owe(2)
    hints.take_due(10)
    jump(seconds)

    clock.heal("sms", lambda _queue: depth)

    assert len(hints.take_due(10)) == healed


def test_a_periodic_job_is_owed_once_however_many_clocks_there_are(home: object, jump: Jump) -> None:
    turns = [periodic.turn("prune", timedelta(hours=1)) for _ in range(3)]
    jump(3601)
    later = [periodic.turn("prune", timedelta(hours=1)) for _ in range(3)]

    assert turns == later == [True, False, False]
    assert LedgerRow.select().count() == 1  # the first was still owed: it has been moved


def test_every_periodic_job_of_the_pipelines_is_started(home: object) -> None:
    clock.tick(lambda _queue: 0)

    assert {row.name for row in LedgerRow.select()} == set(flow.current().every)


def test_what_is_owed_follows_its_actor_to_another_queue(home: object) -> None:
    _owe(2)
    LedgerRow.update(queue="texts_of_old").execute()

    clock.follow_pipelines()

    assert {hint.queue for hint in hints.take_due(10)} == {"sms"}


@pytest.mark.pipeline
def test_a_broker_that_is_emptied_loses_nothing(
    staff: Staff, house: House, carrier: Carrier, jump: Jump
) -> None:
    with transaction():
        for number in range(3):
            enqueue(SendText(number), due=product_clock.now() + timedelta(hours=1))
    LedgerRow.update(state="sent", sent_at=product_clock.now(), due_at=product_clock.now()).execute()

    jump(10)  # three hints are said to be with the broker, and are not

    wait_for(lambda: watching.standing().get("sms", {}).get("sent", (0,))[0] == 0)


@pytest.mark.pipeline
def test_a_hundred_texts_at_once_go_out_once_each(staff: Staff, house: House, carrier: Carrier) -> None:
    for number in range(100):
        house.post("/mentor/message/", {"content": f"text {number}"})

    house.drain()

    assert sorted(sent["body"] for sent in carrier.log("text")) == sorted(f"text {n}" for n in range(100))


def test_the_api_accepts_while_the_broker_is_away(staff: Staff, client: Client) -> None:
    from dataclasses import replace

    from models import settings

    settings.use(replace(settings.current(), broker_url="amqp://127.0.0.1:9"))

    assert client.post("/mentor/message/", {"content": "hi"}).status_code == 201
    assert watching.due_count() == 1
