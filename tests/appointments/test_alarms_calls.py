"""Calls of alarms (§5.6 to §5.8): what an attempt is, what is dialled, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest

from models import clock
from models.appointments import failing
from models.appointments.alarms import FAILURE, IN_PROCESS, RETRY, Alarm
from models.appointments.calendars import CalendarSetting
from models.appointments.callrequests import ALLOW_RETRY, CALLING, CANNOT_RETRY
from models.appointments.callrequests import FAILURE as CALL_FAILED
from models.appointments.callrequests import PENDING as CALL_PENDING
from models.appointments.callrequests import SUCCESS as CALL_MADE
from models.appointments.cdr import CallDetailRecord
from models.appointments.gateways import INACTIVE, Gateway
from models.database import transaction
from models.deliveries import Ring, Text
from models.settings import Settings
from tests.appointments.clinic import (
    MOBILE,
    PHONE,
    Clinic,
    accept,
    calls,
    end,
    failures,
    fresh,
    perform,
    requests,
    rings,
    statuses,
)
from tests.appointments.surveys import reminder
from tests.conformance import holds


def set_up(clinic: Clinic, **changes: Any) -> None:
    CalendarSetting.update(**changes).where(CalendarSetting.id == clinic.setting.id).execute()


def refuse(ring: Ring, cause: str = "no such number") -> None:
    with transaction():
        Ring.locked(ring.id).fail(cause)


@holds(
    "§5.6 CALL: a request and a call", "§5.7 request: the callrequest's fields",
    "§5.7 request: num_attempt + 1", "alarm setting: phone number", "calendar user settings: caller id",
)  # fmt: skip
def test_an_attempt_is_a_request_a_callrequest_and_a_ring(clinic: Clinic) -> None:
    alarm = clinic.alarm(maxretry=2)
    perform()

    ((request,), (call,), (ring,)) = requests(alarm), calls(alarm), rings(alarm)
    assert (request.status, request.attempt, request.callstatus, request.duration) == (IN_PROCESS, 1, 0, 0)
    assert fresh(alarm).num_attempt == 1
    assert (call.user_id, call.status, call.timeout, call.timelimit) == (
        clinic.manager.id,
        CALL_PENDING,
        60,
        3600,
    )
    assert (call.callerid, call.caller_name, call.phone_number) == ("900", "Clinic", PHONE)
    assert (call.aleg_gateway.id, call.content_type, call.object_id) == (
        clinic.gateway.id, "survey", clinic.survey.id,
    )  # fmt: skip
    assert (call.alarm_request_id, request.callrequest_id, call.call_time) == (
        request.id,
        call.id,
        request.date,
    )
    assert (ring.reference, ring.origin, ring.origin_id) == (
        f"alarm:{alarm.id}:1",
        "alarm_request",
        request.id,
    )
    assert (ring.address, ring.dialled, ring.callerid) == (PHONE, "", "900")


@holds("§5.7 request: call_type by maxretry")
@pytest.mark.parametrize(("maxretry", "kind"), [(0, CANNOT_RETRY), (1, ALLOW_RETRY)])
def test_its_call_type_says_whether_there_are_retries(clinic: Clinic, maxretry: int, kind: int) -> None:
    alarm = clinic.alarm(maxretry=maxretry)
    perform()

    assert calls(alarm)[0].call_type == kind


@holds("§5.7 request: the alarm's survey, else the setting's", "calendar user settings: the IVR application")
def test_the_alarms_own_survey_is_played_else_the_settings(clinic: Clinic) -> None:
    own = reminder(clinic.manager)
    plain, special = clinic.alarm(), clinic.alarm(survey=own)
    perform()

    assert [calls(one)[0].object_id for one in (plain, special)] == [clinic.survey.id, own.id]


@holds("§5.6 the setting is of the event's creator")
def test_the_setting_is_that_of_the_events_creator_whoever_owns_the_calendar(home: Settings) -> None:
    mine, other = Clinic(), Clinic("2", callerid="700")
    alarm = mine.alarm(mine.event(calendar=other.calendar))
    perform()

    assert (calls(alarm)[0].callerid, calls(alarm)[0].user_id) == ("900", mine.manager.id)


@holds("§5.8 dial: an empty number is a failed attempt")
@pytest.mark.parametrize("number", [None, "", "   ", "nobody", "w12", "+", "12", "+27123456700x"])
def test_without_a_number_the_attempt_fails_and_nobody_is_rung(clinic: Clinic, number: str | None) -> None:
    alarm = clinic.alarm(alarm_phonenumber=number, maxretry=1)
    perform()
    perform()

    assert (statuses(alarm), fresh(alarm).status, fresh(alarm).num_attempt) == ([RETRY, FAILURE], FAILURE, 2)
    assert [call.status for call in calls(alarm)] == [CALL_FAILED, CALL_FAILED]
    assert "number" in str(fresh(alarm).cause)
    assert (rings(alarm), Text.select().count()) == ([], 0)


@holds("§5.8 dial: an inactive gateway is a failed attempt")
def test_a_gateway_out_of_use_fails_the_attempt_and_the_next_may_go(clinic: Clinic) -> None:
    Gateway.update(status=INACTIVE).execute()
    alarm = clinic.alarm(maxretry=1, retry_delay=600, phonenumber_sms_failure=MOBILE)
    perform()
    first = (fresh(alarm).status, statuses(alarm), fresh(alarm).cause)
    Gateway.update(status=1).execute()
    Alarm.update(due_at=fresh(alarm).date_start_notice).where(Alarm.id == alarm.id).execute()
    perform()

    assert first == (RETRY, [RETRY], "the gateway is not active")
    assert (fresh(alarm).status, statuses(alarm), len(rings(alarm))) == (IN_PROCESS, [RETRY, IN_PROCESS], 1)


def test_what_can_never_be_called_is_tried_again_less_and_less_often(clinic: Clinic) -> None:
    """Five hundred such alarms made two thousand attempts a second, and nothing else was done."""
    alarm = clinic.alarm(alarm_phonenumber="nobody", maxretry=10**9)
    for _ in range(failing.AT_ONCE + 1):
        perform()
    tried, last = fresh(alarm), requests(alarm)[-1]

    assert (tried.status, tried.num_attempt) == (RETRY, failing.AT_ONCE + 1)
    assert tried.due_at - last.date == timedelta(seconds=failing.SHORTEST_PAUSE)

    Alarm.update(num_attempt=10**6, due_at=last.date).where(Alarm.id == alarm.id).execute()
    perform()
    assert fresh(alarm).due_at - requests(alarm)[-1].date == timedelta(seconds=failing.LONGEST_PAUSE)


@holds("§5.10 failed: a delay of 0 is at once")
@pytest.mark.parametrize(("cause", "rings_out"), [("", False), ("CALL_REJECTED", False), ("USER_BUSY", True)])
def test_what_no_carrier_takes_is_tried_again_five_times_at_once_and_then_less_often(
    clinic: Clinic, cause: str, rings_out: bool
) -> None:
    alarm = clinic.alarm(maxretry=10**9)
    waits = []
    for _ in range(failing.AT_ONCE + 1):
        perform()
        before, ring = clock.now(), rings(alarm)[-1]
        end(ring, cause, 0.0) if cause else refuse(ring)
        waits.append((fresh(alarm).due_at - before).total_seconds())

    assert max(waits[: failing.AT_ONCE]) < 30
    assert (waits[-1] < 30) if rings_out else (waits[-1] >= failing.SHORTEST_PAUSE)


@pytest.mark.parametrize(
    ("delay", "attempts", "seconds"), [(0, 5, 0), (0, 6, 60), (0, 200, 200), (0, 10**9, 3600), (90, 6, 90)]
)
def test_the_pause_is_a_minute_and_grows_to_an_hour(delay: int, attempts: int, seconds: int) -> None:
    assert failing.pause(delay, attempts) == seconds


@holds(
    "§5.8 dial: an inactive gateway is a failed attempt",
    "§5.11 failure SMS: only after the last, only when asked for, once",
)
def test_when_the_last_attempt_was_refused_so_somebody_is_told(clinic: Clinic) -> None:
    Gateway.update(status=INACTIVE).execute()
    alarm = clinic.alarm(phonenumber_sms_failure=MOBILE)
    perform()

    (told,) = failures(alarm)
    assert (fresh(alarm).status, statuses(alarm)) == (FAILURE, [FAILURE])
    assert (told.origin_id, told.body) == (
        requests(alarm)[-1].id, f"The call to {PHONE} has failed after 1 attempts.",
    )  # fmt: skip


@holds("§5.8 dial: removeprefix and addprefix", "§5.8 dial: w and digits after answer")
@pytest.mark.parametrize(
    ("number", "remove", "add", "to", "dialled"),
    [
        ("+27123456700", "", "", "+27123456700", ""),
        ("27123456700", "", "", "+27123456700", ""),
        ("+27 12 345-6700", "+27", "0", "+27123456700", "0123456700"),
        ("+27123456700", "+", "00", "+27123456700", "0027123456700"),
        ("+27123456700", "99", "9", "+27123456700", "9+27123456700"),
        ("0123456700", "0", "+27", "+27123456700", "+27123456700"),
        ("+27123456700w12", "", "", "+27123456700", "+27123456700w12"),
        ("27123456700w1w2#", "27", "0", "+27123456700", "0123456700w1w2#"),
    ],
)  # fmt: skip
def test_a_gateways_prefixes_make_what_is_dialled(
    clinic: Clinic, number: str, remove: str, add: str, to: str, dialled: str
) -> None:
    Gateway.update(removeprefix=remove, addprefix=add).execute()
    alarm = clinic.alarm(alarm_phonenumber=number)
    perform()

    if add == "9":  # a plus inside is nothing that could be dialled
        assert (rings(alarm), fresh(alarm).status) == ([], FAILURE)
    else:
        (ring,) = rings(alarm)
        assert (ring.address, ring.dialled, calls(alarm)[0].phone_number) == (to, dialled, number)


@holds("§5.8 dial: rings 10 s at least", "§5.8 dial: the hard limit")
@pytest.mark.parametrize(("timeout", "seconds"), [(0, 10), (9, 10), (10, 10), (45, 45)])
def test_it_rings_ten_seconds_at_least_and_lasts_an_hour_at_most(
    clinic: Clinic, timeout: int, seconds: int
) -> None:
    set_up(clinic, call_timeout=timeout)
    alarm = clinic.alarm()
    perform()

    (ring,) = rings(alarm)
    assert (ring.ring_seconds, ring.limit_seconds, calls(alarm)[0].timeout) == (seconds, 3600, timeout)


@holds("§5.8 dial: accepted is CALLING", "§5.18 walk: callrequest")
def test_a_call_that_a_carrier_took_is_calling(clinic: Clinic) -> None:
    alarm = clinic.alarm()
    perform()
    accept(rings(alarm)[0], "c-17")
    (call,) = calls(alarm)
    end(rings(alarm)[0])

    assert (call.status, call.aleg_uuid) == (CALLING, "c-17")
    assert calls(alarm)[0].status == CALL_MADE


@holds("§5.8 dial: refused is FAILURE at once")
def test_a_call_that_no_carrier_takes_has_failed_at_once(clinic: Clinic) -> None:
    alarm = clinic.alarm(maxretry=1)
    perform()
    refuse(rings(alarm)[0], "no +27123456700 here")

    (call,) = calls(alarm)
    assert (call.status, call.hangup_cause) == (CALL_FAILED, "no hidden here")
    assert (fresh(alarm).status, statuses(alarm), fresh(alarm).cause) == (RETRY, [RETRY], "no hidden here")
    assert CallDetailRecord.select().count() == 0


def test_a_call_that_is_not_taken_in_time_has_failed(clinic: Clinic) -> None:
    alarm = clinic.alarm()
    perform()
    with transaction():
        Ring.locked(rings(alarm)[0].id).expire()

    assert (fresh(alarm).status, statuses(alarm)) == (FAILURE, [FAILURE])
