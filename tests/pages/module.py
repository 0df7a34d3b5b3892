"""What the tests of the pages below `/module` share: a world of appointments, and a practice in Berlin in March."""

from datetime import UTC, datetime, timedelta
from typing import Any

from models.appointments import alarms
from models.appointments.alarms import Alarm, AlarmRequest
from models.appointments.calendars import Calendar, CalendarSetting
from models.appointments.callrequests import AlarmCall
from models.appointments.events import COMPLETED, PAUSED, PENDING, Event, Rule
from models.appointments.gateways import Gateway, GatewayUser, SmsGateway
from models.appointments.surveys import SealedSection, SealedSurvey, SurveyResult
from models.appointments.templates import SmsTemplate
from models.appointments.users import CalendarUserProfile
from models.people import User
from tests.appointments.planned import Planned, user
from tests.pages.reader import Reader

MANAGER = "mona"
MARCH = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)  # nine in Berlin, where the clocks go forward on the 29th


class Office:
    """The pages of appointments: mona manages doctor doc, fred manages foe; root sees all; eve is nobody."""

    def __init__(self, world: Planned) -> None:
        self.world = world

    def reader(self, user: str = MANAGER) -> Reader:
        """A browser on which somebody of them is logged in."""
        new = Reader()
        assert new.log_in(user).status_code == 303
        return new


class Practice:
    """A practice in Berlin: its manager is mona, its doctor Anna Weiss, with a full month."""

    def __init__(self) -> None:
        self.manager = user(MANAGER, is_manager=True)
        User.update(first_name="Mona", last_name="Berg").where(User.id == self.manager.id).execute()
        gateway = Gateway.create(name="Main trunk")
        GatewayUser.create(gateway=gateway, user=self.manager)
        self.survey = SealedSurvey.create(name="Reminder of a visit", user=self.manager)
        self.question = SealedSection.create(survey=self.survey, type=3, question="Will you come?", order=1)
        self.text = SmsTemplate.create(label="Reminder", template_key="reminder", sms_text="Come at nine.")
        self.setting = CalendarSetting.create(
            user=self.manager, label="Practice, by phone", survey=self.survey, aleg_gateway=gateway,
            sms_gateway=SmsGateway.create(name="Texts"), callerid="+493012345", timezone="Europe/Berlin",
            quiet_start="21:00:00", quiet_stop="07:00:00",
        )  # fmt: skip
        self.doctor = user("anna")
        User.update(first_name="Anna", last_name="Weiss").where(User.id == self.doctor.id).execute()
        CalendarUserProfile.create(user=self.doctor, manager=self.manager, calendar_setting=self.setting)
        self.calendar = Calendar.create(name="Dr. Weiss", user=self.doctor, max_concurrent=2)
        self.rule = Rule.create(name="Weekly", frequency="WEEKLY", params="byweekday:TU")
        self.month()

    def month(self) -> None:
        """What happens in March."""
        self.event("Check-up, Mr. Braun", -6, 9.5, COMPLETED)
        self.event("Blood test, Ms. Ito", -6, 11, COMPLETED)
        root = self.event("Physiotherapy group", -7, 17, COMPLETED, rule=self.rule)
        self.series = self.event("Physiotherapy group", 0, 17, rule=self.rule, parent_event=root, occ_count=1)
        self.visit = self.event("Check-up, Mrs. Ann Keller", 0, 10)
        self.event("Vaccination, the Novak family", 0, 11.25)
        self.event("Congress in Vienna", 8, 8, hours=58)
        self.event("Check-up, Mr. Osei", 2, 9, PAUSED)
        self.event("Night duty", 18, 22, hours=10)
        self.alarm = self.reminder(self.visit)

    def event(self, title: str, day: int, hour: float, status: int = PENDING, **more: Any) -> Event:
        """One at this hour in Berlin, so many days after the tenth; `hours` long."""
        start = MARCH + timedelta(days=day, hours=hour - 9)
        end = start + timedelta(hours=more.pop("hours", 0.75))
        owned = {"creator": self.doctor, "calendar": self.calendar}
        return Event.create(title=title, start=start, end=end, status=status, **owned, **more)  # type: ignore[no-any-return]  # Peewee is untyped

    def reminder(self, event: Event) -> Alarm:
        """A call that was busy once and then answered, and a text that waits."""
        notice = event.start - timedelta(hours=2)
        alarm: Alarm = Alarm.create(
            event=event, alarm_phonenumber="+493055501", date_start_notice=notice, maxretry=2, retry_delay=600,
            num_attempt=2, status=alarms.SUCCESS, result=alarms.CONFIRMED, daily_start="08:00:00",
            daily_stop="20:00:00",
        )  # fmt: skip
        for number, (status, cause) in enumerate(
            ((alarms.RETRY, "USER_BUSY"), (alarms.SUCCESS, "NORMAL_CLEARING"))
        ):
            call = AlarmCall.create(
                user=self.manager, phone_number="+493055501", content_type="survey", object_id=self.survey.id,
                status=4 if number else 2, hangup_cause=cause,
            )  # fmt: skip
            request = AlarmRequest.create(
                alarm=alarm, attempt=number + 1, date=notice + timedelta(minutes=10 * number), status=status,
                callrequest=call, duration=34 * number, callstatus=16 if number else 17,
            )  # fmt: skip
            AlarmCall.update(alarm_request_id=request.id).where(AlarmCall.id == call.id).execute()
        SurveyResult.create(callrequest=call, section=self.question, response="1")
        Alarm.create(
            event=event, method=alarms.SMS, alarm_phonenumber="+493055501", sms_template=self.text,
            date_start_notice=notice + timedelta(hours=1), due_at=notice + timedelta(hours=1),
        )  # fmt: skip
        return alarm
