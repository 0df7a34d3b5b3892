"""Alarms on PostgreSQL, many hands at once: dispatchers, reports, deletions, sweeps; each thing happens once."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest

from models import clock
from models.appointments import due, performing, removing, sweeping
from models.appointments.alarms import FAILURE, IN_PROCESS, PENDING, RETRY, SMS, SUCCESS, Alarm, AlarmRequest
from models.appointments.calendars import Calendar
from models.appointments.callrequests import AlarmCall
from models.appointments.cdr import CallDetailRecord
from models.appointments.events import Event
from models.appointments.ivr import calls as talking
from models.appointments.ivr.inputs import Digits
from models.appointments.under_way import UnderWay
from models.database import transaction
from models.deliveries import Delivery, Ring, Text
from models.deliveries.life import UNENDED
from models.ledger import LedgerRow
from models.settings import Settings
from tests.appointments.clinic import (
    MOBILE,
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
from tests.conformance import holds
from tests.mentoring.racing import Track

pytestmark = [pytest.mark.servers]

ROUNDS = 40


@pytest.fixture
def clinic(home: Settings, full: bool) -> Clinic:
    if not full:
        pytest.skip("SQLite has one writer at a time: races are for --backend=full")
    return Clinic()


@pytest.fixture
def track(clinic: Clinic) -> Iterator[Track]:
    """Six lanes."""
    with Track(6) as track:
        yield track


@holds("§5.1 jobs: many workers claim each row once")
def test_dispatchers_at_once_make_each_attempt_once(clinic: Clinic, track: Track) -> None:
    event = clinic.event()
    for _ in range(ROUNDS):
        alarms = [clinic.alarm(event, method=method) for method in (1, 1, SMS)]
        AlarmRequest.create(alarm=clinic.alarm(event, status=SUCCESS), date=clock.now())
        track.race(*[performing.perform] * 4)
        assert [fresh(alarm).status for alarm in alarms] == [IN_PROCESS] * 3

    assert (Ring.select().count(), Text.select().count()) == (3 * ROUNDS, ROUNDS)
    assert LedgerRow.select().count() == 4 * ROUNDS
    assert (
        AlarmRequest.select().where(AlarmRequest.attempt == 1).count()
        == AlarmCall.select().count()
        == 3 * ROUNDS
    )
    assert {alarm.num_attempt for alarm in Alarm.select().where(Alarm.method == 1)} == {1}


def test_dispatchers_at_once_leave_a_full_calendar_alone(clinic: Clinic, track: Track) -> None:
    Calendar.update(max_concurrent=2).execute()
    event = clinic.event()
    for _ in range(ROUNDS):
        for _ in range(3):
            clinic.alarm(event)
        under_way = list(Ring.select().where(Ring.status == "queued"))
        jobs: list[Callable[[], object]] = [partial(end, ring) for ring in under_way]
        track.race(*jobs, *[performing.perform] * 3)
        assert AlarmRequest.select().where(AlarmRequest.status == IN_PROCESS).count() <= 2

    perform()
    assert AlarmRequest.select().where(AlarmRequest.status == IN_PROCESS).count() == 2


@pytest.mark.parametrize("cause", ["USER_BUSY", "NORMAL_CLEARING"])
def test_reports_and_dispatchers_at_once_count_each_end_once(
    clinic: Clinic, track: Track, cause: str
) -> None:
    for _ in range(ROUNDS):
        alarm = clinic.alarm(maxretry=1, phonenumber_sms_failure=MOBILE)
        perform()
        for _ in range(2):
            last = rings(alarm)[-1]
            told = [partial(end, last, cause), partial(end, last, cause), partial(accept, last)]
            track.race(*told, *[performing.perform] * 2)
            perform()
        busy = cause == "USER_BUSY"
        assert statuses(alarm) == ([RETRY, FAILURE] if busy else [SUCCESS])
        assert (fresh(alarm).num_attempt, len(rings(alarm)), len(failures(alarm))) == (
            (2, 2, 1) if busy else (1, 1, 0)
        )
        ids = [call.id for call in calls(alarm)]
        assert CallDetailRecord.select().where(CallDetailRecord.callrequest_id.in_(ids)).count() == len(ids)


def test_two_ends_at_once_are_one(clinic: Clinic, track: Track) -> None:
    for _ in range(ROUNDS):
        alarm = clinic.alarm()
        perform()
        (ring,) = rings(alarm)
        track.race(partial(end, ring, "USER_BUSY"), partial(end, ring), partial(end, ring, "NO_ANSWER"))
        ((request,), (call,)) = requests(alarm), calls(alarm)
        good = call.hangup_cause == "NORMAL_CLEARING"
        assert (fresh(alarm).status, request.status) == ((SUCCESS,) * 2 if good else (FAILURE,) * 2)
        assert CallDetailRecord.select().where(CallDetailRecord.callrequest_id == call.id).count() == 1


def deleted(alarm: Alarm) -> None:
    with transaction():
        removing.call_off([alarm.id])
        Alarm.delete_by_id(alarm.id)


def event_deleted(event: Event) -> None:
    with transaction():
        removing.remove_events(Event.id == event.id)


def begun(delivery: Delivery) -> None:
    """A worker asks a carrier, if it is still wanted."""
    with transaction():
        held = type(delivery).locked(delivery.id)
        if held.status == "queued":
            held.begin("simulator", 1)


def test_what_is_deleted_while_it_is_performed_is_never_rung_afterwards(clinic: Clinic, track: Track) -> None:
    for _ in range(ROUNDS):
        alarm, text = clinic.alarm(), clinic.alarm(method=SMS)
        track.race(*[performing.perform] * 2, partial(deleted, alarm), partial(event_deleted, text.event))

        assert Alarm.select().count() == AlarmRequest.select().count() == 0
        assert {row.status for table in (Ring, Text) for row in table.select()} <= {"expired"}


def test_what_is_deleted_while_it_ends_or_begins_hangs_nowhere(clinic: Clinic, track: Track) -> None:
    for _ in range(ROUNDS):
        alarms = [clinic.alarm(maxretry=1) for _ in range(2)]
        perform()
        (ended,), (asked,) = map(rings, alarms)
        removals = [partial(deleted, alarms[0]), partial(event_deleted, alarms[1].event)]
        track.race(*removals, partial(end, ended, "USER_BUSY"), partial(begun, asked), performing.perform)

        assert Alarm.select().count() == AlarmRequest.select().count() == 0
        assert Ring.get_by_id(ended.id).status in ("failed", "expired")
        assert Ring.get_by_id(asked.id).status in ("unknown", "expired")
        assert Ring.select().where(Ring.status.in_(("queued", "sending"))).count() == 0


def pressed(ring: Ring) -> None:
    """Somebody answered, and confirms."""
    with transaction():
        talking.hear(Ring.locked(ring.id), 1, None)
    with transaction():
        talking.hear(Ring.locked(ring.id), 2, Digits("1"))


def test_what_is_deleted_while_it_talks_lets_everybody_go_on(clinic: Clinic, track: Track) -> None:
    for _ in range(ROUNDS):
        alarms = [clinic.alarm(maxretry=1) for _ in range(3)]
        perform()
        talks = [rings(alarm)[0] for alarm in alarms]
        for ring in talks:
            accept(ring)
        removals = [
            partial(deleted, alarms[0]),
            partial(event_deleted, alarms[1].event),
            partial(deleted, alarms[2]),
        ]
        track.race(*removals, partial(pressed, talks[0]), partial(end, talks[1]), partial(pressed, talks[2]))

        assert Alarm.select().count() == AlarmRequest.select().count() == 0


def test_a_sweep_and_a_report_at_once_end_an_attempt_once(clinic: Clinic, track: Track) -> None:
    for _ in range(ROUNDS):
        alarm = clinic.alarm(phonenumber_sms_failure=MOBILE)
        perform()
        (ring,) = rings(alarm)
        AlarmCall.update(call_time=clock.now() - timedelta(hours=3)).execute()
        track.race(sweeping.sweep, sweeping.sweep, partial(end, ring), partial(end, ring))

        status = fresh(alarm).status
        assert (status, statuses(alarm)) in [(SUCCESS, [SUCCESS]), (FAILURE, [FAILURE])]
        assert len(failures(alarm)) == (status == FAILURE)


def put_off(alarm: Alarm) -> None:
    """Somebody gives it another time, as the API does."""
    later = clock.now() + timedelta(days=1)
    with transaction():
        Alarm.update(due.changed(alarm.id, {"date_start_notice": later})).where(
            Alarm.id == alarm.id
        ).execute()


def test_an_alarm_that_is_put_off_while_it_is_due_is_made_now_or_then(clinic: Clinic, track: Track) -> None:
    for _ in range(ROUNDS):
        alarm = clinic.alarm()
        track.race(partial(put_off, alarm), *[performing.perform] * 2)
        now = fresh(alarm)

        assert (now.status, now.due_at, len(rings(alarm))) in [
            (IN_PROCESS, None, 1),
            (PENDING, now.date_start_notice, 0),
        ]


def begun_anew(alarm: Alarm) -> None:
    """Somebody begins it anew, as the API does."""
    with suppress(UnderWay), transaction():
        Alarm.update(due.changed(alarm.id, {"status": PENDING})).where(Alarm.id == alarm.id).execute()


def test_an_alarm_that_is_begun_anew_while_it_begins_or_ends_rings_one_phone(
    clinic: Clinic, track: Track
) -> None:
    for _ in range(ROUNDS):
        first, second = clinic.alarm(), clinic.alarm()
        track.race(*[performing.perform] * 2, *[partial(begun_anew, first)] * 2)
        perform()
        assert len(rings(first)) == 1

        (ring,) = rings(second)
        track.race(*[performing.perform] * 2, *[partial(begun_anew, second)] * 2, partial(end, ring))
        perform()
        assert [one.status in UNENDED for one in rings(second)] in ([False], [False, True])
        assert statuses(second)[:1] == [SUCCESS]
