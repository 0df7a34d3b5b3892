"""The name that is shown to who is rung."""


def up(migrator, db):  # type: ignore[no-untyped-def]  # as pwmigrate calls it
    """Add the column."""
    db.execute_sql("ALTER TABLE delivery_ring ADD COLUMN caller_name TEXT NOT NULL DEFAULT ''")


def down(migrator, db):  # type: ignore[no-untyped-def]
    """Drop it."""
    db.execute_sql("ALTER TABLE delivery_ring DROP COLUMN caller_name")
