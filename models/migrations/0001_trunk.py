"""The trunk: ledger, deliveries, receipts, pacing; people; and the first slice of the Mentoring Tool."""

from peewee import (
    BigAutoField,
    BigIntegerField,
    BooleanField,
    DoubleField,
    ForeignKeyField,
    IntegerField,
    Model,
    PostgresqlDatabase,
    TextField,
)

from models.database import UtcField

# Partial indexes, one for each way the ledger is looked at: a million far reminders cost the picking of one due
# command nothing.
INDEXES = """
CREATE INDEX command_ready ON command (due_at) WHERE state = 'ready';
CREATE INDEX command_sent ON command (queue, sent_at) WHERE state = 'sent';
CREATE INDEX command_running ON command (leased_until) WHERE state = 'running';
CREATE INDEX command_dead ON command (id) WHERE state = 'dead';
CREATE UNIQUE INDEX command_key ON command (key) WHERE key IS NOT NULL AND state <> 'dead';
CREATE INDEX delivery_bridge_unknown ON delivery_bridge (id) WHERE status = 'unknown';
CREATE INDEX delivery_text_unknown ON delivery_text (id) WHERE status = 'unknown';
CREATE INDEX delivery_mail_unknown ON delivery_mail (id) WHERE status = 'unknown';
CREATE INDEX delivery_push_unknown ON delivery_push (id) WHERE status = 'unknown';
CREATE INDEX contact_mentee ON contact (mentee_id) WHERE mentee_id IS NOT NULL;
CREATE INDEX call_caller ON call (caller_id, id);
CREATE INDEX call_receiver ON call (receiver_id, id);
CREATE INDEX call_running ON call (start_time) WHERE status IN ('scheduled', 'inprogress');
CREATE INDEX message_sender ON message (sender_id, id);
CREATE INDEX message_recipient ON message (recipient_id, id);
CREATE INDEX event_mentor ON event (relevant_mentor_id, id);
CREATE UNIQUE INDEX event_once ON event (event_type, object_id) WHERE event_type <> 'call_rescheduled';
"""

# The ledger's rows live for milliseconds: vacuum it often, and leave room in its pages for rows that move.
POSTGRES = """
ALTER TABLE command SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
"""


def up(migrator, db):
    """From empty to the first slice."""
    db.create_tables([*_trunk(db), *_surface(db)], safe=False)
    for statement in (INDEXES + (POSTGRES if isinstance(db, PostgresqlDatabase) else "")).split(";"):
        if statement.strip():
            db.execute_sql(statement)


def _delivery(db, name):
    class Base(Model):
        id = BigAutoField()
        reference = TextField(unique=True)
        origin = TextField()
        origin_id = BigIntegerField()
        status = TextField()
        provider = TextField(null=True)
        provider_id = TextField(null=True, index=True)
        cause = TextField(null=True)
        created_at = UtcField()
        ended_at = UtcField(null=True)

        class Meta:
            database = db
            table_name = f"delivery_{name}"

    return Base


def _trunk(db):
    class Command(Model):
        id = BigAutoField()
        name = TextField()
        queue = TextField()
        args = TextField()
        state = TextField()
        due_at = UtcField()
        expires_at = UtcField(null=True)
        attempt = IntegerField()
        tries = IntegerField()
        crashes = IntegerField()
        leased_until = UtcField(null=True)
        sent_at = UtcField(null=True)
        slot_at = UtcField(null=True)
        key = TextField(null=True)
        trace = TextField()
        error = TextField(null=True)
        created_at = UtcField()

        class Meta:
            database = db
            table_name = "command"

    class Attempt(Model):
        id = BigAutoField()
        channel = TextField()
        delivery_id = BigIntegerField()
        number = IntegerField()
        provider = TextField()
        begun_at = UtcField()
        ended_at = UtcField(null=True)
        outcome = TextField()
        cause = TextField(null=True)

        class Meta:
            database = db
            table_name = "attempt"
            indexes = ((("channel", "delivery_id", "number"), True),)

    class Bridge(_delivery(db, "bridge")):
        a_number = TextField()
        b_number = TextField()

        class Meta:
            table_name = "delivery_bridge"

    class Text(_delivery(db, "text")):
        to = TextField()
        body = TextField()
        at_least_once = BooleanField()

        class Meta:
            table_name = "delivery_text"

    class Mail(_delivery(db, "mail")):
        to = TextField()
        subject = TextField()
        text = TextField()
        html = TextField()
        attachments = TextField()

        class Meta:
            table_name = "delivery_mail"

    class Push(_delivery(db, "push")):
        token = TextField()
        title = TextField()
        body = TextField()
        data = TextField()

        class Meta:
            table_name = "delivery_push"

    class CallDataRecord(Model):
        id = BigAutoField()
        bridge = ForeignKeyField(Bridge, on_delete="RESTRICT")
        partner_id = TextField()
        start_time = UtcField()
        status = TextField()
        recorded_at = UtcField()

        class Meta:
            database = db
            table_name = "call_data_record"
            indexes = ((("bridge", "partner_id"), True),)

    class Receipt(Model):
        id = BigAutoField()
        source = TextField()
        hash = TextField()
        body = TextField()
        outcome = TextField()
        about = TextField(index=True)
        note = TextField()
        trace = TextField()
        received_at = UtcField(index=True)

        class Meta:
            database = db
            table_name = "receipt"
            indexes = ((("source", "hash"), True),)

    class Pace(Model):
        key = TextField(primary_key=True)
        next_at = DoubleField()

        class Meta:
            database = db
            table_name = "pace"

    class Periodic(Model):
        name = TextField(primary_key=True)
        due_at = UtcField()

        class Meta:
            database = db
            table_name = "periodic"

    return [Command, Attempt, Bridge, Text, Mail, Push, CallDataRecord, Receipt, Pace, Periodic]


