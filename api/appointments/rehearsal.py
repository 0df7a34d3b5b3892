"""`/rest-api/rehearsal/`: which alarms would be made in a time to come, and why others would not. A dry run."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from falcon import Request, Response
from marshmallow import ValidationError

from api.appointments import kinds
from api.appointments.callers import RestCaller
from api.appointments.links import BASE, Links
from api.appointments.moments import read, shown
from api.appointments.responders import READ
from api.auth import REST
from api.errors import FieldErrors
from models.appointments.rehearsing import BadSpan, Foreseen, Rehearsal, rehearse
from models.numbers import HIDDEN

NAME = "rehearsal"
PATH = f"{BASE}{NAME}"
NEEDED = kinds.EVENT.word("view")


class Rehearsed:
    """What the caller's events would have done. Numbers and addresses are for who may view alarms."""

    for_ = REST
    allow = READ

    def permission_for(self, _verb: str) -> str:
        """That to view events."""
        return NEEDED

    def on_get(self, req: Request, resp: Response) -> None:
        """List the alarms that would be made from `from` until before `to`, in order of time. Nothing is changed."""
        caller: RestCaller = req.context.rest
        found = foreseen(caller, moment(req, "from"), moment(req, "to"))
        names, links = sees(caller), Links.of(req)
        resp.media = {
            "from": shown(found.begin), "to": shown(found.end), "count": len(found.rows), "more": found.more,
            "results": [_told(one, names, links) for one in found.rows],
        }  # fmt: skip


def foreseen(caller: RestCaller, begin: datetime | None, end: datetime | None, **limits: int) -> Rehearsal:
    """The caller's part of what would be made; limits as for `rehearse`.

    Raises:
      FieldErrors: of `from` or `to`.
    """
    try:
        return rehearse(begin, end, None if caller.is_superuser else caller.user_id, **limits)
    except BadSpan as error:
        raise FieldErrors({error.field: [str(error)]}) from None


def sees(caller: RestCaller) -> bool:
    """Whether the caller may know whom an alarm would reach."""
    return caller.may(kinds.ALARM.word("view"))


def to_whom(one: Foreseen, sees: bool) -> str:
    """A number or an address; masked for who may not see it."""
    return one.to if sees or not one.to else HIDDEN


def moment(req: Request, name: str) -> datetime | None:
    """The moment that a query parameter names, None where it is left out.

    Raises:
      FieldErrors: it names none.
    """
    text = req.get_param(name)
    try:
        return read(text) if text else None
    except ValidationError as error:
        raise FieldErrors({name: [str(text) for text in error.messages]}) from None


def _told(one: Foreseen, sees: bool, links: Links) -> dict[str, Any]:
    return {
        "at": shown(one.at),
        "local": _on_the_wall(one.at, one.zone),
        "timezone": one.zone,
        "recipient_local": _on_the_wall(one.at, one.recipient_zone),
        "recipient_timezone": one.recipient_zone,
        "due": shown(one.due),
        "waits_for": list(one.waits_for),
        "alarm": links.one(kinds.ALARM.name, one.alarm_id),
        "event": links.one(kinds.EVENT.name, one.event_id),
        "title": one.title,
        "start": shown(one.start),
        "kind": one.kind,
        "again": one.again,
        "method": one.method,
        "to": to_whom(one, sees),
        "why_not": one.why_not or None,
    }


def _on_the_wall(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
