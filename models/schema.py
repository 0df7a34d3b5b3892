"""The schema: Peewee's own migrations, run from empty to current, by one process at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playhouse.migrations import Runner

from models.database import db, on_postgres

DIRECTORY = Path(__file__).parent / "migrations"
_LOCK = 0x7472756E6B  # "trunk": the advisory lock that keeps two processes from migrating at once


def migrate() -> list[str]:
    """Apply what is missing. Returns the names of the migrations that ran."""
    with _alone():
        return list(Runner(db.obj, str(DIRECTORY)).up())


def missing() -> list[str]:
    """The migrations that this database has not seen yet."""
    return [row.name for row in Runner(db.obj, str(DIRECTORY)).status() if row.applied is None]


@contextmanager
def _alone() -> Iterator[None]:
    if not on_postgres():
        yield
        return
    db.obj.execute_sql("SELECT pg_advisory_lock(%s)", (_LOCK,))
    try:
        yield
    finally:
        db.obj.execute_sql("SELECT pg_advisory_unlock(%s)", (_LOCK,))
