"""Gateways: through which calls and texts of alarms go, as administrators set them up."""

from peewee import BigAutoField, ForeignKeyField, IntegerField, TextField

from models import clock
from models.database import Row, UtcField
from models.people.users import User

ACTIVE, INACTIVE = 1, 0


class Gateway(Row):
    """A way out for calls. Numbers lose `removeprefix` and get `addprefix` before they are dialled."""

    id = BigAutoField()
    name = TextField(unique=True)
    status = IntegerField(default=ACTIVE)
    description = TextField(default="")
    addprefix = TextField(default="")
    removeprefix = TextField(default="")
    gateways = TextField(default="")
    gateway_codecs = TextField(default="")
    gateway_timeouts = TextField(default="")
    gateway_retries = TextField(default="")
    originate_dial_string = TextField(default="")
    secondused = IntegerField(null=True)
    failover = ForeignKeyField("self", null=True, on_delete="SET NULL")
    addparameter = TextField(default="")
    count_call = IntegerField(null=True)
    count_in_use = IntegerField(null=True)
    maximum_call = IntegerField(null=True)
    created_date = UtcField(default=clock.now)
    updated_date = UtcField(default=clock.now)

    class Meta:
        table_name = "gateway"


class GatewayUser(Row):
    """A gateway is assigned to a manager: only he sees and uses it."""

    id = BigAutoField()
    gateway = ForeignKeyField(Gateway, backref="users", on_delete="CASCADE")
    user = ForeignKeyField(User, backref="gateways", on_delete="CASCADE")

    gateway_id: int
    user_id: int

    class Meta:
        table_name = "gateway_user"


class SmsGateway(Row):
    """A way out for texts: how any provider over HTTP is asked, and how its answers and reports read.

    `settings` and `status_mapping` are JSON; `settings` holds credentials, for nobody's eyes but administrators'.
    """

    id = BigAutoField()
    name = TextField()
    base_url = TextField(default="")
    settings = TextField(default="{}")
    recipient_keyword = TextField(default="")
    content_keyword = TextField(default="")
    uuid_keyword = TextField(default="")
    charge_keyword = TextField(default="")
    status_mapping = TextField(default="{}")
    status_msg_id = TextField(default="")
    status_status = TextField(default="")
    status_error_code = TextField(default="")
    status_date = TextField(default="")
    status_date_format = TextField(default="%Y-%m-%d %H:%M:%S")
    reply_content = TextField(default="")
    reply_sender = TextField(default="")
    reply_date = TextField(default="")
    reply_date_format = TextField(default="%Y-%m-%d %H:%M:%S")
    success_format = TextField(default="")

    class Meta:
        table_name = "sms_gateway"
