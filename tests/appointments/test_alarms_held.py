"""Alarms that are held (§5.5, §5.17): by paused events and full calendars; and what fails alone."""

from datetime import UTC, datetime, timedelta

import pytest

from models import clock
from models.appointments import performing, taking
from models.appointments.alarms import EMAIL, FAILURE, IN_PROCESS, PENDING, RETRY, SMS, Alarm, AlarmRequest
from models.appointments.calendars import Calendar
from models.appointments.due import due_at
from models.appointments.events import PAUSED, Event
from models.appointments.events import PENDING as TO_COME
from models.appointments.performing import STRANDED
from models.settings import Settings
from tests.appointments.clinic import (
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    Be,
    Clinic,
    attempt,
    end,
    fresh,
    perform,
    rings,
    statuses,
    traffic,
)
from tests.conformance import holds


@holds("§5.5 due: a paused event holds it", "§5.5 due: released if still eligible")
@pytest.mark.parametrize(("later", "status"), [(30 * MINUTE, IN_PROCESS), (2 * HOUR, FAILURE)])
def test_a_paused_event_holds_its_alarms_and_lets_them_go(
    clinic: Clinic, be: Be, later: timedelta, status: int
) -> None:
    event = clinic.event(status=PAUSED)
    alarm = clinic.alarm(event, date_start_notice=NOON)
    be(NOON + later)
    held = (fresh(alarm).status, traffic())
    Event.update(status=TO_COME).where(Event.id == event.id).execute()
    perform()

    assert held == (PENDING, 0)
    assert fresh(alarm).status == status


@holds("§5.5 due: a paused event holds it")
def test_retries_of_a_paused_event_wait(clinic: Clinic, be: Be) -> None:
    event = clinic.event()
    alarm = clinic.alarm(event, date_start_notice=NOON, maxretry=1)
    be(NOON)
    (ring,) = rings(alarm)
    Event.update(status=PAUSED).where(Event.id == event.id).execute()
    end(ring, "USER_BUSY")
    perform()
    held = (fresh(alarm).status, statuses(alarm))
    Event.update(status=TO_COME).where(Event.id == event.id).execute()
    attempt(alarm)

    assert held == (RETRY, [RETRY])
    assert len(rings(alarm)) == 2


@holds("§5.7 request: one bad row fails alone")
def test_who_has_no_profile_fails_alone(clinic: Clinic) -> None:
    other = Clinic("2")
    good, bad = clinic.alarm(), other.alarm()
    other.profile.delete_instance()
    perform()

    assert (fresh(good).status, fresh(bad).status, fresh(bad).cause) == (IN_PROCESS, FAILURE, STRANDED)


@holds("§5.7 request: one bad row fails alone")
@pytest.mark.parametrize(
    "bad", [{"daily_start": "when?"}, {"date_start_notice": datetime.max.replace(tzinfo=UTC)}]
)
def test_what_cannot_be_read_fails_alone(clinic: Clinic, bad: dict[str, object]) -> None:
    alarms = [clinic.alarm() for _ in range(3)]
    Alarm.update(**bad).where(Alarm.id == alarms[1].id).execute()
    perform()

    assert [fresh(one).status for one in alarms] == [IN_PROCESS, FAILURE, IN_PROCESS]


def test_a_moment_too_early_for_any_calendar_is_due_at_once(home: Settings) -> None:
    assert due_at(PENDING, datetime(1, 1, 1, tzinfo=UTC), 2**31 - 1) <= clock.now()
    assert due_at(FAILURE, clock.now(), 0) is None


@holds("§5.16 max_concurrent: so many at once, the oldest first")
def test_a_calendar_makes_so_many_calls_at_once_as_it_may_the_oldest_first(clinic: Clinic) -> None:
    Calendar.update(max_concurrent=2).execute()
    event, now = clinic.event(), clock.now()
    alarms = [clinic.alarm(event, date_start_notice=now - n * SECOND) for n in range(5)]
    perform()
    first = under_way(alarms)
    end(rings(alarms[4])[0])
    perform()
    then = under_way(alarms)
    for alarm in (alarms[3], alarms[2]):
        end(rings(alarm)[0], "USER_BUSY")
    perform()

    assert (first, then, under_way(alarms)) == ([3, 4], [2, 3], [0, 1])
    assert max(fresh(alarm).num_attempt for alarm in alarms) == 1


def under_way(alarms: list[Alarm]) -> list[int]:
    return [place for place, alarm in enumerate(alarms) if fresh(alarm).status == IN_PROCESS]


@holds("§5.16 max_concurrent: so many at once, the oldest first")
def test_a_full_calendar_holds_up_no_other_and_neither_texts_nor_mails(home: Settings) -> None:
    full, free = Clinic(), Clinic("2")
    Calendar.update(max_concurrent=1).where(Calendar.id == full.calendar.id).execute()
    waiting = [full.alarm(date_start_notice=clock.now() - MINUTE) for _ in range(3)]
    others = [full.alarm(method=SMS), full.alarm(method=EMAIL), *(free.alarm() for _ in range(3))]
    perform()
    perform()

    assert len(under_way(waiting)) == 1
    assert len(under_way(others)) == 5


@pytest.mark.parametrize("posted", [False, True])
def test_more_calls_than_one_round_takes_wait_for_a_line_and_hold_up_no_other(
    clinic: Clinic, posted: bool
) -> None:
    full, now = Clinic("full"), clock.now()
    Calendar.update(max_concurrent=1).where(Calendar.id == full.calendar.id).execute()
    event = full.event()
    full.alarm(event)
    perform()
    earlier, later = now - MINUTE, now + HOUR
    waiting = full.alarm(event, date_start_notice=later if posted else earlier)
    other = clinic.alarm(date_start_notice=later if posted else now)
    if posted:
        AlarmRequest.insert_many([{"alarm": waiting.id, "date": earlier}] * taking.MOST).execute()
        AlarmRequest.create(alarm=other, date=now)
    else:
        alike = {name: value for name, value in waiting.__data__.items() if name != "id"}
        Alarm.insert_many([alike] * taking.MOST).execute()
    performing.perform()

    assert (fresh(waiting).status, fresh(other).status) == (PENDING, IN_PROCESS)


@holds("§5.16 max_concurrent: 0 or null is no limit")
@pytest.mark.parametrize("limit", [0, None])
def test_without_a_limit_all_calls_are_made(clinic: Clinic, limit: int | None) -> None:
    Calendar.update(max_concurrent=limit).execute()
    alarms = [clinic.alarm() for _ in range(4)]
    perform()

    assert len(under_way(alarms)) == 4
