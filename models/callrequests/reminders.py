"""Reminders of agreed calls: one text for each party, owed from the moment a time is agreed."""

from peewee import BigAutoField, ForeignKeyField, TextField

from models.callrequests.requests import CallRequest
from models.database import Row, UtcField
from models.people.accounts import Account

PENDING, HANDED, SENT, REVOKED, EXPIRED, SKIPPED, FAILED, UNKNOWN = (
    "pending", "handed", "sent", "revoked", "expired", "skipped", "failed", "unknown",
)  # fmt: skip


class RequestReminder(Row):
    """One party's reminder of one agreed time; at most one text ever comes of it.

    `handed` to the trunk as the text `RequestReminder.reference`, whose attempts and provider's id stand there.
    """

    id = BigAutoField()
    call_request = ForeignKeyField(CallRequest, backref="reminders", on_delete="RESTRICT")
    account = ForeignKeyField(Account, on_delete="RESTRICT")
    agreed_time = UtcField()
    due_at = UtcField()
    state = TextField(default=PENDING)
    cause = TextField(null=True)
    ended_at = UtcField(null=True)

    call_request_id: int
    account_id: int

    class Meta:
        table_name = "request_reminder"
        indexes = ((("call_request", "account", "agreed_time"), True),)

    @property
    def reference(self) -> str:
        """What its text is called."""
        return f"callrequest-reminder:{self.id}"

    @property
    def key(self) -> str:
        """What the command to send it is owed under."""
        return f"callreminder:{self.id}"
