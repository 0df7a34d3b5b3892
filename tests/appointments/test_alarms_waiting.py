"""Alarms on PostgreSQL while somebody holds a row of theirs: deletions wait and then see; dispatchers do not wait."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from models import clock
from models.appointments import performing, removing, taking
from models.appointments.alarms import CALL, EMAIL, IN_PROCESS, PENDING, SMS, Alarm
from models.appointments.calendars import Calendar
from models.appointments.events import Event
from models.database import transaction
from models.deliveries import Delivery, Mail, Ring, Text
from tests.appointments.clinic import MINUTE, Clinic, accept, fresh, perform, rings, statuses
from tests.appointments.test_alarms_races import deleted
from tests.house import wait_for
from tests.mentoring.racing import somebody_waits

pytestmark = [pytest.mark.servers]


@pytest.fixture
def clinic(full: bool, clinic: Clinic) -> Clinic:
    if not full:
        pytest.skip("SQLite has one writer at a time: races are for --backend=full")
    return clinic


@pytest.mark.parametrize(("method", "table"), [(CALL, Ring), (SMS, Text), (EMAIL, Mail)])
def test_a_deletion_waits_for_a_worker_who_has_just_begun(
    clinic: Clinic, method: int, table: type[Delivery]
) -> None:
    alarm = clinic.alarm(method=method)
    perform()
    (its,) = table.select()

    with ThreadPoolExecutor(1) as other, transaction():
        attempt = table.locked(its.id).begin("simulator", 1)
        deletion = other.submit(deleted, alarm)
        wait_for(somebody_waits)
        assert not deletion.done()
    deletion.result()

    late = table.get_by_id(its.id)
    assert (late.status, late.cause, late.ended_at) == ("unknown", removing.CALLED_OFF, None)
    assert [(one.id, one.pending) for one in late.attempts] == [(attempt.id, True)]
    assert Alarm.select().count() == 0


def test_a_deletion_waits_for_what_is_being_told_of_a_call(clinic: Clinic) -> None:
    alarm = clinic.alarm()
    perform()
    (ring,) = rings(alarm)
    accept(ring)

    with ThreadPoolExecutor(1) as other, transaction():
        Ring.locked(ring.id)
        deletion = other.submit(deleted, alarm)
        wait_for(somebody_waits)
        assert statuses(alarm) == [IN_PROCESS]
    deletion.result()

    assert (Ring.get_by_id(ring.id).status, Alarm.select().count()) == ("sent", 0)


def test_a_full_calendar_holds_up_no_other_while_somebody_changes_its_event(clinic: Clinic) -> None:
    full = Clinic("full")
    Calendar.update(max_concurrent=1).where(Calendar.id == full.calendar.id).execute()
    event = full.event()
    full.alarm(event)
    perform()
    waiting = full.alarm(event, date_start_notice=clock.now() - MINUTE)
    alike = {name: value for name, value in waiting.__data__.items() if name != "id"}
    Alarm.insert_many([alike] * taking.MOST).execute()
    other = clinic.alarm()

    with ThreadPoolExecutor(1) as dispatcher, transaction():
        Event.update(title="Changed").where(Event.id == event.id).execute()
        dispatcher.submit(performing.perform).result()

        assert (fresh(waiting).status, fresh(other).status) == (PENDING, IN_PROCESS)
