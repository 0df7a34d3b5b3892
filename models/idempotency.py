"""Idempotency keys: a client that lost the answer asks again and gets the first one."""

import hashlib
from datetime import timedelta

from peewee import BigAutoField, BigIntegerField, TextField

from models import clock
from models.database import Row, UtcField
from models.writing import IdOf, New

LIFE = timedelta(hours=24)


class KeyReused(Exception):
    """The key belongs to a different request."""


class IdempotencyKey(Row):
    """One key that one user gave with one kind of request, and the object that request made."""

    id = BigAutoField()
    owner_id = BigIntegerField()
    route = TextField()
    key = TextField()
    fingerprint = TextField()
    object_id = BigIntegerField()
    created_at = UtcField(default=clock.now, index=True)

    class Meta:
        table_name = "idempotency_key"
        indexes = ((("owner_id", "route", "key"), True),)

    @classmethod
    def claim(cls, owner_id: int, route: str, key: str, body: str, object_id: IdOf) -> New:
        """The row to be written with the object: it refuses a second one."""
        values = {"owner_id": owner_id, "route": route, "key": key, "fingerprint": _digest(body)}
        return New(cls, {**values, "object_id": object_id, "created_at": clock.now()})

    @classmethod
    def first(cls, owner_id: int, route: str, key: str, body: str) -> int | None:
        """The id of the object made under this key in the last 24 hours; an older key is forgotten.

        Raises:
          KeyReused: the key came with another body.
        """
        here = (cls.owner_id == owner_id) & (cls.route == route) & (cls.key == key)
        cls.delete().where(here & (cls.created_at < clock.now() - LIFE)).execute()
        row = cls.get_or_none(here)
        if row is None:
            return None
        if row.fingerprint != _digest(body):
            raise KeyReused
        return int(row.object_id)


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
