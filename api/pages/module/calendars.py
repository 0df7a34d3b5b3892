"""The screens of calendars and of the settings by which things are done for their users."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from peewee import JOIN

from api.appointments import calendars as rest
from api.appointments.callers import RestCaller
from api.pages.module import zones
from api.pages.module.choices import called
from api.pages.module.inputs import Input
from api.pages.module.screens import Column, Screen
from models.appointments.answering import secret_of
from models.appointments.calendars import Calendar, CalendarSetting
from models.appointments.gateways import Gateway
from models.appointments.surveys import SealedSurvey
from models.appointments.users import CalendarUserProfile
from models.people.users import User


class Settings(Screen):
    """Calendar settings."""

    resource = rest.SETTINGS
    path = "/module/calendar_setting"
    plural = "Calendar settings"
    page = "module/calendar_setting.html"
    intro = "What is done for a group of calendar users, and how: the number shown, the gateways, the survey played."
    inputs = (
        Input("label", "Name"),
        Input("survey", "Survey", "What callees hear, unless an alarm has another one. Seal a survey first."),
        Input("aleg_gateway", "Gateway for calls"),
        Input("sms_gateway", "Gateway for texts", "Without one, alarms by text fail."),
        Input("callerid", "Number shown", "Calls show it, and texts come from it."),
        Input("caller_name", "Name shown"),
        Input("call_timeout", "Seconds to ring", "Never less than 10.", seconds=True),
        Input("timezone", "Time zone", "Of the wall clock of its calendars.", group="Times"),
        Input(
            "quiet_start", "Quiet from", "On the clock of who would be told. Nobody is told anything then."
        ),
        Input("quiet_stop", "Quiet until"),
        Input("voicemail", "Tell answering machines from people", group="Answering machines"),
        Input("amd_behavior", "To whom it is played"),
        Input("voicemail_audiofile", "What machines are played", empty="the survey"),
    )
    columns = (
        Column("Name", lambda row: row.label, "link"),
        Column("Number shown", lambda row: row.callerid),
        Column("Survey", lambda row: row.survey.name),
        Column("Gateway", lambda row: row.aleg_gateway.name),
        Column("Time zone", lambda row: row.timezone),
    )
    goes = "A setting that calendar users have stays until they have another one."
    holders = (CalendarUserProfile.calendar_setting,)

    def rows(self) -> Any:
        chosen = CalendarSetting.select(CalendarSetting, SealedSurvey, Gateway)
        return chosen.join(SealedSurvey).switch(CalendarSetting).join(Gateway)

    def zone(self, values: Mapping[str, Any], row: Any) -> ZoneInfo:
        return row.zone if row is not None else zones.UTC

    def more(self, caller: RestCaller, row: Any) -> dict[str, Any]:
        """What signs all that his own systems are told, for him alone."""
        return {"secret": secret_of(caller.user_id) if row.user_id == caller.user_id else ""}


class Calendars(Screen):
    """Calendars."""

    resource = rest.CALENDARS
    path = "/module/calendar"
    plural = "Calendars"
    intro = "Calendars hold events. A calendar user may have several."
    page = "module/calendar.html"
    inputs = (
        Input("name", "Name"),
        Input("user", "Calendar user", "Whose calendar it is.", empty="nobody"),
        Input(
            "max_concurrent",
            "Calls at once",
            "How many of its alarms may be on the phone at a time; 0: no limit.",
            words={0: "no limit"},
        ),
    )
    columns = (
        Column("Name", lambda row: row.name, "link"),
        Column("Calendar user", lambda row: called(row.user) if row.user_id else ""),
        Column("Calls at once", lambda row: row.max_concurrent or "no limit"),
        Column("Month", lambda row: ("this month", f"/module/calendar/{row.id}/month"), "to"),
    )
    goes = "The events of a calendar, with their occurrences and alarms, go with it."

    def rows(self) -> Any:
        return Calendar.select(Calendar, User).join(User, JOIN.LEFT_OUTER)

    def zone(self, values: Mapping[str, Any], row: Any) -> ZoneInfo:
        return zones.of_user(row.user_id) if row is not None else zones.UTC


SETTINGS, CALENDARS = Settings(), Calendars()
