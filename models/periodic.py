"""Periodic jobs: when each is due next, agreed between all clocks by a row."""

from datetime import timedelta

from peewee import TextField

from models import clock
from models.commands import COMMANDS
from models.database import Row, Sql, UtcField, transaction
from models.ledger import enqueue


class Periodic(Row):
    """One job of `every:` in pipelines.yaml and its next time."""

    name = TextField(primary_key=True)
    due_at = UtcField()

    class Meta:
        table_name = "periodic"


_TURN = Sql(
    """
    INSERT INTO periodic (name, due_at) VALUES (%s, %s)
    ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at WHERE periodic.due_at <= %s
    """
)


def turn(name: str, interval: timedelta) -> bool:
    """If the job is due, owe it and set its next time; one clock wins. False: not yet, or another clock did."""
    now = clock.now()
    with transaction("clock.turn"):
        if _TURN.count(name, now + interval, now) != 1:
            return False
        enqueue(COMMANDS[name](), key=f"every:{name}")
        return True
