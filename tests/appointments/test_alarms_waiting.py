"""Alarms on PostgreSQL that are deleted while a worker holds what they asked for: the deletion waits, and then sees."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from models.appointments import removing
from models.appointments.alarms import CALL, EMAIL, IN_PROCESS, SMS, Alarm
from models.database import transaction
from models.deliveries import Delivery, Mail, Ring, Text
from tests.appointments.clinic import Clinic, accept, perform, rings, statuses
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
