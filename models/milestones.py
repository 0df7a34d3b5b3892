"""Long lists: milestones let a million rows be counted, and opened anywhere, as quickly as a thousand.

Rows of such a list are never deleted and never change owner, and their ids ascend. So what was once found out about
its older part stays true: "the row with id 48213 is the 2,000th message of contact 7". A `Milestone` is such a
sentence; one is laid every `SPACING` rows of every list. A list's length is then its last milestone's position and a
short count of what follows; a page is the milestone before it and a few rows to step over. Reading lays none and needs
none: without any, everything is right, only slower. Writing does not know of them.

They are laid by a chore, over settled rows only. Ids are drawn before their rows are committed, so a row may appear
below one that is there already. Every id up to the highest that is visible at a moment was drawn before that moment, by
a transaction that had begun before it: when none of those is open any more, no row can appear below. (SQLite lets one
transaction write at a time: there, every visible row is settled.)

Whoever deletes rows by hand, or changes `SPACING`, empties the tables `milestone` and `survey`: new ones are laid.
"""

from collections.abc import Mapping
from functools import cache
from itertools import chain
from typing import Any

from peewee import SQL, BigIntegerField, CompositeKey, TextField

from models.database import Row, Sql, UtcField, on_postgres, utc

SPACING = 200  # rows; what a page steps over at most, and what is counted at most beyond the settled ones
STRIDE = 50_000  # ids that one round surveys at most: its transaction stays short
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


class Survey(Row):
    """How far a table is surveyed: milestones are laid up to the id `laid`; `seen` was the highest at `seen_at`."""

    list = TextField(primary_key=True)
    laid = BigIntegerField()
    seen = BigIntegerField()
    seen_at = UtcField()

    class Meta:
        table_name = "survey"


# What one statement's text becomes is worked out once.
_sql = cache(Sql)

_LAST = Sql(
    "SELECT position, row_id FROM milestone WHERE list = %s AND owner = %s ORDER BY position DESC LIMIT 1"
)
_AFTER_MILESTONE = """
    id > COALESCE((SELECT row_id FROM milestone WHERE list = %s AND owner = %s AND position = %s), 0)
    ORDER BY id LIMIT %s
"""
_NOW = Sql("SELECT clock_timestamp()", sqlite={"clock_timestamp()": "CURRENT_TIMESTAMP"})
_OPEN = Sql(
    """
    SELECT COUNT(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
          AND xact_start <= %s
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
        self._milestone: tuple[int, int] | None = None

    def count(self) -> int:
        """How many rows there are."""
        position, row_id = self._last()
        text, params = self._ids("id > %s", row_id)
        return position + int(_sql(f"SELECT COUNT(*) FROM ({text}) AS tail").one(*params)[0])

    def paginate(self, number: int, size: int) -> Any:
        """The rows of a page, in order of their ids, as a query. Pages count from 1."""
        offset = (number - 1) * size
        base = min(offset // SPACING * SPACING, self._last()[0])
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

    def lay(self, upto: int) -> None:
        """Lay milestones over the rows up to this id, which are settled."""
        position, row_id = self._last()
        text, params = self._ids("id > %s AND id <= %s", row_id, upto)
        numbered = f"SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS n FROM ({text}) AS fresh"
        statement = f"""
            INSERT INTO milestone (list, owner, position, row_id)
            SELECT %s, %s, %s + n, id FROM ({numbered}) AS numbered WHERE n = n / {SPACING} * {SPACING}
            ON CONFLICT DO NOTHING
            """
        _sql(statement)(self._listing.name, self._owner, position, *params)

    def _last(self) -> tuple[int, int]:
        """The last milestone's position and row, asked for once."""
        if self._milestone is None:
            self._milestone = _LAST.one(self._listing.name, self._owner) or (0, 0)
        return self._milestone

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


def survey(listing: LongList) -> bool:
    """Lay milestones over what was there at the last survey, if that has settled, and see how far the table goes now.

    Returns whether there is more to lay at once. Two at the same time lay the same.
    """
    seen, moment = _sql(f"SELECT COALESCE(MAX(id), 0) FROM {listing.name}").one()[0], utc(_NOW.one()[0])
    last = Survey.get_or_none(Survey.list == listing.name)
    if last is None:
        first = {"list": listing.name, "laid": 0, "seen": seen, "seen_at": moment}
        Survey.insert(**first).on_conflict_ignore().execute()
        return False
    if on_postgres() and _OPEN.one(last.seen_at)[0]:
        return False
    laid = min(last.seen, last.laid + STRIDE)
    _lay(listing, last.laid, laid)
    more = bool(laid < last.seen)
    looked = {} if more else {"seen": seen, "seen_at": moment}
    here = (Survey.list == listing.name) & (Survey.laid == last.laid) & (Survey.seen == last.seen)
    Survey.update(laid=laid, **looked).where(here).execute()
    return more


def _lay(listing: LongList, after: int, upto: int) -> None:
    """Lay the milestones of everybody who has rows in between, and of everyone together."""
    if after == upto:
        return
    owners: set[object] = set()
    for column in listing.columns:
        text = f"SELECT DISTINCT {column} FROM {listing.name} WHERE id > %s AND id <= %s AND {column} IS NOT NULL"
        owners.update(owner for (owner,) in _sql(text).all(after, upto))
    for owner in owners:
        listing.of(owner).lay(upto)
    listing.all().lay(upto)
