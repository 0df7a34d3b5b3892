"""A crew serves at once, holds no more hints than threads, and leaves in time without losing one."""

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import dramatiq
import pytest
from dramatiq import Message

from models.hints import Hint
from tests.servers import PrivateRabbit
from tests.workers.conftest import AnyBroker
from tests.workers.process import heard, running
from tests.workers.waiting import until
from workers.broker import MemoryBroker, TrunkBroker
from workers.publisher import RabbitPublisher, message
from workers.queues import queue_name
from workers.serving import FINISHING, LEAVING, Crew

# pika leaves the socket of a refused connection to the garbage collector, which says so.
pytestmark = [
    pytest.mark.servers,
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]


class Desk:
    """An actor `look` on a queue that notes what it saw, and can be told to hold its work."""

    def __init__(
        self, broker: dramatiq.Broker, queue: str, work: Callable[[int], None] | None = None
    ) -> None:
        self.seen: Counter[int] = Counter()
        self.open = threading.Event()
        self.open.set()
        self._broker, self._queue, self._work = broker, queue, work
        name, on = f"look_{queue}", queue_name(queue)
        dramatiq.Actor(self.look, broker=broker, actor_name=name, queue_name=on, priority=0, options={})

    def look(self, command_id: int, attempt: int) -> None:
        self.seen[command_id] += 1
        if self._work:
            self._work(command_id)
        self.open.wait(30)

    def hints(self, count: int) -> list[Hint]:
        return [Hint(self._queue, f"look_{self._queue}", number, 1) for number in range(1, count + 1)]

    def put(self, count: int) -> None:
        for hint in self.hints(count):
            self._broker.enqueue(message(hint))


@pytest.fixture
def crews() -> Iterator[Callable[[dramatiq.Broker, dict[str, int]], Crew]]:
    """Starts crews; those that a test leaves are stopped."""
    started: list[Crew] = []

    def start(broker: dramatiq.Broker, threads: dict[str, int]) -> Crew:
        crew = Crew(broker, threads)
        crew.start()
        started.append(crew)
        return crew

    yield start
    for crew in started:
        crew.stop(finishing=1)


Crews = Callable[[dramatiq.Broker, dict[str, int]], Crew]


def test_several_crews_on_one_broker_serve_their_own_queues_only(
    broker: AnyBroker, queue: str, crews: Crews
) -> None:
    desks = [Desk(broker, f"{queue}-{letter}") for letter in "abc"]
    crews(broker, {f"{queue}-a": 1, f"{queue}-b": 3})
    for desk in desks:
        desk.put(4)

    until(lambda: len(desks[0].seen) == len(desks[1].seen) == 4)
    assert not desks[2].seen
    assert broker.depth(f"{queue}-c") == 4

    crews(broker, {f"{queue}-c": 1})
    until(lambda: len(desks[2].seen) == 4)
    assert [desk.seen.total() for desk in desks] == [4, 4, 4]


def test_each_thread_has_the_next_hint_in_hand_and_no_more(
    trunk: TrunkBroker, queue: str, crews: Crews
) -> None:
    desk = Desk(trunk, queue)
    desk.open.clear()
    desk.put(7)

    crews(trunk, {queue: 2})

    until(lambda: len(desk.seen) == 2 and trunk.depth(queue) == 3)
    desk.open.set()
    until(lambda: len(desk.seen) == 7)


def test_a_hint_is_looked_at_when_it_comes(broker: AnyBroker, queue: str, crews: Crews) -> None:
    desk = Desk(broker, queue)
    crews(broker, {queue: 1})
    desk.put(1)
    until(lambda: desk.seen)

    for number in range(2, 22):
        began = time.monotonic()
        broker.enqueue(message(Hint(queue, f"look_{queue}", number, 1)))
        until(lambda number=number: number in desk.seen)  # type: ignore[misc]  # bound now, not later
        assert time.monotonic() - began < 0.15


def test_a_failing_actor_is_not_tried_again_by_the_broker(
    broker: AnyBroker, queue: str, crews: Crews
) -> None:
    def fail(_command_id: int) -> None:
        raise RuntimeError("a bug of ours")

    desk = Desk(broker, queue, fail)
    desk.put(2)

    crews(broker, {queue: 1})

    until(lambda: len(desk.seen) == 2)
    assert desk.seen == {1: 1, 2: 1}
    until(lambda: broker.depth(queue) == 0)


def test_a_hint_for_an_actor_that_is_not_here_is_dropped(broker: AnyBroker, queue: str, crews: Crews) -> None:
    desk = Desk(broker, queue)
    broker.enqueue(Message(queue_name(queue), "from_a_newer_release", (1, 1), {}, {}))
    desk.put(1)

    crew = crews(broker, {queue: 1})

    until(lambda: desk.seen)
    assert crew.stop()
    assert broker.depth(queue) == 0


