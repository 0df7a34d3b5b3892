"""Calendar users, whom managers make, and users as such."""

from collections.abc import Sequence
from typing import Any

from marshmallow import fields, validate

from api.appointments import kinds
from api.appointments.calendars import clear, of_user
from api.appointments.callers import RestCaller
from api.appointments.fields import Field, Mail, Text, Url, Whole
from api.appointments.links import Links
from api.appointments.resources import CROSS, Body, Resource, Wrong
from api.errors import FieldErrors
from models.appointments.calendars import Calendar, CalendarSetting
from models.appointments.users import CalendarUserProfile
from models.people.logins import sign_out
from models.people.passwords import hashed
from models.people.users import User

MASK = "********"
_NAME = validate.Regexp(r"^[\w.@+-]+$", error="Use letters, digits and @.+-_ only.")


class Groups(Field, fields.List[Any]):
    """A list that other systems fill; here it is empty."""

    def __init__(self) -> None:
        super().__init__("Always empty.", cls_or_instance=fields.String(), read_only=True)

    def shown(self, _row: Any, _links: Links) -> list[str]:
        return []


class Masked(Field, fields.String):
    """That there is a password."""

    def shown(self, _row: Any, _links: Links) -> str:
        return MASK


class OnlyCalendar(Field, fields.Dict):
    """A calendar user's calendar, when he has just one."""

    def shown(self, row: Any, _links: Links) -> dict[str, Any]:
        found = row.calendars_known
        return {"name": found[0].name, "max_concurrent": found[0].max_concurrent} if len(found) == 1 else {}


class UserBody(Body):
    """A calendar user, as a manager makes one."""

    username = Text(30, "What he logs in as; nobody else's.", blank=False, required=True, also=[_NAME])
    password = Text(128, "What he logs in with; it is never told again.", blank=False, required=True)
    email = Mail("His address.", default="")
    first_name = Text(30, "His first name.", default="")
    last_name = Text(30, "His last name.", default="")


class WrittenUserBody(Body):
    """A calendar user who was just written."""

    url = Url(kinds.CALENDAR_USER)
    username = Text(30, "What he logs in as.")
    password = Masked("Stars: it is kept as a hash, which nobody is shown.")
    last_name = Text(30, "His last name.")
    first_name = Text(30, "His first name.")
    email = Text(254, "His address.")
    groups = Groups()


class ShownUserBody(Body):
    """A calendar user."""

    id = Whole("His id.")
    username = Text(30, "What he logs in as.")
    last_name = Text(30, "His last name.")
    first_name = Text(30, "His first name.")
    email = Text(254, "His address.")
    calendar = OnlyCalendar("`name` and `max_concurrent` of his calendar, when he has just one.")


class ListedUserBody(ShownUserBody):
    """A calendar user in a list."""

    url = Url(kinds.CALENDAR_USER)


class CalendarUsers(Resource):
    """Sub-users of a manager: each an account, with a profile that says whose he is and by which setting."""

    kind = kinds.CALENDAR_USER
    body, shown_as, listed_as, confirmed_as = UserBody, ShownUserBody, ListedUserBody, WrittenUserBody
    noun = "calendar user"
    text = "Calendar users are those for whom calendars are kept: the doctor, the secretary. Each has one manager."
    fold = "no calendar-user found"
    in_use = "This user is known elsewhere too: he cannot be deleted here."
    clashing, clash = "username", "Somebody else has this username."

    def shown(self, row: Any, links: Links) -> dict[str, Any]:
        return super().shown(_with_calendars([row])[0], links)

    def listed(self, rows: Sequence[Any], links: Links) -> list[dict[str, Any]]:
        return super().listed(_with_calendars(rows), links)

    def wrong(self, caller: RestCaller, values: dict[str, Any], row: Any) -> Wrong:
        name, own = values.get("username"), row.id if row else 0
        wrong: Wrong = {}
        if name is not None and User.select().where((User.username == name) & (User.id != own)).exists():
            wrong["username"] = [self.clash]
        if row is None and _first_setting(caller) is None:
            wrong[CROSS] = ["First make a calendar setting, by which he can be a calendar user."]
        return wrong

    def ready(self, values: dict[str, Any], row: Any) -> None:
        if "password" in values:
            values["password"] = hashed(values["password"])

    def make(self, caller: RestCaller, values: dict[str, Any]) -> Any:
        setting = _first_setting(caller)
        if setting is None:  # it went in the meantime
            raise FieldErrors({CROSS: ["First make a calendar setting."]})
        row = super().make(caller, values)
        CalendarUserProfile.create(user=row, manager=caller.user_id, calendar_setting=setting)
        return row

    def change(self, row: Any, values: dict[str, Any]) -> None:
        super().change(row, values)
        if "password" in values:
            sign_out(row.id)

    def remove(self, row: Any) -> None:
        """His calendars, their events and alarms go with him."""
        clear(of_user(row.id))
        Calendar.delete().where(Calendar.user == row.id).execute()
        super().remove(row)


def _first_setting(caller: RestCaller) -> Any:
    """The caller's setting of the lowest id."""
    own = CalendarSetting.select(CalendarSetting.id).where(CalendarSetting.user == caller.user_id)
    return own.order_by(CalendarSetting.id).first()


def _with_calendars(rows: Sequence[Any]) -> Sequence[Any]:
    """The same users, whose calendars are known: by one query for all."""
    by_user: dict[int | None, list[Calendar]] = {row.id: [] for row in rows}
    for calendar in Calendar.select().where(Calendar.user.in_(list(by_user))).order_by(Calendar.id):
        by_user[calendar.user_id].append(calendar)
    for row in rows:
        row.calendars_known = by_user[row.id]
    return rows


class PersonBody(Body):
    """An account."""

    url = Url(kinds.USERS)
    username = Text(150, "What he logs in as.", read_only=True)
    last_name = Text(150, "His last name.", read_only=True)
    first_name = Text(150, "His first name.", read_only=True)
    email = Text(254, "His address.", read_only=True)
    groups = Groups()


class Users(Resource):
    """Accounts: one's own; superusers see all [O-3]."""

    kind = kinds.USERS
    body = PersonBody
    noun = "user"
    text = "One's own account; superusers see all."
    writes = False
    guarded = False


CALENDAR_USERS, USERS = CalendarUsers(), Users()
