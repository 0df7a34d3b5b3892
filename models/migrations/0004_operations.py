"""What the operations page and the carriers' accounts look things up by."""

INDEXES = """
CREATE UNIQUE INDEX voice_api_active ON voice_api (kind) WHERE active;
CREATE INDEX receipt_unsettled ON receipt (id) WHERE outcome IN ('unmatched', 'invalid');
"""


def up(migrator, db):
    """Add them."""
    for statement in filter(str.strip, INDEXES.split(";")):
        db.execute_sql(statement)


def down(migrator, db):
    """Take them away."""
    db.execute_sql("DROP INDEX voice_api_active")
    db.execute_sql("DROP INDEX receipt_unsettled")
