"""Texts and mails that carry a token, until they are wiped: soon, so that these indexes hold next to nothing."""

INDEXES = {
    "delivery_text_token": "delivery_text (created_at) WHERE origin = 'token' AND body <> ''",
    "delivery_mail_token": "delivery_mail (created_at) WHERE origin = 'token' AND text <> ''",
}


def up(migrator, db):
    """Make them."""
    for name, columns in INDEXES.items():
        db.execute_sql(f"CREATE INDEX {name} ON {columns}")


def down(migrator, db):
    """Drop them."""
    for name in INDEXES:
        db.execute_sql(f"DROP INDEX {name}")
