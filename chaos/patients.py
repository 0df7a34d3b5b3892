"""Who is reminded: a practice's calendar whose events nobody uses twice, and the numbers that its alarms go to."""

from datetime import timedelta
from typing import NamedTuple

from models import clock
from models.appointments import (
    Calendar,
    CalendarSetting,
    CalendarUserProfile,
    Event,
    Gateway,
    GatewayUser,
    MailTemplate,
    Rule,
    SealedSurvey,
    SmsGateway,
    SmsTemplate,
)
from models.database import transaction
from models.people import User
from models.people.passwords import hashed

MANAGER = "practice"
EVENTS = 2000  # of ids from 1 on
FAR = timedelta(days=3650)  # when they begin, until somebody moves one
TOGETHER = 500
FIRST = 1  # the id of their rule and templates

CALL, TEXT, MAIL = 1, 2, 3  # methods of alarms
FAILURE, SUCCESS = 3, 5


class Manner(NamedTuple):
    """How somebody is reminded, and how that must end.

    Parameters:
      tail: the last digits of his number, by which the carrier knows how his phone behaves.
      rings: how often he is called; all of them in vain when it ends in a failure, of which his family is texted.
    """

    method: int
    tail: str
    rings: int
    ends: int


MANNERS = (
    Manner(CALL, "0000", 1, SUCCESS),
    Manner(CALL, "9901", 2, FAILURE),
    Manner(TEXT, "0000", 0, SUCCESS),
    Manner(CALL, "9905", 3, FAILURE),
    Manner(MAIL, "", 0, SUCCESS),
)


def add(password: str) -> None:
    """A manager with a practice, and all that its alarms need."""
    with transaction():
        manager = User.create(username=MANAGER, password=hashed(password), is_manager=True)
        doctor = User.create(username="doctor", password="")
        gateway, texts = Gateway.create(name="out"), SmsGateway.create(name="texts")
        GatewayUser.create(gateway=gateway, user=manager)
        survey = SealedSurvey.create(name="Reminder", user=manager)
        setting = CalendarSetting.create(
            user=manager, label="Practice", survey=survey, aleg_gateway=gateway, sms_gateway=texts
        )
        CalendarUserProfile.create(user=doctor, manager=manager, calendar_setting=setting)
        firsts = (
            Rule.create(name="Daily", frequency="DAILY"),
            SmsTemplate.create(label="Text", template_key="text", sms_text="Please come"),
            MailTemplate.create(label="Mail", template_key="mail", subject="Please come"),
        )
        if any(row.id != FIRST for row in firsts):
            raise RuntimeError("somebody has made rules or templates before")
        calendar, start = Calendar.create(name="Work", user=doctor), clock.now() + FAR
        row = {
            "title": "Visit", "start": start, "end": start + timedelta(hours=1), "creator": doctor,
            "calendar": calendar, "rule": FIRST, "end_recurring_period": start,
        }  # fmt: skip
        for _ in range(EVENTS // TOGETHER):
            Event.insert_many([row] * TOGETHER).execute()


def event(number: int) -> int:
    """The id of the event that belongs to the wish of this number.

    Raises:
      ValueError: there are not so many.
    """
    if number >= EVENTS:
        raise ValueError(f"there are {EVENTS} events: add events to ask for more")
    return number + 1


def manner(number: int) -> Manner:
    """How the patient of this number is reminded."""
    return MANNERS[number % len(MANNERS)]


def phone(number: int) -> str:
    """His number, as carriers write it."""
    return f"+27720{number:04}{manner(number).tail}"


def family(number: int) -> str:
    """Whom a failure is told to."""
    return f"+27730{number:04}0000"


def mail(number: int) -> str:
    """His mail address."""
    return f"patient{number}@example.com"
