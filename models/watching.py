"""Watching the ledger: what is owed, since when, in which queue."""

from datetime import datetime

from models import clock
from models.database import Sql, utc

# Each part by its own partial index: what is due later may be a million reminders.
_OWED = Sql(
    """
    SELECT queue, 'ready', COUNT(*), MIN(due_at) FROM command WHERE state = 'ready' AND due_at <= %s GROUP BY queue
    UNION ALL SELECT queue, 'sent', COUNT(*), MIN(due_at) FROM command WHERE state = 'sent' GROUP BY queue
    UNION ALL SELECT queue, 'running', COUNT(*), MIN(due_at) FROM command WHERE state = 'running' GROUP BY queue
    UNION ALL SELECT queue, 'dead', COUNT(*), MIN(due_at) FROM command WHERE state = 'dead' GROUP BY queue
    UNION ALL SELECT queue, 'future', COUNT(*), MIN(due_at) FROM (
        SELECT queue, due_at FROM command WHERE state = 'ready' AND due_at > %s ORDER BY due_at LIMIT %s
    ) AS later GROUP BY queue
    """
)
EVERY_ONE = 2**62


def standing(most_future: int = EVERY_ONE) -> dict[str, dict[str, tuple[int, datetime | None]]]:
    """What is owed, by queue and standing (`ready sent running dead future`): how many, and the oldest's due time.

    Parameters:
      most_future: how many of those due later are counted at most, the soonest first; for who looks often.
    """
    result: dict[str, dict[str, tuple[int, datetime | None]]] = {}
    now = clock.now()
    for queue, state, count, oldest in _OWED.all(now, now, most_future):
        result.setdefault(queue, {})[state] = (count, utc(oldest))
    return result


_OLDEST = Sql(
    """
    SELECT MIN(due_at) FROM (
        SELECT MIN(due_at) AS due_at FROM command WHERE state = 'ready' AND due_at <= %s
        UNION ALL SELECT MIN(due_at) FROM command WHERE state = 'sent'
        UNION ALL SELECT MIN(due_at) FROM command WHERE state = 'running') AS owed
    """
)


def oldest_due_seconds() -> float:
    """How long the longest-waiting due command has been waiting; 0 when nothing due is owed."""
    now = clock.now()
    oldest = utc(_OLDEST.one(now)[0])
    return max(0.0, (now - oldest).total_seconds()) if oldest else 0.0


_UNKNOWN = Sql(
    " UNION ALL ".join(
        f"SELECT '{channel}', COUNT(*) FROM delivery_{table} WHERE status = 'unknown'"
        for channel, table in (
            ("call", "bridge"),
            *((word, word) for word in ("ring", "text", "mail", "push", "hook")),
        )
    )
)


def unknown() -> dict[str, int]:
    """How many deliveries of each channel nobody knows the fate of."""
    return {channel: int(count) for channel, count in _UNKNOWN.all()}


_DUE = Sql(
    """
    SELECT (SELECT COUNT(*) FROM command WHERE state = 'ready' AND due_at <= %s)
         + (SELECT COUNT(*) FROM command WHERE state = 'sent') + (SELECT COUNT(*) FROM command WHERE state = 'running')
    """
)


def due_count() -> int:
    """How many commands are due and not done."""
    return int(_DUE.one(clock.now())[0])
