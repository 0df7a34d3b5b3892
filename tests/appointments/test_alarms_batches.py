"""Many alarms at once: statements of a fixed number, a batch after the other, and one bad row fails alone."""

from datetime import timedelta

import pytest

from models import clock, periodic
from models.appointments import performing, taking
from models.appointments.alarms import EMAIL, FAILURE, IN_PROCESS, PENDING, RETRY, SMS, Alarm, AlarmRequest
from models.appointments.calendars import Calendar
from models.appointments.due import due_at
from models.appointments.performing import BROKEN
from models.bulk import write_many
from models.database import transaction
from models.deliveries import Mail, Ring, Text
from models.ledger import LedgerRow
from tests.api.looking import statements
from tests.appointments.clinic import HOUR, MOBILE, NOON, PHONE, Be, Clinic, fresh, perform, rings, statuses
from tests.conformance import holds
from tests.house import Client
from workers.actors import RUNNERS


def asked(clinic: Clinic, many: int) -> int:
    """How many statements it takes to perform so many alarms of each kind."""
    event = clinic.event()
    for _ in range(many):
        for method in (1, SMS, EMAIL):
            clinic.alarm(event, method=method)
        clinic.alarm(event, alarm_phonenumber=None, phonenumber_sms_failure=MOBILE)
        clinic.alarm(event, daily_start=later(2), daily_stop=later(3))
        clinic.alarm(event, method=EMAIL, alarm_email=None)
        AlarmRequest.create(alarm=clinic.alarm(event, status=FAILURE), date=clock.now())
    with statements() as run:
        performing.perform()
    return len([one for one in run if not one.startswith("('BEGIN")])


def later(hours: int) -> str:
    return f"{(clock.now().hour + hours) % 24:02}:00:00"


@pytest.mark.parametrize("limit", [0, 1000])
def test_a_batch_takes_as_many_statements_for_many_alarms_as_for_few(clinic: Clinic, limit: int) -> None:
    Calendar.update(max_concurrent=limit).execute()
    few, many = asked(clinic, 1), asked(clinic, 12)

    assert few == many < 50
    assert (Ring.select().count(), Mail.select().count()) == (2 * 13, 13)
    assert Text.select().count() == 2 * 13


def test_what_is_due_soon_is_made_when_it_is_due_and_not_with_the_next_round(clinic: Clinic) -> None:
    soon, later = (clock.now() + timedelta(seconds=seconds) for seconds in (3, 30))
    for moment in (later, soon):
        clinic.alarm(date_start_notice=moment)
    periodic.turn("dispatch_alarms", timedelta())
    row = LedgerRow.get()
    RUNNERS["dispatch_alarms"](row.id, row.attempt)

    (owed,) = LedgerRow.select()
    assert (owed.name, owed.due_at) == ("dispatch_alarms", soon)


def test_nothing_due_takes_hardly_any(clinic: Clinic) -> None:
    clinic.alarm(date_start_notice=clock.now().replace(year=2999))
    with statements() as run:
        performing.perform()

    assert len([one for one in run if not one.startswith("('BEGIN")]) <= 7


@holds("§5.1 jobs: alarms and their requests are dispatched at least every 6 s")
def test_more_than_a_batch_is_performed_at_once_by_rounds(clinic: Clinic) -> None:
    event, now = clinic.event(), clock.now()
    with transaction():
        for _ in range(2):
            rows = [
                {"event": event.id, "alarm_phonenumber": PHONE, "due_at": now}
                for _ in range(taking.MOST - 100)
            ]
            write_many(Alarm, rows)
    periodic.turn("dispatch_alarms", timedelta())
    rounds = 0
    while owed := LedgerRow.get_or_none(LedgerRow.name == "dispatch_alarms"):
        RUNNERS["dispatch_alarms"](owed.id, owed.attempt)
        rounds += 1

    assert rounds == 2
    assert Alarm.select().where(Alarm.status == IN_PROCESS).count() == 2 * taking.MOST - 200
    assert Ring.select().count() == AlarmRequest.select().count() == 2 * taking.MOST - 200


@holds("§5.7 request: one bad row fails alone")
def test_what_the_database_refuses_fails_alone(clinic: Clinic) -> None:
    alarms = [clinic.alarm() for _ in range(4)]
    taken = f"alarm:{alarms[1].id}:1"
    Ring.create(reference=taken, origin="else", origin_id=1, to=PHONE)
    perform()

    assert [fresh(alarm).status for alarm in alarms] == [IN_PROCESS, FAILURE, IN_PROCESS, IN_PROCESS]
    assert (fresh(alarms[1]).cause, statuses(alarms[1])) == (BROKEN.format("IntegrityError"), [])
    assert [len(rings(alarm)) for alarm in alarms] == [1, 0, 1, 1]


@pytest.mark.parametrize("hours", [0, 30])
def test_what_failed_alone_is_tried_again_when_somebody_says_so(
    client: Client, clinic: Clinic, be: Be, hours: int
) -> None:
    alarm = clinic.alarm(date_start_notice=NOON)
    taken = Ring.create(reference=f"alarm:{alarm.id}:1", origin="else", origin_id=1, to=PHONE)
    be(NOON)
    cause = fresh(alarm).cause
    taken.delete_instance()
    be(NOON + hours * HOUR)
    answer = client.ask("PATCH", f"/rest-api/alarm/{alarm.id}/", {"status": RETRY}, user="mona")
    perform()

    assert "status 4 has it tried again" in cause
    assert answer.status_code == 200
    assert (fresh(alarm).status, fresh(alarm).cause, len(rings(alarm))) == (IN_PROCESS, None, 1)


@pytest.mark.parametrize(
    ("status", "due"), [(PENDING, True), (RETRY, True), (IN_PROCESS, False), (FAILURE, False)]
)
def test_only_what_waits_is_due(clinic: Clinic, status: int, due: bool) -> None:
    assert (due_at(status, clock.now(), 0) is not None) == due
    alarm = clinic.alarm(status=status, due_at=clock.now())
    perform()

    assert len(rings(alarm)) == due
