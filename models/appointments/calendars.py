"""Calendars, and the settings by which a manager limits what is done for their users."""

from zoneinfo import ZoneInfo

from peewee import BigAutoField, BooleanField, ForeignKeyField, IntegerField, TextField

from models import clock
from models.appointments.gateways import Gateway, SmsGateway
from models.appointments.surveys.audio import AudioFile
from models.appointments.surveys.sealed import SealedSurvey
from models.database import Row, UtcField
from models.people.users import User

ALWAYS, HUMAN_ONLY, VOICEMAIL_ONLY = 1, 2, 3  # amd_behavior


class CalendarSetting(Row):
    """What is shown, through which gateways it goes, and which survey is played, for all calendar users who have it.

    `timezone` is the zone of the wall clock by which its calendars recur and alarms have their daily windows. Between
    `quiet_start` and `quiet_stop` (`hh:mm:ss`, on the clock of who is told; none: at no time) nobody is told anything.
    """

    id = BigAutoField()
    user = ForeignKeyField(User, backref="calendar_settings", on_delete="RESTRICT")
    label = TextField()
    callerid = TextField(null=True)
    caller_name = TextField(default="")
    call_timeout = IntegerField(default=60)
    survey = ForeignKeyField(SealedSurvey, backref="settings", on_delete="RESTRICT")
    aleg_gateway = ForeignKeyField(Gateway, backref="settings", on_delete="RESTRICT")
    sms_gateway = ForeignKeyField(SmsGateway, null=True, backref="calendar_settings", on_delete="RESTRICT")
    voicemail = BooleanField(default=False)
    amd_behavior = IntegerField(null=True, default=ALWAYS)
    voicemail_audiofile = ForeignKeyField(AudioFile, null=True, on_delete="RESTRICT")
    timezone = TextField(default="UTC")
    quiet_start = TextField(null=True)
    quiet_stop = TextField(null=True)
    created_date = UtcField(default=clock.now)
    updated_date = UtcField(default=clock.now)

    user_id: int

    class Meta:
        table_name = "calendar_setting"

    @property
    def zone(self) -> ZoneInfo:
        """The zone of its wall clock."""
        return ZoneInfo(str(self.timezone))


class Calendar(Row):
    """Events that belong together. `max_concurrent` calls of it at most are under way at once; 0 or null: no limit."""

    id = BigAutoField()
    name = TextField()
    user = ForeignKeyField(User, null=True, backref="calendars", on_delete="RESTRICT")
    max_concurrent = IntegerField(null=True, default=0)
    created_date = UtcField(default=clock.now)

    user_id: int | None

    class Meta:
        table_name = "calendar"
