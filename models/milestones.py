"""Long lists: milestones let a million rows be counted, and opened anywhere, as quickly as a thousand.

Rows of such a list are never deleted and never change owner, and their ids ascend. So what was once found out about its
older part stays true. A `Milestone` says of every `SPACING`th row what its place is, like "the row with id 48213 is the
2,000th message of contact 7"; a `Tally`, how many rows the older part has. A list's length is then its tally and a
short count of what came since; a page is the milestone before it and a few rows to step over. Reading lays none and
needs none: without any, everything is right, only slower. Writing does not know of them.

They are laid by a chore, over settled rows only. Ids are drawn before their rows are committed, so a row may appear
below one that is there already. But an id is drawn by the statement that inserts its row, and that has locked the table
for writing, until its transaction ends. So whoever may still bring an id below the highest that is visible now is
writing to the table now; when none of those writes any more, no row can appear below. (SQLite lets one transaction
write at a time: there, every visible row is settled.)

Whoever deletes rows by hand, or changes `SPACING`, empties the tables `milestone`, `tally` and `milestone_progress`:
all is laid anew.
"""

from collections.abc import Mapping
from functools import cache
from itertools import chain
from typing import Any

from peewee import SQL, BigIntegerField, CompositeKey, TextField

from models.database import Row, Sql, on_postgres, transaction

SPACING = 200  # rows; what a page steps over at most
STRIDE = 50_000  # ids that one round goes over at most: its transaction stays short
EVERYONE = "*"
LAST_ID = 2**63 - 1


class Milestone(Row):
    """`row_id` is the id of the row that is `position`th (the first is 1) in this list of this owner."""

    list = TextField()
    owner = TextField()
    position = BigIntegerField()
    row_id = BigIntegerField()

    class Meta:
        table_name = "milestone"
        primary_key = CompositeKey("list", "owner", "position")


class Tally(Row):
    """How many rows this list of this owner has, up to the id where the milestones end."""

    list = TextField()
    owner = TextField()
    length = BigIntegerField()

    class Meta:
        table_name = "tally"
        primary_key = CompositeKey("list", "owner")


class Progress(Row):
    """How far a table has milestones: up to the id `laid`; `seen` was the highest the last time.

    `writers` are the transactions that were writing to the table then, as PostgreSQL numbers them, joined by commas.
    """

    list = TextField(primary_key=True)
    laid = BigIntegerField()
    seen = BigIntegerField()
    writers = TextField()

    class Meta:
        table_name = "milestone_progress"


# What one statement's text becomes is worked out once.
_sql = cache(Sql)

_TALLY = Sql(
    """
    SELECT COALESCE(tally.length, 0), progress.laid
    FROM milestone_progress AS progress LEFT JOIN tally ON tally.list = progress.list AND tally.owner = %s
    WHERE progress.list = %s
    """
)
_AFTER_MILESTONE = """
    id > COALESCE((SELECT row_id FROM milestone WHERE list = %s AND owner = %s AND position = %s), 0)
    ORDER BY id LIMIT %s
"""
_WRITERS = Sql(
    """
    SELECT virtualtransaction FROM pg_locks
    WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND relation = CAST(%s AS regclass) AND mode = 'RowExclusiveLock' AND granted
    """
)


class LongList:
    """A table whose rows are listed owner by owner, and all together.

    Parameters:
      owners: the columns that say whose a row is; no row has the same owner in two of them.
    """

    def __init__(self, table: type[Row], *owners: Any) -> None:
        self.table: Any = table
        self.name: str = self.table._meta.table_name
        self.columns = tuple(str(field.column_name) for field in owners)

    def of(self, owner: object, query: Any = None) -> "Listed":
        """The rows of one owner.

        Parameters:
          owner: the value of the owner's column, like a contact id.
          query: the table's rows with what is shown beside them; neither ordered nor narrowed.
        """
        return Listed(self, str(owner), dict.fromkeys(self.columns, owner), query)

    def all(self, query: Any = None) -> "Listed":
        """The rows of everyone; `query` as for `of`."""
        return Listed(self, EVERYONE, {}, query)


