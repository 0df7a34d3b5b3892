"""Events whose start has come: completed, and of a series followed by the next occurrence (§5.2 to §5.4)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from models import database, graveyard, periodic
from models.appointments import dispatching
from models.appointments.alarms import FAILURE, PENDING, SUCCESS, Alarm, AlarmRequest
from models.appointments.calendars import CalendarSetting
from models.appointments.events import COMPLETED, PAUSED, Event, Rule
from models.appointments.events import PENDING as WAITING
from models.appointments.recurrence.predefined import RULES
from models.ledger import DEAD, LedgerRow
from tests.appointments.planned import Planned
from tests.conformance import holds
from tests.house import run_due
from workers.console.setting_up import migrate

Be = Callable[[datetime], None]
START = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)  # a Monday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def be(jump: Callable[[float], None]) -> Be:
    """Move the product's clock to a moment, and a second more."""
    return lambda moment: jump((moment - datetime.now(UTC)).total_seconds() + 1)


def event(planned: Planned, rule: tuple[str, str | None] | None = ("DAILY", None), **more: Any) -> Event:
    made = Rule.create(name="r", frequency=rule[0], params=rule[1]) if rule else None
    values = {"title": "Visit", "start": START, "end": more.get("start", START) + HOUR, **more}
    side = planned.mine
    row: Event = Event.create(creator=side.user, calendar=side.calendar, rule=made, **values)
    return row


def go() -> None:
    """A round of the clock's, and all that is owed from it."""
    periodic.turn("dispatch_events", timedelta(0))
    run_due()


def children(root: Event) -> list[Event]:
    return list(Event.select().where(Event.parent_event == root.id).order_by(Event.occ_count))


def starts(root: Event) -> list[datetime]:
    return [child.start for child in children(root)]


def status(row: Event) -> int | None:
    return Event.get_by_id(row.id).status


@holds("§5.2 dispatch: COMPLETED, without a rule no child", "§5.18 walk: event")
def test_an_event_without_a_rule_is_completed_at_its_start_and_followed_by_nothing(
    planned: Planned, be: Be
) -> None:
    once = event(planned, None)
    be(START - HOUR)
    go()
    before = status(once)
    be(START)
    go()

    assert (before, status(once), children(once)) == (WAITING, COMPLETED, [])


@holds("§5.4 copy: the event", "§5.2 dispatch: the next occurrence with all alarms")
def test_an_occurrence_is_the_event_again_at_its_own_time(planned: Planned, be: Be) -> None:
    root = event(
        planned, description="Bring papers", data='{"a": 1}', notify_count=3,
        end_recurring_period=START + 30 * DAY, end=START + 90 * timedelta(minutes=1),
    )  # fmt: skip
    be(START)
    go()
    (child,) = children(root)

    same = (
        "title",
        "description",
        "creator_id",
        "rule_id",
        "end_recurring_period",
        "calendar_id",
        "notify_count",
        "data",
    )
    assert [getattr(child, name) for name in same] == [getattr(root, name) for name in same]
    assert (child.start, child.end) == (START + DAY, START + DAY + 90 * timedelta(minutes=1))
    assert (child.parent_event_id, child.occ_count, child.status) == (root.id, 1, WAITING)
    assert timedelta(0) <= child.created_on - START < HOUR
    assert status(root) == COMPLETED


@holds("§5.4 copy: the root is the parent", "codes: event.status")
def test_every_occurrence_names_the_root_and_its_place(planned: Planned, be: Be) -> None:
    root = event(planned)
    for day in range(3):
        be(START + day * DAY)
        go()

    assert starts(root) == [START + DAY, START + 2 * DAY, START + 3 * DAY]
    assert [child.occ_count for child in children(root)] == [1, 2, 3]
    assert [child.status for child in children(root)] == [COMPLETED, COMPLETED, WAITING]