def _surface(db):
    class Person(Model):
        id = BigAutoField()
        username = TextField(unique=True)
        password = TextField()
        first_name = TextField()
        last_name = TextField()
        email = TextField()
        is_active = BooleanField()
        is_staff = BooleanField()
        is_service = BooleanField()
        created_at = UtcField()

        class Meta:
            database = db
            table_name = "person"

    class Contact(Model):
        id = BigAutoField()
        user = ForeignKeyField(Person, unique=True, on_delete="RESTRICT")
        kind = TextField()
        contact_number = TextField()
        msisdn = TextField(unique=True)
        external_id = TextField(null=True)
        mentee = ForeignKeyField("self", null=True, on_delete="RESTRICT", index=False)
        profile_pic = TextField()
        job_title = TextField()
        motivation = TextField()
        inspiration = TextField()
        device_token = TextField()

        class Meta:
            database = db
            table_name = "contact"

    class IdempotencyKey(Model):
        id = BigAutoField()
        owner_id = BigIntegerField()
        route = TextField()
        key = TextField()
        fingerprint = TextField()
        object_id = BigIntegerField()
        created_at = UtcField(index=True)

        class Meta:
            database = db
            table_name = "idempotency_key"
            indexes = ((("owner_id", "route", "key"), True),)

    class Task(Model):
        id = BigAutoField()
        mentor = ForeignKeyField(Contact, on_delete="RESTRICT")
        description = TextField()
        link = TextField()
        due_date = UtcField(null=True)
        status = TextField()

        class Meta:
            database = db
            table_name = "task"

    class Call(Model):
        id = BigAutoField()
        start_time = UtcField()
        partner_start_time = UtcField(null=True)
        partner_end_time = UtcField(null=True)
        end_time = UtcField(null=True)
        caller = ForeignKeyField(Contact, on_delete="RESTRICT", index=False)
        receiver = ForeignKeyField(Contact, on_delete="RESTRICT", index=False)
        feedback_task = ForeignKeyField(Task, null=True, on_delete="RESTRICT")
        recording_url = TextField(null=True)
        partner_id = TextField(null=True, unique=True)
        call_id = TextField(null=True, unique=True)
        activity = BigIntegerField(null=True)
        scheduled_call = BigIntegerField(null=True)
        status = TextField()

        class Meta:
            database = db
            table_name = "call"

    class Message(Model):
        id = BigAutoField()
        time_sent = UtcField()
        sender = ForeignKeyField(Contact, on_delete="RESTRICT", index=False)
        recipient = ForeignKeyField(Contact, null=True, on_delete="RESTRICT", index=False)
        message_type = TextField()
        content = TextField()
        state = TextField()

        class Meta:
            database = db
            table_name = "message"

    class Event(Model):
        id = BigAutoField()
        occured_at = UtcField()
        event_type = TextField()
        relevant_mentor = ForeignKeyField(Contact, on_delete="RESTRICT", index=False)
        object_id = BigIntegerField()

        class Meta:
            database = db
            table_name = "event"

    return [Person, Contact, IdempotencyKey, Task, Call, Message, Event]


def down(migrator, db):
    """Back to empty."""
    for table in reversed([*_trunk(db), *_surface(db)]):
        table.drop_table()
