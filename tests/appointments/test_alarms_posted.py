"""Attempts that somebody posted (§5.7): made at their date like any other, or not at all."""

from datetime import timedelta
from typing import Any

import pytest

from models import clock
from models.appointments import sweeping
from models.appointments.alarms import FAILURE, IN_PROCESS, PENDING, SMS, SUCCESS, Alarm, AlarmRequest
from models.appointments.callrequests import CALLING, AlarmCall
from models.appointments.callrequests import PENDING as WRITTEN
from models.appointments.callrequests import SUCCESS as CALL_MADE
from models.appointments.events import PAUSED, Event
from models.deliveries import Ring
from tests.appointments.clinic import (
    MINUTE,
    PHONE,
    Clinic,
    accept,
    calls,
    end,
    fresh,
    perform,
    requests,
    rings,
    statuses,
)
from tests.conformance import holds

HOUR = 60 * MINUTE


def posted(alarm: Alarm | None, late: timedelta = timedelta()) -> AlarmRequest:
    return AlarmRequest.create(alarm=alarm, date=clock.now() - late)  # type: ignore[no-any-return]  # Peewee is untyped


def resting(clinic: Clinic, **more: Any) -> Alarm:
    """An alarm whose own time is still to come."""
    return clinic.alarm(date_start_notice=clock.now() + HOUR, **more)


@holds("alarm-request: a posted one is made like any other")
@pytest.mark.parametrize("method", [1, SMS])
def test_a_posted_attempt_is_a_call_like_any_other(clinic: Clinic, method: int) -> None:
    alarm = resting(clinic, method=method)
    request = posted(alarm)
    perform()
    (ring,) = rings(alarm)
    made = (fresh(alarm).status, statuses(alarm), fresh(alarm).num_attempt)
    accept(ring)
    end(ring)

    assert made == (IN_PROCESS, [IN_PROCESS], 1)
    assert (ring.reference, ring.origin_id) == (f"alarm:{alarm.id}:1", request.id)
    assert (calls(alarm)[0].alarm_request_id, requests(alarm)[0].attempt) == (request.id, 1)
    assert (fresh(alarm).status, statuses(alarm)) == (SUCCESS, [SUCCESS])


@holds("§5.7 request: not before its date, not an hour after")
@pytest.mark.parametrize(
    ("late", "status"),
    [(-MINUTE, PENDING), (timedelta(), IN_PROCESS), (59 * MINUTE, IN_PROCESS), (61 * MINUTE, FAILURE)],
)
def test_it_is_made_from_its_date_on_for_an_hour(clinic: Clinic, late: timedelta, status: int) -> None:
    alarm = resting(clinic)
    posted(alarm, late)
    perform()

    assert statuses(alarm) == [status]
    assert fresh(alarm).status == (IN_PROCESS if status == IN_PROCESS else PENDING)


@holds("§5.7 request: one bad row fails alone")
def test_one_of_no_alarm_fails_and_holds_nobody_up(clinic: Clinic) -> None:
    alarm = resting(clinic)
    lost, _ = posted(None), posted(alarm)
    perform()

    assert AlarmRequest.get_by_id(lost.id).status == FAILURE
    assert statuses(alarm) == [IN_PROCESS]


def test_two_of_one_alarm_are_made_one_after_the_other(clinic: Clinic) -> None:
    alarm = resting(clinic)
    posted(alarm)
    posted(alarm)
    perform()
    first = statuses(alarm)
    end(rings(alarm)[0])
    perform()

    assert first == [IN_PROCESS, PENDING]
    assert (statuses(alarm), [ring.reference for ring in rings(alarm)]) == (
        [SUCCESS, IN_PROCESS], [f"alarm:{alarm.id}:{n}" for n in (1, 2)],
    )  # fmt: skip


def test_a_paused_event_holds_it_too(clinic: Clinic) -> None:
    alarm = resting(clinic)
    posted(alarm)
    Event.update(status=PAUSED).execute()
    perform()

    assert (statuses(alarm), Ring.select().count()) == ([PENDING], 0)


def test_it_waits_for_the_daily_window(clinic: Clinic) -> None:
    now = clock.now()
    opens = now + 2 * HOUR
    window = {"daily_start": f"{opens:%H:%M:00}", "daily_stop": f"{opens + HOUR:%H:%M:00}"}
    alarm = resting(clinic, **window)
    posted(alarm)
    perform()

    (request,) = requests(alarm)
    assert (request.status, Ring.select().count()) == (PENDING, 0)
    assert request.date == opens.replace(second=0, microsecond=0)


def test_a_posted_attempt_that_fails_for_good_may_be_followed_by_retries(clinic: Clinic) -> None:
    alarm = resting(clinic, maxretry=1)
    posted(alarm)
    perform()
    end(rings(alarm)[0], "USER_BUSY")
    perform()

    assert [request.attempt for request in requests(alarm)] == [1, 2]
    assert fresh(alarm).status == IN_PROCESS


def test_a_callrequest_written_down_for_it_is_not_taken_for_its_call(clinic: Clinic) -> None:
    alarm = resting(clinic)
    request = posted(alarm)
    written = {"phone_number": PHONE, "content_type": "survey_template", "object_id": 1}
    for _ in range(2):
        AlarmCall.create(user=clinic.manager, alarm_request_id=request.id, **written)
    perform()

    assert AlarmRequest.get_by_id(request.id).callrequest.content_type == "survey"


def test_calls_written_down_for_a_posted_attempt_are_not_taken_for_its_own(clinic: Clinic) -> None:
    alarm = resting(clinic)
    request = posted(alarm)
    written = AlarmCall.create(
        user=clinic.manager, phone_number="1", content_type="survey_template", object_id=1,
        alarm_request_id=request.id,
    )  # fmt: skip
    perform()
    (ring,) = rings(alarm)
    accept(ring)
    ringing = calls(alarm)[0].status
    end(ring)

    assert calls(alarm)[0].id != written.id
    assert (ringing, calls(alarm)[0].status) == (CALLING, CALL_MADE)
    assert AlarmCall.get_by_id(written.id).status == WRITTEN


def test_attempts_said_to_be_under_way_for_ever_keep_no_other_from_being_swept(clinic: Clinic) -> None:
    alarm, far = resting(clinic), clock.now() + timedelta(days=365_000)
    AlarmRequest.insert_many(
        [{"alarm": alarm, "date": far, "status": IN_PROCESS} for _ in range(sweeping.MOST + 1)]
    ).execute()
    silent = AlarmRequest.create(alarm=resting(clinic), date=clock.now() - 24 * HOUR, status=IN_PROCESS)
    sweeping.sweep()

    assert AlarmRequest.get_by_id(silent.id).status == FAILURE
