"""The hot statements of every table of deliveries, written out: what each one carried costs the database."""

from functools import cache

from models.bulk import Among, Over
from models.database import Row


class Statements:
    """The hot statements of one table, written out."""

    def __init__(self, delivery: type[Row]) -> None:
        table, fields = delivery._meta.table_name, delivery._meta.sorted_fields
        columns = ", ".join(f'"{field.column_name}"' for field in fields)
        self.locked = Among(f"SELECT {columns} FROM {table} WHERE id = ANY(%s) ORDER BY id FOR UPDATE")
        self.hold = Among(f"SELECT 1 FROM {table} WHERE id = ANY(%s) ORDER BY id FOR UPDATE")
        # No attempt is opened to a number that stands on the do-not-call list at this very moment.
        self.begin = Over(
            {"id": "BIGINT", "number": "INTEGER", "provider": "TEXT", "first": "TEXT", "second": "TEXT"},
            f"""
            UPDATE {table} SET status = 'sending'
            WHERE id IN (SELECT id FROM v) AND status IN ('queued', 'sending', 'unknown')
            """,
            """
            INSERT INTO attempt (channel, delivery_id, number, provider, begun_at, outcome)
            SELECT %s, v.id, v.number, v.provider, %s, 'open' FROM v
            WHERE NOT EXISTS (SELECT 1 FROM do_not_call WHERE msisdn IN (v.first, v.second) AND lifted_at IS NULL)
            RETURNING id, delivery_id, number, provider
            """,
        )
        self.accepted = Over(
            {"id": "BIGINT", "attempt": "BIGINT", "provider": "TEXT", "provider_id": "TEXT"},
            """
            UPDATE attempt SET outcome = 'accepted', cause = NULL, ended_at = %s FROM v WHERE attempt.id = v.attempt
            """,
            f"""
            UPDATE {table} AS t SET provider = v.provider, provider_id = COALESCE(t.provider_id, v.provider_id),
                status = CASE WHEN status IN ('queued', 'sending', 'unknown', 'expired') THEN 'sent' ELSE status END
            FROM v WHERE t.id = v.id
            """,
        )


@cache
def statements(delivery: type[Row]) -> Statements:
    """Those of a table, made once."""
    return Statements(delivery)
