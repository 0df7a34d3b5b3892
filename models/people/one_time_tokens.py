"""One-time tokens: short ones that people type, kept as a keyed hash; the database has each used once."""

import hmac
import secrets
import string
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from peewee import BigAutoField, ForeignKeyField, TextField

from models import clock
from models.database import Row, Sql, UtcField
from models.keys import key_for
from models.people.accounts import Account

EMAIL, PHONE, PASSWORD = "email", "phone", "password"
LETTERS = string.ascii_lowercase + string.digits
LENGTHS: Mapping[str, int] = {EMAIL: 10, PHONE: 6, PASSWORD: 8}
# A password's is short-lived: who has it needs nothing else to be let in.
LIVES: Mapping[str, timedelta] = {
    EMAIL: timedelta(days=7),
    PHONE: timedelta(days=7),
    PASSWORD: timedelta(hours=1),
}


class OneTimeToken(Row):
    """A token that is out. Deleting the row uses it up.

    An account has at most one of each kind; a number without account at most one. The id is drawn by lot: rows go,
    and what was sent with one must not be taken for what is sent with the next. `target`: the address or number that
    is shown to be his; empty for a password.
    """

    id = BigAutoField()
    kind = TextField()
    token_hash = TextField()
    account = ForeignKeyField(Account, null=True, backref="one_time_tokens", on_delete="CASCADE")
    target = TextField()
    created_at = UtcField(default=clock.now)
    expires_at = UtcField()

    class Meta:
        table_name = "one_time_token"


class Made(NamedTuple):
    """A token as it is sent, and nowhere else; `until` it is good."""

    id: int
    token: str
    until: datetime


class Used(NamedTuple):
    """Whose token it was, and what for."""

    account_id: int | None
    target: str


_ADD = Sql(
    """
    INSERT INTO one_time_token (id, kind, token_hash, account_id, target, created_at, expires_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
    """
)
_CLEAR = Sql("DELETE FROM one_time_token WHERE kind = %s AND account_id = %s")
_CLEAR_EXPIRED = Sql(
    "DELETE FROM one_time_token WHERE kind = 'phone' AND account_id IS NULL AND target = %s AND expires_at <= %s"
)
_HERE = "kind = %s AND token_hash = %s AND expires_at > %s"
_FIND = Sql(f"SELECT account_id, target FROM one_time_token WHERE {_HERE}")
_USE = Sql(f"DELETE FROM one_time_token WHERE {_HERE} RETURNING account_id, target")


def renew(kind: str, account_id: int, target: str = "") -> Made:
    """A token for an account; the one of this kind that it had is void. The caller has locked the account.

    Parameters:
      target: what it shows to be his.
    """
    _CLEAR(kind, account_id)
    made = _add(kind, account_id, target, "" if kind == PASSWORD else str(account_id))
    if made is None:
        raise RuntimeError("two tokens were drawn alike")
    return made


def for_number(number: str) -> Made | None:
    """A token for a number that is no account's yet; None while one is out.

    Parameters:
      number: in E.164.
    """
    _CLEAR_EXPIRED(number, clock.now())
    return _add(PHONE, None, number, number)


def good(kind: str, token: str, owner: str = "") -> bool:
    """Whether a token could be used now: asked before slow work, decides nothing; parameters as `use`."""
    return _FIND.one(kind, _hash(kind, owner, token), clock.now()) is not None


def holder(kind: str, token: str) -> int | None:
    """The account whose token this is, as long as it could be used; decides nothing either."""
    row = _FIND.one(kind, _hash(kind, "", token), clock.now())
    return None if row is None else int(row[0])


def use(kind: str, token: str, owner: str = "") -> Used | None:
    """Use a token up, in the transaction of what it is good for. Of several at once, one has it; None for the others.

    Parameters:
      owner: whose it must be: an account's id or a number without account, as a text; nobody's for a password.
    """
    row = _USE.one(kind, _hash(kind, owner, token), clock.now())
    return None if row is None else Used(*row)


def forget(token_id: int) -> None:
    """Void a token of a number without account, which did not arrive: another one may be asked for."""
    here = (OneTimeToken.id == token_id) & OneTimeToken.account.is_null()
    OneTimeToken.delete().where(here).execute()


def prune() -> int:
    """Delete those that have expired; returns how many."""
    return int(OneTimeToken.delete().where(OneTimeToken.expires_at <= clock.now()).execute())


def void(kind: str, account_id: int) -> None:
    """Have an account's token of a kind be good for nothing any more."""
    _CLEAR(kind, account_id)


def _add(kind: str, account_id: int | None, target: str, owner: str) -> Made | None:
    token, now = "".join(secrets.choice(LETTERS) for _ in range(LENGTHS[kind])), clock.now()
    made = Made(secrets.randbits(62), token, now + LIVES[kind])
    added = _ADD.count(made.id, kind, _hash(kind, owner, token), account_id, target, now, made.until)
    return made if added == 1 else None


def _hash(kind: str, owner: str, token: str) -> str:
    """Short tokens are soon guessed from a plain hash; with a key, who has only the table cannot."""
    return hmac.digest(key_for("one-time tokens"), f"{kind} {owner} {token}".encode(), "sha256").hex()
