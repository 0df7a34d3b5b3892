"""Who answered decides what is said first: a setting may want machines left alone, or machines only spoken to."""

from models.appointments.alarms import Alarm, AlarmRequest
from models.appointments.calendars import VOICEMAIL_ONLY, CalendarSetting
from models.appointments.callrequests import AlarmCall
from models.appointments.events import Event
from models.appointments.ivr.actions import Action, Hangup, Play
from models.appointments.ivr.engine import begin
from models.appointments.ivr.scripts import Talk
from models.appointments.ivr.states import State
from models.appointments.users import CalendarUserProfile
from models.appointments.verdicts import plays


def greet(talk: Talk, call: AlarmCall, *, machine: bool) -> tuple[State, list[Action]]:
    """Somebody answered: what is done first.

    Parameters:
      machine: whether a machine seems to have answered.
    """
    setting = setting_of(call)
    if setting is None:
        return begin(talk)
    if not plays(machine, setting.voicemail, setting.amd_behavior):
        return State(ended=True), [Hangup()]
    audio_id = setting.__data__.get("voicemail_audiofile")
    if machine and setting.voicemail and setting.amd_behavior == VOICEMAIL_ONLY and audio_id:
        return State(ended=True), [Play(audio_id), Hangup()]
    return begin(talk)


def setting_of(call: AlarmCall) -> CalendarSetting | None:
    """Of the creator of the event whose alarm this call is for."""
    return (  # type: ignore[no-any-return]  # Peewee is untyped
        CalendarSetting.select()
        .join(CalendarUserProfile, on=CalendarUserProfile.calendar_setting == CalendarSetting.id)
        .join(Event, on=Event.creator == CalendarUserProfile.user)
        .join(Alarm, on=Alarm.event == Event.id)
        .join(AlarmRequest, on=AlarmRequest.alarm == Alarm.id)
        .where(AlarmRequest.id == call.alarm_request_id)
        .first()
    )