@holds(
    "§5.4 copy: the alarms", "O-20", "§5.14 answer: not copied to children",
    "§5.2 dispatch: the next occurrence with all alarms",
)  # fmt: skip
def test_all_alarms_are_copied_fresh_and_as_far_from_the_start(planned: Planned, be: Be) -> None:
    root = event(planned)
    said = {
        "alarm_phonenumber": "+15550101", "alarm_email": "a@example.org", "daily_start": "08:00:00",
        "daily_stop": "20:00:00", "advance_notice": 600, "maxretry": 2, "retry_delay": 30, "method": 1,
        "survey": planned.mine.survey.id, "url_cancel": "https://e.org/no", "url_confirm": "https://e.org/yes",
        "phonenumber_transfer": "+15550102", "phonenumber_sms_failure": "+15550103",
        "recipient_timezone": "Europe/Berlin",
    }  # fmt: skip
    notices = [timedelta(0), -2 * HOUR, HOUR]
    for notice, standing in zip(notices, (SUCCESS, FAILURE, PENDING), strict=True):
        was = {"status": standing, "num_attempt": 3, "result": 1, "cause": "busy"}
        Alarm.create(event=root, date_start_notice=START + notice, **was, **said)
    be(START)
    go()
    (child,) = children(root)
    copies = list(Alarm.select().where(Alarm.event == child.id).order_by(Alarm.id))

    assert [copy.date_start_notice - child.start for copy in copies] == notices
    for copy in copies:
        assert {name: copy.__data__[name] for name in said} == said
        assert (copy.status, copy.num_attempt, copy.result, copy.cause) == (PENDING, 0, 0, None)
        assert timedelta(0) <= copy.created_date - START < HOUR


@holds("§5.2 dispatch: it fires no alarm")
def test_dispatching_an_event_fires_no_alarm(planned: Planned, be: Be) -> None:
    root = event(planned)
    alarm = Alarm.create(event=root, alarm_phonenumber="+15550101", date_start_notice=START)
    requests = AlarmRequest.select().count()
    be(START)
    go()

    assert Alarm.get_by_id(alarm.id).status == PENDING
    assert AlarmRequest.select().count() == requests
    assert LedgerRow.select().count() == 0


@holds(
    "§5.3 next: the first strictly after now", "§5.3 next: WEEKLY byweekday TU",
    "§5.3 next: Monday to Friday over a weekend", "§5.3 next: MONTHLY skips months without a 31st",
    "§5.3 next: YEARLY from 29 February", "§5.3 next: HOURLY dispatched late",
    "rule: every week only on Tuesday",
)  # fmt: skip
@pytest.mark.parametrize(
    ("rule", "start", "now", "following"),
    [
        (("WEEKLY", "byweekday:TU"), "2026-11-23 10:00", "2026-11-23 10:00", "2026-11-24 10:00"),
        (("WEEKLY", "byweekday:TU"), "2026-11-24 10:00", "2026-11-24 10:00", "2026-12-01 10:00"),
        (("WEEKLY", "byweekday:0,1,2,3,4"), "2026-11-27 10:00", "2026-11-27 10:00", "2026-11-30 10:00"),
        (("WEEKLY", None), "2026-11-25 10:00", "2026-11-25 10:00", "2026-12-02 10:00"),
        (("MONTHLY", None), "2027-01-31 10:00", "2027-01-31 10:00", "2027-03-31 10:00"),
        (("YEARLY", None), "2028-02-29 10:00", "2028-02-29 10:00", "2032-02-29 10:00"),
        (("HOURLY", None), "2027-03-01 06:00", "2027-03-01 09:30", "2027-03-01 10:00"),
    ],
)
def test_the_next_occurrence_is_the_first_after_the_present(
    planned: Planned, be: Be, rule: tuple[str, str | None], start: str, now: str, following: str
) -> None:
    begin, present, expected = (datetime.fromisoformat(f"{text}+00:00") for text in (start, now, following))
    root = event(planned, rule, start=begin)
    be(present)
    go()

    assert starts(root) == [expected]


@holds("§5.2 dispatch: pending events up to 12 h old")
def test_a_root_is_taken_up_for_twelve_hours_and_later_stays_pending_for_ever(
    planned: Planned, be: Be
) -> None:
    late, later = event(planned, start=START), event(planned, start=START - HOUR)
    be(START + 12 * HOUR - timedelta(minutes=1))
    go()

    assert (status(late), len(children(late))) == (COMPLETED, 1)
    assert (status(later), children(later)) == (WAITING, [])


