"""The open tasks of a mentor's to-do list: found at once among all that are done."""

INDEX = """
CREATE INDEX task_open ON task (mentor_id, id) WHERE status <> 'done'
"""


def up(migrator, db):
    """Add it."""
    db.execute_sql(INDEX)


def down(migrator, db):
    """Take it away."""
    db.execute_sql("DROP INDEX task_open")
