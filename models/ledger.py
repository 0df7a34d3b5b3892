"""The ledger: one table of what is still owed. It is the truth; the broker carries hints about it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import BigAutoField, IntegerField, TextField

from models import clock, flow, tracing
from models.bulk import Among, among
from models.commands import Command
from models.database import Row, Sql, UtcField, db, utc
from models.writing import IdOf, New

READY, SENT, RUNNING, DEAD = "ready", "sent", "running", "dead"

# A command whose worker died this often is what kills workers: it is buried, not tried for ever.
MOST_CRASHES = 20


class LedgerRow(Row):
    """One owed command. A finished one is deleted in the transaction that records its outcome."""

    id = BigAutoField()
    name = TextField()
    queue = TextField()
    args = TextField(default="{}")
    state = TextField(default=READY)
    due_at = UtcField(default=clock.now)
    expires_at = UtcField(null=True)
    attempt = IntegerField(default=1)
    tries = IntegerField(default=0)
    crashes = IntegerField(default=0)
    leased_until = UtcField(null=True)
    sent_at = UtcField(null=True)
    slot_at = UtcField(null=True)
    key = TextField(null=True)
    trace = TextField(default="")
    error = TextField(null=True)
    created_at = UtcField(default=clock.now)

    class Meta:
        table_name = "command"


@dataclass(frozen=True)
class Claim:
    """A command that is ours to do now.

    `tries` counts failures so far against the actor's patience; `attempt` only tells hints apart.
    """

    command_id: int
    attempt: int
    name: str
    ids: Mapping[str, int]
    trace: str
    tries: int
    expires_at: datetime | None
    slot_at: datetime | None
    leased_until: datetime | None = None

    @property
    def expired(self) -> bool:
        """Whether its last useful moment has passed."""
        return self.expires_at is not None and clock.now() >= self.expires_at


class NotInTransaction(Exception):
    """A command was to be owed outside the transaction of the change it follows from."""


def owed(
    name: str, args: "str | IdOf", *, due: datetime | None = None, expires: datetime | None = None
) -> New:
    """The ledger's row for a command, to be written together with the rows it follows from."""
    actor = flow.current().actors[name]
    due = due or clock.now()
    if expires is None and actor.expires is not None:
        expires = due + actor.expires
    values = {
        "name": name, "queue": actor.queue, "args": args, "due_at": due, "expires_at": expires,
        "trace": tracing.current(), "created_at": due,
    }  # fmt: skip
    return New(LedgerRow, values)


_UPSERT = Sql(
    """
    INSERT INTO command (name, queue, args, state, due_at, expires_at, attempt, tries, crashes, key, trace, created_at)
    VALUES (%s, %s, %s, 'ready', %s, %s, 1, 0, 0, %s, %s, %s)
    ON CONFLICT (key) WHERE key IS NOT NULL AND state <> 'dead' DO UPDATE SET
        args = excluded.args, due_at = excluded.due_at, expires_at = excluded.expires_at, state = 'ready',
        attempt = command.attempt + 1, tries = 0, leased_until = NULL, sent_at = NULL, slot_at = NULL
    """
)


def enqueue(
    command: Command, *, due: datetime | None = None, key: str | None = None, expires: datetime | None = None
) -> None:
    """Owe a command, as part of the transaction that makes it necessary.

    Parameters:
      due: the moment from which it may run; now by default.
      key: unique while pending. Owing a command under a pending key moves that one instead of adding another.
      expires: its last useful moment; by default `due` plus what pipelines.yaml says of the actor.

    Raises:
      NotInTransaction: there is no open transaction, so the change and the command could come apart.
    """
    if not db.obj.in_transaction():
        raise NotInTransaction(
            f"{command.name} was to be owed outside a transaction: open one around the change"
        )
    row = owed(command.name, command.args(), due=due, expires=expires).values
    _UPSERT(
        row["name"], row["queue"], row["args"], row["due_at"], row["expires_at"], key, row["trace"], row["created_at"]
    )  # fmt: skip


_CANCEL = Sql("DELETE FROM command WHERE key = %s AND state IN ('ready', 'sent')")


