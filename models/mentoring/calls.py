"""Calls between a mentor and his mentee, and how they may move."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from peewee import BigAutoField, BigIntegerField, ForeignKeyField, TextField

from models import clock, settings
from models.database import Row, UtcField, on_postgres
from models.mentoring.tasks import Task
from models.people import Contact
from models.privacy import late

SUCCESSFUL, SCHEDULED, INACTIVE, INPROGRESS = "successful", "scheduled", "inactive", "inprogress"
LABELS = {SUCCESSFUL: "Successful", SCHEDULED: "Scheduled", INACTIVE: "Inactive", INPROGRESS: "In progress"}
RUNNING = (SCHEDULED, INPROGRESS)

# Where a call may move from each status (specification 3.2). `successful` is final.
MOVES: Mapping[str, tuple[str, ...]] = {
    SCHEDULED: (INPROGRESS, SUCCESSFUL, INACTIVE),
    INPROGRESS: (SUCCESSFUL, INACTIVE),
    INACTIVE: (SUCCESSFUL,),
    SUCCESSFUL: (),
}


class Call(Row):
    """One call that a mentor started. What carriers do for it is a `Bridge` of the trunk with this call as origin."""

    id = BigAutoField()
    start_time = UtcField(default=clock.now)
    partner_start_time = UtcField(null=True)
    partner_end_time = UtcField(null=True)
    end_time = UtcField(null=True)
    caller = ForeignKeyField(Contact, backref="calls_made", on_delete="RESTRICT")
    receiver = ForeignKeyField(Contact, backref="calls_received", on_delete="RESTRICT")
    feedback_task = ForeignKeyField(Task, null=True, backref="calls", on_delete="RESTRICT")
    recording_url = TextField(null=True)
    partner_id = TextField(null=True, unique=True)
    call_id = TextField(null=True, unique=True)
    activity = BigIntegerField(null=True)
    scheduled_call = BigIntegerField(null=True)
    standing = TextField(column_name="status", default=SCHEDULED)

    caller_id: int
    receiver_id: int
    feedback_task_id: int | None

    class Meta:
        table_name = "call"

    @property
    def status(self) -> str:
        """One of `successful`, `scheduled`, `inactive`, `inprogress`."""
        return str(self.standing)

    @status.setter
    def status(self, new: str) -> None:
        """Move on.

        Raises:
          ValueError: no such status, or a call never moves there from where it is.
        """
        if new not in LABELS:
            raise ValueError(f"a call's status is one of {', '.join(LABELS)}, not {new!r}")
        if new != self.status and new not in MOVES[self.status]:
            raise ValueError(f"a call that is {self.status} cannot become {new}")
        self.standing = new

    @classmethod
    def from_partner_id(cls, partner_id: str) -> "Call | None":
        """The call that the provider knows as this conversation."""
        return cls.get_or_none(cls.partner_id == partner_id)

    @classmethod
    def locked(cls, call_id: int) -> "Call":
        """The call, its row locked until the transaction ends."""
        query = cls.select().where(cls.id == call_id)
        return (query.for_update() if on_postgres() else query).get()

    def get_duration(self) -> timedelta | None:
        """How long the two talked, by the provider's clock."""
        if self.partner_start_time is None or self.partner_end_time is None:
            return None
        return self.partner_end_time - self.partner_start_time  # type: ignore[no-any-return]

    def get_lag(self) -> timedelta | None:
        """From the mentor's press to the conversation; negative when the two clocks disagree."""
        if self.partner_start_time is None:
            return None
        return self.partner_start_time - self.start_time  # type: ignore[no-any-return]

    def has_timed_out(self, now: datetime | None = None) -> bool:
        """Whether nobody has reported an end for longer than any call lasts [M-15]."""
        if self.partner_end_time is not None or self.end_time is not None:
            return False
        return bool((now or clock.now()) - self.start_time > settings.current().call_timeout)

    def get_status_display(self) -> str:
        """The status for people. A call that has timed out reads `Inactive` even before the sweep comes by."""
        if self.status in RUNNING and self.has_timed_out():
            return LABELS[INACTIVE]
        return LABELS[self.status]

    @property
    def has_partner_data(self) -> bool:
        """Whether the provider has told how the conversation went."""
        return self.partner_end_time is not None

    def tell_partner_data(self, facts: Mapping[str, Any]) -> None:
        """Take over what the provider knows of the conversation."""
        self.partner_start_time = facts.get("started_at")
        self.partner_end_time = facts.get("ended_at")
        self.partner_id = facts.get("conversation_id") or self.partner_id
        recording = facts.get("recording_url")
        if recording and not late.about_erased(f"call:{self.id}"):
            self.recording_url = recording
