"""Web sessions: who is logged in on the pages, by the hash of a token that only his browser has."""

import hashlib
import secrets
from datetime import timedelta

from peewee import BigAutoField, ForeignKeyField, TextField

from models import clock
from models.database import Row, Sql, UtcField
from models.people.users import User

LIFE = timedelta(hours=12)  # from the login on, used or not

# The user's row is held meanwhile: a password that is being changed is waited for, and the old one opens nothing then.
_OPEN = Sql(
    """
    INSERT INTO web_session (token_hash, user_id, csrf, created_at, expires_at)
    SELECT %s, id, %s, %s, %s FROM person WHERE id = %s AND password = %s AND is_active FOR SHARE
    """,
    sqlite={" FOR SHARE": ""},
)


class WebSession(Row):
    """One login on one browser. Deleting the row logs it out."""

    id = BigAutoField()
    token_hash = TextField(unique=True)
    user = ForeignKeyField(User, backref="sessions", on_delete="CASCADE")
    csrf = TextField()
    created_at = UtcField(default=clock.now)
    expires_at = UtcField()

    user_id: int

    class Meta:
        table_name = "web_session"

    @classmethod
    def open(cls, user_id: int, stored: str) -> str | None:
        """Log a user in. Returns the token for his browser; None when he has changed or gone meanwhile.

        Parameters:
          stored: the password's hash that his password was checked against.
        """
        token, now = secrets.token_urlsafe(32), clock.now()
        opened = _OPEN.count(digest(token), secrets.token_urlsafe(32), now, now + LIFE, user_id, stored)
        return token if opened == 1 else None

    @classmethod
    def end(cls, token: str) -> None:
        """Log one browser out."""
        cls.delete().where(cls.token_hash == digest(token)).execute()

    @classmethod
    def end_all(cls, user_id: int) -> None:
        """Log a user out everywhere: his password was changed, or he may not log in any more."""
        cls.delete().where(cls.user == user_id).execute()


def digest(token: str) -> str:
    """What is stored of a token: who reads the table cannot log in with it."""
    return hashlib.sha256(token.encode()).hexdigest()
