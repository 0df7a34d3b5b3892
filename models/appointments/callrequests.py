"""Callrequests: calls of alarms as they are dialled, `/rest-api/callrequest/`; no call requests between people."""

from uuid import uuid4

from peewee import (
    BigAutoField,
    BigIntegerField,
    BooleanField,
    FloatField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from models import clock
from models.appointments.gateways import Gateway
from models.database import Row, UtcField
from models.people.users import User

PENDING, FAILURE, RETRY, SUCCESS, ABORT, PAUSE, CALLING = 1, 2, 3, 4, 5, 6, 7
ALLOW_RETRY, CANNOT_RETRY, RETRY_DONE = 1, 2, 3
SEALED = "survey"  # the content type of what can be played; `object_id` is then a sealed survey's


class AlarmCall(Row):
    """One call that an alarm needs, or that somebody posted."""

    id = BigAutoField()
    user = ForeignKeyField(User, backref="callrequests", on_delete="RESTRICT")
    request_uuid = TextField(unique=True, default=lambda: str(uuid4()))
    aleg_uuid = TextField(default="")
    call_time = UtcField(default=clock.now)
    call_type = IntegerField(null=True, default=ALLOW_RETRY)
    status = IntegerField(null=True, default=PENDING)
    callerid = TextField(default="")
    caller_name = TextField(default="")
    phone_number = TextField()
    timeout = IntegerField(default=30)
    timelimit = IntegerField(default=3600)
    extra_dial_string = TextField(default="")
    subscriber = BigIntegerField(null=True)
    campaign = BigIntegerField(null=True)
    aleg_gateway = ForeignKeyField(Gateway, null=True, on_delete="RESTRICT")
    content_type = TextField()
    object_id = BigIntegerField()
    completed = BooleanField(default=False)
    extra_data = TextField(default="")
    num_attempt = IntegerField(default=0)
    last_attempt_time = UtcField(null=True)
    result = TextField(default="")
    hangup_cause = TextField(default="")
    duration = FloatField(null=True)
    parent_callrequest = ForeignKeyField("self", null=True, on_delete="SET NULL")
    alarm_request_id = BigIntegerField(null=True)
    created_date = UtcField(default=clock.now)
    updated_date = UtcField(default=clock.now)

    user_id: int

    class Meta:
        table_name = "callrequest"
