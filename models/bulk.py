"""Many rows of one table by one statement, and many rows changed by one: for work that comes in batches."""

from collections.abc import Mapping, Sequence
from typing import Any

from models.database import Row, db, on_postgres
from models.writing import PLAIN, columns, left_out, literal, stored


def write_many(table: type[Row], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows that name the same columns, inside a transaction; the others take their fields' defaults.

    Returns:
      Their ids, in order: a sequence counts up row by row, whatever order they are told in.

    Raises:
      peewee.IntegrityError: a unique key or a foreign key refused; nothing is written.
    """
    if not rows:
        return []
    names = tuple(rows[0])
    fixed, late = left_out(table, names)
    slots = ["%s"] * (len(names) + len(late)) + [literal(value) for _, value in fixed]
    order = [*names, *(name for name, _ in late), *(name for name, _ in fixed)]
    params: list[Any] = []
    for row in rows:
        params += [
            value if type(value) in PLAIN else stored(table, name, value)
            for name, value in ((name, row[name]) for name in names)
        ]
        params += [default() for _, default in late]
    sql = (
        f'INSERT INTO "{table._meta.table_name}" ({columns(table, order)}) '
        f"VALUES {', '.join(['(' + ', '.join(slots) + ')'] * len(rows))} RETURNING id"
    )
    return sorted(row[0] for row in _run(sql, params))


def change_many(
    table: type[Row], types: Mapping[str, str], rows: Sequence[tuple[Any, ...]], sets: str
) -> None:
    """Change rows, each its own way, inside a transaction.

    Parameters:
      types: what the values in each row of `rows` are called, and their types: `int`, `text` or `moment`; the first
        is `id`, the row's.
      sets: what is set, as SQL: the row is `t`, its values `v`.
    """
    if not rows:
        return
    spelled = {"int": "BIGINT", "text": "TEXT", "moment": "TIMESTAMPTZ" if on_postgres() else "TEXT"}
    first = ", ".join(f"CAST(%s AS {spelled[kind]})" for kind in types.values())
    other = ", ".join(["%s"] * len(types))
    values = ", ".join([f"({first})", *[f"({other})"] * (len(rows) - 1)])
    sql = (
        f"WITH v({', '.join(types)}) AS (VALUES {values}) "
        f'UPDATE "{table._meta.table_name}" AS t SET {sets} FROM v WHERE t.id = v.id'
    )
    _run(sql, [value for row in rows for value in row], fetch=False)


def _run(sql: str, params: list[Any], *, fetch: bool = True) -> list[Any]:
    cursor = db.obj.execute_sql(sql if on_postgres() else sql.replace("%s", "?").replace("%%", "%"), params)
    return list(cursor.fetchall()) if fetch else []
