"""Calls of which nobody tells the end: while a phone may ring or talk, its line is taken, and nobody is rung again."""

from collections.abc import Callable
from functools import partial

import pytest

from models import clock
from models.appointments import sweeping
from models.appointments.alarms import FAILURE, IN_PROCESS, PENDING, RETRY, Alarm
from models.appointments.calendars import Calendar, CalendarSetting
from models.appointments.callrequests import AlarmCall
from models.appointments.ringing import TIMELIMIT
from models.database import transaction
from models.deliveries import Delivery, Ring
from tests.appointments.clinic import HOUR, MINUTE, Clinic, accept, fresh, perform, rings
from tests.mentoring.racing import Track

RINGS = 40  # seconds
ROUNDS = 40


def asked(ring: Delivery, *, unclear: bool) -> None:
    """A carrier is asked for it; nobody hears whether it takes it, or it does."""
    if not unclear:
        accept(ring)
        return
    with transaction():
        held = type(ring).locked(ring.id)
        held.begin("simulator", len(held.attempts) + 1)
        held.lose_sight("no answer")


@pytest.mark.parametrize("unclear", [True, False])
@pytest.mark.parametrize("asked_after", [0, 3000])
def test_a_silent_call_keeps_its_line_for_as_long_as_it_may_ring_and_last_and_no_longer(
    clinic: Clinic, jump: Callable[[float], None], unclear: bool, asked_after: int
) -> None:
    Calendar.update(max_concurrent=1).execute()
    CalendarSetting.update(call_timeout=RINGS).execute()
    silent = clinic.alarm(maxretry=1)
    perform()
    waits = clinic.alarm(date_start_notice=clock.now() + 2 * HOUR)
    jump(asked_after)
    asked(rings(silent)[0], unclear=unclear)
    lasts = asked_after + RINGS + TIMELIMIT + sweeping.ASKED.total_seconds()
    seen = []
    for moment in (lasts - 20, lasts + 20):
        jump(moment)
        sweeping.sweep()
        Alarm.update(due_at=clock.now() - MINUTE).where(
            Alarm.id == waits.id, Alarm.status == PENDING
        ).execute()
        perform()
        seen.append((fresh(silent).status, len(rings(silent)), fresh(waits).status))

    assert seen == [(IN_PROCESS, 1, PENDING), (RETRY, 1, IN_PROCESS)]


@pytest.mark.servers
def test_who_is_about_to_be_rung_is_not_given_up_at_that_moment(clinic: Clinic, full: bool) -> None:
    if not full:
        pytest.skip("SQLite has one writer at a time: races are for --backend=full")
    with Track(3) as track:
        for _ in range(ROUNDS):
            alarm = clinic.alarm()
            perform()
            (ring,) = rings(alarm)
            AlarmCall.update(call_time=clock.now() - 3 * HOUR).execute()
            track.race(partial(begun, ring), sweeping.sweep, sweeping.sweep)

            rung = bool(Ring.get_by_id(ring.id).attempts)
            assert fresh(alarm).status == (IN_PROCESS if rung else FAILURE)


def begun(ring: Ring) -> None:
    """A worker asks a carrier, if it is still wanted."""
    with transaction():
        held = Ring.locked(ring.id)
        if held.status == "queued":
            held.begin("simulator", 1)
