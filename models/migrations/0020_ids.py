"""Ids of alarms, attempts, calls and events are never given twice, on SQLite too: what comes late finds nothing.

What carriers are asked for bears an alarm's id for ever, and they tell of attempts by theirs: the end of a call whose
alarm was deleted would otherwise be taken for that of another person's.
"""

from peewee import PostgresqlDatabase

TABLES = ("alarm", "alarm_request", "callrequest", "appointment_event")


def up(migrator, db):
    """PostgreSQL's sequences never go back; SQLite takes the highest id that is free, unless told otherwise."""
    _declare(db, "PRIMARY KEY", "PRIMARY KEY AUTOINCREMENT")


def down(migrator, db):
    """As it was."""
    _declare(db, "PRIMARY KEY AUTOINCREMENT", "PRIMARY KEY")


def _declare(db, old, new):
    """Other tables refer to these, so none can be made anew; its rows stay as they are, only its declaration changes.

    Source: https://www.sqlite.org/lang_altertable.html, the way for changes that do not touch what is on disk.
    """
    if isinstance(db, PostgresqlDatabase):
        return
    ((version,),) = db.execute_sql("PRAGMA schema_version").fetchall()
    db.execute_sql("PRAGMA writable_schema = ON")
    for table in TABLES:
        changed = "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?"
        db.execute_sql(changed, (f'"id" INTEGER NOT NULL {old},', f'"id" INTEGER NOT NULL {new},', table))
    db.execute_sql(f"PRAGMA schema_version = {version + 1}")
    db.execute_sql("PRAGMA writable_schema = OFF")
