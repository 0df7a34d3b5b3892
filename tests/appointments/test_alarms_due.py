"""When alarms are made (§5.5): at their notice, in their daily window, not of paused events, and not too late."""

from datetime import timedelta

import pytest

from models.appointments.alarms import EMAIL, FAILURE, IN_PROCESS, PENDING, RETRY, SMS, Alarm
from models.appointments.due import changed
from models.appointments.events import COMPLETED
from models.appointments.planning import MISSED
from models.deliveries import Ring
from models.ledger import LedgerRow
from models.settings import Settings
from tests.appointments.clinic import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    Be,
    Clinic,
    accept,
    end,
    fresh,
    perform,
    rings,
    traffic,
)
from tests.conformance import holds


@holds(
    "§5.5 due: at its notice, oldest first", "§5.18 walk: alarm by call", "alarm setting: date start notice",
)  # fmt: skip
def test_an_alarm_waits_for_its_notice_and_is_then_under_way(clinic: Clinic, be: Be) -> None:
    alarm = clinic.alarm(date_start_notice=NOON)
    be(NOON - SECOND)
    before = (fresh(alarm).status, traffic())
    be(NOON)
    done = fresh(alarm)

    assert before == (PENDING, 0)
    assert (done.status, done.due_at, done.num_attempt, traffic()) == (IN_PROCESS, None, 1, 1)


@holds("§5.5 due: at its notice, oldest first")
def test_the_oldest_is_made_first(clinic: Clinic, be: Be) -> None:
    later = clinic.alarm(date_start_notice=NOON)
    first = clinic.alarm(date_start_notice=NOON - MINUTE)
    be(NOON)

    assert [ring.id for ring in (*rings(first), *rings(later))] == sorted(
        ring.id for ring in Ring.select(Ring.id)
    )


@holds("§5.5 due: until 60 minutes later, then FAILURE without traffic")
@pytest.mark.parametrize("method", [1, SMS, EMAIL])
@pytest.mark.parametrize(("late", "made"), [(HOUR - SECOND, True), (HOUR + SECOND, False), (30 * DAY, False)])
def test_it_is_made_within_an_hour_or_never(
    clinic: Clinic, be: Be, late: timedelta, made: bool, method: int
) -> None:
    alarm = clinic.alarm(date_start_notice=NOON, method=method, phonenumber_sms_failure="+15550100")
    be(NOON + late)
    done = fresh(alarm)

    assert (done.status, traffic()) == ((IN_PROCESS, 1) if made else (FAILURE, 0))
    assert (done.cause, done.due_at) == (None if made else MISSED, None)


@holds("§5.5 due: a completed event does not block")
def test_an_event_that_has_begun_does_not_hold_its_alarm(clinic: Clinic, be: Be) -> None:
    alarm = clinic.alarm(clinic.event(status=COMPLETED), date_start_notice=NOON)
    be(NOON)

    assert fresh(alarm).status == IN_PROCESS


@holds("§5.5 due: advance_notice", "alarm setting: advance notice")
def test_it_is_made_so_long_before_its_notice_as_it_says(clinic: Clinic, be: Be) -> None:
    alarm = clinic.alarm(date_start_notice=NOON, advance_notice=3600)
    be(NOON - HOUR - SECOND)
    before = fresh(alarm).status
    be(NOON - HOUR)

    assert (before, fresh(alarm).status) == (PENDING, IN_PROCESS)


@holds("§5.5 due: advance_notice")
@pytest.mark.parametrize(("when", "made"), [(-MINUTE, True), (HOUR - SECOND, True), (HOUR + SECOND, False)])
def test_an_early_alarm_may_still_be_made_until_an_hour_after_its_notice(
    clinic: Clinic, be: Be, when: timedelta, made: bool
) -> None:
    alarm = clinic.alarm(date_start_notice=NOON, advance_notice=3 * 86400)
    be(NOON + when)

    assert fresh(alarm).status == (IN_PROCESS if made else FAILURE)


@holds(
    "§5.5 due: outside it waits for the next daily_start", "§5.5 due: a window within the day",
    "alarm setting: daily start and stop",
)  # fmt: skip
def test_outside_its_window_it_waits_for_the_next(clinic: Clinic, be: Be) -> None:
    alarm = clinic.alarm(date_start_notice=NOON, daily_start="09:00:00", daily_stop="11:59:59")
    be(NOON)
    held = fresh(alarm)
    be(NOON + 21 * HOUR)

    assert (held.status, held.due_at) == (PENDING, NOON + 21 * HOUR)
    assert fresh(alarm).status == IN_PROCESS


