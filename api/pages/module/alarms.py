"""The screen of alarms: who is told of an event, how and when, and every attempt that was made."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from api.appointments import alarms as rest
from api.appointments import kinds
from api.appointments.callers import RestCaller
from api.pages.local_times import typed
from api.pages.module import zones
from api.pages.module.attempts import attempts_of
from api.pages.module.inputs import Input
from api.pages.module.screens import Column, Screen
from api.pages.module.words import ALARM_WORDS, answered, standing_alarm, whom
from api.pages.render import local
from models.appointments.alarms import Alarm
from models.appointments.events import PENDING, Event
from models.appointments.rehearsing import foreseen_of


class Alarms(Screen):
    """Alarms. How one stands and how often it was tried is not typed: it follows from what happens."""

    resource = rest.ALARMS
    path = "/module/alarm"
    plural = "Alarms"
    intro = "Who is told of an event, by call, text or mail; and what became of it."
    page, list_page = "module/alarm.html", "module/alarms.html"
    inputs = (
        Input("event", "Event", "Events that are still to come.", narrowed=lambda: Event.status == PENDING),
        Input("method", "How"),
        Input("alarm_phonenumber", "Phone", "For calls and texts; with the country's code, like +919876543210."),
        Input("alarm_email", "Mail address", "For mails."),
        Input("date_start_notice", "Date and time", "On the clock of the calendar user.", required=True, group="When"),
        Input("advance_notice", "Seconds before that", "It begins so much earlier; 3600 is an hour.", seconds=True),
        Input("daily_start", "Not before", "On any day."),
        Input("daily_stop", "Not after", "Earlier than the line above: over midnight."),
        Input("recipient_timezone", "Zone of who is told", "For quiet hours.", empty="the number's, or the setting's"),
        Input("maxretry", "Retries", "Attempts after the first.", group="When nobody answers"),
        Input("retry_delay", "Seconds between attempts", seconds=True),
        Input("phonenumber_sms_failure", "Whom to text when all failed", "A number; or nobody."),
        Input("survey", "Survey", "What is played in the call.", empty="the setting's", group="What is said"),
        Input("sms_template", "Text"),
        Input("mail_template", "Mail"),
        Input("result", "Answer", "A call or a reply sets it by itself.", group="What follows"),
        Input("url_confirm", "Address told of a yes", "A web address that is posted to."),
        Input("url_cancel", "Address told of a no"),
        Input("phonenumber_transfer", "Put through to", "The number for who wants another time."),
    )  # fmt: skip
    columns = (
        Column("To whom", whom, "link"),
        Column("Event", lambda row: row.event.title),
        Column("When", lambda row: row.date_start_notice, "time"),
        Column("Attempts", lambda row: row.num_attempt),
        Column("State", standing_alarm, "tag"),
        Column("Answer", answered),
    )
    filters = (
        Input("event", "Event", empty="all"),
        Input("method", "How", empty="any"),
        Input("status", "State", empty="any", words=ALARM_WORDS),
    )
    goes = "The log of an alarm's attempts goes with it, and what is still under way is called off."

    def rows(self) -> Any:
        query = Alarm.select(Alarm, Event, zones.ZONE_NAME).join(Event)
        return zones.joined(query, Event.creator)

    def order(self) -> Sequence[Any]:
        return (Alarm.date_start_notice.desc(), Alarm.id.desc())

    def title(self, row: Any) -> str:
        return whom(row)

    def label(self, row: Any) -> str:
        return f"{whom(row)}, {local(row.date_start_notice, self.zone({}, row))}"

    def zone(self, values: Mapping[str, Any], row: Any) -> ZoneInfo:
        event = zones.typed_id(values.get("event", "")) or (row and row.event_id)
        known = zones.of_row(row) if row is not None else None
        return known or zones.of_event(event)

    def begins(self, caller: RestCaller, given: Mapping[str, str]) -> dict[str, str]:
        """At the start of the event that was chosen."""
        number = zones.typed_id(given.get("event", ""))
        if number is None:
            return dict(given)
        event = Event.select().where((Event.id == number) & kinds.EVENT.mine(caller)).first()
        start = {"date_start_notice": typed(event.start, zones.of_user(event.creator_id))} if event else {}
        return start | dict(given)

    def above(self, caller: RestCaller) -> dict[str, Any]:
        """Whether the log of all attempts is his to see."""
        return {"may_see_log": caller.may(kinds.ALARM_REQUEST.word("view"))}

    def more(self, caller: RestCaller, row: Any) -> dict[str, Any]:
        """How it stands, and its attempts."""
        return {
            "state": standing_alarm(row), "answered": answered(row), "event": row.event,
            "foreseen": foreseen_of(row.id),
            "attempts": attempts_of(row) if caller.may(kinds.ALARM_REQUEST.word("view")) else None,
        }  # fmt: skip


ALARMS = Alarms()
