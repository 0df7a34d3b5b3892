"""What was ever said about numbers on the do-not-call list; and which alarm a text is answered to."""

from peewee import BigAutoField, Model, TextField

from models.database import UtcField

# Whose number a text of an alarm went to, however it was spelled: as models/appointments/replies.py asks for it.
DIGITS = """REPLACE(REPLACE(REPLACE(REPLACE(REPLACE("to", '+', ''), ' ', ''), '-', ''), '(', ''), ')', '')"""
ALARM_TEXTS = f"CREATE INDEX delivery_text_alarm ON delivery_text (({DIGITS}), id) WHERE origin = 'alarm'"


def up(migrator, db):
    """Make the table, and take over what was said so far."""

    class DoNotCallEntry(Model):
        id = BigAutoField()
        msisdn = TextField(index=True)
        done = TextField()
        source = TextField()
        proof = TextField()
        language = TextField()
        at = UtcField()

        class Meta:
            database = db
            table_name = "do_not_call_entry"

    db.create_tables([DoNotCallEntry], safe=False)
    db.execute_sql(
        "INSERT INTO do_not_call_entry (msisdn, done, source, proof, language, at) "
        "SELECT msisdn, 'added', source, proof, language, added_at FROM do_not_call ORDER BY id"
    )
    db.execute_sql(ALARM_TEXTS)


def down(migrator, db):
    """Drop both."""
    db.execute_sql("DROP INDEX delivery_text_alarm")
    db.execute_sql("DROP TABLE do_not_call_entry")
