"""The log of an event: its alarms and those of its occurrences, each with its attempts."""

from typing import Any

from falcon import Request, Response

from api.appointments import kinds
from api.appointments.links import Links
from api.appointments.moments import as_text
from api.appointments.responders import Responder
from api.paging import LARGEST_ID
from models.appointments.alarms import Alarm, AlarmRequest
from models.appointments.events import Event

NO_EVENT = {"error": "event id is not valid"}


class Log(Responder):
    """What was done for one event."""

    def on_get(self, req: Request, resp: Response, row_id: str) -> None:
        """Show every attempt of an event, and of its occurrences, by alarm. The id is an event's [O-16]."""
        caller, links = req.context.rest, Links.of(req)
        number = int(row_id) if row_id.isascii() and row_id.isdigit() and len(row_id) <= 19 else 0
        seen = kinds.EVENT.visible(caller)
        if number > LARGEST_ID or not Event.select().where((Event.id == number) & seen).exists():
            resp.media = NO_EVENT
            return
        series = Event.select(Event.id).where(((Event.id == number) | (Event.parent_event == number)) & seen)
        alarms = list(Alarm.select(Alarm.id).where(Alarm.event.in_(series)).order_by(Alarm.id))
        told: dict[Any, dict[str, Any]] = {
            alarm.id: {"url": links.one("alarm", alarm.id)} for alarm in alarms
        }
        theirs = AlarmRequest.alarm.in_(Alarm.select(Alarm.id).where(Alarm.event.in_(series)))
        for row in AlarmRequest.select().where(theirs).order_by(AlarmRequest.id):
            told.get(row.alarm_id, {})[f"alarm-request-{row.id}"] = _attempt(row, links)
        resp.media = {
            "event-url": links.one("event", number),
            f"event-{number}": {f"alarm-{alarm_id}": alarm for alarm_id, alarm in told.items()},
        }


def _attempt(row: AlarmRequest, links: Links) -> dict[str, Any]:
    """Every number is a text."""
    call = row.callrequest_id
    return {
        "url": links.one("alarm-request", row.id),
        "alarm-callrequest": None if call is None else links.one("callrequest", call),
        "date": as_text(row.date),
        "status": str(row.status or 1),
        "callstatus": str(row.callstatus or 0),
        "duration": str(row.duration or 0),
    }
