"""Failed attempts of alarms (§5.10, §5.11): retries, who is told of the last, and reports in any order."""

import json

import pytest

from models.appointments.alarms import FAILURE, IN_PROCESS, RETRY, SUCCESS, Alarm, AlarmRequest
from models.appointments.callrequests import SUCCESS as CALL_MADE
from models.appointments.callrequests import AlarmCall
from models.appointments.cdr import CallDetailRecord
from models.database import transaction
from models.privacy import addressed
from tests.appointments.clinic import (
    MINUTE,
    MOBILE,
    PHONE,
    Clinic,
    accept,
    attempt,
    calls,
    end,
    failures,
    fresh,
    perform,
    requests,
    rings,
    statuses,
)
from tests.conformance import holds


@holds("§5.10 failed: RETRY after retry_delay with a new request", "alarm setting: retry delay")
def test_a_failed_attempt_is_followed_by_another_after_its_delay(clinic: Clinic) -> None:
    alarm = clinic.alarm(maxretry=1, retry_delay=600)
    attempt(alarm, "USER_BUSY")
    waiting = fresh(alarm)
    perform()
    early = statuses(alarm)

    assert (waiting.status, early) == (RETRY, [RETRY])
    assert waiting.due_at is not None
    assert 9 * MINUTE < waiting.due_at - waiting.date_start_notice < 11 * MINUTE
    Alarm.update(due_at=waiting.date_start_notice).where(Alarm.id == alarm.id).execute()
    perform()
    assert (statuses(alarm), fresh(alarm).status) == ([RETRY, IN_PROCESS], IN_PROCESS)
    assert len({call.id for call in calls(alarm)}) == 2


@holds(
    "§5.10 failed: a delay of 0 is at once", "§5.10 failed: maxretry 2, always busy: 4, 4, 3",
    "§5.10 failed: FAILURE after the last", "alarm setting: max retry",
    "alarm requests: a log of the attempts",
)  # fmt: skip
def test_always_busy_with_two_retries_is_three_attempts(clinic: Clinic) -> None:
    alarm = clinic.alarm(maxretry=2)
    for _ in range(3):
        attempt(alarm, "USER_BUSY")
    perform()

    assert (statuses(alarm), fresh(alarm).num_attempt, fresh(alarm).status) == (
        [RETRY, RETRY, FAILURE],
        3,
        FAILURE,
    )
    assert [ring.reference for ring in rings(alarm)] == [f"alarm:{alarm.id}:{n}" for n in (1, 2, 3)]


@holds("§5.18 walk: alarm by call")
def test_a_retry_that_is_answered_has_succeeded(clinic: Clinic) -> None:
    alarm = clinic.alarm(maxretry=2, phonenumber_sms_failure=MOBILE)
    attempt(alarm, "NO_ANSWER")
    attempt(alarm)

    assert (statuses(alarm), fresh(alarm).status, fresh(alarm).cause) == ([RETRY, SUCCESS], SUCCESS, None)
    assert failures(alarm) == []


@holds(
    "§5.11 failure SMS: only after the last, only when asked for, once",
    "§5.11 failure SMS: the default sentence", "alarm setting: phone number SMS failure",
)  # fmt: skip
@pytest.mark.parametrize("asked", [True, False])
def test_somebody_is_told_once_after_the_last_failure_where_that_was_asked_for(
    clinic: Clinic, asked: bool
) -> None:
    alarm = clinic.alarm(maxretry=1, phonenumber_sms_failure=MOBILE if asked else None)
    attempt(alarm, "USER_BUSY")
    before = failures(alarm)
    attempt(alarm, "USER_BUSY")
    end(rings(alarm)[-1], "USER_BUSY")

    assert before == []
    assert [(text.to.e164(), text.body) for text in failures(alarm)] == (
        [(MOBILE, f"The call to {PHONE} has failed after 2 attempts.")] if asked else []
    )


