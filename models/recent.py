"""What happened lately: how carriers answered, and today's calls and texts by the hour.

Each look counts the latest rows only, found by their ascending ids, so that it costs the same however much is kept.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from models import clock, settings
from models.database import Sql, utc
from models.numbers import masked

LATELY = timedelta(hours=1)
HOUR = timedelta(hours=1)
MOST_ATTEMPTS = 1_000  # of the last hour; a median of so many says enough
MOST_ROWS = 3_000  # of a day's chart; a busier day is shown from where these begin

_RECENT = f"FROM (SELECT * FROM attempt ORDER BY id DESC LIMIT {MOST_ATTEMPTS}) AS latest WHERE begun_at > %s"
_OUTCOMES = Sql(
    f"""
    SELECT provider, outcome, COUNT(*), MAX(CASE WHEN cause IS NULL THEN 0 ELSE id END) {_RECENT}
    GROUP BY provider, outcome ORDER BY provider, outcome
    """
)
_MEDIANS = Sql(
    f"""
    SELECT provider, AVG(took) FROM (
        SELECT provider, EXTRACT(EPOCH FROM ended_at - begun_at) AS took,
               ROW_NUMBER() OVER (PARTITION BY provider ORDER BY ended_at - begun_at) AS place,
               COUNT(*) OVER (PARTITION BY provider) AS many
        {_RECENT} AND outcome IN ('accepted', 'rejected') AND ended_at IS NOT NULL) AS answers
    WHERE place IN ((many + 1) / 2, (many + 2) / 2) GROUP BY provider
    """,
    sqlite={
        "EXTRACT(EPOCH FROM ended_at - begun_at)": "(julianday(ended_at) - julianday(begun_at)) * 86400.0",
        "ORDER BY ended_at - begun_at": "ORDER BY julianday(ended_at) - julianday(begun_at)",
    },
)
_CAUSES = Sql("SELECT provider, cause, begun_at FROM attempt WHERE id IN (%s, %s, %s, %s, %s) ORDER BY id")
_ASKED_AT_ONCE = 5


@dataclass
class Carrier:
    """How a carrier answered in the last hour.

    Parameters:
      outcomes: how many attempts ended how (`models.deliveries.life`), of at most `MOST_ATTEMPTS`.
      median: seconds until a yes or a no; None when it gave neither.
      cause: why the last one failed, without phone numbers; empty when none did.
      failed_at: when that one was begun.
    """

    name: str
    outcomes: dict[str, int] = field(default_factory=dict)
    median: float | None = None
    cause: str = ""
    failed_at: datetime | None = None


def carriers() -> list[Carrier]:
    """Every carrier that was asked in the last hour."""
    since = clock.now() - LATELY
    found: dict[str, Carrier] = {}
    failed: dict[str, int] = {}
    for name, outcome, count, last in _OUTCOMES.all(since):
        found.setdefault(name, Carrier(name)).outcomes[outcome] = count
        failed[name] = max(failed.get(name, 0), last)
    for name, median in _MEDIANS.all(since):
        found[name].median = float(median)
    ids = sorted(filter(None, failed.values()), reverse=True)[:_ASKED_AT_ONCE]
    for name, cause, begun_at in _CAUSES.all(*ids, *[0] * (_ASKED_AT_ONCE - len(ids))):
        found[name].cause, found[name].failed_at = masked(cause), utc(begun_at)
    return list(found.values())


@dataclass(frozen=True)
class Day:
    """Today in the zone of the settings, counted by hour.

    Parameters:
      hours: what the clock on the wall says at the beginning of each hour; 23 or 25 of them when it is moved.
      counts: by word (a status, a state), the number in each hour.
      since: from where on it is counted, on a day with more than `MOST_ROWS`; None for all of it.
    """

    hours: tuple[int, ...]
    counts: dict[str, list[int]]
    since: datetime | None


def _by_hour(table: str, moment: str, word: str) -> Sql:
    return Sql(
        f"""
        SELECT CAST(FLOOR(EXTRACT(EPOCH FROM {moment} - CAST(%s AS TIMESTAMPTZ)) / 3600) AS INTEGER) AS hour, {word},
               COUNT(*), MIN({moment})
        FROM (SELECT {moment}, {word} FROM {table} ORDER BY id DESC LIMIT {MOST_ROWS}) AS latest
        WHERE {moment} >= %s AND {moment} < %s GROUP BY 1, 2
        """,
        sqlite={
            f"FLOOR(EXTRACT(EPOCH FROM {moment} - CAST(%s AS TIMESTAMPTZ)) / 3600)": (
                f"(unixepoch(substr({moment}, 1, 19)) - unixepoch(%s)) / 3600"
            )
        },
    )


_CALLS = _by_hour("call", "start_time", "status")
_TEXTS = _by_hour("message", "time_sent", "state")


def calls_today() -> Day:
    """Today's calls by their status."""
    return _today(_CALLS)


def texts_today() -> Day:
    """Today's messages by their state."""
    return _today(_TEXTS)


def _today(counted: Sql) -> Day:
    zone = settings.current().zone
    today = clock.now().astimezone(zone).date()
    begin, end = (_midnight(day) for day in (today, today + timedelta(days=1)))
    moments = [begin + HOUR * number for number in range(int((end - begin) / HOUR))]
    counts: dict[str, list[int]] = {}
    rows = counted.all(begin, begin, end)
    for hour, word, count, _ in rows:
        counts.setdefault(word, [0] * len(moments))[min(hour, len(moments) - 1)] = count
    since = utc(min(first for *_, first in rows)) if sum(row[2] for row in rows) == MOST_ROWS else None
    hours = tuple(moment.astimezone(zone).hour for moment in moments)
    return Day(hours, counts, since)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), settings.current().zone).astimezone(clock.now().tzinfo)
