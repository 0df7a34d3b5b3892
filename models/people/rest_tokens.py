"""Tokens of `/rest-api`: a user's own key for programs, kept as a hash."""

import secrets

from peewee import BigAutoField, ForeignKeyField, TextField

from models import clock
from models.database import Row, UtcField
from models.people.tokens import digest
from models.people.users import User


class RestToken(Row):
    """One key of one user. Deleting the row ends it."""

    id = BigAutoField()
    token_hash = TextField(unique=True)
    user = ForeignKeyField(User, backref="rest_tokens", on_delete="CASCADE")
    created_at = UtcField(default=clock.now)

    user_id: int

    class Meta:
        table_name = "rest_token"

    @classmethod
    def issue(cls, user: User) -> str:
        """Give a user one more key. Returns it: 40 lower-case hex characters, which are kept nowhere."""
        key = secrets.token_hex(20)
        cls.create(token_hash=digest(key), user=user)
        return key

    @classmethod
    def whose(cls, key: str) -> int | None:
        """The id of the user whose key this is; None when it is nobody's."""
        row = cls.get_or_none(cls.token_hash == digest(key))
        return None if row is None else row.user_id

    @classmethod
    def end_all(cls, user: User) -> int:
        """End all the keys of a user. Returns how many they were."""
        return int(cls.delete().where(cls.user == user).execute())
