"""The open tasks of a mentor's to-do list: found at once among all that are done."""

INDEX = """
CREATE INDEX task_open ON task (mentor_id, id) WHERE status <> 'done'
"""


def up(migrator, db):  # type: ignore[no-untyped-def]  # as pwmigrate calls it
    """Add it."""
    db.execute_sql(INDEX)


def down(migrator, db):  # type: ignore[no-untyped-def]
    """Take it away."""
    db.execute_sql("DROP INDEX task_open")
