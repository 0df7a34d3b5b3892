"""Milestones: a long list counts and opens the same with them as without, whenever they were laid."""

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count, groupby

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import database, milestones, schema
from models.database import transaction
from models.mentoring import Event, Message
from models.mentoring.lists import EVENTS, MESSAGES, PEOPLE
from models.milestones import Listed, LongList, Milestone, Progress, Tally, lay
from models.people import Contact
from tests.house import Staff, wait_for
from tests.servers import PrivatePostgres

MENTEE, MENTOR, ANOTHER = 1, 2, 3  # contact ids
PAIRS = [(MENTOR, MENTEE), (MENTEE, MENTOR), (ANOTHER, MENTEE), (MENTEE, None)]


@pytest.fixture
def close(monkeypatch: pytest.MonkeyPatch) -> None:
    """Milestones so close that a few rows have many, and rounds that lay few."""
    monkeypatch.setattr(milestones, "SPACING", 3)
    monkeypatch.setattr(milestones, "STRIDE", 7)


@pytest.fixture
def people(staff: Staff) -> None:
    """The contacts that the tests write messages of."""
    assert [contact.id for contact in Contact.select().order_by(Contact.id)][:3] == [MENTEE, MENTOR, ANOTHER]


def write(pair: int) -> int:
    sender, recipient = PAIRS[pair]
    return int(Message.create(sender=sender, recipient=recipient, content="x").id)


def plain(owner: int) -> list[int]:
    mine = (Message.sender == owner) | (Message.recipient == owner)
    return [row.id for row in Message.select().where(mine).order_by(Message.id)]


def everything() -> list[int]:
    return [row.id for row in Message.select().order_by(Message.id)]


def pages(listed: Listed, size: int = 10) -> list[int]:
    """All that the list says, page by page."""
    length = listed.count()
    numbers = range(1, length // size + 2)
    found = [[row.id for row in listed.paginate(number, size)] for number in numbers]
    assert [len(rows) for rows in found[:-1]] == [size] * (len(found) - 1)
    assert sum(map(len, found)) == length
    return [row for rows in found for row in rows]


def assert_all_lists_are_right(size: int = 10) -> None:
    for owner in (MENTEE, MENTOR, ANOTHER, 0):
        assert pages(MESSAGES.of(owner), size) == plain(owner)
    assert pages(MESSAGES.all(), size) == everything()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.one_of(st.integers(0, 3), st.just("lay")), max_size=60), size=st.integers(1, 10))
def test_lists_are_right_whenever_milestones_were_laid(
    people: None, close: None, steps: list[int | str], size: int
) -> None:
    for table in (Message, Milestone, Tally, Progress):
        table.delete().execute()

    for step in steps:
        if isinstance(step, int):
            write(step)
        else:
            lay(MESSAGES)

    assert_all_lists_are_right(size)


def test_every_page_size_fits_between_milestones_at_their_real_distance(people: None) -> None:
    rows = [
        {"sender": MENTOR, "recipient": MENTEE, "content": "x"} if n % 3 else
        {"sender": MENTEE, "recipient": ANOTHER, "content": "x"} for n in range(5 * milestones.SPACING + 77)
    ]  # fmt: skip
    Message.insert_many(rows).execute()
    lay(MESSAGES)
    lay(MESSAGES)

    assert_all_lists_are_right()
    kept = Milestone.select().where(Milestone.list == "message").order_by(Milestone.owner, Milestone.position)
    positions = {
        owner: [row.position for row in rows] for owner, rows in groupby(kept, lambda row: row.owner)
    }
    assert positions == {
        "*": [200, 400, 600, 800, 1000], "1": [200, 400, 600, 800, 1000], "2": [200, 400, 600], "3": [200],
    }  # fmt: skip


def test_the_latest_come_first_and_go_on_from_the_last_one_shown(people: None) -> None:
    for n in range(12):
        write(n % 4)
    expected = plain(MENTOR)[::-1]

    first = [row.id for row in MESSAGES.of(MENTOR).latest(4)]
    more = [row.id for row in MESSAGES.of(MENTOR).latest(100, before=first[-1])]

    assert first + more == expected


