"""Alarms whose hours end before a carrier took them: they wait for the next, and it costs no attempt."""

from datetime import timedelta

import pytest

from models import clock
from models.appointments.alarms import CALL, EMAIL, FAILURE, IN_PROCESS, PENDING, RETRY, SMS, Alarm
from models.appointments.callrequests import FAILURE as CALL_FAILED
from models.appointments.reopening import CLOSED
from models.database import transaction
from models.deliveries import Delivery
from tests.appointments.clinic import (
    HOUR,
    MINUTE,
    MOBILE,
    NOON,
    SECOND,
    Be,
    Clinic,
    attempt,
    calls,
    end,
    failures,
    fresh,
    mails,
    perform,
    rings,
    statuses,
    texts,
)
from tests.house import run_due

BRIEF = {"daily_start": "08:00:00", "daily_stop": "12:00:05"}
NEXT = NOON + 20 * HOUR  # eight on the next day


def told(alarm: Alarm) -> list[Delivery]:
    """All that carriers were asked for, or were to be."""
    return [*rings(alarm), *texts(alarm), *mails(alarm)]


def expired(delivery: Delivery) -> None:
    with transaction():
        assert type(delivery).locked(delivery.id).expire()


@pytest.mark.pipeline
@pytest.mark.parametrize("method", [CALL, SMS, EMAIL])
def test_what_nobody_carried_in_its_hours_waits_for_the_next(clinic: Clinic, be: Be, method: int) -> None:
    alarm = clinic.alarm(method=method, date_start_notice=NOON, phonenumber_sms_failure=MOBILE, **BRIEF)
    be(NOON)
    be(NOON + 10 * SECOND)
    run_due()
    waits = fresh(alarm)

    assert [one.status for one in told(alarm)] == ["expired"]
    assert (waits.status, waits.due_at, waits.num_attempt, waits.cause) == (PENDING, NEXT, 0, CLOSED)
    assert statuses(alarm) == ([RETRY] if method == CALL else [])
    assert [(call.status, call.hangup_cause) for call in calls(alarm)] == (
        [(CALL_FAILED, CLOSED)] if method == CALL else []
    )
    assert failures(alarm) == []

    be(NEXT)
    assert (fresh(alarm).status, fresh(alarm).num_attempt) == (IN_PROCESS, 1 if method == CALL else 0)
    assert [one.reference for one in told(alarm)] == [f"alarm:{alarm.id}:{number}" for number in (1, 2)]


def test_it_is_no_retry_that_is_used_up(clinic: Clinic, be: Be) -> None:
    alarm = clinic.alarm(date_start_notice=NOON - MINUTE, maxretry=1, **BRIEF)
    be(NOON - MINUTE)
    end(rings(alarm)[0], "USER_BUSY")
    be(NOON)
    be(NOON + MINUTE)
    expired(rings(alarm)[1])
    waits = fresh(alarm)
    be(NEXT)
    end(rings(alarm)[2], "USER_BUSY")

    assert (waits.status, waits.due_at, waits.num_attempt) == (RETRY, NEXT, 1)
    assert (statuses(alarm), fresh(alarm).status, fresh(alarm).num_attempt) == (
        [RETRY, RETRY, FAILURE], FAILURE, 2,
    )  # fmt: skip


def test_quiet_hours_end_it_likewise(clinic: Clinic, be: Be) -> None:
    clinic.setting.quiet_start, clinic.setting.quiet_stop = "12:00:05", "08:00:00"
    clinic.setting.save()
    alarm = clinic.alarm(date_start_notice=NOON, recipient_timezone="UTC")
    be(NOON)
    be(NOON + MINUTE)
    expired(rings(alarm)[0])

    assert (fresh(alarm).status, fresh(alarm).due_at) == (PENDING, NEXT)


def test_when_they_have_begun_again_meanwhile_it_is_due_at_once(clinic: Clinic, be: Be) -> None:
    alarm = clinic.alarm(date_start_notice=NOON, **BRIEF)
    be(NOON)
    be(NEXT + HOUR)
    expired(rings(alarm)[0])

    assert fresh(alarm).due_at == pytest.approx(clock.now(), abs=timedelta(minutes=1))
    perform()
    assert len(rings(alarm)) == 2


@pytest.mark.parametrize("stop", ["23:59:59", "15:00:00"])
def test_what_nobody_carried_within_its_hour_has_failed(clinic: Clinic, be: Be, stop: str) -> None:
    call = clinic.alarm(date_start_notice=NOON, daily_stop=stop)
    text = clinic.alarm(date_start_notice=NOON, daily_stop=stop, method=SMS)
    be(NOON)
    be(NOON + 5 * HOUR)
    for alarm in (call, text):
        expired(told(alarm)[0])

    assert [fresh(alarm).status for alarm in (call, text)] == [FAILURE] * 2
    assert (statuses(call), fresh(call).num_attempt) == ([FAILURE], 1)


def test_an_alarm_that_somebody_ended_meanwhile_stays_ended(clinic: Clinic, be: Be) -> None:
    alarm = clinic.alarm(date_start_notice=NOON, **BRIEF)
    be(NOON)
    be(NOON + MINUTE)
    Alarm.update(status=FAILURE).execute()
    expired(rings(alarm)[0])

    assert (fresh(alarm).status, fresh(alarm).due_at, statuses(alarm)) == (FAILURE, None, [FAILURE])


def test_what_a_carrier_had_and_refused_costs_an_attempt_as_ever(clinic: Clinic, be: Be) -> None:
    alarm = clinic.alarm(date_start_notice=NOON, **BRIEF)
    be(NOON)
    attempt(alarm, "CALL_REJECTED")

    assert (fresh(alarm).status, fresh(alarm).num_attempt) == (FAILURE, 1)
