"""Dead commands: given up, kept with their error until a person replays or drops them."""

import json
from collections.abc import Sequence
from typing import Any

from models import clock
from models.database import Sql, transaction
from models.ledger import DEAD, LedgerRow


def dead(limit: int | None = None) -> list[dict[str, Any]]:
    """All dead commands, oldest first; or so many of them."""
    rows = LedgerRow.select().where(LedgerRow.state == DEAD).order_by(LedgerRow.id)
    return [_told(row) for row in rows.limit(limit)]


def one(command_id: int) -> dict[str, Any] | None:
    """One dead command."""
    row = LedgerRow.get_or_none((LedgerRow.id == command_id) & (LedgerRow.state == DEAD))
    return _told(row) if row else None


_REPLAY = Sql(
    """
    UPDATE command SET state = 'ready', due_at = %s, attempt = attempt + 1, tries = 0, crashes = 0, expires_at = NULL,
        error = NULL,
        key = CASE WHEN EXISTS (SELECT 1 FROM command AS other WHERE other.key = command.key AND other.state <> 'dead')
                   THEN NULL ELSE key END
    WHERE id = %s AND state = 'dead'
    """
)
_DROP = Sql("DELETE FROM command WHERE id = %s AND state = 'dead'")


def replay(ids: Sequence[int]) -> int:
    """Owe dead commands again, with all their patience. Returns how many."""
    with transaction():
        return sum(_REPLAY.count(clock.now(), command_id) for command_id in ids)


def drop(command_id: int) -> bool:
    """Forget a dead command for good."""
    with transaction():
        return _DROP.count(command_id) == 1


def _told(row: LedgerRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "queue": row.queue,
        "args": json.loads(str(row.args)),
        "tries": row.tries,
        "crashes": row.crashes,
        "created_at": row.created_at.isoformat(),
        "died_at": row.due_at.isoformat(),
        "trace": row.trace,
        "error": row.error,
    }