def test_what_a_stopping_crew_has_not_begun_goes_back(broker: AnyBroker, queue: str, crews: Crews) -> None:
    desk = Desk(broker, queue)
    desk.open.clear()
    desk.put(4)
    crew = crews(broker, {queue: 2})
    until(lambda: len(desk.seen) == 2)

    threading.Timer(0.2, desk.open.set).start()
    assert crew.stop()

    assert len(desk.seen) == 2
    until(lambda: broker.depth(queue) == 2)
    crews(broker, {queue: 1})
    until(lambda: desk.seen == {1: 1, 2: 1, 3: 1, 4: 1})


def test_work_that_does_not_end_holds_no_stop_up(broker: AnyBroker, queue: str, crews: Crews) -> None:
    desk = Desk(broker, queue)
    desk.open.clear()
    desk.put(1)
    crew = crews(broker, {queue: 1})
    until(lambda: desk.seen)
    began = time.monotonic()

    assert not crew.stop(finishing=0.2)

    assert time.monotonic() - began < 2
    desk.open.set()


def test_a_stop_takes_less_than_ten_seconds_in_all() -> None:
    assert FINISHING + 2 * LEAVING <= 9.5


def test_a_crew_waiting_for_a_broker_that_is_away_stops_as_well(queue: str, crews: Crews) -> None:
    broker = TrunkBroker("amqp://guest:guest@127.0.0.1:1/%2F")
    Desk(broker, queue)
    crew = crews(broker, {queue: 1})
    began = time.monotonic()

    assert crew.stop()

    assert time.monotonic() - began < 3


def test_dropped_connections_lose_no_hint(
    ours: PrivateRabbit, trunk: TrunkBroker, publisher: RabbitPublisher, queue: str, crews: Crews
) -> None:
    desk = Desk(trunk, queue, lambda _command_id: time.sleep(0.02))
    waiting = set(desk.hints(200))
    waiting = publisher.publish(list(waiting))
    crews(trunk, {queue: 4})
    until(lambda: len(desk.seen) > 20)

    ours.close_connections()

    until(lambda: len(desk.seen) == 200)
    until(lambda: trunk.depth(queue) == 0)


def test_a_crew_is_back_when_its_broker_is(
    ours: PrivateRabbit, trunk: TrunkBroker, publisher: RabbitPublisher, queue: str, crews: Crews
) -> None:
    desk = Desk(trunk, queue)
    crews(trunk, {queue: 1})
    # The crew makes the queue at the same time: while it is being made, the broker may refuse a hint.
    until(lambda: publisher.publish(desk.hints(5)) == set())
    until(lambda: len(desk.seen) == 5)
    # RabbitMQ 3.10 saves a new queue's registration up to a second late; killed before, the queue never has a
    # leader again. That is not what this test is about.
    ours.ctl("eval", "[dets:sync(Table) || Table <- dets:all()], ok.")

    ours.kill()
    assert publisher.publish(desk.hints(10)) == set(desk.hints(10))
    assert trunk.depth(queue) is None
    ours.restart()

    until(lambda: publisher.publish(desk.hints(10)) == set(), seconds=5)
    until(lambda: len(desk.seen) == 10, seconds=5)
    until(lambda: trunk.depth(queue) == 0, seconds=5)


def test_a_worker_told_to_end_finishes_its_work(
    rabbit: PrivateRabbit, trunk: TrunkBroker, queue: str
) -> None:
    for number in (1, 2):
        trunk.enqueue(message(Hint(queue, "look", number, 1)))
    with running("work", rabbit.url, queue, "--seconds", "0.5") as worker:
        assert heard(worker) == "1"
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(5) == 0

    until(lambda: trunk.depth(queue) == 1)


def test_a_worker_told_to_end_amid_endless_work_ends_and_gives_it_back(
    rabbit: PrivateRabbit, trunk: TrunkBroker, queue: str
) -> None:
    trunk.enqueue(message(Hint(queue, "look", 1, 1)))
    with running("work", rabbit.url, queue, "--seconds", "60", "--finishing", "0.5") as worker:
        assert heard(worker) == "1"
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(5) == 3

    until(lambda: trunk.depth(queue) == 1)


@pytest.mark.parametrize(("where", "left"), [("consumer.before_ack", 1), ("consumer.after_ack", 0)])
def test_a_hint_comes_again_unless_it_was_acknowledged(
    rabbit: PrivateRabbit, trunk: TrunkBroker, queue: str, where: str, left: int
) -> None:
    trunk.enqueue(message(Hint(queue, "look", 1, 1)))
    with running("work", rabbit.url, queue, "--crash-at", where) as worker:
        assert worker.wait(20) == -signal.SIGKILL

    until(lambda: trunk.depth(queue) == left)


def test_the_memory_broker_forgets_nothing_between_crews(queue: str, crews: Crews) -> None:
    broker = MemoryBroker()
    desk = Desk(broker, queue)
    desk.open.clear()
    desk.put(3)
    crew = crews(broker, {queue: 3})
    until(lambda: len(desk.seen) == 3)

    desk.open.set()
    assert crew.stop()

    assert broker.depth(queue) == 0