@holds("§5.5 due: a window over midnight")
def test_a_window_over_midnight_is_open_in_the_night(clinic: Clinic, be: Be) -> None:
    window = {"daily_start": "22:00:00", "daily_stop": "06:00:00"}
    late = NOON + 10 * HOUR + 30 * MINUTE
    by_day, by_night = (clinic.alarm(date_start_notice=moment, **window) for moment in (NOON, late))
    be(NOON)
    held = fresh(by_day)
    be(late)

    assert (held.status, held.due_at) == (PENDING, NOON + 10 * HOUR)
    assert [fresh(one).status for one in (by_day, by_night)] == [IN_PROCESS, IN_PROCESS]


@holds("§5.5 due: a window of equal ends")
def test_a_window_whose_ends_are_equal_is_always_open(clinic: Clinic, be: Be) -> None:
    alarm = clinic.alarm(date_start_notice=NOON, daily_start="08:00:00", daily_stop="08:00:00")
    be(NOON)

    assert fresh(alarm).status == IN_PROCESS


@holds("§5.5 due: the hour counts from the postponed instant")
@pytest.mark.parametrize(("late", "status"), [(HOUR - SECOND, IN_PROCESS), (HOUR + SECOND, FAILURE)])
def test_the_hour_counts_from_when_the_window_opens(
    clinic: Clinic, be: Be, late: timedelta, status: int
) -> None:
    alarm = clinic.alarm(date_start_notice=NOON, daily_start="18:00:00", daily_stop="22:00:00")
    be(NOON + MINUTE)
    be(NOON + 6 * HOUR + late)

    assert fresh(alarm).status == status


@holds("§5.5 due: retries keep the window")
def test_a_retry_waits_for_the_window_too(clinic: Clinic, be: Be) -> None:
    alarm = clinic.alarm(
        date_start_notice=NOON, maxretry=1, retry_delay=600, daily_start="09:00:00", daily_stop="12:05:00"
    )
    be(NOON)
    (ring,) = rings(alarm)
    accept(ring)
    end(ring, "USER_BUSY")
    be(NOON + 11 * MINUTE)
    held = fresh(alarm)
    be(NOON + 21 * HOUR)

    assert (held.status, held.due_at, held.num_attempt) == (RETRY, NOON + 21 * HOUR, 1)
    assert (fresh(alarm).status, len(rings(alarm))) == (IN_PROCESS, 2)


@pytest.mark.parametrize(
    "hours", [{"daily_start": "12:00:00"}, {"daily_start": "00:00:00", "daily_stop": "23:59:59"}]
)
def test_when_its_hours_change_it_waits_no_longer_than_it_must(
    clinic: Clinic, be: Be, hours: dict[str, str]
) -> None:
    alarm = clinic.alarm(date_start_notice=NOON, daily_start="18:00:00", daily_stop="22:00:00")
    be(NOON)
    be(NOON + 2 * HOUR)
    waiting = fresh(alarm).due_at
    Alarm.update(changed(alarm.id, hours)).where(Alarm.id == alarm.id).execute()
    perform()

    assert waiting == NOON + 6 * HOUR
    assert fresh(alarm).status == IN_PROCESS


@holds("§5.5 due: the setting's zone")
def test_the_window_is_on_the_settings_clock(home: Settings, be: Be) -> None:
    clinic = Clinic(timezone="Asia/Kolkata")
    window = {"daily_start": "17:00:00", "daily_stop": "18:00:00"}  # noon in UTC is half past five there
    alarm = clinic.alarm(date_start_notice=NOON, **window)
    be(NOON)

    assert fresh(alarm).status == IN_PROCESS


def test_nothing_begins_after_the_window_has_closed_though_a_carrier_was_away(clinic: Clinic, be: Be) -> None:
    clinic.alarm(date_start_notice=NOON, daily_start="09:00:00", daily_stop="12:05:00")
    clinic.alarm(date_start_notice=NOON, method=SMS)
    be(NOON)

    by_name = {row.name: row.expires_at for row in LedgerRow.select()}
    assert by_name["ring_phone"] == NOON + 5 * MINUTE + SECOND
    assert by_name["send_text"] == NOON + HOUR
