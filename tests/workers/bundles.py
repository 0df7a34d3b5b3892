"""Texts that come due together, and workers that are told of them by one hint."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from models import database, events, hints, settings
from models.database import transaction
from models.deliveries import Attempt, Text
from models.hints import Hint
from models.ledger import LedgerRow
from models.numbers import PhoneNumber
from models.tracing import tracing
from tests.house import Carrier
from workers.actors import RUNNERS

ORIGIN = "probe"  # a surface that has nothing but these texts


def number(one: int) -> str:
    """The phone of the so-manieth text."""
    return f"+2712345{1000 + one}"


def owe(count: int, first: int = 1, traces: Sequence[str] = (), to: Sequence[str] = ()) -> list[Text]:
    """Have so many texts due now, each asked for by a request of its own, and to a phone of its own."""
    made = []
    with transaction():  # a relay sees all of them at once
        for place in range(count):
            one = first + place
            with tracing(traces[place] if traces else f"trace{one}"):
                text = Text.create(
                    reference=f"{ORIGIN}:{one}",
                    origin=ORIGIN,
                    origin_id=one,
                    to=PhoneNumber(to[place] if to else number(one)),
                    body=f"text {one}",
                )
                events.emit("text.requested", text_id=text.id)
            made.append(text)
    return made


def taken() -> list[Hint]:
    """What the relay would publish now; two that are due are many, if the test has said so."""
    return hints.together(hints.take_due(100))


def hear(*heard: Hint) -> None:
    """Be the worker that these hints come to."""
    for hint in heard:
        for _ in range(2 if settings.current().double_hints else 1):
            hear_once(hint)
    database.close()


def hear_once(hint: Hint) -> None:
    """Be the worker that a hint comes to, once, though hints are doubled."""
    RUNNERS[hint.name](hint.command_id, hint.attempt, *hint.others)


def at_once(*heard: Sequence[Hint]) -> list[BaseException]:
    """Workers that hear these at the same moment. Returns what broke any of them."""
    start, broken = threading.Barrier(len(heard)), list[BaseException]()

    def work(its: Sequence[Hint]) -> None:
        start.wait()
        try:
            hear(*its)
        except Exception as error:  # whatever a worker dies of is told to the test
            broken.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=work, args=(its,)) for its in heard]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return broken


def run_together() -> list[Hint]:
    """Do all that is due, as it is hinted at together. Returns the hints."""
    heard: list[Hint] = []
    while due := taken():
        hear(*due)
        heard += due
    return heard


def forgotten() -> None:
    """What dead workers had, and what the broker had for them, is looked at again."""
    hints.expire_leases()
    hints.hint_again("sms", timedelta())


def sent(carrier: Carrier) -> list[str]:
    """What the carrier took, in the order of its texts."""
    return sorted((entry["reference"] for entry in carrier.log("text")), key=_place)


def _place(reference: str) -> int:
    return int(reference.partition(":")[2])


def references(*ones: int) -> list[str]:
    """What these texts are called."""
    return [f"{ORIGIN}:{one}" for one in ones]


def standing(reference: str) -> tuple[str, list[tuple[int, str]], list[tuple[str, int]]]:
    """How a text stands: its status, its attempts, and its commands' states with the failures these have cost."""
    text = Text.get(Text.reference == reference)
    owed = LedgerRow.select().where(LedgerRow.args == f'{{"text_id":{text.id}}}').order_by(LedgerRow.id)
    attempts = [(attempt.number, attempt.outcome) for attempt in text.attempts]
    return text.status, attempts, [(row.state, row.tries) for row in owed]


def statuses() -> set[str]:
    """The texts' statuses."""
    return {text.status for text in Text.select()}


def attempts() -> list[tuple[int, str]]:
    """Every attempt's number and outcome, in the order of the texts."""
    ordered = Attempt.select().order_by(Attempt.delivery_id, Attempt.number)
    return [(attempt.number, attempt.outcome) for attempt in ordered]


@contextmanager
def listening() -> Iterator[None]:
    """Surfaces that a test adds listen only as long as it lasts."""
    kept = [(table, dict(table)) for table in (events._listeners, events._of_many)]
    try:
        yield
    finally:
        for table, before in kept:
            table.clear()
            table.update(before)
