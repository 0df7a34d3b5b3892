"""Many rows by one statement: inserted, changed, or found; for work that comes in batches.

PostgreSQL is handed each batch as one JSON text: reading thousands of placeholders takes longer than the statement.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from models.database import Row, Sql, on_postgres
from models.writing import PLAIN, columns, left_out, literal, stored

_TYPES = {
    "AUTO": "INTEGER",
    "BIGAUTO": "BIGINT",
    "INT": "INTEGER",
    "BOOL": "BOOLEAN",
    "FLOAT": "DOUBLE PRECISION",
}


def write_many(table: type[Row], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows that name the same columns, inside a transaction; the others take their fields' defaults.

    Returns:
      Their ids, in order: a sequence counts up row by row.

    Raises:
      peewee.IntegrityError: a unique key or a foreign key refused; nothing is written.
    """
    if not rows:
        return []
    names = tuple(rows[0])
    fixed, late = left_out(table, names)
    given = (*names, *(name for name, _ in late))
    values = [
        [*(_plain(table, n, row[n]) for n in names), *(_made(table, *one) for one in late)] for row in rows
    ]
    kinds = {table._meta.fields[name].column_name: _kind(table, name) for name in given}
    listed = columns(table, [*given, *(name for name, _ in fixed)])
    taken = ", ".join([*(f'v."{name}"' for name in kinds), *(literal(value) for _, value in fixed)])
    source, params = _source(kinds, values)
    sql = f'INSERT INTO "{table._meta.table_name}" ({listed}) SELECT {taken} FROM {source} WHERE true RETURNING id'
    return sorted(row[0] for row in Sql(sql).all(*params))


def change_many(table: type[Row], names: Sequence[str], rows: Sequence[Sequence[Any]], sets: str) -> None:
    """Change rows, each its own way, inside a transaction.

    Parameters:
      names: whose columns' values each of `rows` holds; the first is `id`, the row's.
      sets: what is set, as SQL: the row is `t`, its values `v`.
    """
    if not rows:
        return
    kinds = {table._meta.fields[name].column_name: _kind(table, name) for name in names}
    source, params = _source(
        kinds, [[_plain(table, *one) for one in zip(names, row, strict=True)] for row in rows]
    )
    Sql(f'UPDATE "{table._meta.table_name}" AS t SET {sets} FROM {source} WHERE t.id = v.id')(*params)


def among(ids: Sequence[int]) -> Any:
    """Ids as the parameter of a statement that `Among` makes."""
    return list(ids) if on_postgres() else json.dumps(list(ids))


class Over:
    """Statements by hand over a few rows, which they see as a table `v`: one round trip on PostgreSQL.

    It is handed an array for each column. Of JSON it expects a hundred rows, and reads a whole table to join them.

    Parameters:
      kinds: the columns of `v`, each with its type as PostgreSQL spells it.
      texts: each as `Sql` takes it. The last one's result is that of all.
    """

    def __init__(self, kinds: Mapping[str, str], *texts: str) -> None:
        self._kinds, self._texts = kinds, texts
        arrays = ", ".join(f"%s::{kind}[]" for kind in kinds.values())
        named = [f"v AS (SELECT * FROM unnest({arrays}) AS v({', '.join(kinds)}))"]
        named += [f"w{number} AS ({text})" for number, text in enumerate(texts[:-1])]
        self._all = Sql(f"WITH {', '.join(named)} {texts[-1]}")

    def __call__(self, rows: Sequence[Sequence[Any]], *params: Sequence[object]) -> Any:
        """Run them over rows that name all columns, each text with its own parameters; the last one's cursor."""
        if on_postgres():
            columns = [list(column) for column in zip(*rows, strict=True)]
            return self._all(*columns, *(param for each in params for param in each))
        slots = ", ".join([f"({', '.join(['%s'] * len(self._kinds))})"] * len(rows))
        head = f"WITH v({', '.join(self._kinds)}) AS (VALUES {slots})"
        values = [value for row in rows for value in row]
        cursors = [
            Sql(f"{head} {text}")(*values, *own) for text, own in zip(self._texts, params, strict=True)
        ]
        return cursors[-1]


class Among(Sql):
    """A statement that says `= ANY(%s)` of a column, whose parameter is made by `among`."""

    def __init__(self, text: str, *, sqlite: dict[str, str] | None = None) -> None:
        super().__init__(text, sqlite={**(sqlite or {}), "= ANY(%s)": "IN (SELECT value FROM json_each(%s))"})


def _source(kinds: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> tuple[str, list[Any]]:
    """The rows as a table `v`, and the parameters of that."""
    if on_postgres():
        spelled = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
        text = json.dumps([dict(zip(kinds, row, strict=True)) for row in rows], default=datetime.isoformat)
        return f"json_to_recordset(%s) AS v({spelled})", [text]
    row = f"({', '.join(['%s'] * len(kinds))})"
    named = ", ".join(f'column{number} AS "{name}"' for number, name in enumerate(kinds, 1))
    return f"(SELECT {named} FROM (VALUES {', '.join([row] * len(rows))})) AS v", [
        one for row in rows for one in row
    ]


def _kind(table: type[Row], name: str) -> str:
    """A field's type as PostgreSQL spells it."""
    kind = str(table._meta.fields[name].field_type)
    return _TYPES.get(kind, kind)


def _plain(table: type[Row], name: str, value: Any) -> Any:
    return value if type(value) in PLAIN else stored(table, name, value)


def _made(table: type[Row], name: str, default: Callable[[], Any]) -> Any:
    return _plain(table, name, default())
