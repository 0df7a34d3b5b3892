"""Events: when something is, and by which rule it recurs."""

from calendar import monthrange
from datetime import datetime, timedelta
from typing import Any

from api.appointments import kinds
from api.appointments.callers import RestCaller
from api.appointments.fields import Code, Json, Text, To, Url, When, Whole
from api.appointments.narrowing import between
from api.appointments.resources import Body, Filter, Resource, Wrong
from models import clock
from models.appointments import removing
from models.appointments.events import COMPLETED, PAUSED, PENDING, Event

STATUSES = {PENDING: "pending", COMPLETED: "completed", PAUSED: "paused"}
LASTS = timedelta(hours=1)  # unless something else is said
LONGEST_TEXT = 20_000


class EventBody(Body):
    """Something that happens at a time, once or by a rule."""

    url = Url(kinds.EVENT)
    title = Text(255, "What it is.", blank=False, required=True)
    description = Text(LONGEST_TEXT, "More about it.", null=True, default=None)
    start = When("When it begins; now, if nothing is said.", default=lambda: clock.now())
    end = When("When it ends, after its start; an hour after it, if nothing is said.")
    creator = To(kinds.CALENDAR_USER, "For whom it is: one of the caller's calendar users.", required=True)
    created_on = When("When it was made.", default=lambda: clock.now())
    end_recurring_period = When(
        "After which it does not recur; null: no limit. A month after its start, if nothing is said.",
        null=True,
    )
    rule = To(kinds.RULE, "How it recurs; null: not at all.", null=True, default=None)
    calendar = To(
        kinds.CALENDAR, "In which calendar it stands: one of a calendar user of the caller's.", required=True
    )
    notify_count = Whole("Kept, and copied to what follows it.", null=True, default=0)
    status = Code(STATUSES, "How it stands:", null=True, default=PENDING)
    data = Json(
        "What the placeholders of texts stand for: any JSON, or JSON in a text.", null=True, default=None
    )
    parent_event = To(kinds.EVENT, "The root of its series; null: it is the root.", null=True, default=None)
    occ_count = Whole("Which of its series it is, from 0 on.", null=True, default=0)


class Events(Resource):
    """Events and their occurrences, which are events themselves."""

    kind = kinds.EVENT
    body = EventBody
    noun = "event"
    text = "Events happen at a time. By a rule they happen again: every occurrence is an event of its own."
    filters = (
        Filter("status", Code(STATUSES, "Events that stand so:"), lambda value: Event.status == value),
        Filter(
            "calendar", To(kinds.CALENDAR, "Events in this calendar."), lambda value: Event.calendar == value
        ),
        Filter(
            "creator",
            To(kinds.CALENDAR_USER, "Events for this calendar user."),
            lambda value: Event.creator == value,
        ),
        *between(Event.start, "Events that begin"),
    )

    def wrong(self, caller: RestCaller, values: dict[str, Any], row: Any) -> Wrong:
        start, end = (values.get(name) or getattr(row, name, None) for name in ("start", "end"))
        if start is None or end is None or start < end:
            return {}
        return {"end": ["An event ends after its start."]}

    def ready(self, values: dict[str, Any], row: Any) -> None:
        if row is None:
            values.setdefault("end", values["start"] + LASTS)
            values.setdefault("end_recurring_period", month_after(values["start"]))

    def remove(self, row: Any) -> None:
        """Its occurrences and alarms go with it."""
        removing.remove_events(Event.id == row.id)


def month_after(moment: datetime) -> datetime:
    """The same day of the next month, or its last."""
    year, month = moment.year + moment.month // 12, moment.month % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


EVENTS = Events()