@holds(
    "§5.11 failure SMS: the data's text", "§5.12 data: sms_failure", "§5.12 placeholders: in the failure SMS"
)
def test_the_events_data_may_say_how_it_is_told(clinic: Clinic) -> None:
    said = "{name} was not reached at #alarm_phonenumber# in #num_attempt# tries{nothing}."
    event = clinic.event(data=json.dumps({"name": "Ada", "sms_failure": said}))
    alarm = clinic.alarm(event, phonenumber_sms_failure=MOBILE)
    attempt(alarm, "NO_ANSWER")

    assert [text.body for text in failures(alarm)] == [f"Ada was not reached at {PHONE} in 1 tries."]


@holds("§5.11 failure SMS: gateway, sender, account")
def test_it_is_told_through_the_settings_gateway_from_its_number(clinic: Clinic) -> None:
    alarm = clinic.alarm(phonenumber_sms_failure=MOBILE)
    attempt(alarm, "NO_ANSWER")

    (text,) = failures(alarm)
    assert (text.sender, text.gateway_id, text.origin_id) == ("900", clinic.sms.id, requests(alarm)[-1].id)
    assert (text.reference, text.at_least_once) == (f"alarm:{alarm.id}:1:failure", True)


@pytest.mark.parametrize("number", ["nobody", "12"])
def test_a_number_that_is_none_is_told_nothing(clinic: Clinic, number: str) -> None:
    alarm = clinic.alarm(phonenumber_sms_failure=number)
    attempt(alarm, "NO_ANSWER")

    assert (fresh(alarm).status, failures(alarm)) == (FAILURE, [])


def test_a_report_that_comes_twice_or_after_the_end_changes_nothing(clinic: Clinic) -> None:
    alarm = clinic.alarm(maxretry=1, phonenumber_sms_failure=MOBILE)
    attempt(alarm, "USER_BUSY")
    (ring,) = rings(alarm)
    end(ring)
    end(ring, "USER_BUSY")

    assert (fresh(alarm).status, statuses(alarm)) == (RETRY, [RETRY])
    assert CallDetailRecord.select().count() == 1


def test_a_report_that_overtakes_the_carriers_answer_is_the_end(clinic: Clinic) -> None:
    alarm = clinic.alarm()
    perform()
    (ring,) = rings(alarm)
    end(ring)
    accept(ring)

    assert (fresh(alarm).status, statuses(alarm), calls(alarm)[0].status) == (SUCCESS, [SUCCESS], CALL_MADE)
    assert CallDetailRecord.get().callid == ring.reference


def test_what_somebody_has_ended_meanwhile_stays_ended(clinic: Clinic) -> None:
    alarm = clinic.alarm(maxretry=3, phonenumber_sms_failure=MOBILE)
    perform()
    Alarm.update(status=SUCCESS).where(Alarm.id == alarm.id).execute()
    end(rings(alarm)[0], "USER_BUSY")
    perform()

    assert (fresh(alarm).status, statuses(alarm), failures(alarm)) == (SUCCESS, [FAILURE], [])


def test_an_alarm_that_is_begun_anew_gets_attempts_of_its_own(clinic: Clinic) -> None:
    alarm = clinic.alarm()
    attempt(alarm)
    Alarm.update(status=1, num_attempt=0, due_at=alarm.due_at).where(Alarm.id == alarm.id).execute()
    attempt(alarm, "USER_BUSY")

    assert (fresh(alarm).status, statuses(alarm)) == (FAILURE, [SUCCESS, FAILURE])
    assert [request.attempt for request in requests(alarm)] == [1, 2]
    assert AlarmCall.select().count() == AlarmRequest.select().count() == 2


def test_what_is_called_off_because_somebody_is_erased_is_not_tried_again(clinic: Clinic) -> None:
    alarm = clinic.alarm(maxretry=3)
    perform()
    with transaction():
        addressed.called_off(rings(alarm)[0])

    assert (statuses(alarm), fresh(alarm).status, fresh(alarm).due_at) == ([FAILURE], FAILURE, None)
