"""`/module/rehearsal`: which alarms would be made in a time to come, on the clocks of all concerned, and which not."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import falcon
from falcon import Request, Response

from api.appointments.alarms import METHODS
from api.appointments.callers import RestCaller
from api.appointments.rehearsal import NEEDED, foreseen, sees, to_whom
from api.errors import FieldErrors
from api.pages.forms import Form
from api.pages.local_times import read, typed
from api.pages.module import zones
from api.pages.module.frame import show
from models import settings
from models.appointments.awaiting import EXISTING, FUTURE, POSTED
from models.appointments.calendars import CalendarSetting
from models.appointments.rehearsing import Foreseen, Rehearsal

PATH = "/module/rehearsal"
ROWS = 200
KINDS = {EXISTING: "", FUTURE: "an occurrence to come", POSTED: "an attempt that was posted"}


class Rehearsed:
    """What would ring between two moments."""

    for_ = "module pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """Show what `?from=` and `?to=` ask for, on the clock of who looks; by default the next day."""
        caller: RestCaller = req.context.rest
        if not caller.may(NEEDED):
            raise falcon.HTTPForbidden(description="You may not view events.")
        asked = {name: req.get_param(name) or "" for name in ("from", "to")}
        said: list[str] = []
        zone = _zone(caller)
        try:
            begin, end = (_moment(name, text, zone, said) for name, text in asked.items())
            found = foreseen(caller, begin, end, rows=ROWS)
        except FieldErrors as error:
            _show(req, resp, Form(asked).wrong(error.fields), zone, status=falcon.HTTP_400)
        else:
            shown = {"from": typed(found.begin, zone), "to": typed(found.end, zone)}
            held = {name: asked[name] or text for name, text in shown.items()}
            _show(req, resp, Form(held), zone, found, said)


def _zone(caller: RestCaller) -> ZoneInfo:
    """The zone of a manager's first setting, of a calendar user's own, or, for superusers, ours."""
    if caller.is_superuser:
        return settings.current().zone
    own = CalendarSetting.select().where(CalendarSetting.user == caller.user_id)
    first = own.order_by(CalendarSetting.id).first()
    return zones.of_user(caller.user_id) if first is None else ZoneInfo(first.timezone)


def _moment(name: str, text: str, zone: ZoneInfo, said: list[str]) -> datetime | None:
    if not text:
        return None
    moment, about = read(name, text, zone=zone)
    said += [about] if about else []
    return moment


def _show(
    req: Request,
    resp: Response,
    form: Form,
    zone: ZoneInfo,
    found: Rehearsal | None = None,
    said: list[str] | None = None,
    status: str = falcon.HTTP_200,
) -> None:
    seen = sees(req.context.rest)
    rows = [_row(one, seen) for one in found.rows] if found else []
    silent = sum(1 for row in rows if row["why_not"])
    facts = {"rows": rows, "silent": silent, "more": bool(found and found.more), "asked": found is not None}
    show(
        req, resp, "module/rehearsal.html", status=status, form=form, said=said or [], may_open=seen,
        zone_here=zone, **facts,
    )  # fmt: skip


def _row(one: Foreseen, seen: bool) -> dict[str, Any]:
    return {
        "at": one.at,
        "zone": ZoneInfo(one.zone),
        "there": ZoneInfo(one.recipient_zone) if one.recipient_zone != one.zone else None,
        "method": METHODS[one.method],
        "to": to_whom(one, seen),
        "alarm": one.alarm_id,
        "event": one.event_id,
        "title": one.title,
        "kind": KINDS[one.kind],
        "again": one.again and one.kind == EXISTING,
        "waits_for": " and ".join(one.waits_for),
        "why_not": one.why_not,
    }
