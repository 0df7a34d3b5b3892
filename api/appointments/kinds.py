"""The kinds of rows on `/rest-api`, and whose each is: who owns a row edits it and refers to it, a few more see it.

A row out of sight is 404. Superusers own every row [O-1].
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from peewee import SQL

from api.appointments.callers import RestCaller
from models.appointments.alarms import Alarm, AlarmRequest
from models.appointments.calendars import Calendar, CalendarSetting
from models.appointments.callrequests import AlarmCall
from models.appointments.events import Event, Rule
from models.appointments.gateways import Gateway, GatewayUser, SmsGateway
from models.appointments.surveys import (
    AudioFile,
    BranchingTemplate,
    SealedSurvey,
    SectionTemplate,
    SurveyTemplate,
)
from models.appointments.templates import MailTemplate, SmsTemplate
from models.appointments.users import CalendarUserProfile
from models.people.users import User

Of = Callable[[RestCaller], Any]  # a condition on rows


@dataclass(frozen=True, kw_only=True, eq=False)
class Kind:
    """One kind of row.

    Parameters:
      name: of its route.
      rows: its table.
      owned: which rows are the caller's.
      seen: which others he may read besides [O-2].
      all: which rows of the table there are at all, for everyone.
      key: the column that stands in paths; without one, `id`.
      permission: the word that its permissions end in.
    """

    name: str
    rows: Any
    owned: Of
    seen: Of | None = None
    all: Any = None
    key: Any = None
    permission: str = ""

    @property
    def id(self) -> Any:
        """The column that stands in paths."""
        return self.key or self.rows.id

    def id_of(self, row: Any) -> int:
        """What stands in the path of a row."""
        return int(getattr(row, self.key.object_id_name if self.key else "id"))

    def word(self, verb: str) -> str:
        """The permission for a verb: `view_alarmrequest`."""
        return f"{verb}_{self.permission or self.name.replace('-', '')}"

    def mine(self, caller: RestCaller) -> Any:
        """The condition on rows that the caller may change and refer to."""
        condition = _TRUE if caller.is_superuser else self.owned(caller)
        return condition if self.all is None else condition & self.all

    def is_mine(self, caller: RestCaller, row_id: int | None) -> bool:
        """Whether the caller may change a row, and refer to it; to none he may."""
        return row_id is None or bool(
            self.rows.select().where((self.id == row_id) & self.mine(caller)).exists()
        )

    def visible(self, caller: RestCaller) -> Any:
        """The condition on rows that the caller may read."""
        if self.seen is None or caller.is_superuser:
            return self.mine(caller)
        return self.mine(caller) | self.seen(caller)


_TRUE = SQL("(1 = 1)")


def _everybody(_caller: RestCaller) -> Any:
    return _TRUE


def _users(caller: RestCaller) -> Any:
    """The calendar users of a manager."""
    return CalendarUserProfile.select(CalendarUserProfile.user).where(
        CalendarUserProfile.manager == caller.user_id
    )


def _within(column: Any, outer: "Kind", condition: Of) -> Of:
    """Rows whose `column` refers to such rows of another kind."""
    return lambda caller: column.in_(outer.rows.select(outer.rows.id).where(condition(caller)))


def _by(column: Any) -> Of:
    return lambda caller: column == caller.user_id


def _through(column: Any) -> Of:
    return lambda caller: column.in_(_users(caller))


def _assigned(caller: RestCaller) -> Any:
    return Gateway.id.in_(GatewayUser.select(GatewayUser.gateway).where(GatewayUser.user == caller.user_id))


CALENDAR_SETTING = Kind(name="calendar-setting", rows=CalendarSetting, owned=_by(CalendarSetting.user))
CALENDAR_USER = Kind(
    name="calendar-user",
    rows=User,
    owned=_through(User.id),
    all=User.id.in_(CalendarUserProfile.select(CalendarUserProfile.user)),
)
CALENDAR_USER_PROFILE = Kind(
    name="calendar-user-profile",
    rows=CalendarUserProfile,
    owned=_by(CalendarUserProfile.manager),
    key=CalendarUserProfile.user,
)
CALENDAR = Kind(name="calendar", rows=Calendar, owned=_through(Calendar.user), seen=_by(Calendar.user))
RULE = Kind(name="rule", rows=Rule, owned=_everybody)
EVENT = Kind(name="event", rows=Event, owned=_through(Event.creator), seen=_by(Event.creator))
ALARM = Kind(
    name="alarm",
    rows=Alarm,
    owned=_within(Alarm.event, EVENT, _through(Event.creator)),
    seen=_within(Alarm.event, EVENT, _by(Event.creator)),
)
ALARM_REQUEST = Kind(
    name="alarm-request",
    rows=AlarmRequest,
    owned=_within(AlarmRequest.alarm, ALARM, _within(Alarm.event, EVENT, _through(Event.creator))),
    seen=_within(AlarmRequest.alarm, ALARM, _within(Alarm.event, EVENT, _by(Event.creator))),
)
CALLREQUEST = Kind(name="callrequest", rows=AlarmCall, owned=_by(AlarmCall.user))
USERS = Kind(name="users", rows=User, owned=_by(User.id), permission="user")
SURVEY_TEMPLATE = Kind(name="survey-template", rows=SurveyTemplate, owned=_by(SurveyTemplate.user))
SECTION_TEMPLATE = Kind(
    name="section-template",
    rows=SectionTemplate,
    owned=_within(SectionTemplate.survey, SURVEY_TEMPLATE, _by(SurveyTemplate.user)),
)
BRANCHING_TEMPLATE = Kind(
    name="branching-template",
    rows=BranchingTemplate,
    owned=_within(
        BranchingTemplate.section,
        SECTION_TEMPLATE,
        _within(SectionTemplate.survey, SURVEY_TEMPLATE, _by(SurveyTemplate.user)),
    ),
)
SEALED_SURVEY = Kind(name="sealed-survey", rows=SealedSurvey, owned=_by(SealedSurvey.user))
AUDIO_FILE = Kind(name="audio-files", rows=AudioFile, owned=_by(AudioFile.user), permission="audiofile")
GATEWAY = Kind(name="gateway", rows=Gateway, owned=_assigned)
SMS_GATEWAY = Kind(name="sms-gateway", rows=SmsGateway, owned=_everybody)
SMS_TEMPLATE = Kind(name="sms-template", rows=SmsTemplate, owned=_everybody)
MAIL_TEMPLATE = Kind(name="mail-template", rows=MailTemplate, owned=_everybody)
