"""Alarms at work: when each is next to be seen to, quiet hours, through which gateway, call detail records, hooks."""

from datetime import timedelta

from peewee import BigAutoField, BigIntegerField, BooleanField, FloatField, IntegerField, Model, TextField

from models.database import UtcField

INDEXES = """
CREATE INDEX alarm_due ON alarm (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX alarm_request_under_way ON alarm_request (id) WHERE status = 2;
CREATE INDEX callrequest_under_way ON callrequest (call_time) WHERE status = 7;
CREATE INDEX call_detail_record_callrequest ON call_detail_record (callrequest_id, id);
CREATE INDEX delivery_hook_unknown ON delivery_hook (id) WHERE status = 'unknown';
"""
ADDED = """
ALTER TABLE calendar_setting ADD COLUMN quiet_start TEXT;
ALTER TABLE calendar_setting ADD COLUMN quiet_stop TEXT;
ALTER TABLE delivery_ring ADD COLUMN dialled TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery_text ADD COLUMN sender TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery_text ADD COLUMN gateway_id BIGINT;
ALTER TABLE delivery_mail ADD COLUMN sender TEXT NOT NULL DEFAULT '';
"""
PENDING = 1


def up(migrator, db):
    """Add them; alarms that wait are due at their notice."""

    class Row(Model):
        id = BigAutoField()

        class Meta:
            database = db

    class Alarm(Row):
        status = IntegerField()
        date_start_notice = UtcField()
        advance_notice = IntegerField()
        due_at = UtcField(null=True)

        class Meta:
            table_name = "alarm"

    moment = Alarm.due_at.ddl_datatype(db.get_sql_context()).sql
    db.execute_sql(f"ALTER TABLE alarm ADD COLUMN due_at {moment}")
    _of(ADDED, db)
    db.create_tables([_detail(Row), _hook(Row)], safe=False)
    for alarm in Alarm.select().where(Alarm.status == PENDING):
        due_at = alarm.date_start_notice - timedelta(seconds=alarm.advance_notice)
        Alarm.update(due_at=due_at).where(Alarm.id == alarm.id).execute()
    _of(INDEXES, db)


def _detail(row):
    class Detail(row):
        user_id = BigIntegerField(index=True)
        request_uuid = TextField()
        used_gateway_id = BigIntegerField(null=True)
        callrequest_id = BigIntegerField(null=True)
        callid = TextField()
        callerid = TextField()
        phone_number = TextField()
        starting_date = UtcField()
        duration = FloatField()
        billsec = FloatField()
        disposition = TextField()
        hangup_cause = TextField()
        hangup_cause_q850 = IntegerField()
        leg_type = IntegerField()
        amd_status = IntegerField()

        class Meta:
            table_name = "call_detail_record"
            indexes = ((("callrequest_id", "callid", "leg_type"), True),)

    return Detail


def _hook(row):
    class Hook(row):
        reference = TextField(unique=True)
        origin = TextField()
        origin_id = BigIntegerField()
        status = TextField()
        provider = TextField(null=True)
        provider_id = TextField(null=True, index=True)
        cause = TextField(null=True)
        created_at = UtcField()
        ended_at = UtcField(null=True)
        url = TextField()
        body = TextField()
        user_id = BigIntegerField(index=True)
        at_least_once = BooleanField()

        class Meta:
            table_name = "delivery_hook"

    return Hook


def down(migrator, db):
    """Drop them."""
    _of("DROP INDEX alarm_request_under_way; DROP INDEX callrequest_under_way; DROP INDEX alarm_due", db)
    _of("DROP TABLE delivery_hook; DROP TABLE call_detail_record", db)
    for table, column in (
        ("alarm", "due_at"), ("calendar_setting", "quiet_start"), ("calendar_setting", "quiet_stop"),
        ("delivery_ring", "dialled"), ("delivery_text", "sender"), ("delivery_text", "gateway_id"),
        ("delivery_mail", "sender"),
    ):  # fmt: skip
        db.execute_sql(f"ALTER TABLE {table} DROP COLUMN {column}")


def _of(statements, db):
    for statement in filter(str.strip, statements.split(";")):
        db.execute_sql(statement)
