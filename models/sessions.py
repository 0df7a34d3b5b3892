"""Web sessions: who is logged in on the pages, by the hash of a token that only his browser has."""

from peewee import BigAutoField, ForeignKeyField, TextField

from models import clock
from models.database import Row, UtcField
from models.people import User


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
