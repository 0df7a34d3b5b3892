"""Rows that belong together, written in one round trip: the hot path of every accepted request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from models import rehearsal
from models.database import Row, Sql, db, on_postgres, transaction


@dataclass(frozen=True)
class IdOf:
    """The id that another row of the same writing will get.

    Parameters:
      row: which row, counted from 0.
      before, after: text around it, which makes it a text: `IdOf(0, "call:")` is `call:12`.
    """

    row: int
    before: str = ""
    after: str = ""

    def known(self, ids: Sequence[int]) -> Any:
        """The value, once the ids are known."""
        return f"{self.before}{ids[self.row]}{self.after}" if self.before or self.after else ids[self.row]

    def sql(self) -> str:
        """The value as PostgreSQL computes it inside the statement."""
        inner = f"(SELECT id FROM r{self.row})"
        return f"%s || {inner} || %s" if self.before or self.after else inner

    @property
    def params(self) -> tuple[str, ...]:
        """What fills the placeholders of `sql`."""
        return (self.before, self.after) if self.before or self.after else ()


class New(NamedTuple):
    """One row to be written: its table and its values, which may hold `IdOf` an earlier row."""

    table: type[Row]
    values: Mapping[str, Any]


def write(*rows: New) -> list[int]:
    """Insert all rows in one transaction and return their ids, in order.

    On PostgreSQL it is one statement, so one round trip and one commit; on SQLite a short transaction. Columns
    not given take their field's default.

    Raises:
      peewee.IntegrityError: a unique key or a foreign key refused; nothing is written.
    """
    if not on_postgres():
        return _one_by_one(rows)
    shape: list[tuple[type[Row], tuple[tuple[str, str], ...]]] = []
    params: list[Any] = []
    for table, values in rows:
        slots = []
        for name, value in (*values.items(), *_defaults(table, tuple(values))):
            if type(value) is IdOf:
                slots.append((name, value.sql()))
                params.extend(value.params)
            else:
                slots.append((name, "%s"))
                params.append(_stored(table, name, value))
        shape.append((table, tuple(slots)))
    rehearsal.point("accept.before_commit")
    ids = db.obj.execute_sql(_statement(tuple(shape)), params).fetchone()
    rehearsal.point("accept.after_commit")
    return list(ids)


@lru_cache(maxsize=256)
def _left_out(table: type[Row], names: tuple[str, ...]) -> tuple[tuple[str, Any], ...]:
    defaults = table._meta.defaults.items()
    return tuple((field.name, default) for field, default in defaults if field.name not in names)


def _defaults(table: type[Row], names: tuple[str, ...]) -> list[tuple[str, Any]]:
    """The columns that were not given, and what they take."""
    return [(name, value() if callable(value) else value) for name, value in _left_out(table, names)]


def _stored(table: type[Row], name: str, value: Any) -> Any:
    """What the field makes of a value; plain ones are stored as they are."""
    return value if type(value) in _PLAIN else table._meta.fields[name].db_value(value)


_PLAIN = frozenset((str, int, bool, type(None)))


def _columns(table: type[Row], names: Sequence[str]) -> str:
    return ", ".join(f'"{table._meta.fields[name].column_name}"' for name in names)


@lru_cache(maxsize=256)
def _statement(shape: tuple[tuple[type[Row], tuple[tuple[str, str], ...]], ...]) -> str:
    parts = []
    for number, (table, slots) in enumerate(shape):
        columns = _columns(table, [name for name, _ in slots])
        values = ", ".join(slot for _, slot in slots)
        name = table._meta.table_name
        parts.append(f'r{number} AS (INSERT INTO "{name}" ({columns}) VALUES ({values}) RETURNING id)')
    names = [f"r{number}" for number in range(len(shape))]
    return f"WITH {', '.join(parts)} SELECT {', '.join(f'{n}.id' for n in names)} FROM {', '.join(names)}"


def _one_by_one(rows: Sequence[New]) -> list[int]:
    ids: list[int] = []
    with transaction("accept"):
        for table, given in rows:
            values = (*given.items(), *_defaults(table, tuple(given)))
            sql = (
                f'INSERT INTO "{table._meta.table_name}" ({_columns(table, [name for name, _ in values])}) '
                f"VALUES ({', '.join('?' for _ in values)})"
            )
            known = [v.known(ids) if isinstance(v, IdOf) else _stored(table, n, v) for n, v in values]
            ids.append(db.obj.execute_sql(sql, known).lastrowid)
    return ids


class Together:
    """Writes of different rows, by hand: one round trip on PostgreSQL, one after another on SQLite.

    Parameters:
      texts: each as `Sql` takes it. The last one's result is that of all.
    """

    def __init__(self, *texts: str) -> None:
        *others, last = texts
        self._each = [Sql(text) for text in texts]
        self._all = Sql(f"WITH {', '.join(f'w{n} AS ({text})' for n, text in enumerate(others))} {last}")

    def __call__(self, *params: Sequence[object]) -> Any:
        """Run them, each with its own parameters; returns the last one's cursor."""
        if on_postgres():
            return self._all(*(param for given in params for param in given))
        return [sql(*given) for sql, given in zip(self._each, params, strict=True)][-1]
