"""What follows from an event: its occurrences, the last one's status, and its alarms."""

from typing import Any

from falcon import Request, Response
from marshmallow import ValidationError

from api.appointments import kinds, sent
from api.appointments.events import EVENTS, STATUSES
from api.appointments.fields import Code
from api.appointments.links import Links
from api.appointments.lists import folded
from api.appointments.moments import as_text
from api.appointments.rehearsal import sees
from api.appointments.resources import Body
from api.appointments.responders import Responder
from api.errors import FieldErrors
from api.paging import id_in_path
from models.appointments.alarms import Alarm
from models.appointments.events import Event
from models.numbers import HIDDEN

NO_CHILD, NO_ALARM = "no child event found", "no child alarm found"
UPDATED = {"status": "event status has been updated"}


class Children(Responder):
    """The occurrences of a series."""

    def on_get(self, req: Request, resp: Response, row_id: str) -> None:
        """List the occurrences of an event, the oldest first: none is a note, one an object, more an array."""
        caller, links = req.context.rest, Links.of(req)
        event = EVENTS.found(caller, id_in_path(row_id))
        rows = Event.select().where((Event.parent_event == event.id) & kinds.EVENT.visible(caller))
        resp.media = folded(
            [_child(row, links) for row in rows.order_by(Event.created_on, Event.id)], NO_CHILD
        )


class StatusBody(Body):
    """A status for the last occurrence."""

    status = Code(STATUSES, "How it is to stand:", required=True)


class LastChild(Responder):
    """The last occurrence of a series."""

    allow = ("PATCH", "OPTIONS")

    def on_patch(self, req: Request, resp: Response, row_id: str) -> None:
        """Set the status of an event's last occurrence. Where there is none yet, nothing changes."""
        caller = req.context.rest
        event = EVENTS.found(caller, id_in_path(row_id), to_write=True)
        try:
            values = StatusBody().load(sent.values(req))
        except ValidationError as error:
            raise FieldErrors(error.messages_dict) from None
        last = (
            Event.select()
            .where((Event.parent_event == event.id) & kinds.EVENT.mine(caller))
            .order_by(Event.created_on.desc(), Event.id.desc())
            .first()
        )
        if last is not None:
            Event.update(status=values["status"]).where(Event.id == last.id).execute()
        resp.media = UPDATED


class Alarms(Responder):
    """The alarms of one event."""

    def on_get(self, req: Request, resp: Response, row_id: str) -> None:
        """List the alarms of an event, the oldest first: none is a note, one an object, more an array.

        Numbers are for who may view alarms.
        """
        event = EVENTS.found(req.context.rest, id_in_path(row_id))
        rows, links = Alarm.select().where(Alarm.event == event.id).order_by(Alarm.id), Links.of(req)
        seen = sees(req.context.rest)
        resp.media = folded([_alarm(row, event, links, seen=seen) for row in rows], NO_ALARM)


def _child(row: Event, links: Links) -> dict[str, Any]:
    return {
        "url": links.one("event", row.id),
        "start": as_text(row.start),
        "end": as_text(row.end),
        "description": row.description,
        "title": row.title,
    }


_AS_TEXT = (
    "daily_start", "daily_stop", "advance_notice", "maxretry", "retry_delay", "num_attempt", "method", "status",
    "result",
)  # fmt: skip


def _alarm(row: Alarm, event: Event, links: Links, *, seen: bool) -> dict[str, Any]:
    """Everything is a text but a number that there is not. Numbers are `seen` by who may view alarms."""
    number = row.alarm_phonenumber
    return {
        "url": links.one("alarm", row.id),
        "title": event.title,
        "phonenumber": number if seen or not number else HIDDEN,
        **{name: str(getattr(row, name)) for name in _AS_TEXT},
        "created_date": as_text(row.created_date),
    }