class Listed:
    """The list of one owner, or of everyone. It counts and paginates like a Peewee query, for `api.paging.page`."""

    def __init__(self, listing: LongList, owner: str, columns: Mapping[str, object], query: Any) -> None:
        self._listing, self._owner, self._columns = listing, owner, columns
        self._query = listing.table.select() if query is None else query
        self._tallied: tuple[int, int] | None = None

    def count(self) -> int:
        """How many rows there are."""
        length, laid = self._tally()
        text, params = self._ids("id > %s", laid)
        return length + int(_sql(f"SELECT COUNT(*) FROM ({text}) AS since").one(*params)[0])

    def paginate(self, number: int, size: int) -> Any:
        """The rows of a page, in order of their ids, as a query. Pages count from 1."""
        offset = (number - 1) * size
        base = min(offset, self._tally()[0]) // SPACING * SPACING
        steps = offset - base
        text, params = self._ids(_AFTER_MILESTONE, self._listing.name, self._owner, base, steps + size)
        return self._rows(
            f"{text} ORDER BY id LIMIT %s OFFSET %s", [*params, size, steps], self._listing.table.id
        )

    def latest(self, count: int, *, before: int = LAST_ID) -> Any:
        """The last rows, the newest first, as a query: for pages that show no numbers of pages.

        Parameters:
          count: how many at most.
          before: only rows with smaller ids than this; to go on after the last one shown.
        """
        text, params = self._ids("id < %s ORDER BY id DESC LIMIT %s", before, count)
        return self._rows(
            f"{text} ORDER BY id DESC LIMIT %s", [*params, count], self._listing.table.id.desc()
        )

    def _tally(self) -> tuple[int, int]:
        """How many rows there are up to which id, asked for once."""
        if self._tallied is None:
            self._tallied = _TALLY.one(self._owner, self._listing.name) or (0, 0)
        return self._tallied

    def _ids(self, rest: str, *params: object) -> tuple[str, list[object]]:
        """The ids of those rows that `rest` is true of: one index scan a column, each no longer than need be.

        PostgreSQL answers `a = me OR b = me` by gathering and sorting all there is.
        """
        wheres = [f"{column} = %s AND {rest}" for column in self._columns] or [rest]
        scans = [
            f"SELECT id FROM (SELECT id FROM {self._listing.name} WHERE {where}) AS scan" for where in wheres
        ]
        values = [(value, *params) for value in self._columns.values()] or [params]
        return " UNION ALL ".join(scans), list(chain.from_iterable(values))

    def _rows(self, ids: str, params: list[object], order: Any) -> Any:
        chosen = SQL(f"({_sql(ids).text})", params)
        return self._query.where(self._listing.table.id.in_(chosen)).order_by(order)


def lay(listing: LongList) -> bool:
    """Lay milestones over what was there the last time, if that has settled, and see how far the table goes now.

    Returns whether there is more to lay at once. Of two at the same time, one waits for the other.
    """
    with transaction():
        here = Progress.select().where(Progress.list == listing.name)
        last = (here.for_update() if on_postgres() else here).first()
        seen = _sql(f"SELECT COALESCE(MAX(id), 0) FROM {listing.name}").one()[0]
        writers = _writers(
            listing.name
        )  # after `seen`: who has ended between the two is seen by whoever looks later
        looked = {"seen": seen, "writers": ",".join(sorted(writers))}
        if last is None:
            Progress.insert(list=listing.name, laid=0, **looked).on_conflict_ignore().execute()
            return False
        if not writers.isdisjoint(last.writers.split(",")):
            return False
        laid = min(last.seen, last.laid + STRIDE)
        if laid > last.laid:
            _lay(listing, last.laid, laid)
        more = bool(laid < last.seen)
        now = {"laid": laid} if more else {"laid": laid, **looked}
        Progress.update(now).where(Progress.list == listing.name).execute()
        return more


def _writers(table: str) -> set[str]:
    """The transactions that have inserted or changed rows of a table and are still open."""
    return {writer for (writer,) in _WRITERS.all(table)} if on_postgres() else set()


def _lay(listing: LongList, after: int, upto: int) -> None:
    """Lay the milestones of everybody over the rows in between, and add to the tallies."""
    here = f"FROM {listing.name} WHERE id > %s AND id <= %s"
    scans = [
        f"SELECT CAST({column} AS TEXT) AS owner, id {here} AND {column} IS NOT NULL"
        for column in listing.columns
    ]
    fresh = " UNION ALL ".join([*scans, f"SELECT '{EVERYONE}' AS owner, id {here}"])
    span = [after, upto] * (len(scans) + 1)
    _sql(
        f"""
        INSERT INTO milestone (list, owner, position, row_id)
        SELECT %s, owner, position, id FROM (
            SELECT fresh.owner, fresh.id, COALESCE(tally.length, 0)
                   + ROW_NUMBER() OVER (PARTITION BY fresh.owner ORDER BY fresh.id) AS position
            FROM ({fresh}) AS fresh LEFT JOIN tally ON tally.list = %s AND tally.owner = fresh.owner
        ) AS numbered
        WHERE position = position / {SPACING} * {SPACING}
        """
    )(listing.name, *span, listing.name)
    _sql(
        f"""
        INSERT INTO tally (list, owner, length)
        SELECT %s, owner, COUNT(*) FROM ({fresh}) AS fresh WHERE TRUE GROUP BY owner
        ON CONFLICT (list, owner) DO UPDATE SET length = tally.length + excluded.length
        """
    )(listing.name, *span)