def test_a_list_by_a_word_is_as_right_as_one_by_an_id(people: None, close: None) -> None:
    for _ in range(3):
        lay(PEOPLE)

    for kind in ("mentee", "mentor"):
        expected = [row.id for row in Contact.select().where(Contact.kind == kind).order_by(Contact.id)]
        assert pages(PEOPLE.of(kind)) == expected


def test_a_survey_lays_as_much_as_a_short_transaction_does_and_says_that_there_is_more(
    people: None, close: None
) -> None:
    for _ in range(20):
        write(0)

    rounds = [lay(MESSAGES) for _ in range(5)]

    assert rounds == [False, True, True, False, False]  # looked, 7 ids, 14, all 20, nothing new
    assert Milestone.select().where(Milestone.owner == "*").count() == 6


def test_surveys_leave_each_other_alone(people: None, close: None) -> None:
    for n in range(30):
        Event.note("start_call", MENTOR, n)
    both: list[LongList] = [EVENTS, MESSAGES]

    for _ in range(8):
        for listing in both:
            lay(listing)

    assert {row.list for row in Milestone.select()} == {"event"}
    assert pages(EVENTS.of(MENTOR)) == [row.id for row in Event.select().order_by(Event.id)]


@pytest.fixture
def on_postgres(postgres: PrivatePostgres, close: None) -> Iterator[None]:
    """A PostgreSQL, whatever the backend: there, transactions commit in any order."""
    database.bind(postgres.create_database("milestones"))
    schema.migrate()
    Staff()
    yield
    database.close_all()


@pytest.mark.servers
def test_nothing_is_laid_while_a_row_may_still_appear_below(on_postgres: None) -> None:
    """A transaction draws an id, others with larger ids commit before it does."""
    drawn, commit = threading.Event(), threading.Event()

    def late() -> None:
        with transaction():
            write(0)
            drawn.set()
            commit.wait(30)
        database.close()

    with ThreadPoolExecutor(1) as pool:
        latecomer = pool.submit(late)
        drawn.wait(30)
        for n in range(10):
            write(n % 4)
        for _ in range(4):
            lay(MESSAGES)
            assert Milestone.select().count() == 0
            assert_all_lists_are_right()
        commit.set()
        latecomer.result()
    assert_all_lists_are_right()

    for _ in range(4):
        lay(MESSAGES)
    assert Milestone.select().where(Milestone.owner == "*").count() == 3
    assert_all_lists_are_right()


class AtWork:
    """Writers, surveyors and readers at once, until the writers have written."""

    def __init__(self) -> None:
        self._done, self._rounds = threading.Event(), count()
        self._past = 0

    def write(self, chance: random.Random) -> None:
        """A transaction stays open while surveyors come by a few times, and commits after later ones."""
        for _ in range(60):
            with transaction():
                for _ in range(chance.randint(1, 4)):
                    write(chance.randrange(4))
                until = self._past + chance.choice((0, 0, 0, 1, 4))
                wait_for(lambda until=until: self._past >= until)  # type: ignore[misc]
        database.close()

    def survey(self) -> None:
        while not self._done.is_set():
            lay(MESSAGES)
            self._past = next(self._rounds)
        database.close()

    def read(self) -> None:
        while not self._done.is_set():
            first, listed = MESSAGES.of(MENTEE).count(), MESSAGES.of(MENTEE)
            assert first <= listed.count() <= len(plain(MENTEE))
        database.close()

    def run(self, seed: int) -> None:
        with ThreadPoolExecutor(8) as pool:
            watching = [pool.submit(job) for job in (self.survey, self.survey, self.read)]
            try:
                for writing in [pool.submit(self.write, random.Random(seed * 100 + n)) for n in range(4)]:
                    writing.result()
            finally:
                self._done.set()
            for watcher in watching:
                watcher.result()


@pytest.mark.servers
@pytest.mark.parametrize("seed", range(4))
def test_writers_and_surveyors_at_once_leave_lists_right(on_postgres: None, seed: int) -> None:
    AtWork().run(seed)

    assert Milestone.select().where(Milestone.owner == "*").count() > 20
    assert_all_lists_are_right()
    while lay(MESSAGES):
        pass
    assert_all_lists_are_right()
