"""Alarms of events, and the log of their attempts."""

from peewee import BigAutoField, BigIntegerField, ForeignKeyField, IntegerField, TextField

from models import clock
from models.appointments.callrequests import AlarmCall
from models.appointments.events import Event
from models.appointments.surveys.sealed import SealedSurvey
from models.appointments.templates import MailTemplate, SmsTemplate
from models.database import Row, UtcField

PENDING, IN_PROCESS, FAILURE, RETRY, SUCCESS = 1, 2, 3, 4, 5  # of alarms and of their requests
CALL, SMS, EMAIL = 1, 2, 3  # methods
NO_RESULT, CONFIRMED, CANCELLED, RESCHEDULED = 0, 1, 2, 3


class Alarm(Row):
    """How somebody is told of an event. Times of day are texts, `hh:mm:ss[.ffffff]`; notice and delay are seconds.

    `recipient_timezone` is the zone of who is told, where it is known; `cause` says why it failed. `due_at` is when it
    is next to be seen to: at its notice, at a retry; none while an attempt is under way, and when it is over. `held_by`
    is what keeps one that is due from being made: see `holding`.
    """

    id = BigAutoField()
    event = ForeignKeyField(Event, backref="alarms", on_delete="CASCADE")
    alarm_phonenumber = TextField(null=True)
    alarm_email = TextField(null=True)
    daily_start = TextField(default="00:00:00")
    daily_stop = TextField(default="23:59:59")
    advance_notice = IntegerField(default=0)
    maxretry = IntegerField(default=0)
    retry_delay = IntegerField(default=0)
    num_attempt = IntegerField(default=0)
    method = IntegerField(default=CALL)
    survey = ForeignKeyField(SealedSurvey, null=True, on_delete="RESTRICT")
    mail_template = ForeignKeyField(MailTemplate, null=True, on_delete="RESTRICT")
    sms_template = ForeignKeyField(SmsTemplate, null=True, on_delete="RESTRICT")
    date_start_notice = UtcField(default=clock.now)
    status = IntegerField(default=PENDING)
    result = IntegerField(null=True, default=NO_RESULT)
    url_cancel = TextField(null=True)
    url_confirm = TextField(null=True)
    phonenumber_transfer = TextField(null=True)
    phonenumber_sms_failure = TextField(null=True)
    created_date = UtcField(default=clock.now)
    recipient_timezone = TextField(null=True)
    cause = TextField(null=True)
    due_at = UtcField(null=True)
    held_by = BigIntegerField(default=0)

    event_id: int

    class Meta:
        table_name = "alarm"


class AlarmRequest(Row):
    """One attempt. `attempt` counts those that the dispatcher makes, once each; a posted request has none."""

    id = BigAutoField()
    alarm = ForeignKeyField(Alarm, null=True, backref="requests", on_delete="CASCADE")
    attempt = IntegerField(null=True)
    date = UtcField()
    status = IntegerField(null=True, default=PENDING)
    callstatus = IntegerField(null=True, default=0)
    duration = IntegerField(null=True, default=0)
    callrequest = ForeignKeyField(AlarmCall, null=True, on_delete="SET NULL")
    created_date = UtcField(default=clock.now)

    alarm_id: int | None
    callrequest_id: int | None

    class Meta:
        table_name = "alarm_request"
