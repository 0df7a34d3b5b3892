"""Looking at what a request did: the rows it wrote and the statements it took."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from models import database

UNTOLD = ("receipt", "schema_migration", "sqlite_sequence")


def rows() -> dict[str, int]:
    """How many rows each table has, but for the kept raw reports."""
    tables = [name for name in database.db.obj.get_tables() if name not in UNTOLD]
    return {
        name: database.db.obj.execute_sql(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in tables
    }


class _Counter(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.statements: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.statements.append(str(record.msg))


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that Peewee runs meanwhile."""
    logger, counter = logging.getLogger("peewee"), _Counter()
    level = logger.level
    logger.addHandler(counter)
    logger.setLevel(logging.DEBUG)
    try:
        yield counter.statements
    finally:
        logger.removeHandler(counter)
        logger.setLevel(level)