def cancel(key: str) -> bool:
    """Owe it no longer. False when nothing was pending under the key, or it is being done right now."""
    return _CANCEL.count(key) == 1


_WITHDRAW = Sql(
    """
    DELETE FROM command WHERE id IN (
        SELECT id FROM command WHERE key = %s AND state IN ('ready', 'sent') FOR UPDATE SKIP LOCKED)
    """
)


def withdraw(key: str) -> bool:
    """As `cancel`, for who holds a lock that the command's own work wants: it does not wait for that work to end.

    The work must look again, under that lock, whether there is still something to do.
    """
    return _WITHDRAW.count(key) == 1


_CLAIM = "RETURNING id, attempt, name, args, trace, tries, expires_at, slot_at"
_CLAIM_AND_END = Sql(
    f"DELETE FROM command WHERE id = %s AND attempt = %s AND state IN ('ready', 'sent') {_CLAIM}"
)
# In the order of their ids: who is hinted at the same ones waits instead of locking each other out.
_CLAIM_AND_LEASE = Among(
    f"""
    UPDATE command SET state = 'running', leased_until = %s
    WHERE id = ANY(ARRAY(SELECT id FROM command WHERE id = ANY(%s) AND attempt = %s AND state IN ('ready', 'sent')
                         ORDER BY id FOR UPDATE)) {_CLAIM}
    """,
    sqlite={"= ANY(ARRAY(": "IN (", "FOR UPDATE))": "FOR UPDATE)"},
)


def _claim(row: Any, until: datetime | None) -> Claim:
    command_id, attempt, name, args, trace, tries, expires_at, slot_at = row
    ids = json.loads(args)
    return Claim(command_id, attempt, name, ids, trace, tries, utc(expires_at), utc(slot_at), until)


def claim_and_end(command_id: int, attempt: int) -> Claim | None:
    """Take a command and finish it in the same transaction: for work that only touches the database.

    None means: not ours (done, moved, or being done by another worker).
    """
    row = _CLAIM_AND_END.one(command_id, attempt)
    return None if row is None else _claim(row, None)


def claim_and_lease(ids: Sequence[int], attempt: int, lease: timedelta) -> list[Claim]:
    """Take commands for as long as `lease`: for work that asks a carrier between two transactions.

    Returns: those that are ours now, in the order of their ids.
    """
    until = clock.now() + lease
    rows = _CLAIM_AND_LEASE.all(until, among(ids), attempt)
    return sorted((_claim(row, until) for row in rows), key=lambda claim: claim.command_id)


_FINISH = Among("DELETE FROM command WHERE id = ANY(%s) AND attempt = %s AND state = 'running'")


def finish(claim: Claim) -> bool:
    """The command is done. False when the lease was lost meanwhile; the next runner will see what was recorded."""
    return finish_all([claim]) == 1


def finish_all(claims: Sequence[Claim]) -> int:
    """As `finish`; returns how many were still ours."""
    attempts = {claim.attempt for claim in claims}
    return sum(
        _FINISH.count(among([claim.command_id for claim in claims if claim.attempt == attempt]), attempt)
        for attempt in attempts
    )


_PUT_BACK = Sql(
    """
    UPDATE command SET state = %s, due_at = %s, attempt = attempt + 1, tries = %s, slot_at = %s, error = %s,
        leased_until = NULL, sent_at = NULL
    WHERE id = %s AND attempt = %s AND state <> 'dead'
    """
)


def put_back(
    claim: Claim,
    due: datetime,
    *,
    tries: int | None = None,
    slot: datetime | None = None,
    error: str | None = None,
) -> bool:
    """Do it later.

    Parameters:
      due: from when on.
      tries: failures so far, when this was one; unchanged otherwise.
      slot: the moment a rate limit has reserved for it.
      error: what went wrong, without phone numbers.
    """
    count = claim.tries if tries is None else tries
    return _PUT_BACK.count(READY, due, count, slot, error, claim.command_id, claim.attempt) == 1


def bury(claim: Claim, error: str) -> bool:
    """Give up: the command stays, dead and visible, until a person replays or drops it."""
    return (
        _PUT_BACK.count(DEAD, clock.now(), claim.tries + 1, None, error, claim.command_id, claim.attempt) == 1
    )
