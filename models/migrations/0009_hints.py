"""Ids of commands are never given twice, on SQLite too: a hint that comes late finds nothing, not another command."""

from peewee import PostgresqlDatabase


def up(migrator, db):
    """PostgreSQL's sequences never go back; SQLite takes the highest id that is free, unless told otherwise."""
    if not isinstance(db, PostgresqlDatabase):
        _rebuild(db, "PRIMARY KEY", "PRIMARY KEY AUTOINCREMENT")


def down(migrator, db):
    """As it was."""
    if not isinstance(db, PostgresqlDatabase):
        _rebuild(db, "PRIMARY KEY AUTOINCREMENT", "PRIMARY KEY")


def _rebuild(db, old, new):
    """SQLite changes a primary key only by a new table."""
    made = "SELECT sql FROM sqlite_master WHERE tbl_name = 'command' AND type = ? AND sql IS NOT NULL"
    ((table,),) = db.execute_sql(made, ("table",)).fetchall()
    indexes = [sql for (sql,) in db.execute_sql(made, ("index",)).fetchall()]
    db.execute_sql("ALTER TABLE command RENAME TO command_before")
    db.execute_sql(table.replace(old, new))
    db.execute_sql("INSERT INTO command SELECT * FROM command_before")
    db.execute_sql("DROP TABLE command_before")
    for index in indexes:
        db.execute_sql(index)