@holds("O-18")
def test_after_an_outage_of_days_a_series_goes_on_with_one_occurrence_in_the_future(
    planned: Planned, be: Be
) -> None:
    root = event(planned)
    be(START)
    go()
    be(START + 9 * DAY + HOUR)
    go()
    go()

    assert starts(root) == [START + DAY, START + 10 * DAY]
    assert [child.occ_count for child in children(root)] == [1, 2]


@holds("O-18", "§5.2 dispatch: paused ones stand still")
def test_a_paused_series_stands_still_and_goes_on_when_it_is_released(planned: Planned, be: Be) -> None:
    root = event(planned)
    be(START)
    go()
    (child,) = children(root)
    Event.update(status=PAUSED).where(Event.id == child.id).execute()
    be(START + 5 * DAY)
    go()
    paused = (status(child), len(children(root)))
    Event.update(status=WAITING).where(Event.id == child.id).execute()
    go()

    assert paused == (PAUSED, 1)
    assert status(child) == COMPLETED
    assert starts(root)[1:] == [START + 6 * DAY]


def test_an_interval_keeps_its_phase_over_what_was_skipped(planned: Planned, be: Be) -> None:
    root = event(planned, ("DAILY", "interval:3"))
    be(START)
    go()
    be(START + 7 * DAY)
    go()

    assert starts(root) == [START + 3 * DAY, START + 9 * DAY]


@holds("O-19")
@pytest.mark.parametrize(("over", "made"), [(timedelta(0), 1), (-timedelta(seconds=1), 0)])
def test_no_occurrence_starts_after_the_end_of_the_recurring_period(
    planned: Planned, be: Be, over: timedelta, made: int
) -> None:
    root = event(planned, end_recurring_period=START + DAY + over)
    be(START)
    go()

    assert (status(root), len(children(root))) == (COMPLETED, made)


@holds("O-19")
@pytest.mark.parametrize(
    ("start", "made"),
    [(START, 2), (START - DAY, 3)],
    ids=["a root that the rule names counts", "a root that it does not name does not"],
)
def test_a_count_is_of_the_whole_series(planned: Planned, be: Be, start: datetime, made: int) -> None:
    root = event(planned, ("WEEKLY", "count:3;byweekday:0,1,2,3,4"), start=start)
    for day in range(8):
        be(start + day * DAY)
        go()

    assert len(children(root)) == made
    assert {child.status for child in children(root)} == {COMPLETED}


def test_skipped_occurrences_do_not_use_up_a_count(planned: Planned, be: Be) -> None:
    root = event(planned, ("DAILY", "count:3"))
    for day in (0, 5, 10, 20):
        be(START + day * DAY)
        go()

    assert starts(root) == [START + DAY, START + 6 * DAY]


def test_a_series_keeps_the_wall_clock_of_its_calendar_users_setting(planned: Planned, be: Be) -> None:
    CalendarSetting.update(timezone="Europe/Berlin").where(
        CalendarSetting.id == planned.mine.setting.id
    ).execute()
    begin = datetime(
        2027, 3, 27, 9, 0, tzinfo=UTC
    )  # ten o'clock in Berlin, whose clocks go forward on the 28th
    root = event(planned, start=begin)
    for moment in (begin, begin + DAY - HOUR):
        be(moment)
        go()

    assert starts(root) == [begin + DAY - HOUR, begin + 2 * DAY - HOUR]


def test_who_has_no_setting_goes_by_utc(planned: Planned, be: Be) -> None:
    root = event(planned, start=datetime(2027, 3, 27, 9, 0, tzinfo=UTC))
    Event.update(creator=planned.eve).where(Event.id == root.id).execute()
    be(root.start)
    go()

    assert starts(root) == [datetime(2027, 3, 28, 9, 0, tzinfo=UTC)]


