"""What a customer was told of one alarm is found without looking at all that was ever told."""


def up(migrator, db):
    """Add the index."""
    db.execute_sql("CREATE INDEX delivery_hook_origin ON delivery_hook (origin, origin_id)")


def down(migrator, db):
    """Drop it."""
    db.execute_sql("DROP INDEX delivery_hook_origin")
