"""Conferences: the rooms in which the two parties of a request meet, as the voice provider reports them."""

from peewee import BigAutoField, ForeignKeyField, IntegerField, TextField

from models import clock
from models.callrequests.requests import CallRequest
from models.database import Row, UtcField
from models.people.accounts import Account


class Conference(Row):
    """One conference at the provider: `sid` is its id there. `call_request` is known from the first who joins."""

    id = BigAutoField()
    sid = TextField(unique=True)
    friendly_name = TextField()
    call_request = ForeignKeyField(CallRequest, null=True, backref="conferences", on_delete="RESTRICT")
    created_at = UtcField(default=clock.now)

    call_request_id: int | None

    class Meta:
        table_name = "conference"


class ConferenceLog(Row):
    """One thing that the provider reported of a conference, once, however often it reports it."""

    id = BigAutoField()
    conference = ForeignKeyField(Conference, backref="logs", on_delete="RESTRICT")
    event = TextField()
    call_sid = TextField(default="")
    sequence = IntegerField(default=0)
    account = ForeignKeyField(Account, null=True, on_delete="RESTRICT")
    timestamp = UtcField(default=clock.now)

    account_id: int | None

    class Meta:
        table_name = "conference_log"
        indexes = ((("conference", "event", "call_sid", "sequence"), True),)


class ConferenceCall(Row):
    """Somebody dialled in: `sid` is the provider's id of his call, by which its reports name him."""

    id = BigAutoField()
    sid = TextField(unique=True)
    account = ForeignKeyField(Account, on_delete="RESTRICT")
    call_request = ForeignKeyField(CallRequest, backref="calls", on_delete="RESTRICT")
    created_at = UtcField(default=clock.now)

    account_id: int
    call_request_id: int

    class Meta:
        table_name = "conference_call"
