"""On whose wall clock something is: that of the setting of the calendar user it is for, UTC where there is none."""

from typing import Any
from zoneinfo import ZoneInfo

from peewee import JOIN, fn

from api.paging import number_of
from models import settings
from models.appointments.calendars import CalendarSetting
from models.appointments.events import Event
from models.appointments.users import CalendarUserProfile

UTC = ZoneInfo("UTC")
# A column of queries that are joined with settings: the name of the row's zone.
ZONE_NAME = fn.COALESCE(CalendarSetting.timezone, "UTC").alias("zone_name")


def joined(query: Any, user_id: Any) -> Any:
    """A query with the setting of a calendar user joined to it, so that it can have `ZONE_NAME`.

    Parameters:
      user_id: the column of his id.
    """
    return query.join(
        CalendarUserProfile, JOIN.LEFT_OUTER, on=(CalendarUserProfile.user == user_id), attr="by_profile"
    ).join(
        CalendarSetting,
        JOIN.LEFT_OUTER,
        on=(CalendarUserProfile.calendar_setting == CalendarSetting.id),
        attr="by_setting",
    )


def of_row(row: Any) -> ZoneInfo | None:
    """The zone that the query of a row told; None when it did not."""
    name = getattr(row, "zone_name", None)
    return None if name is None else ZoneInfo(name)


def of_user(user_id: int | None) -> ZoneInfo:
    """The zone of a calendar user."""
    theirs = CalendarUserProfile.user == user_id
    setting = CalendarSetting.select(CalendarSetting.timezone).join(
        CalendarUserProfile, on=(CalendarUserProfile.calendar_setting == CalendarSetting.id)
    )
    found = setting.where(theirs).first() if user_id is not None else None
    return UTC if found is None else found.zone


def of_caller(user_id: int) -> ZoneInfo:
    """The zone of who looks: a calendar user's own, a manager's first; where there is none, that of the settings."""
    by_profile = CalendarUserProfile.select(CalendarUserProfile.calendar_setting).where(
        CalendarUserProfile.user == user_id
    )
    theirs = (CalendarSetting.user == user_id) | CalendarSetting.id.in_(by_profile)
    found = CalendarSetting.select().where(theirs).order_by(CalendarSetting.id).first()
    return settings.current().zone if found is None else found.zone


def of_event(event_id: int | None) -> ZoneInfo:
    """The zone of an event."""
    query = joined(Event.select(Event.id, ZONE_NAME), Event.creator)
    found = query.where(Event.id == event_id).first() if event_id is not None else None
    return (of_row(found) or UTC) if found is not None else UTC


def typed_id(text: Any) -> int | None:
    """The id that a field of a form holds; None for anything else."""
    return number_of(str(text)) or None
