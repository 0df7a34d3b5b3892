"""A clinic whose alarms are at work: a manager, a doctor with a calendar, and all that calls, texts and mails need."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from models import clock
from models.appointments import performing
from models.appointments.alarms import Alarm, AlarmRequest
from models.appointments.calendars import Calendar, CalendarSetting
from models.appointments.callrequests import AlarmCall
from models.appointments.due import due_at
from models.appointments.events import Event
from models.appointments.gateways import Gateway, SmsGateway
from models.appointments.surveys import SealedSurvey
from models.appointments.templates import MailTemplate, SmsTemplate
from models.appointments.users import CalendarUserProfile
from models.database import transaction
from models.deliveries import Delivery, Mail, Ring, Text
from models.people import User
from tests.appointments.surveys import reminder
from tests.house import password_hash

PHONE = "+27123456700"
MOBILE = "+27123456799"
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
HOUR, DAY = 60 * MINUTE, timedelta(days=1)
NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
Be = Callable[[datetime], None]  # move the product's clock to a moment, and do what is due then


class Clinic:
    """Manager `mona`'s clinic, where doctor `doc` has appointments. `setting` says how alarms are made."""

    def __init__(self, name: str = "", **setting: Any) -> None:
        self.manager = User.create(username=f"mona{name}", password=password_hash(), is_manager=True)
        self.survey: SealedSurvey = reminder(self.manager)
        self.gateway = Gateway.create(name=f"out{name}")
        self.sms = SmsGateway.create(name=f"texts{name}")
        self.setting = CalendarSetting.create(
            **{
                "user": self.manager, "label": "Practice", "survey": self.survey, "aleg_gateway": self.gateway,
                "sms_gateway": self.sms, "callerid": "900", "caller_name": "Clinic", **setting,
            }
        )  # fmt: skip
        self.user = User.create(username=f"doc{name}", password=password_hash())
        self.profile = CalendarUserProfile.create(
            user=self.user, manager=self.manager, calendar_setting=self.setting
        )
        self.calendar = Calendar.create(name="Work", user=self.user)
        self.sms_template = SmsTemplate.create(
            label="Text", template_key=f"text{name}", sms_text="Dear {name}, call {contact}."
        )
        self.mail_template = MailTemplate.create(
            label="Mail", template_key=f"mail{name}", from_email="clinic@example.org", from_name="The Clinic",
            subject="For {name}", message_plaintext="Dear {name}", message_html="<p>Dear {name}</p>",
        )  # fmt: skip

    def event(self, **more: Any) -> Event:
        """An event that begins now."""
        now = clock.now()
        facts = {"title": "Visit", "start": now, "end": now + 60 * MINUTE, "data": '{"name": "Ada"}', **more}
        return Event.create(creator=self.user, **{"calendar": self.calendar, **facts})  # type: ignore[no-any-return]  # Peewee is untyped

    def alarm(self, event: Event | None = None, **more: Any) -> Alarm:
        """An alarm that is due now, unless it is said otherwise."""
        facts: dict[str, Any] = {
            "date_start_notice": clock.now(), "advance_notice": 0, "status": 1, "alarm_phonenumber": PHONE,
            "alarm_email": "ada@example.org", "sms_template": self.sms_template,
            "mail_template": self.mail_template, **more,
        }  # fmt: skip
        due = due_at(facts["status"], facts["date_start_notice"], facts["advance_notice"])
        return Alarm.create(event=event or self.event(), **{"due_at": due, **facts})  # type: ignore[no-any-return]  # Peewee is untyped


def perform() -> None:
    """All that is due, here and now."""
    while (again := performing.perform()) and again <= clock.now():
        pass


def fresh(alarm: Alarm) -> Alarm:
    """The alarm as it stands."""
    return Alarm.get_by_id(alarm.id)  # type: ignore[no-any-return]  # Peewee is untyped


def requests(alarm: Alarm) -> list[AlarmRequest]:
    """Its attempts, in order."""
    return list(AlarmRequest.select().where(AlarmRequest.alarm == alarm.id).order_by(AlarmRequest.id))


def statuses(alarm: Alarm) -> list[int | None]:
    """How its attempts ended."""
    return [request.status for request in requests(alarm)]


def calls(alarm: Alarm) -> list[AlarmCall]:
    """The callrequests of its attempts, in order."""
    return [request.callrequest for request in requests(alarm)]


def rings(alarm: Alarm) -> list[Ring]:
    """Its rings, in order."""
    ids = [request.id for request in requests(alarm)]
    mine = (Ring.origin == "alarm_request") & Ring.origin_id.in_(ids)
    return list(Ring.select().where(mine).order_by(Ring.id))


def texts(alarm: Alarm) -> list[Text]:
    """Its texts."""
    mine = (Text.origin == "alarm") & (Text.origin_id == alarm.id)
    return list(Text.select().where(mine).order_by(Text.id))


def mails(alarm: Alarm) -> list[Mail]:
    """Its mails."""
    mine = (Mail.origin == "alarm") & (Mail.origin_id == alarm.id)
    return list(Mail.select().where(mine).order_by(Mail.id))


def failures(alarm: Alarm) -> list[Text]:
    """The texts that tell that it failed."""
    ids = [request.id for request in requests(alarm)]
    mine = (Text.origin == "alarm_failure") & Text.origin_id.in_(ids)
    return list(Text.select().where(mine).order_by(Text.id))


def accept(delivery: Delivery, provider_id: str = "") -> None:
    """A carrier takes it."""
    with transaction():
        held = type(delivery).locked(delivery.id)
        number = len(held.attempts) + 1
        held.accepted(held.begin("simulator", number), provider_id or f"c{delivery.id}")


def end(ring: Ring, cause: str = "NORMAL_CLEARING", duration: float = 7.9, machine: bool = False) -> None:
    """A carrier reports how a call ended."""
    with transaction():
        held = Ring.locked(ring.id)
        held.reported(cause=cause, duration=duration, machine=machine, digits="")


def attempt(alarm: Alarm, cause: str = "NORMAL_CLEARING", **how: Any) -> None:
    """One attempt that is due: made, taken and ended."""
    perform()
    ring = rings(alarm)[-1]
    accept(ring)
    end(ring, cause, **how)


def at(moment: datetime) -> float:
    """Seconds from the real clock to a moment."""
    return (moment - datetime.now(moment.tzinfo)).total_seconds()


def traffic() -> int:
    """All that carriers are asked for."""
    return sum(int(table.select().count()) for table in (Ring, Text, Mail))
