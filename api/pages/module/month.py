"""`/module/calendar/{id}/month`: the events of a calendar in one month, on the clock of its calendar user's setting."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import falcon
from falcon import Request, Response

from api.appointments import kinds
from api.appointments.callers import RestCaller
from api.pages.module import zones
from api.pages.module.calendars import CALENDARS
from api.pages.module.days import around, days_of
from api.pages.module.events import EVENTS
from api.pages.module.expected import expected
from api.pages.module.frame import show
from api.pages.module.words import standing
from api.paging import id_in_path
from models import clock
from models.appointments.events import Event

MOST = 1000  # events of a month that are shown, those to be expected among them
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)
YEARS = range(1970, 9000)


class Month:
    """A month of a calendar."""

    for_ = "module pages"

    def on_get(self, req: Request, resp: Response, row_id: str) -> None:
        """Show the month that `?month=2026-03` asks for, by default this one, with what is to be expected of series."""
        caller = req.context.rest
        CALENDARS.needs(caller, "view")
        EVENTS.needs(caller, "view")
        calendar = CALENDARS.resource.found(caller, id_in_path(row_id))
        zone = zones.of_user(calendar.user_id)
        year, month = _asked(req.get_param("month"), clock.now().astimezone(zone))
        span, now = around(year, month, zone), clock.now()
        made = _events(caller, calendar.id, *span)
        awaited, whole = expected(caller, calendar.id, *span, now)
        both = sorted([*made, *awaited], key=lambda one: one.start)
        first = date(year, month, 1)
        facts = {
            "calendar": calendar, "zone_here": zone, "first": first, "standing": standing,
            "days": days_of(year, month, zone, both[:MOST], now), "more": len(both) >= MOST or not whole,
            "before": _named(first - timedelta(days=1)), "after": _named(first + timedelta(days=31)),
            "may_add": EVENTS.may(caller, "add") and CALENDARS.owned(caller, calendar.id),
        }  # fmt: skip
        show(req, resp, "module/month.html", **facts)


def _asked(text: str | None, now: datetime) -> tuple[int, int]:
    """Year and month.

    Raises:
      falcon.HTTPNotFound: it is no month, or one that no calendar has.
    """
    if not text:
        return now.year, now.month
    if not _MONTH.fullmatch(text) or int(text[:4]) not in YEARS:
        raise falcon.HTTPNotFound(description="There is no such month.")
    return int(text[:4]), int(text[5:])


def _named(day: date) -> str:
    return f"{day:%Y-%m}"


def _events(caller: RestCaller, calendar_id: int, begin: datetime, end: datetime) -> list[Any]:
    """What touches this span, in order of time."""
    within = (Event.start < end) & ((Event.end > begin) | (Event.start >= begin))
    query = Event.select().where((Event.calendar == calendar_id) & within & kinds.EVENT.visible(caller))
    return list(query.order_by(Event.start, Event.id).limit(MOST))
