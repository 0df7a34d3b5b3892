"""Logins: every user there is, his password and whether he may log in; what operators change by hand.

Operators call somebody by his username, or by the address of his account.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import JOIN

from models.database import transaction
from models.numbers import ERASED
from models.people.accounts import Account
from models.people.one_time_tokens import PASSWORD, OneTimeToken
from models.people.passwords import hashed
from models.people.sessions import WebSession
from models.people.tokens import AuthToken
from models.people.users import Contact, User

CHUNK = 500


class NoSuchUser(LookupError):
    """Nobody has this username or address."""


@dataclass(frozen=True)
class Login:
    """One user as operators see him.

    `kind` is `admin`, `service`, `mentor`, `mentee`, `member` for who has an account and is none of these, or empty.
    `email` is the address of his account.
    """

    username: str
    kind: str
    contact_id: int | None
    email: str | None
    active: bool
    created_at: datetime


def everyone() -> Iterator[Login]:
    """All users by id, read in chunks."""
    last = 0
    query: Any = User.select(
        User, Contact.id.alias("contact_id"), Contact.kind, Account.email.alias("address")
    )
    query = query.join(Contact, JOIN.LEFT_OUTER).switch(User).join(Account, JOIN.LEFT_OUTER)
    while rows := list(query.where(User.id > last).order_by(User.id).limit(CHUNK).objects()):
        last = rows[-1].id
        for row in rows:
            usual = row.kind or ("member" if row.address else "")
            kind = "admin" if row.is_staff else "service" if row.is_service else usual
            yield Login(row.username, kind, row.contact_id, row.address, bool(row.is_active), row.created_at)


def of(name: str) -> User:
    """The user with this username, or else with this address; who was erased has neither.

    Raises:
      NoSuchUser
    """
    user: User | None = User.get_or_none(User.username == name)
    if user is None:
        user = User.select().join(Account).where(Account.email == name.lower()).first()
    if user is None or user.username.startswith(f"{ERASED}:"):
        raise NoSuchUser(name)
    return user


def change_password(name: str, password: str) -> None:
    """Give a user a new password. The old one, and wherever he is logged in, ends at once; so does a token to reset it.

    Raises:
      NoSuchUser: nobody has the name.
    """
    _change(name, password=hashed(password))


def let_in(name: str, allowed: bool) -> None:
    """Say whether a user may log in. One who may not is out at once, everywhere.

    Raises:
      NoSuchUser: nobody has the name.
    """
    _change(name, is_active=allowed)


def forget_resets(user_id: int) -> None:
    """Void what was mailed to a user to reset his password. Before his row changes: whoever uses it locks so, too."""
    mine = Account.select(Account.id).where(Account.user == user_id)
    OneTimeToken.delete().where((OneTimeToken.kind == PASSWORD) & OneTimeToken.account.in_(mine)).execute()


def sign_out(user_id: int) -> None:
    """Log a user out everywhere: on the pages and in apps. After his row was changed, so that nobody slips in."""
    WebSession.end_all(user_id)
    mine = Account.select(Account.id).where(Account.user == user_id)
    AuthToken.delete().where(AuthToken.account.in_(mine)).execute()


def _change(name: str, **changes: object) -> None:
    with transaction():
        user = of(name)
        forget_resets(user.id)
        User.update(changes).where(User.id == user.id).execute()
        sign_out(user.id)
