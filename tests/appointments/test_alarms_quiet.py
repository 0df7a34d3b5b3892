"""Quiet hours at work: nobody is called, texted or mailed in them, by the clock on his own wall."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from models import settings
from models.appointments.alarms import CALL, EMAIL, FAILURE, IN_PROCESS, PENDING, RETRY, SMS
from models.appointments.calendars import CalendarSetting
from models.appointments.planning import NEVER
from tests.appointments.clinic import Clinic, at, attempt, fresh, mails, perform, rings, texts

NOW = datetime(2027, 3, 1, 15, 30, tzinfo=UTC)  # nine in the evening in India, half past four in Berlin
MORNING = datetime(2027, 3, 2, 2, 30, tzinfo=UTC)  # eight in India
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
INDIAN, BERLINER = "+919876543210", "+493012345678"
QUIET = {"quiet_start": "21:00:00", "quiet_stop": "08:00:00", "timezone": "Europe/Berlin"}
Be = Callable[[datetime], None]


@pytest.fixture
def be(home: settings.Settings, jump: Callable[[float], None]) -> Be:
    """Move the product's clock to a moment."""

    def move(moment: datetime) -> None:
        jump(at(moment))

    move(NOW)
    return move


@pytest.mark.parametrize("method", [CALL, SMS, EMAIL])
def test_nobody_is_told_in_his_night_and_everybody_in_his_morning(be: Be, method: int) -> None:
    alarm = Clinic(**QUIET).alarm(method=method, alarm_phonenumber=INDIAN, date_start_notice=NOW)
    perform()
    assert (fresh(alarm).status, fresh(alarm).due_at) == (PENDING, MORNING)
    be(MORNING - 30 * SECOND)
    perform()
    assert [rings(alarm), texts(alarm), mails(alarm)] == [[], [], []]

    be(MORNING)
    perform()
    assert fresh(alarm).status == IN_PROCESS
    assert len([*rings(alarm), *texts(alarm), *mails(alarm)]) == 1


def test_who_is_elsewhere_is_told_at_the_same_moment(be: Be) -> None:
    clinic = Clinic(**QUIET)
    here = clinic.alarm(alarm_phonenumber=BERLINER)
    moved = clinic.alarm(alarm_phonenumber=INDIAN, recipient_timezone="Europe/Berlin")
    unknown = clinic.alarm(alarm_phonenumber="+15550100")  # nobody's: the setting's zone
    away = clinic.alarm(alarm_phonenumber=BERLINER, recipient_timezone="Asia/Kolkata")
    perform()

    assert [fresh(alarm).status for alarm in (here, moved, unknown, away)] == [*[IN_PROCESS] * 3, PENDING]


def test_another_attempt_waits_for_the_morning_too(be: Be) -> None:
    alarm = Clinic(**QUIET).alarm(
        alarm_phonenumber=INDIAN, maxretry=2, retry_delay=300, date_start_notice=NOW - HOUR
    )
    be(NOW - 60 * SECOND)
    attempt(alarm, "USER_BUSY")
    be(NOW + 5 * 60 * SECOND)
    perform()

    row = fresh(alarm)
    assert (row.status, row.due_at, row.num_attempt, len(rings(alarm))) == (RETRY, MORNING, 1, 1)


def test_quiet_hours_that_come_meanwhile_are_kept(be: Be) -> None:
    clinic = Clinic(timezone="Europe/Berlin")
    alarm = clinic.alarm(alarm_phonenumber=INDIAN, date_start_notice=NOW + SECOND)
    CalendarSetting.update(**QUIET).where(CalendarSetting.id == clinic.setting.id).execute()
    be(NOW + 5 * SECOND)
    perform()

    assert fresh(alarm).due_at == MORNING


def test_hours_that_leave_no_time_of_day_fail_the_alarm_and_say_so(be: Be) -> None:
    alarm = Clinic(**QUIET).alarm(alarm_phonenumber=BERLINER, daily_start="22:00:00", daily_stop="06:00:00")
    perform()

    assert (fresh(alarm).status, fresh(alarm).cause, rings(alarm)) == (FAILURE, NEVER, [])
