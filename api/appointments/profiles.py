"""Profiles: what is known of calendar users, and what they are allowed."""

from typing import Any

from marshmallow import validate
from peewee import IntegrityError

from api.appointments import kinds
from api.appointments.fields import Name, Site, Text, To, Url, When, Whole
from api.appointments.resources import Body, Resource
from models.appointments.calendars import Calendar
from models.appointments.events import Event
from models.appointments.users import CalendarUserProfile
from models.people.users import User


class ProfileBody(Body):
    """What is known of a calendar user."""

    manager = Name("Whose calendar user he is, by username.", read_only=True)
    id = Whole("The profile's id, which stands in no path.", read_only=True)
    user = To(kinds.CALENDAR_USER, "The user's id, which stands in the path.", bare=True, read_only=True)
    address = Text(200, "Where he is.", null=True)
    city = Text(120, "His city.", null=True)
    state = Text(120, "His state.", null=True)
    country = Text(
        2, "His country, by two letters of ISO 3166, or empty.",
        also=[validate.Regexp(r"^([A-Za-z]{2})?$", error="Write two letters, like IN.")],
    )  # fmt: skip
    zip_code = Text(120, "His zip code.", null=True)
    phone_no = Text(90, "His phone.", null=True)
    fax = Text(90, "His fax.", null=True)
    company_name = Text(90, "His company.", null=True)
    company_website = Site(90, "Its website.", null=True)
    language = Text(
        2, "His language, by two letters of ISO 639-1, or null.", null=True,
        also=[validate.Regexp(r"^[A-Za-z]{2}$", error="Write two letters, like en.")],
    )  # fmt: skip
    note = Text(250, "Whatever else there is to say.", null=True)
    accountcode = Whole("A number for accounting.", least=0, most=2**63 - 1, null=True)
    created_date = When("When he was made.", read_only=True)
    updated_date = When("When this was changed last.", read_only=True)
    calendar_setting = To(
        kinds.CALENDAR_SETTING, "What his manager lets him do: one of the caller's settings, by id.",
        bare=True, required=True,
    )  # fmt: skip


class ListedProfileBody(Body):
    """What is known of a calendar user, in a list."""

    url = Url(kinds.CALENDAR_USER_PROFILE)
    id = Whole("The profile's id, which stands in no path.")
    accountcode = Whole("A number for accounting.", most=2**63 - 1, null=True)
    calendar_setting = To(kinds.CALENDAR_SETTING, "What his manager lets him do.")
    manager = Name("Whose calendar user he is, by username.")
    address = Text(200, "Where he is.", null=True)
    city = Text(120, "His city.", null=True)
    state = Text(120, "His state.", null=True)
    zip_code = Text(120, "His zip code.", null=True)
    phone_no = Text(90, "His phone.", null=True)
    fax = Text(90, "His fax.", null=True)
    company_name = Text(90, "His company.", null=True)
    company_website = Text(90, "Its website.", null=True)


class Profiles(Resource):
    """Profiles of calendar users. They are made with them, and keep their manager."""

    kind = kinds.CALENDAR_USER_PROFILE
    body, listed_as = ProfileBody, ListedProfileBody
    noun = "calendar user profile"
    text = "What is known of a calendar user. The id in a path is the user's. Profiles are made with their users."
    fold = "no calendar-user-profile found"
    adds = False
    in_use = "He has calendars or events: delete the calendar user, and they go with him."

    def query(self) -> Any:
        manager = CalendarUserProfile.manager == User.id
        return CalendarUserProfile.select(CalendarUserProfile, User).join(User, on=manager, attr="manager")

    def remove(self, row: Any) -> None:
        """A user without a profile is no calendar user any more: nobody could see what is in his calendars."""
        if Calendar.select().where(Calendar.user == row.user_id).exists() or (
            Event.select().where(Event.creator == row.user_id).exists()
        ):
            raise IntegrityError
        super().remove(row)


PROFILES = Profiles()
