"""Call detail records: one row per leg of an alarm's call, as the carrier reported it."""

from peewee import BigAutoField, BigIntegerField, FloatField, IntegerField, TextField

from models.database import Row, UtcField

A_LEG, B_LEG = 1, 2
PERSON, MACHINE, UNSURE = 1, 2, 3  # amd_status


class CallDetailRecord(Row):
    """One leg of a callrequest, once: `callid` is the carrier's id of the call. `duration` and `billsec` are seconds.

    `hangup_cause_q850` is the cause's number by ITU-T Q.850.
    """

    id = BigAutoField()
    user_id = BigIntegerField()
    request_uuid = TextField()
    used_gateway_id = BigIntegerField(null=True)
    callrequest_id = BigIntegerField(null=True)
    callid = TextField()
    callerid = TextField(default="")
    phone_number = TextField()
    starting_date = UtcField()
    duration = FloatField(default=0)
    billsec = FloatField(default=0)
    disposition = TextField()
    hangup_cause = TextField()
    hangup_cause_q850 = IntegerField(default=0)
    leg_type = IntegerField(default=A_LEG)
    amd_status = IntegerField(default=UNSURE)

    class Meta:
        table_name = "call_detail_record"
