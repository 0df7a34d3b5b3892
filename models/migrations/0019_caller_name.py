"""The name that is shown to who is rung."""


def up(migrator, db):
    """Add the column."""
    db.execute_sql("ALTER TABLE delivery_ring ADD COLUMN caller_name TEXT NOT NULL DEFAULT ''")


def down(migrator, db):
    """Drop it."""
    db.execute_sql("ALTER TABLE delivery_ring DROP COLUMN caller_name")
