"""Auth tokens: what an app shows with every request, kept as a hash."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from peewee import BigAutoField, ForeignKeyField, TextField

from models import clock
from models.database import Row, Sql, UtcField, utc
from models.people.accounts import Account

VERIFIED_LIFE = timedelta(days=7)
UNVERIFIED_LIFE = timedelta(hours=24)  # of who has not shown that his mail address is his


# The user's row is held meanwhile: a password that is being changed is waited for, and the old one opens nothing then.
# The account's goes before it, as whoever erases somebody takes them.
_OPEN = Sql(
    """
    INSERT INTO auth_token (token_hash, account_id, created_at, expires_at)
    SELECT %s, a.id, %s, %s FROM account AS a JOIN person AS p ON p.id = a.user_id
    WHERE a.id = %s AND p.password = %s AND p.is_active FOR KEY SHARE OF a FOR SHARE OF p
    """,
    sqlite={" FOR KEY SHARE OF a FOR SHARE OF p": ""},
)


class AuthToken(Row):
    """One login of one app. Deleting the row logs it out. 128 random bits need no slow hash."""

    id = BigAutoField()
    token_hash = TextField(unique=True)
    account = ForeignKeyField(Account, backref="auth_tokens", on_delete="CASCADE")
    created_at = UtcField(default=clock.now)
    expires_at = UtcField()

    class Meta:
        table_name = "auth_token"

    @classmethod
    def open(cls, account: Account) -> str:
        """Log in. Returns the token: 32 lower-case hex characters."""
        token, now = secrets.token_hex(16), clock.now()
        life = VERIFIED_LIFE if account.email_verified else UNVERIFIED_LIFE
        cls.insert(token_hash=digest(token), account=account, created_at=now, expires_at=now + life).execute()
        return token

    @classmethod
    def open_with(cls, account: Account, stored: str) -> str | None:
        """Log in by a password. Returns the token; None when the password or its user has changed meanwhile.

        Parameters:
          stored: the hash that the password was checked against.
        """
        token, now = secrets.token_hex(16), clock.now()
        life = VERIFIED_LIFE if account.email_verified else UNVERIFIED_LIFE
        opened = _OPEN.count(digest(token), now, now + life, account.id, stored)
        return token if opened == 1 else None

    @classmethod
    def end(cls, token: str) -> None:
        """Log this app out."""
        cls.delete().where(cls.token_hash == digest(token)).execute()

    @classmethod
    def end_all(cls, account_id: int, but: str = "") -> None:
        """Log an account out everywhere.

        Parameters:
          but: the token that stays.
        """
        cls.delete().where((cls.account == account_id) & (cls.token_hash != digest(but))).execute()


def digest(token: str) -> str:
    """What is stored of a token: who reads the table cannot log in with it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


# One query tells everything that the hot paths need of who asks.
_WHO = Sql(
    """
    SELECT a.id, a.user_id, a.uuid, p.is_staff, p.is_active, a.email_verified, a.phone_verified, a.payment_verified,
        t.expires_at, h.id
    FROM auth_token AS t JOIN account AS a ON a.id = t.account_id JOIN person AS p ON p.id = a.user_id
        LEFT JOIN hero AS h ON h.account_id = a.id
    WHERE t.token_hash = %s
    """
)


@dataclass(frozen=True, slots=True)
class Member:
    """Who asks: the owner of a token. `hero_id` is None when he is none."""

    account_id: int
    user_id: int
    uuid: str
    is_staff: bool
    is_active: bool
    email_verified: bool
    phone_verified: bool
    payment_verified: bool
    hero_id: int | None

    @classmethod
    def of(cls, token: str) -> Self | None:
        """Whose token this is; None for a token that nobody has, or that has expired, which is then deleted."""
        row = _WHO.one(digest(token))
        if row is None:
            return None
        account_id, user_id, uuid, staff, active, email, phone, payment, until, hero_id = row
        if (utc(until) or clock.now()) <= clock.now():
            AuthToken.end(token)
            return None
        return cls(
            account_id,
            user_id,
            uuid,
            bool(staff),
            bool(active),
            bool(email),
            bool(phone),
            bool(payment),
            hero_id,
        )
