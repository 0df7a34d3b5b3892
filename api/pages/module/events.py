"""The screen of events: one happens once, or again and again by a rule; each occurrence is an event of its own."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from falcon import Request, Response
from peewee import JOIN

from api.appointments import events as rest
from api.appointments import kinds
from api.appointments.callers import RestCaller
from api.pages.module import zones
from api.pages.module.choices import called, label
from api.pages.module.inputs import Input
from api.pages.module.screens import Column, Fact, Screen
from api.pages.module.words import standing, standing_alarm, whom
from api.pages.render import go
from api.paging import id_in_path
from models.appointments.alarms import Alarm
from models.appointments.calendars import Calendar
from models.appointments.events import PAUSED, PENDING, Event, Rule
from models.people.users import User

SHOWN = 50  # alarms and occurrences that the page of an event lists


class Events(Screen):
    """Events. Status, series and place in it are not typed: they follow from what happens."""

    resource = rest.EVENTS
    path = "/module/event"
    plural = "Events"
    intro = "What happens, when and for whom. By a rule it happens again; alarms tell somebody of it."
    page = "module/event.html"
    inputs = (
        Input("title", "Title"),
        Input("calendar", "Calendar"),
        Input("creator", "Calendar user", "For whom it is. Times are on the clock of the user's setting."),
        Input("start", "Start", required=True),
        Input("end", "End", "Left empty: an hour after its start."),
        Input("rule", "Repeats", empty="not at all", group="Again and again"),
        Input("end_recurring_period", "Repeats until", "Left empty: without an end."),
        Input("description", "Description", rows=3, group="More"),
        Input("data", "Words for texts", 'JSON: {"patient": "Ann"} fills {patient} in what is said and sent.', rows=3),
    )  # fmt: skip
    columns = (
        Column("Title", lambda row: row.title, "link"),
        Column("Start", lambda row: row.start, "time"),
        Column("Calendar", lambda row: row.calendar.name),
        Column("Calendar user", lambda row: called(row.creator)),
        Column("Repeats", lambda row: row.rule.name if row.rule_id else ""),
        Column("State", lambda row: standing(row.status), "tag"),
    )
    filters = (
        Input("start_after", "From"),
        Input("calendar", "Calendar", empty="all"),
        Input("creator", "Calendar user", empty="all"),
    )
    goes = "The occurrences and the alarms of an event, and the log of their attempts, go with it."

    def rows(self) -> Any:
        query = Event.select(Event, Calendar, User, Rule, zones.ZONE_NAME)
        query = query.join(Calendar).switch(Event).join(User, on=(Event.creator == User.id), attr="creator")
        query = query.switch(Event).join(Rule, JOIN.LEFT_OUTER).switch(Event)
        return zones.joined(query, Event.creator)

    def order(self) -> Sequence[Any]:
        return (Event.start.desc(), Event.id.desc())

    def title(self, row: Any) -> str:
        return str(row.title)

    def facts(self, caller: RestCaller, row: Any) -> list[Fact]:
        """Without a rule there is nothing that would end."""
        shown = (
            self.inputs if row.rule_id else [one for one in self.inputs if one.name != "end_recurring_period"]
        )
        return self.told(caller, row, shown)

    def label(self, row: Any) -> str:
        return label(kinds.EVENT, row)

    def zone(self, values: Mapping[str, Any], row: Any) -> ZoneInfo:
        creator = zones.typed_id(values.get("creator", "")) or (row and row.creator_id)
        known = zones.of_row(row) if row is not None else None
        return known or zones.of_user(creator)

    def begins(self, caller: RestCaller, given: Mapping[str, str]) -> dict[str, str]:
        """For whom the calendar is that was chosen."""
        number = zones.typed_id(given.get("calendar", ""))
        if number is None or "creator" in given:
            return dict(given)
        found = Calendar.select().where((Calendar.id == number) & kinds.CALENDAR.mine(caller)).first()
        return {**given, "creator": str(found.user_id)} if found and found.user_id else dict(given)

    def more(self, caller: RestCaller, row: Any) -> dict[str, Any]:
        """How it stands, its alarms, and the others of its series."""
        root = row.parent_event_id or row.id
        series = Event.select().where(
            ((Event.id == root) | (Event.parent_event == root)) & kinds.EVENT.visible(caller)
        )
        others = list(series.order_by(Event.start.desc(), Event.id.desc()).limit(SHOWN))
        may_see = caller.may(kinds.ALARM.word("view"))
        alarms = Alarm.select().where(Alarm.event == row.id).order_by(Alarm.date_start_notice, Alarm.id)
        return {
            "state": standing(row.status),
            "may_pause": row.status == PENDING, "may_resume": row.status == PAUSED,
            "series": [(one, standing(one.status)) for one in others] if len(others) > 1 else [],
            "may_see_alarms": may_see,
            "may_add_alarm": caller.may(kinds.ALARM.word("add")),
            "alarms": [(one, whom(one), standing_alarm(one)) for one in alarms.limit(SHOWN)] if may_see else [],
        }  # fmt: skip


EVENTS = Events()


class Pausing:
    """Holding an event, and letting it go on: while it is paused its alarms wait, and its series stands still.

    Parameters:
      before, after: the status that it must have, and gets.
      said, otherwise: what is said of that, and when it has another status by now.
    """

    for_ = "module pages"

    def __init__(self, before: int, after: int, said: str, otherwise: str) -> None:
        self._move, self._said, self._otherwise = (before, after), said, otherwise

    def on_post(self, req: Request, resp: Response, row_id: str) -> None:
        """Do it, if it still stands as it stood."""
        caller = req.context.rest
        EVENTS.needs(caller, "change")
        event = EVENTS.resource.found(caller, id_in_path(row_id), to_write=True)
        before, after = self._move
        moved = Event.update(status=after).where((Event.id == event.id) & (Event.status == before)).execute()
        go(req, resp, EVENTS.at(event.id), self._said if moved else self._otherwise)


PAUSE = Pausing(PENDING, PAUSED, "The event is paused: its alarms wait.", "It was not to come any more.")
RESUME = Pausing(PAUSED, PENDING, "The event goes on.", "It was not paused any more.")
