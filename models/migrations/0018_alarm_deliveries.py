"""Texts and mails of alarms found by their alarm, rings by their attempt, and alarms under way."""

INDEXES = {
    "delivery_text_of_alarm": "delivery_text (origin_id) WHERE origin = 'alarm'",
    "delivery_mail_alarm": "delivery_mail (origin_id) WHERE origin = 'alarm'",
    "delivery_ring_request": "delivery_ring (origin_id) WHERE origin = 'alarm_request'",
    "alarm_under_way": "alarm (id) WHERE status = 2",
}


def up(migrator, db):
    """Add the indexes."""
    for name, what in INDEXES.items():
        db.execute_sql(f"CREATE INDEX {name} ON {what}")


def down(migrator, db):
    """Drop them."""
    for name in INDEXES:
        db.execute_sql(f"DROP INDEX {name}")
