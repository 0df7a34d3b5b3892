"""The database: PostgreSQL or SQLite behind one name, with transactions and UTC times that are the same on both."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import peewee
from peewee import DatabaseProxy, DateTimeField, InterfaceError, InternalError, Model, OperationalError

from models import rehearsal, settings

db = DatabaseProxy()

# What a statement on a dead or dying connection raises, whatever the driver calls it.
LOST = (OperationalError, InterfaceError)


def _as_text(moment: datetime) -> str:
    """SQLite keeps times as text of one width, so that they sort as they pass."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


sqlite3.register_adapter(datetime, _as_text)


# Every thread's connection: hung up after the thread has ended, or when the process does.
_opened: dict[threading.Thread, Any] = {}


# Peewee's stubs leave out what a subclass needs.
_Postgres: Any = peewee.PostgresqlDatabase


class Postgres(_Postgres):  # type: ignore[misc]  # see above
    """PostgreSQL with one kept connection a thread, which is let go when it has died."""

    def _connect(self) -> Any:
        connection = super()._connect()
        for thread in [thread for thread in _opened if not thread.is_alive()]:
            _opened.pop(thread).close()
        _opened[threading.current_thread()] = connection
        return connection

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Run one statement; a read that finds its connection dead is run again on a new one."""
        try:
            return super().execute_sql(sql, params)
        except LOST:
            if self.in_transaction() or not self.let_go():
                raise
            if not sql.lstrip().startswith(("SELECT", "BEGIN")):
                raise
            return super().execute_sql(sql, params)
        except InternalError as error:
            if "read-only" not in str(error):
                raise
            self._state.conn.close()  # a demoted primary: the next connection finds the new one
            raise OperationalError("the server takes no writes any more") from error

    def begin(self, isolation_level: Any = None) -> None:
        """Open a transaction, on a new connection if the kept one has died meanwhile."""
        try:
            super().begin(isolation_level)
        except LOST:
            # Peewee notes the transaction before it begins, so only the connection may be exchanged here.
            if not self._dead():
                raise
            transactions = list(self._state.transactions)
            self._close(self._state.conn)
            self._state.reset()
            self.connect()
            self._state.transactions.extend(transactions)
            super().begin(isolation_level)

    def _dead(self) -> bool:
        connection = self._state.conn
        return connection is not None and (connection.closed or connection.broken)

    def let_go(self) -> bool:
        """Close this thread's connection if it has died; say whether it had."""
        if self._dead() and not self.in_transaction():
            self.close()
            return True
        return False


class Sqlite(peewee.SqliteDatabase):
    """SQLite as a ledger: WAL, and every commit on disk before it is believed."""

    def let_go(self) -> bool:
        """A file cannot hang up."""
        return False


def bind(url: str = "") -> None:
    """Point `db` at a database.

    Parameters:
      url: `sqlite:///path` (add `?synchronous=off` for throw-away data) or `postgresql://user:password@host/name`.
        Without one, `DATABASE_URL`.
    """
    if db.obj is not None:
        close()
    url = url or settings.current().database_url
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        options = dict(parse_qsl(parts.query))
        pragmas = {
            "journal_mode": "wal",
            "foreign_keys": 1,
            "synchronous": options.get("synchronous", "full"),
        }
        db.initialize(Sqlite(parts.path.removeprefix("/"), pragmas=pragmas, timeout=20))
    else:
        options_text = "-c timezone=UTC -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"
        db.initialize(
            Postgres(
                url,
                connect_timeout=5,
                options=options_text,
                application_name="trunkline",
                tcp_user_timeout=20_000,
                keepalives_idle=20,
            )
        )


def on_postgres() -> bool:
    """Whether the bound database is PostgreSQL."""
    return isinstance(db.obj, Postgres)


@contextmanager
def transaction(name: str = "work") -> Iterator[None]:
    """All of it or nothing. Inside another transaction, a part of that one.

    Parameters:
      name: what the points of death before and after its commit are called.
    """
    if db.in_transaction():
        yield
        return
    try:
        with db.atomic() if on_postgres() else db.atomic("IMMEDIATE"):
            yield
            rehearsal.point(f"{name}.before_commit")
    except LOST:
        db.obj.let_go()
        raise
    rehearsal.point(f"{name}.after_commit")


def close() -> None:
    """Let this thread's connection go."""
    if not db.obj.is_closed():
        db.obj.close()


def close_all() -> None:
    """Let the connections of all threads go, when those threads have ended."""
    close()
    while _opened:
        _opened.popitem()[1].close()


class UtcField(DateTimeField):
    """An aware UTC time with microseconds: `timestamptz` on PostgreSQL, sortable text on SQLite."""

    field_type = "TIMESTAMPTZ"

    def db_value(self, value: datetime | None) -> datetime | str | None:
        """Aware times only: a naive one is a bug that must not be stored."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{self.name} was given a time without a zone")
        return value if on_postgres() else _as_text(value)

    def python_value(self, value: Any) -> datetime | None:
        """Always aware, always UTC."""
        return utc(value)


def utc(value: datetime | str | None) -> datetime | None:
    """A time as the database gave it, aware and in UTC: what raw statements need on SQLite."""
    if value is None:
        return None
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value.astimezone(UTC)


class Row(Model):
    """Any table of ours."""

    class Meta:
        database = db
        legacy_table_names = False


class Sql:
    """One hot statement, written once by hand in both databases' common language.

    Peewee's building of a query costs more than PostgreSQL's running of it, so the paths that every request and
    every command take are written out. Placeholders are `%s`; `sqlite=` replaces what SQLite spells differently.
    """

    def __init__(self, text: str, *, sqlite: dict[str, str] | None = None) -> None:
        self._postgres = " ".join(text.split())
        plain = self._postgres
        for theirs, ours in (sqlite or {}).items():
            plain = plain.replace(theirs, ours)
        self._sqlite = (
            plain.replace(" FOR UPDATE SKIP LOCKED", "").replace(" FOR UPDATE", "").replace("%s", "?")
        )

    @property
    def text(self) -> str:
        """The statement as the bound database spells it."""
        return self._postgres if on_postgres() else self._sqlite

    def __call__(self, *params: object) -> Any:
        """Run it; returns the cursor."""
        return db.obj.execute_sql(self.text, params)

    def one(self, *params: object) -> Any:
        """Run it; returns the first row as a tuple, or None."""
        return self(*params).fetchone()

    def all(self, *params: object) -> list[Any]:
        """Run it; returns all rows as tuples."""
        return list(self(*params).fetchall())

    def count(self, *params: object) -> int:
        """Run it; returns how many rows it touched."""
        return int(self(*params).rowcount)
