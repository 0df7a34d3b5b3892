"""Watching the ledger: what is owed, since when, in which queue."""

from datetime import datetime

from models import clock
from models.database import Sql, utc

_OWED = Sql(
    """
    SELECT queue, CASE WHEN state = 'ready' AND due_at > %s THEN 'future' ELSE state END AS standing,
           COUNT(*), MIN(due_at)
    FROM command GROUP BY queue, standing
    """
)


def standing() -> dict[str, dict[str, tuple[int, datetime | None]]]:
    """What is owed, by queue and standing (`ready sent running dead future`): how many, and the oldest's due time."""
    result: dict[str, dict[str, tuple[int, datetime | None]]] = {}
    for queue, state, count, oldest in _OWED.all(clock.now()):
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
        for channel, table in (("call", "bridge"), ("text", "text"), ("mail", "mail"), ("push", "push"))
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
