"""Appointments: calendars whose events recur, alarms that call, text or mail, and surveys that the phone answers."""

from models.appointments import outcomes  # it listens to how deliveries end
from models.appointments.alarms import Alarm, AlarmRequest
from models.appointments.calendars import Calendar, CalendarSetting
from models.appointments.callrequests import AlarmCall
from models.appointments.events import Event, Rule
from models.appointments.gateways import Gateway, GatewayUser, SmsGateway
from models.appointments.surveys import (
    AudioFile,
    BranchingTemplate,
    SealedBranching,
    SealedSection,
    SealedSurvey,
    SectionTemplate,
    SurveyAggregate,
    SurveyResult,
    SurveyTemplate,
)
from models.appointments.templates import MailTemplate, SmsTemplate
from models.appointments.users import CalendarUserProfile

__all__ = [
    "Alarm", "AlarmCall", "AlarmRequest", "AudioFile", "BranchingTemplate", "Calendar", "CalendarSetting",
    "CalendarUserProfile", "Event", "Gateway", "GatewayUser", "MailTemplate", "Rule", "SealedBranching",
    "SealedSection", "SealedSurvey", "SectionTemplate", "SmsGateway", "SmsTemplate", "SurveyAggregate", "SurveyResult",
    "SurveyTemplate", "outcomes",
]  # fmt: skip
