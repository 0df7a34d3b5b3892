"""Logins: every user there is, his password and whether he may log in; what operators change by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import JOIN

from models.database import transaction
from models.numbers import ERASED
from models.people.passwords import hashed
from models.people.sessions import WebSession
from models.people.users import Contact, User

CHUNK = 500


class NoSuchUser(LookupError):
    """Nobody has this username."""


@dataclass(frozen=True)
class Login:
    """One user as operators see him. `kind` is `admin`, `service`, `mentor`, `mentee`, or empty for none of these."""

    username: str
    kind: str
    contact_id: int | None
    active: bool
    created_at: datetime


def everyone() -> Iterator[Login]:
    """All users by id, read in chunks."""
    last = 0
    query: Any = User.select(User, Contact.id.alias("contact_id"), Contact.kind)
    query = query.join(Contact, JOIN.LEFT_OUTER)
    while rows := list(query.where(User.id > last).order_by(User.id).limit(CHUNK).objects()):
        last = rows[-1].id
        for row in rows:
            kind = "admin" if row.is_staff else "service" if row.is_service else row.kind or ""
            yield Login(row.username, kind, row.contact_id, bool(row.is_active), row.created_at)


def exists(username: str) -> bool:
    """Whether somebody has this name; who was erased has none."""
    erased = username.startswith(f"{ERASED}:")
    return not erased and User.select().where(User.username == username).exists()


def change_password(username: str, password: str) -> None:
    """Give a user a new password. The old one, and wherever he is logged in on the pages, ends at once.

    Raises:
      NoSuchUser: nobody has the name.
    """
    _change(username, password=hashed(password))


def let_in(username: str, allowed: bool) -> None:
    """Say whether a user may log in. One who may not is out at once, everywhere.

    Raises:
      NoSuchUser: nobody has the name.
    """
    _change(username, is_active=allowed)


def _change(username: str, **changes: object) -> None:
    with transaction():
        if not exists(username):
            raise NoSuchUser(username)
        user = User.get(User.username == username)
        User.update(changes).where(User.id == user.id).execute()
        WebSession.end_all(user.id)
