"""Hints: which commands the broker should be told of now, and again when it has forgotten."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from models import clock, rehearsal
from models.database import Sql, transaction
from models.ledger import MOST_CRASHES

MOST = 32  # commands that one hint speaks of: measured, more save little and would wait long for each other
SPREAD = 16  # hints that there are to be at least, for as many to work at once, before one speaks of several


class Hint(NamedTuple):
    """What travels over the broker: have a look at this command, at this attempt; and at others of the same kind."""

    queue: str
    name: str
    command_id: int
    attempt: int
    others: tuple[int, ...] = ()

    @property
    def ids(self) -> tuple[int, ...]:
        """All commands it speaks of."""
        return (self.command_id, *self.others)


def together(due: Sequence[Hint]) -> list[Hint]:
    """Hints at first attempts, put together where many of a kind are due; what comes back travels by itself."""
    kinds: dict[tuple[str, str], list[int]] = {}
    for hint in due:
        if hint.attempt == 1:
            kinds.setdefault((hint.queue, hint.name), []).append(hint.command_id)
    found = [hint for hint in due if hint.attempt != 1]
    for kind, ids in kinds.items():
        size = min(MOST, max(1, len(ids) // SPREAD))
        for place in range(0, len(ids), size):
            first, *others = ids[place : place + size]
            found.append(Hint(*kind, first, 1, tuple(others)))
    return found


@cache
def _take(without: int) -> Sql:
    """The statement that takes due commands of all queues but so many.

    With `IN (SELECT …)` PostgreSQL plans anew each time, for fear of having to read the whole table; an array it
    always looks up by key.
    """
    others = f"AND queue NOT IN ({', '.join(['%s'] * without)})" if without else ""
    return Sql(
        f"""
        UPDATE command SET state = 'sent', sent_at = %s
        WHERE id = ANY(ARRAY(SELECT id FROM command WHERE state = 'ready' AND due_at <= %s {others} ORDER BY due_at
                             LIMIT %s FOR UPDATE SKIP LOCKED))
        RETURNING queue, name, id, attempt
        """,
        sqlite={"= ANY(ARRAY(": "IN (", "SKIP LOCKED))": "SKIP LOCKED)"},
    )


_UNTAKE = Sql(
    "UPDATE command SET state = 'ready', sent_at = NULL WHERE id = %s AND attempt = %s AND state = 'sent'"
)


def take_due(limit: int, *, without: Collection[str] = ()) -> list[Hint]:
    """Mark due commands as sent and return their hints. Any number of relays may ask at once.

    Parameters:
      limit: how many at most; the longest waiting go first.
      without: queues to leave alone.
    """
    now = clock.now()
    rehearsal.point("relay.take.before_commit")
    rows = _take(len(without)).all(now, now, *without, limit)  # one statement, which commits by itself
    rehearsal.point("relay.take.after_commit")
    return [Hint(*row) for row in rows]


def untake(hints: Sequence[Hint]) -> None:
    """Put back what the broker did not confirm."""
    with transaction("relay.untake"):
        for hint in hints:
            for command_id in hint.ids:
                _UNTAKE(command_id, hint.attempt)


_EXPIRE_LEASES = Sql(
    """
    UPDATE command SET state = CASE WHEN crashes + 1 >= %s THEN 'dead' ELSE 'ready' END,
        attempt = attempt + 1, crashes = crashes + 1, leased_until = NULL, sent_at = NULL,
        error = 'the worker that had it died or froze'
    WHERE id IN (SELECT id FROM command WHERE state = 'running' AND leased_until < %s
                 LIMIT 1000 FOR UPDATE SKIP LOCKED)
    """
)


def expire_leases() -> int:
    """Put back the commands whose worker died. Returns how many."""
    with transaction("clock.leases"):
        return _EXPIRE_LEASES.count(MOST_CRASHES, clock.now())


_LOST = Sql(
    """
    UPDATE command SET state = 'ready', sent_at = NULL
    WHERE id IN (SELECT id FROM command WHERE state = 'sent' AND queue = %s AND sent_at < %s
                 ORDER BY sent_at LIMIT 5000 FOR UPDATE SKIP LOCKED)
    """
)


def hint_again(queue: str, older_than: timedelta) -> int:
    """Have the relay publish again what was sent to a queue longer ago than this. A doubled hint is harmless."""
    with transaction("clock.heal"):
        return _LOST.count(queue, clock.now() - older_than)


_ANY_OLD = Sql("SELECT 1 FROM command WHERE state = 'sent' AND queue = %s AND sent_at < %s LIMIT 1")


def any_older_than(queue: str, age: timedelta) -> bool:
    """Whether a hint was sent to the queue longer ago than this and its command is still unclaimed."""
    return _ANY_OLD.one(queue, clock.now() - age) is not None


_MOVE = Sql(
    """
    UPDATE command SET queue = %s, state = 'ready', sent_at = NULL
    WHERE name = %s AND queue <> %s AND state IN ('ready', 'sent')
    """
)


def move_to(queue: str, name: str) -> int:
    """Have all pending commands of a name in this queue. Returns how many were in another."""
    with transaction("clock.move"):
        return _MOVE.count(queue, name, queue)
