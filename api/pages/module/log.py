"""The log of all attempts to tell somebody something by phone, the newest first; it is only read."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from peewee import JOIN

from api.appointments import alarms as rest
from api.appointments import kinds
from api.appointments.callers import RestCaller
from api.pages.module import zones
from api.pages.module.inputs import Input
from api.pages.module.screens import Column, Screen
from api.pages.module.values import lasting
from api.pages.module.words import ATTEMPT_WORDS, outcome, whom, why
from models.appointments.alarms import Alarm, AlarmRequest
from models.appointments.callrequests import AlarmCall
from models.appointments.events import Event

NOBODY = ("no alarm", "/module/alarm")
TO_WHOM = Column(
    "To whom",
    lambda row: (whom(row.alarm), f"/module/alarm/{row.alarm_id}") if row.alarm_id else NOBODY,
    "to",
)
EVENT = Column("Event", lambda row: row.alarm.event.title if row.alarm_id else "")


class Attempts(Screen):
    """Every attempt, with the way to its alarm, where all that was done for it stands together."""

    resource = rest.REQUESTS
    path = "/module/alarm_request"
    plural = "Attempts"
    intro = "Every attempt by phone, when it was made and how it went."
    inputs = ()
    columns = (
        TO_WHOM,
        EVENT,
        Column("When", lambda row: row.date, "time"),
        Column("Outcome", outcome, "tag"),
        Column("Lasted", lambda row: lasting(row.duration) if row.duration else ""),
        Column("Why", lambda row: why(row.callrequest.hangup_cause) if row.callrequest_id else ""),
    )
    filters = (Input("status", "Outcome", empty="any", words=ATTEMPT_WORDS),)

    def rows(self) -> Any:
        query = AlarmRequest.select(AlarmRequest, Alarm, Event, AlarmCall, zones.ZONE_NAME)
        query = query.join(Alarm, JOIN.LEFT_OUTER).join(Event, JOIN.LEFT_OUTER).switch(AlarmRequest)
        query = query.join(
            AlarmCall, JOIN.LEFT_OUTER, on=(AlarmRequest.callrequest == AlarmCall.id), attr="callrequest"
        )
        return zones.joined(query.switch(AlarmRequest), Event.creator)

    def order(self) -> Sequence[Any]:
        return (AlarmRequest.date.desc(), AlarmRequest.id.desc())

    def may(self, caller: RestCaller, verb: str) -> bool:
        """It is written by what happens."""
        return verb == "view" and super().may(caller, verb)

    def columns_for(self, caller: RestCaller) -> Sequence[Column]:
        """Whom alarms go to is told to who may view those; for what event, to him and to who may view events."""
        alarms, events = (caller.may(kind.word("view")) for kind in (kinds.ALARM, kinds.EVENT))
        hidden = [*([] if alarms else [TO_WHOM]), *([] if alarms or events else [EVENT])]
        return [column for column in self.columns if column not in hidden]

    def zone(self, values: Mapping[str, Any], row: Any) -> ZoneInfo:
        return (zones.of_row(row) if row is not None else None) or zones.UTC


LOG = Attempts()
