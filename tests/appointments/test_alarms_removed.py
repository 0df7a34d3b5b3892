"""Alarms that are deleted, or that nobody tells the end of: called off, swept, and told of by `trunkline trace`."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import CliRunner
from structlog.testing import capture_logs

from models import clock
from models.appointments import sweeping
from models.appointments.alarms import FAILURE, IN_PROCESS, RETRY, SMS, SUCCESS, Alarm, AlarmRequest
from models.appointments.callrequests import ABORT, CALLING, AlarmCall
from models.appointments.cdr import CallDetailRecord
from models.appointments.events import Event
from models.database import transaction
from models.deliveries import Delivery, Ring, Text
from models.deliveries.life import SENDING, Attempt
from models.numbers import masked
from tests.appointments.clinic import (
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
    rings,
    statuses,
    texts,
)
from tests.house import Client
from workers.console.looking import trace


def deleted(client: Client, path: str) -> None:
    answer = client.ask("DELETE", f"/rest-api/{path}/", user="mona", headers={"Host": "localhost:8000"})
    assert answer.status_code == 204


def begun(delivery: Delivery) -> None:
    """A worker is about to ask a carrier."""
    with transaction():
        type(delivery).locked(delivery.id).begin("simulator", 1)


@pytest.mark.parametrize("what", ["alarm", "event", "parent", "calendar", "calendar-user", "alarm-request"])
def test_what_a_deleted_alarm_has_asked_for_is_called_off(client: Client, clinic: Clinic, what: str) -> None:
    parent = clinic.event()
    event = clinic.event(parent_event=parent)
    alarm, text, other = clinic.alarm(event), clinic.alarm(event, method=SMS), Clinic("2").alarm()
    perform()
    (ring,), (told,), (kept,) = rings(alarm), texts(text), rings(other)
    paths = {
        "alarm": f"alarm/{alarm.id}", "event": f"event/{event.id}", "parent": f"event/{parent.id}",
        "calendar": f"calendar/{clinic.calendar.id}", "calendar-user": f"calendar-user/{clinic.user.id}",
        "alarm-request": f"alarm-request/{ring.origin_id}",
    }  # fmt: skip
    deleted(client, paths[what])

    assert Ring.get_by_id(ring.id).status == "expired"
    assert Ring.get_by_id(kept.id).status == "queued"
    whole = what not in ("alarm", "alarm-request")
    assert Text.get_by_id(told.id).status == ("expired" if whole else "queued")
    assert Alarm.select().count() == {"alarm": 2, "alarm-request": 3}.get(what, 1)


def test_what_a_carrier_may_have_is_asked_about_but_not_asked_for_again(
    client: Client, clinic: Clinic
) -> None:
    alarm = clinic.alarm()
    perform()
    (ring,) = rings(alarm)
    begun(ring)
    deleted(client, f"alarm/{alarm.id}")
    late = Ring.get_by_id(ring.id)
    end(ring)

    assert (late.status, late.cause) == ("unknown", "called off")
    assert (Ring.get_by_id(ring.id).status, CallDetailRecord.select().count()) == ("delivered", 0)


def test_an_alarm_whose_attempt_was_deleted_does_not_hang(client: Client, clinic: Clinic) -> None:
    alarm = clinic.alarm()
    perform()
    deleted(client, f"alarm-request/{rings(alarm)[0].origin_id}")
    sweeping.sweep()

    assert (fresh(alarm).status, fresh(alarm).cause) == (FAILURE, sweeping.LOST)


def test_an_alarm_is_tried_again_although_the_log_of_its_attempt_was_deleted(
    client: Client, clinic: Clinic
) -> None:
    alarm = clinic.alarm(maxretry=1)
    attempt(alarm, "USER_BUSY")
    deleted(client, f"alarm-request/{rings(alarm)[0].origin_id}")
    attempt(alarm)

    assert (fresh(alarm).status, fresh(alarm).num_attempt) == (SUCCESS, 2)
    assert [ring.reference for ring in rings(alarm)] == [f"alarm:{alarm.id}:2"]


HOURS = timedelta(hours=1)


def begun_before(alarm: Alarm, since: timedelta) -> None:
    AlarmCall.update(call_time=clock.now() - since).where(AlarmCall.id == calls(alarm)[0].id).execute()
    asked = (Attempt.channel == "ring") & (Attempt.delivery_id == rings(alarm)[0].id)
    Attempt.update(begun_at=clock.now() - since).where(asked).execute()


@pytest.mark.parametrize(("since", "ended"), [(HOURS, False), (HOURS + timedelta(minutes=17), True)])
def test_a_call_that_nobody_tells_the_end_of_has_failed_when_it_must_be_over(
    clinic: Clinic, since: timedelta, ended: bool
) -> None:
    alarm = clinic.alarm(maxretry=1)
    perform()
    accept(rings(alarm)[0])
    begun_before(alarm, since)
    sweeping.sweep()

    assert (statuses(alarm), fresh(alarm).status) == (
        ([RETRY], RETRY) if ended else ([IN_PROCESS], IN_PROCESS)
    )


def test_a_sweep_calls_off_what_no_carrier_has_yet_and_late_reports_change_nothing(clinic: Clinic) -> None:
    alarm = clinic.alarm(phonenumber_sms_failure=MOBILE)
    perform()
    begun_before(alarm, 2 * HOURS)
    swept = sweeping.sweep()
    (ring,) = rings(alarm)
    end(ring)

    assert (swept, sweeping.sweep()) == (1, 0)
    assert (Ring.get_by_id(ring.id).status, fresh(alarm).status) == ("expired", FAILURE)
    assert (statuses(alarm), fresh(alarm).cause, len(failures(alarm))) == ([FAILURE], sweeping.SILENT, 1)


def test_an_attempt_written_down_as_under_way_by_hand_ends_too(clinic: Clinic) -> None:
    alarm = clinic.alarm(status=IN_PROCESS, num_attempt=1)
    AlarmRequest.create(alarm=alarm, date=clock.now() - 3 * HOURS, status=IN_PROCESS)
    orphan = AlarmRequest.create(alarm=None, date=clock.now() - 3 * HOURS, status=IN_PROCESS)
    with capture_logs() as said:
        swept = sweeping.sweep()

    assert (statuses(alarm), fresh(alarm).status) == ([FAILURE], FAILURE)
    assert AlarmRequest.get_by_id(orphan.id).status == FAILURE
    assert (swept, said) == (2, [])


def test_one_attempt_that_cannot_be_ended_keeps_no_others_under_way(clinic: Clinic) -> None:
    alarm, others = clinic.alarm(phonenumber_sms_failure=MOBILE, num_attempt=1), []
    for _ in range(2):  # by hand, both without a number: the texts that tell of them would have one name
        Alarm.update(status=IN_PROCESS, due_at=None).where(Alarm.id == alarm.id).execute()
        AlarmRequest.create(alarm=alarm, date=clock.now() - 3 * HOURS, status=IN_PROCESS)
        others.append(clinic.alarm())
        perform()
        begun_before(others[-1], 2 * HOURS)
        sweeping.sweep()

    assert (statuses(alarm), fresh(alarm).status, len(failures(alarm))) == ([FAILURE, FAILURE], FAILURE, 1)
    assert [statuses(other) for other in others] == [[FAILURE], [FAILURE]]


@pytest.mark.parametrize(("age", "status"), [(HOURS, IN_PROCESS), (26 * HOURS, FAILURE)])
def test_a_text_of_unknown_fate_fails_its_alarm_in_the_end(
    clinic: Clinic, age: timedelta, status: int
) -> None:
    alarm = clinic.alarm(method=SMS)
    perform()
    Text.update(status=SENDING, created_at=clock.now() - age).execute()
    sweeping.sweep()

    assert fresh(alarm).status == status


def story(alarm: Alarm) -> str:
    said = CliRunner().invoke(trace, [f"alarm:{alarm.id}"])
    assert said.exit_code == 0
    return said.output


def test_the_report_of_a_swept_attempt_leaves_the_next_one_as_it_is(
    clinic: Clinic, jump: Callable[[float], None]
) -> None:
    alarm = clinic.alarm(maxretry=1)
    perform()
    accept(rings(alarm)[0])
    jump(2 * 3600)
    assert sweeping.sweep() == 1
    perform()
    assert statuses(alarm) == [RETRY, IN_PROCESS]

    end(rings(alarm)[0])

    assert (fresh(alarm).status, statuses(alarm)) == (IN_PROCESS, [RETRY, IN_PROCESS])


def test_trace_tells_every_attempt_of_an_alarm_without_a_number(clinic: Clinic) -> None:
    alarm = clinic.alarm(clinic.event(data='{"name": "Ada"}'), maxretry=1, phonenumber_sms_failure=MOBILE)
    attempt(alarm, "USER_BUSY")
    attempt(alarm, "NO_ANSWER")
    told = story(alarm)

    for said in (
        "attempt 1", "attempt 2", "BUSY, USER_BUSY", "NOANSWER, NO_ANSWER", f"alarm:{alarm.id}:2:failure",
        "ring queued", "asks simulator", "since then: failure after 2 attempts", "callrequest 2: failure: NO_ANSWER",
    ):  # fmt: skip
        assert said in told
    assert not any(word in told for word in (PHONE[1:], MOBILE[1:], "Ada"))


@pytest.mark.parametrize("method", [SMS, 3])
def test_trace_tells_of_texts_and_mails(clinic: Clinic, method: int) -> None:
    alarm = clinic.alarm(method=method)
    pending = story(alarm)
    perform()

    assert "due (pending)" in pending
    assert f"alarm:{alarm.id}:1" in story(alarm)


def test_a_high_id_of_an_alarm_is_no_phone_number() -> None:
    assert masked("alarm:12345678 called +27123456700") == "alarm:12345678 called hidden"


def test_many_occurrences_go_with_their_event(client: Client, clinic: Clinic) -> None:
    root = clinic.event()
    for _ in range(3):
        clinic.alarm(clinic.event(parent_event=root))
    perform()
    deleted(client, f"event/{root.id}")

    assert (Event.select().count(), Alarm.select().count()) == (0, 0)
    assert {ring.status for ring in Ring.select()} == {"expired"}


def test_nothing_that_is_made_later_has_the_id_of_what_was_deleted(client: Client, clinic: Clinic) -> None:
    """A carrier keeps it in mind: what it tells of the old one would else be taken for the new one."""
    seen: set[tuple[int, ...]] = set()
    for _ in range(3):
        alarm = clinic.alarm()
        perform()
        assert (fresh(alarm).status, fresh(alarm).cause) == (IN_PROCESS, None)
        (request,), (call,) = AlarmRequest.select(), AlarmCall.select()
        seen.add((alarm.event_id, alarm.id, request.id, call.id))
        end(rings(alarm)[0])
        deleted(client, f"event/{alarm.event_id}")
        AlarmCall.delete().execute()

    assert [len(set(ids)) for ids in zip(*seen, strict=True)] == [3] * 4


@pytest.mark.parametrize("what", ["alarm", "alarm-request"])
def test_a_call_whose_attempt_is_deleted_does_not_last_for_ever(
    client: Client, clinic: Clinic, what: str
) -> None:
    alarm = clinic.alarm()
    perform()
    (ring,), (call,), (request,) = rings(alarm), calls(alarm), AlarmRequest.select()
    accept(ring)
    assert AlarmCall.get_by_id(call.id).status == CALLING
    deleted(client, f"{what}/{alarm.id if what == 'alarm' else request.id}")
    end(ring, "NO_ANSWER")

    assert AlarmCall.get_by_id(call.id).status == ABORT
    deleted(client, f"callrequest/{call.id}")