@holds("§5.4 copy: what was edited is inherited")
def test_what_is_changed_in_an_occurrence_is_inherited_by_the_next(planned: Planned, be: Be) -> None:
    root = event(planned)
    be(START)
    go()
    moved = {"title": "Later", "start": START + DAY + 2 * HOUR, "end": START + DAY + 4 * HOUR}
    Event.update(**moved).where(Event.parent_event == root.id).execute()
    for day in (1, 2):
        be(START + day * DAY + 2 * HOUR)
        go()

    assert [(child.title, child.end - child.start) for child in children(root)] == [("Later", 2 * HOUR)] * 3
    assert starts(root) == [START + day * DAY + 2 * HOUR for day in (1, 2, 3)]


def test_an_event_that_is_set_back_to_pending_makes_no_second_occurrence(planned: Planned, be: Be) -> None:
    root = event(planned)
    Alarm.create(event=root, date_start_notice=START)
    be(START)
    go()
    Event.update(status=WAITING).where(Event.id == root.id).execute()
    go()

    assert (status(root), len(children(root))) == (COMPLETED, 1)
    assert Alarm.select().where(Alarm.event == children(root)[0].id).count() == 1


@holds("§5.1 jobs: many workers claim each row once")
def test_many_workers_at_once_make_one_occurrence_with_its_alarms_once(planned: Planned, be: Be) -> None:
    root = event(planned)
    Alarm.create(event=root, date_start_notice=START)
    be(START)

    def dispatched(_: int) -> bool:
        try:
            return dispatching.dispatch(root.id) is not None
        finally:
            database.close()

    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(dispatched, range(12)))

    assert made.count(True) == 1
    assert len(children(root)) == 1
    assert Alarm.select().where(Alarm.event == children(root)[0].id).count() == 1


def test_two_events_at_one_place_of_a_series_make_one_occurrence(planned: Planned, be: Be) -> None:
    root = event(planned)
    twin = event(planned, parent_event=root, occ_count=0)  # as somebody may post it
    be(START)
    go()

    assert (status(root), status(twin)) == (COMPLETED, COMPLETED)
    assert [child.occ_count for child in children(root) if child.produced] == [1]


def test_a_rule_that_cannot_be_read_stops_no_other_and_goes_on_when_it_is_mended(
    planned: Planned, be: Be
) -> None:
    bad = event(planned, ("DAILY", "byweekday:XX"))
    odd = event(planned, ("FORTNIGHTLY", None))
    good = event(planned)
    for minutes in range(0, 60, 5):
        be(START + timedelta(minutes=minutes))
        go()
    dead = {str(row.key): str(row.error) for row in LedgerRow.select().where(LedgerRow.state == DEAD)}

    assert len(children(good)) == 1
    assert [status(row) for row in (bad, odd)] == [WAITING, WAITING]
    assert f"rule {bad.rule_id}: byweekday:XX" in dead[f"dispatch_event:{bad.id}"]
    assert "FORTNIGHTLY" in dead[f"dispatch_event:{odd.id}"]

    Rule.update(params=None).where(Rule.id == bad.rule_id).execute()
    graveyard.replay(
        [row.id for row in LedgerRow.select().where(LedgerRow.key == f"dispatch_event:{bad.id}")]
    )
    run_due()
    assert starts(bad) == [START + DAY]


def test_a_round_is_bounded_and_the_next_begins_at_once(
    planned: Planned, be: Be, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatching, "MOST", 2)
    rows = [event(planned, None) for _ in range(5)]
    be(START)
    dispatching.owe_due()
    owed = LedgerRow.select().count()
    go()

    assert owed == 2

    assert [status(row) for row in rows] == [COMPLETED] * 5
    assert LedgerRow.select().count() == 0


def test_what_is_owed_already_is_not_owed_again(planned: Planned, be: Be) -> None:
    event(planned)
    be(START)
    dispatching.owe_due()
    (owed,) = LedgerRow.select().dicts()
    dispatching.owe_due()

    assert list(LedgerRow.select().dicts()) == [owed]


def test_migrating_adds_the_rules_that_every_calendar_can_use_once(home: object, tmp_path: Path) -> None:
    database.bind(f"sqlite:///{tmp_path / 'new.db'}?synchronous=off")
    codes = [CliRunner().invoke(migrate, catch_exceptions=False).exit_code for _ in range(2)]

    assert codes == [0, 0]
    assert Rule.select().count() == len(RULES)
