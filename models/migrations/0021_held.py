"""Alarms that are due but held are put aside, so that no round has to look past them."""

HELD = """
ALTER TABLE alarm ADD COLUMN held_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE appointment_event ADD COLUMN held_in BIGINT NOT NULL DEFAULT 0;
DROP INDEX alarm_due;
CREATE INDEX alarm_due ON alarm (held_by, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX appointment_event_let_go ON appointment_event (id)
    WHERE held_in <> 0 AND held_in <> CASE WHEN status = 3 THEN -1 ELSE calendar_id END;
"""
AS_IT_WAS = """
DROP INDEX appointment_event_let_go;
DROP INDEX alarm_due;
CREATE INDEX alarm_due ON alarm (due_at, id) WHERE due_at IS NOT NULL;
ALTER TABLE appointment_event DROP COLUMN held_in;
ALTER TABLE alarm DROP COLUMN held_by;
"""


def up(migrator, db):
    """Add what says so, and the indexes by which it is found."""
    _run(db, HELD)


def down(migrator, db):
    """Look at all of them again."""
    _run(db, AS_IT_WAS)


def _run(db, statements):
    for statement in filter(str.strip, statements.split(";")):
        db.execute_sql(statement)
