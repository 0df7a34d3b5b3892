"""Tokens of `/rest-api`: a user's own key for programs, kept as a hash."""

from peewee import BigAutoField, ForeignKeyField, TextField

from models import clock
from models.database import Row, UtcField
from models.people.users import User


class RestToken(Row):
    """One key of one user. Deleting the row ends it."""

    id = BigAutoField()
    token_hash = TextField(unique=True)
    user = ForeignKeyField(User, backref="rest_tokens", on_delete="CASCADE")
    created_at = UtcField(default=clock.now)

    class Meta:
        table_name = "rest_token"
