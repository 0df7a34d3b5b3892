"""Keys: what signs links and hashes short tokens, one key for each purpose, all derived from one secret."""

import secrets
from functools import cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from peewee import TextField

from models import settings
from models.database import Row, db

NAME = "secret_key"


class KeptSecret(Row):
    """A secret that nobody set, made once and kept here. Who reads the database then has it: set SECRET_KEY."""

    name = TextField(primary_key=True)
    value = TextField()

    class Meta:
        table_name = "kept_secret"


def key_for(purpose: str) -> bytes:
    """32 bytes for this purpose, the same in every process.

    Parameters:
      purpose: what they are for; two purposes have keys that tell nothing of each other.
    """
    return _derived(settings.current().secret_key or _kept(settings.current().database_url), purpose)


@cache
def _derived(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"trunkline {purpose}".encode()).derive(secret.encode())


_read: dict[str, str] = {}


def _kept(database: str) -> str:
    """The secret in the database; who comes first makes it. One that may yet be rolled back is not remembered."""
    if database not in _read:
        KeptSecret.insert(name=NAME, value=secrets.token_urlsafe(32)).on_conflict_ignore().execute()
        secret = str(KeptSecret.get_by_id(NAME).value)
        if db.in_transaction():
            return secret
        _read[database] = secret
    return _read[database]
