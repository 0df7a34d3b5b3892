"""Whose feedback it is: the mentor who is told of it, by whom it is listed."""

STATEMENTS = """
ALTER TABLE feedback ADD COLUMN mentor_id BIGINT REFERENCES contact (id) ON DELETE RESTRICT;
UPDATE feedback SET mentor_id = (SELECT caller_id FROM call WHERE call.id = feedback.call_id);
CREATE INDEX feedback_mentor ON feedback (mentor_id, id)
"""


def up(migrator, db):
    """Add it; of feedback that came before, the call tells."""
    for statement in STATEMENTS.split(";"):
        db.execute_sql(statement)


def down(migrator, db):
    """Take it away."""
    db.execute_sql("DROP INDEX feedback_mentor")
    db.execute_sql("ALTER TABLE feedback DROP COLUMN mentor_id")
