"""Calls between a mentor and his mentee, and how they may move."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from peewee import BigAutoField, BigIntegerField, ForeignKeyField, TextField

from models import clock, settings
from models.database import Row, Sql, UtcField, on_postgres, utc
from models.events import emit
from models.mentoring.events import Event
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


_DIALLED = Sql(
    """
    UPDATE call SET status = CASE WHEN status = 'scheduled' THEN 'inprogress' ELSE status END,
        call_id = CASE WHEN call_id IS NULL AND NOT EXISTS (SELECT 1 FROM call AS other WHERE other.call_id = %s)
                       THEN %s ELSE call_id END
    WHERE id = %s RETURNING status, start_time, caller_id
    """
)


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
        return self.partner_end_time - self.partner_start_time  # type: ignore[no-any-return]  # Peewee is untyped

    def get_lag(self) -> timedelta | None:
        """From the mentor's press to the conversation; negative when the two clocks disagree."""
        if self.partner_start_time is None:
            return None
        return self.partner_start_time - self.start_time  # type: ignore[no-any-return]  # Peewee is untyped

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

    def dial(self, provider_id: str | None) -> None:
        """The carrier has taken the dial: keep the id it gave, and note the start. An ended call stays ended.

        Of the row only the id need be known: this is done for every call.
        """
        status, start_time, mentor = _DIALLED.one(provider_id, provider_id, self.id)
        Event.note("start_call", mentor, self.id, at=None if status == INPROGRESS else utc(start_time))
        emit("call.dialled", call_id=self.id)

    def ended(self, *, again: bool = False) -> None:
        """It is over; if it was running, after a conversation. The row is locked.

        Parameters:
          again: whether `end_time` becomes now also when it is filled.
        """
        if self.end_time is None or again:
            self.end_time = clock.now()
            if self.status in RUNNING:
                self._succeed()
            self.save()

    def handle_ended_successful(self, data: Mapping[str, Any]) -> None:
        """A conversation took place, says the provider. Only the first such report has effects. The row is locked.

        Parameters:
          data: `conversation_id`, `started_at`, `ended_at`, `recording_url`, as far as the provider said.
        """
        if self.status == SUCCESSFUL and self.has_partner_data:
            return
        first = self.status != SUCCESSFUL
        self._tell_partner_data(data)
        if first:
            self.end_time = clock.now()
            self._succeed()
        self.save()

    def failed(self) -> None:
        """Nobody talked: refused, not answered, or given up. The row is locked, and the call running."""
        self.status = INACTIVE
        self.save()
        Event.note("call_failed", self.caller_id, self.id)
        emit("call.failed", call_id=self.id)

    def _succeed(self) -> None:
        self.status = SUCCESSFUL
        self.feedback_task = Task.for_feedback(self.caller_id, self.start_time)
        Event.note("end_call", self.caller_id, self.id)
        Event.note("feedback_requested", self.caller_id, self.id)
        emit("call.ended", call_id=self.id)

    @property
    def has_partner_data(self) -> bool:
        """Whether the provider has told how the conversation went."""
        return self.partner_end_time is not None

    def _tell_partner_data(self, facts: Mapping[str, Any]) -> None:
        self.partner_start_time = facts.get("started_at")
        self.partner_end_time = facts.get("ended_at")
        self.partner_id = facts.get("conversation_id") or self.partner_id
        recording = facts.get("recording_url")
        if recording and not late.about_erased(f"call:{self.id}"):
            self.recording_url = recording
