"""The screens of calendar users: the account of one, and his profile, by which a setting is his."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from peewee import JOIN

from api.appointments import kinds
from api.appointments import people as rest
from api.appointments.callers import RestCaller
from api.appointments.profiles import PROFILES
from api.pages.module import zones
from api.pages.module.choices import called
from api.pages.module.inputs import Input
from api.pages.module.screens import Column, Screen
from models.appointments.calendars import Calendar, CalendarSetting
from models.appointments.users import CalendarUserProfile
from models.people.permissions import held_by
from models.people.users import User

# What a calendar user may be let see of what is his [O-2]: the permission, and what it is called.
SIGHTS = {
    kinds.CALENDAR.word("view"): "calendars", kinds.EVENT.word("view"): "events",
    kinds.ALARM.word("view"): "alarms", kinds.ALARM_REQUEST.word("view"): "their attempts",
}  # fmt: skip
SHOWN = 50  # calendars of one user that his page lists


class CalendarUsers(Screen):
    """Calendar users."""

    resource = rest.CALENDAR_USERS
    path = "/module/calendar_user"
    plural = "Calendar users"
    intro = "Those for whom calendars are kept: the doctor, the secretary. A new one has your first setting."
    page = "module/calendar_user.html"
    inputs = (
        Input("username", "Username", "Letters, digits and @.+-_; nobody else's."),
        Input("password", "Password"),
        Input("first_name", "First name"),
        Input("last_name", "Last name"),
        Input("email", "Mail address"),
    )
    columns = (
        Column("Username", lambda row: row.username, "link"),
        Column("Name", lambda row: f"{row.first_name} {row.last_name}".strip()),
        Column("Setting", lambda row: row.by_setting.label),
        Column("Time zone", lambda row: row.by_setting.timezone),
    )
    goes = "The calendars of a calendar user, with their events and alarms, go too."

    def rows(self) -> Any:
        setting = CalendarUserProfile.calendar_setting == CalendarSetting.id
        return (
            User.select(User, CalendarUserProfile, CalendarSetting)
            .join(CalendarUserProfile, on=(CalendarUserProfile.user == User.id), attr="by_profile")
            .switch(User)
            .join(CalendarSetting, JOIN.INNER, on=setting, attr="by_setting")
        )

    def title(self, row: Any) -> str:
        return called(row)

    def zone(self, values: Mapping[str, Any], row: Any) -> ZoneInfo:
        return zones.of_user(row.id) if row is not None else zones.UTC

    def more(self, caller: RestCaller, row: Any) -> dict[str, Any]:
        """His profile and his calendars."""
        profile = None
        if PROFILE.may(caller, "view"):
            profile = CalendarUserProfile.get_or_none(CalendarUserProfile.user == row.id)
        theirs = Calendar.select().where((Calendar.user == row.id) & kinds.CALENDAR.visible(caller))
        may_see = caller.may(kinds.CALENDAR.word("view"))
        return {
            "profile": PROFILE.facts(caller, profile) if profile else [],
            "may_change_profile": PROFILE.may(caller, "change") and PROFILE.owned(caller, row.id),
            "calendars": list(theirs.order_by(Calendar.id).limit(SHOWN)) if may_see else [],
            "may_add_calendar": caller.may(kinds.CALENDAR.word("add")),
            "sights": SIGHTS,
            "granted": held_by(row.id),
        }


class Profile(Screen):
    """What is known of a calendar user, and which setting he has. It stands on the page of the user."""

    resource = PROFILES
    path = CalendarUsers.path
    plural = "Profiles"
    intro = ""
    inputs = (
        Input("calendar_setting", "Setting", "By which things are done for this calendar user."),
        Input("phone_no", "Phone"),
        Input("address", "Address", group="Where"),
        Input("zip_code", "Zip code"),
        Input("city", "City"),
        Input("state", "State"),
        Input("country", "Country", "Two letters, like IN; or nothing."),
        Input("language", "Language", "Two letters, like en; or nothing."),
        Input("company_name", "Company", group="Work"),
        Input("company_website", "Website", "Like https://example.com."),
        Input("fax", "Fax"),
        Input("accountcode", "Account code", "A number for accounting."),
        Input("note", "Note", rows=3),
    )
    columns = ()

    def title(self, row: Any) -> str:
        return f"the profile of {called(User.get_by_id(row.user_id))}"


CALENDAR_USERS, PROFILE = CalendarUsers(), Profile()
