"""Rows that belong together, written in one round trip: the hot path of every accepted request."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from models import rehearsal
from models.database import Row, db, on_postgres, transaction


class IdOf(NamedTuple):
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
    shape: list[type[Row] | str | IdOf] = []
    params: list[Any] = []
    for table, values in rows:
        shape.append(table)
        for name, value in values.items():
            shape.append(name)
            kind = type(value)
            if kind is IdOf:
                shape.append(value)
                params += value.params
            else:
                params.append(value if kind in PLAIN else stored(table, name, value))
        params += [late() for _, late in left_out(table, tuple(values)).late]
    rehearsal.point("accept.before_commit")
    ids = db.obj.execute_sql(_statement(tuple(shape)), params).fetchone()
    rehearsal.point("accept.after_commit")
    return list(ids)


class _LeftOut(NamedTuple):
    """The columns that were not given: those with a fixed default, and those whose default is made anew each time."""

    fixed: Sequence[tuple[str, Any]]
    late: Sequence[tuple[str, Callable[[], Any]]]


@lru_cache(maxsize=256)
def left_out(table: type[Row], names: tuple[str, ...]) -> _LeftOut:
    """The columns of a table beside these."""
    defaults = [(f.name, default) for f, default in table._meta.defaults.items() if f.name not in names]
    late = [(name, default) for name, default in defaults if callable(default)]
    return _LeftOut([(name, default) for name, default in defaults if not callable(default)], late)


def stored(table: type[Row], name: str, value: Any) -> Any:
    """What the field makes of a value."""
    return table._meta.fields[name].db_value(value)


PLAIN = frozenset((str, int, bool, type(None)))  # what every field stores as it is


def columns(table: type[Row], names: Sequence[str]) -> str:
    """Fields as SQL names their columns."""
    return ", ".join(f'"{table._meta.fields[name].column_name}"' for name in names)


@lru_cache(maxsize=256)
def _statement(shape: tuple[type[Row] | str | IdOf, ...]) -> str:
    """The statement for rows of this shape: each table, then its columns, each with whose id it takes, if any."""
    rows: list[tuple[type[Row], dict[str, str]]] = []
    for part in shape:
        if isinstance(part, str):
            rows[-1][1][part] = "%s"
        elif isinstance(part, IdOf):
            rows[-1][1][list(rows[-1][1])[-1]] = part.sql()
        else:
            rows.append((part, {}))
    parts = []
    for number, (table, slots) in enumerate(rows):
        fixed, late = left_out(table, tuple(slots))
        slots |= {name: "%s" for name, _ in late} | {name: literal(value) for name, value in fixed}
        named, values = columns(table, list(slots)), ", ".join(slots.values())
        name = table._meta.table_name
        parts.append(f'r{number} AS (INSERT INTO "{name}" ({named}) VALUES ({values}) RETURNING id)')
    names = [f"r{number}" for number in range(len(rows))]
    return f"WITH {', '.join(parts)} SELECT {', '.join(f'{n}.id' for n in names)} FROM {', '.join(names)}"


def literal(value: str | int | bool) -> str:
    """A default as SQL writes it."""
    return (
        str(value) if not isinstance(value, str) else "'" + value.replace("'", "''").replace("%", "%%") + "'"
    )


def _one_by_one(rows: Sequence[New]) -> list[int]:
    ids: list[int] = []
    with transaction("accept"):
        for table, given in rows:
            fixed, late = left_out(table, tuple(given))
            values = (*given.items(), *fixed, *((name, default()) for name, default in late))
            sql = (
                f'INSERT INTO "{table._meta.table_name}" ({columns(table, [name for name, _ in values])}) '
                f"VALUES ({', '.join('?' for _ in values)})"
            )
            known = [v.known(ids) if isinstance(v, IdOf) else stored(table, n, v) for n, v in values]
            ids.append(db.obj.execute_sql(sql, known).lastrowid)
    return ids
