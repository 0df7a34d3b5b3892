"""Allowances: how often something may be tried, decided by one statement in the database, over all processes."""

import hmac
import math
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from peewee import DoubleField, TextField

from models import clock
from models.database import Row, Sql, transaction
from models.keys import key_for


class Allowance(Row):
    """When one allowance is whole again, in seconds since 1970; a missing one is whole. Nobody can read whose it is."""

    key = TextField(primary_key=True)
    full_at = DoubleField(index=True)

    class Meta:
        table_name = "allowance"


class Limit(NamedTuple):
    """`most` at once; then one more every `per / most`, until it is whole again (GCRA)."""

    most: int
    per: timedelta

    @property
    def step(self) -> float:
        """Seconds in which one comes back."""
        return self.per.total_seconds() / self.most

    @property
    def spare(self) -> float:
        """Seconds that may be left until it is whole, for there to be one."""
        return self.per.total_seconds() - self.step + min(APART, self.step / 2)


class Share(NamedTuple):
    """One of an allowance.

    Parameters:
      what: that is limited: `login`, `register` …
      whose: a mail address, a number, an account, an address of the network. Kept as a keyed hash only.
    """

    what: str
    whose: str
    limit: Limit

    @property
    def key(self) -> str:
        """What stands in the table."""
        return hmac.digest(key_for("allowances"), f"{self.what} {self.whose}".encode(), "sha256").hex()


class UsedUp(Exception):
    """There is none left; in `retry_after` seconds there will be one, if nobody else takes it."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("an allowance is used up")
        self.retry_after = retry_after


# Seconds that those who ask at one instant may be apart, by their clocks and because one waits for another: whoever
# read his clock before the first one did is not refused for that.
APART = 5.0

_TAKE = Sql(
    """
    INSERT INTO allowance (key, full_at) VALUES (%s, %s)
    ON CONFLICT (key) DO UPDATE SET full_at = GREATEST(allowance.full_at, %s) + %s
    WHERE GREATEST(allowance.full_at, %s) <= %s RETURNING full_at
    """,
    sqlite={"GREATEST": "MAX"},
)
_FULL_AT = Sql("SELECT full_at FROM allowance WHERE key = %s")
_GIVE_BACK = Sql("UPDATE allowance SET full_at = full_at - %s WHERE key = %s")
# Who takes several holds the first while he waits for the next: none of them is waited for here.
_PRUNE = Sql(
    "DELETE FROM allowance WHERE key IN (SELECT key FROM allowance WHERE full_at < %s FOR UPDATE SKIP LOCKED)"
)


def take(*shares: Share) -> None:
    """Take one of each allowance, or of none.

    Parameters:
      shares: those of many people first, always in the same order: who waits for a row holds only rows before it.

    Raises:
      UsedUp: one of them has none left.
    """
    keys = [share.key for share in shares]
    try:
        with transaction("allowance"):
            for share, key in zip(shares, keys, strict=True):
                _take(share.limit, key)
    except _Refused:
        raise UsedUp(_wait(shares)) from None


def give_back(*shares: Share) -> None:
    """Have taken nothing: it was no failure. Shares in the order in which they were taken."""
    keys = [share.key for share in shares]
    with transaction("allowance"):
        for share, key in zip(shares, keys, strict=True):
            _GIVE_BACK(share.limit.step, key)


def prune() -> int:
    """Delete those that are whole, but for those being taken: returns how many."""
    return _PRUNE.count(clock.now().timestamp())


class _Refused(Exception):
    """Undoes what was taken of the others."""


def _take(limit: Limit, key: str) -> None:
    now, step = clock.now().timestamp(), limit.step
    if _TAKE.one(key, now + step, now, step, now, now + limit.spare) is None:
        raise _Refused


def _wait(shares: Sequence[Share]) -> int:
    """Seconds until there is one of each."""
    now, waits = clock.now().timestamp(), [1]
    for share in shares:
        row = _FULL_AT.one(share.key)
        if row is not None:
            waits.append(math.ceil(row[0] - now - share.limit.spare))
    return max(waits)
