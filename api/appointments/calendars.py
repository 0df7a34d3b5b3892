"""Calendars, and the settings by which a manager says what is done for his calendar users."""

from typing import Any

from api.appointments import kinds
from api.appointments.callers import RestCaller
from api.appointments.clocks import MaybeTime, Zone
from api.appointments.fields import Code, Flag, Name, Text, To, Url, When, Whole
from api.appointments.resources import Body, Resource, Wrong
from models.appointments import removing
from models.appointments.calendars import ALWAYS, HUMAN_ONLY, VOICEMAIL_ONLY, Calendar, CalendarSetting
from models.appointments.events import Event
from models.appointments.windows import Window
from models.people.users import User

AMD = {ALWAYS: "always play", HUMAN_ONLY: "only to a person", VOICEMAIL_ONLY: "only to a machine"}
UTC_ZONE = "UTC"


class SettingBody(Body):
    """What a manager lets a group of calendar users do."""

    url = Url(kinds.CALENDAR_SETTING)
    user = Name("Whose it is, by username: always who made it.", read_only=True)
    label = Text(80, "What it is called.", blank=False, required=True)
    callerid = Text(80, "The number that is shown, and that texts come from.", null=True, default=None)
    caller_name = Text(80, "The name that is shown.", default="")
    call_timeout = Whole("Seconds that a phone rings.", least=0, default=60)
    survey = To(kinds.SEALED_SURVEY, "What is played; one of the caller's own.", required=True)
    aleg_gateway = To(
        kinds.GATEWAY, "Through which calls go; one that is assigned to the caller.", required=True
    )
    sms_gateway = To(
        kinds.SMS_GATEWAY, "Through which texts go; without one they fail.", null=True, default=None
    )
    voicemail = Flag("Whether answering machines are told from people.", default=False)
    amd_behavior = Code(AMD, "To whom it is played:", null=True, default=ALWAYS)
    voicemail_audiofile = To(kinds.AUDIO_FILE, "What machines are played.", null=True, default=None)
    timezone = Zone(
        "The zone of its wall clock, by its IANA name; it is told when it is another than UTC.",
        default=UTC_ZONE, unless=UTC_ZONE,
    )  # fmt: skip
    quiet_start = MaybeTime("From when on nobody is told anything, on the clock of who would be told.")
    quiet_stop = MaybeTime(
        "Until when; earlier than the start: over midnight. Both are told when they were said."
    )
    created_date = When("When it was made.", read_only=True)
    updated_date = When("When it was changed last.", read_only=True)


class Settings(Resource):
    """Caller id, timeout, gateways and survey, for all calendar users whose profile names it."""

    kind = kinds.CALENDAR_SETTING
    body = SettingBody
    noun = "calendar setting"
    text = "What a manager lets a group of calendar users do: number shown, ring time, gateways, survey."
    in_use = "Calendar users have this setting: give them another one first."

    def query(self) -> Any:
        return CalendarSetting.select(CalendarSetting, User).join(User)

    def wrong(self, caller: RestCaller, values: dict[str, Any], row: Any) -> Wrong:
        start, stop = (values.get(name, getattr(row, name, None)) for name in ("quiet_start", "quiet_stop"))
        if (start is None) != (stop is None):
            lacking = "quiet_start" if start is None else "quiet_stop"
            return {lacking: ["Quiet hours have two ends: write both, or neither."]}
        if start is not None and Window.outside(start, stop) is None:
            return {"quiet_stop": ["Quiet hours stop at another time than they start."]}
        return {}

    def make(self, caller: RestCaller, values: dict[str, Any]) -> Any:
        row = super().make(caller, {**values, "user": caller.user_id})
        row.user = User(id=caller.user_id, username=caller.username)
        return row


class CalendarBody(Body):
    """Events that belong together."""

    url = Url(kinds.CALENDAR)
    name = Text(200, "What it is called.", blank=False, required=True)
    user = To(
        kinds.CALENDAR_USER, "Whose it is: one of the caller's calendar users. Superusers may leave it out.",
        null=True, default=None,
    )  # fmt: skip
    max_concurrent = Whole(
        "How many of its calls are made at once; 0 or null: no limit.", least=0, null=True, default=0
    )
    created_date = When("When it was made.", read_only=True)


class Calendars(Resource):
    """Calendars, each of one calendar user."""

    kind = kinds.CALENDAR
    body = CalendarBody
    noun = "calendar"
    text = "Calendars hold events; a calendar user may have several."

    def wrong(self, caller: RestCaller, values: dict[str, Any], row: Any) -> Wrong:
        if caller.is_superuser or values.get("user", row and row.user_id) is not None:
            return {}
        return {"user": ["Name one of your calendar users."]}

    def remove(self, row: Any) -> None:
        """Its events and their alarms go with it."""
        clear(Event.calendar == row.id)
        super().remove(row)


def clear(condition: Any) -> None:
    """Delete events; their occurrences and alarms go with them."""
    removing.remove_events(condition)


def of_user(user_id: int) -> Any:
    """The condition on events that are a calendar user's, or stand in a calendar of his."""
    theirs = Calendar.select(Calendar.id).where(Calendar.user == user_id)
    return (Event.creator == user_id) | Event.calendar.in_(theirs)


SETTINGS, CALENDARS = Settings(), Calendars()
