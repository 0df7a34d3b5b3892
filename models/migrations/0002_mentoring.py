"""The rest of the Mentoring Tool: activities, the schedule, call notes, feedback; voice accounts; web sessions."""

from peewee import (
    BigAutoField,
    BooleanField,
    ForeignKeyField,
    IntegerField,
    Model,
    PostgresqlDatabase,
    TextField,
)

from models.database import UtcField

INDEXES = """
CREATE INDEX scheduled_call_caller ON scheduled_call (caller_id, id) WHERE cancelled_at IS NULL;
CREATE INDEX scheduled_call_time ON scheduled_call (caller_id, call_time) WHERE cancelled_at IS NULL;
CREATE INDEX call_note_mentor ON call_note (mentor_id, id);
CREATE INDEX feedback_sender ON feedback (sender_id, id);
CREATE INDEX task_mentor ON task (mentor_id, id);
CREATE UNIQUE INDEX contact_device ON contact (device_token) WHERE device_token <> '';
"""

# The columns were there before the tables they speak of. SQLite cannot add a constraint to a table that exists.
POSTGRES = """
ALTER TABLE call ADD CONSTRAINT call_activity FOREIGN KEY (activity) REFERENCES activity (id) ON DELETE RESTRICT;
ALTER TABLE call ADD CONSTRAINT call_scheduled_call FOREIGN KEY (scheduled_call) REFERENCES scheduled_call (id)
    ON DELETE RESTRICT;
"""


def up(migrator, db):
    """Add them."""
    db.create_tables(_tables(db), safe=False)
    for statement in (INDEXES + (POSTGRES if isinstance(db, PostgresqlDatabase) else "")).split(";"):
        if statement.strip():
            db.execute_sql(statement)


def _tables(db):
    class Row(Model):
        id = BigAutoField()

        class Meta:
            database = db

    class Person(Row):
        class Meta:
            table_name = "person"

    class Contact(Row):
        class Meta:
            table_name = "contact"

    class Call(Row):
        class Meta:
            table_name = "call"

    class Activity(Row):
        title = TextField()
        description = TextField()
        link = TextField()
        active = BooleanField()

        class Meta:
            table_name = "activity"

    class VoiceApi(Row):
        kind = TextField()
        call_url = TextField()
        message_url = TextField()
        username = TextField()
        sealed_password = TextField()
        active = BooleanField()
        created_at = UtcField()

        class Meta:
            table_name = "voice_api"

    class ScheduledCall(Row):
        created_at = UtcField()
        call_time = UtcField()
        caller = ForeignKeyField(Contact, on_delete="RESTRICT", index=False)
        callee = ForeignKeyField(Contact, on_delete="RESTRICT")
        activity = ForeignKeyField(Activity, null=True, on_delete="RESTRICT")
        cancelled_at = UtcField(null=True)

        class Meta:
            table_name = "scheduled_call"

    class CallReminder(Row):
        scheduled_call = ForeignKeyField(ScheduledCall, on_delete="RESTRICT", index=False)
        reminder_type = TextField()
        call_time = UtcField()
        sent_at = UtcField()

        class Meta:
            table_name = "call_reminder"
            indexes = ((("scheduled_call", "reminder_type", "call_time"), True),)

    class CallNote(Row):
        version = IntegerField()
        mentor = ForeignKeyField(Contact, on_delete="RESTRICT", index=False)
        call = ForeignKeyField(Call, unique=True, on_delete="RESTRICT")
        created_at = UtcField()
        mentee_state = TextField(null=True)
        discussion = TextField()
        follow_up = TextField()
        rating = IntegerField(null=True)
        call_quality = TextField(null=True)

        class Meta:
            table_name = "call_note"

    class Feedback(Row):
        received_at = UtcField()
        start_time = UtcField(null=True)
        sender = ForeignKeyField(Contact, on_delete="RESTRICT", index=False)
        call = ForeignKeyField(Call, null=True, on_delete="RESTRICT")
        question_1 = TextField(null=True)
        question_2 = TextField(null=True)
        question_3 = TextField(null=True)
        question_4 = TextField(null=True)
        completed = BooleanField()
        reported_complete = BooleanField()
        content = TextField()
        conversation_id = TextField(null=True)
        survey_id = TextField(null=True)
        cdr_id = TextField(null=True)
        survey_key = TextField(null=True, unique=True)

        class Meta:
            table_name = "feedback"

    class WebSession(Row):
        token_hash = TextField(unique=True)
        user = ForeignKeyField(Person, on_delete="CASCADE")
        csrf = TextField()
        created_at = UtcField()
        expires_at = UtcField(index=True)

        class Meta:
            table_name = "web_session"

    return [Activity, VoiceApi, ScheduledCall, CallReminder, CallNote, Feedback, WebSession]


def down(migrator, db):
    """Take them away."""
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql("ALTER TABLE call DROP CONSTRAINT call_activity, DROP CONSTRAINT call_scheduled_call")
    db.execute_sql("DROP INDEX task_mentor")
    db.execute_sql("DROP INDEX contact_device")
    for table in reversed(_tables(db)):
        table.drop_table()
