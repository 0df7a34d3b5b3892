"""Accounts at voice carriers that administrators keep in the database instead of the environment."""

from peewee import BigAutoField, BooleanField, TextField

from models import clock
from models.database import Row, UtcField


class VoiceApi(Row):
    """One account: `kind` is the carrier's name in pipelines.yaml. The password is kept sealed [M-13]."""

    id = BigAutoField()
    kind = TextField()
    call_url = TextField(default="")
    message_url = TextField(default="")
    username = TextField(default="")
    sealed_password = TextField(default="")
    active = BooleanField(default=True)
    created_at = UtcField(default=clock.now)

    class Meta:
        table_name = "voice_api"
