"""Reminders of scheduled calls: each at its moment, once, and never of what has been moved, cancelled or is over."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models import clock, flow, graveyard, hints, settings
from models.database import transaction
from models.deliveries import Push
from models.ledger import LedgerRow
from models.mentoring import CallReminder, Message, ScheduledCall, reminding
from models.people import Contact
from tests.api.planning import PATH, ahead, reminders, scheduled, set_clock
from tests.conformance import holds
from tests.house import Carrier, Client, House, Staff, wait_for
from workers.actors import RUNNERS

Jump = Callable[[float], None]

TYPES = ["day_before", "hour_before", "quarter_hour_before", "at_time"]
BEFORE = [timedelta(days=1), timedelta(hours=1), timedelta(minutes=15), timedelta()]
SECOND = timedelta(seconds=1)
NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def device(staff: Staff) -> Staff:
    """Everybody, and adam with a device that can be reminded."""
    Contact.update(device_token="device-1").where(Contact.id == staff.mentor.id).execute()
    return staff


def _planned(
    client: Client, jump: Jump, call_time: datetime, *, now: datetime | None = None
) -> ScheduledCall:
    """A call scheduled three days ahead, its text to the mentee out of the way."""
    set_clock(jump, now or call_time - timedelta(days=3))
    made = scheduled(client, call_time.isoformat())
    LedgerRow.delete().where(LedgerRow.name == "send_text").execute()
    return ScheduledCall.get_by_id(made["id"])  # type: ignore[no-any-return]  # Peewee is untyped


def _at(jump: Jump, moment: datetime) -> list[str]:
    """What the mentor is reminded of by this moment that he was not before. No carrier is asked for the pushes."""
    before = CallReminder.select().count()
    set_clock(jump, moment)
    others = set(flow.current().queues) - {flow.current().queue_of("remind").name}
    for hint in hints.take_due(100, without=others):
        for _ in range(2 if settings.current().double_hints else 1):
            RUNNERS[hint.name](hint.command_id, hint.attempt)
    return [row.reminder_type for row in CallReminder.select().order_by(CallReminder.id).offset(before)]


@pytest.mark.parametrize(
    ("zone", "call_time"),
    [
        ("Asia/Kolkata", datetime(2027, 1, 1, 18, 30, tzinfo=UTC)),  # midnight there
        ("UTC", datetime(2027, 1, 1, 0, 0, tzinfo=UTC)),  # midnight, and another year
        ("UTC", datetime(2027, 1, 1, 0, 10, tzinfo=UTC)),  # a quarter of an hour before is yesterday
        (
            "Europe/Berlin",
            datetime(2027, 3, 28, 1, 0, tzinfo=UTC),
        ),  # the very moment when an hour is left out
        ("Europe/Berlin", datetime(2027, 3, 28, 8, 0, tzinfo=UTC)),  # the day before has 23 hours
        ("Europe/Berlin", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),  # 02:30, the first time
        ("Europe/Berlin", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),  # 02:30, the second time
        ("Europe/Berlin", datetime(2027, 10, 31, 9, 0, tzinfo=UTC)),  # the day before has 25 hours
        ("UTC", datetime(2028, 2, 29, 12, 0, tzinfo=UTC)),
    ],
    ids=str,
)
@holds("reminder day_before", "reminder hour_before", "reminder quarter_hour_before", "reminder at_time")
@holds(
    "CallReminder.scheduled_call",
    "CallReminder.reminder_type",
    "CallReminder.call_time",
    "CallReminder.sent_at",
)
@holds("M-19")
def test_each_reminder_comes_at_its_moment_and_not_a_second_before(
    client: Client, device: Staff, jump: Jump, zone: str, call_time: datetime
) -> None:
    settings.use(replace(settings.current(), local_zone=zone))
    plan = _planned(client, jump, call_time)

    heard = [
        (_at(jump, call_time - before - SECOND), _at(jump, call_time - before + SECOND)) for before in BEFORE
    ]

    assert heard == [([], [kind]) for kind in TYPES]
    rows = list(CallReminder.select().order_by(CallReminder.id))
    assert {(row.scheduled_call_id, row.call_time) for row in rows} == {(plan.id, call_time)}
    lags = [row.sent_at - (call_time - before) for row, before in zip(rows, BEFORE, strict=True)]
    assert all(timedelta() <= lag < 10 * SECOND for lag in lags)
    assert not reminders()


@holds("ScheduledCall.remind_caller()")
def test_a_reminder_tells_the_time_of_the_call_and_nobodys_number_or_name(
    client: Client, device: Staff, jump: Jump
) -> None:
    settings.use(replace(settings.current(), local_zone="Europe/Berlin"))
    plan = _planned(client, jump, datetime(2027, 3, 28, 8, tzinfo=UTC))

    _at(jump, plan.call_time - timedelta(days=1) + SECOND)
    _at(jump, plan.call_time + SECOND)

    day, now = Push.select().order_by(Push.id)
    assert day.reference == f"push:reminder:{plan.id}:day_before:1806220800000000"
    assert (day.title, day.body) == ("Your scheduled call", "On Sunday 28 March 2027 at 10:00 (CEST).")
    assert day.facts() == {"scheduled_call": str(plan.id), "reminder_type": "day_before"}
    assert (now.body, now.status) == ("It is time for your call.", "queued")


def test_without_a_device_a_reminder_is_written_down_as_skipped(
    client: Client, staff: Staff, jump: Jump
) -> None:
    plan = _planned(client, jump, NEW_YEAR)

    assert _at(jump, plan.call_time - timedelta(hours=1) + SECOND) == ["day_before", "hour_before"]

    assert [push.status for push in Push.select()] == ["skipped", "skipped"]


@pytest.mark.parametrize(
    ("span", "kinds"),
    [
        (timedelta(days=1, seconds=5), TYPES),
        (timedelta(hours=23), TYPES[1:]),
        (timedelta(minutes=59), TYPES[2:]),
        (timedelta(minutes=14), TYPES[3:]),
    ],
)
def test_moments_that_are_past_when_a_call_is_scheduled_or_moved_are_left_out(
    client: Client, device: Staff, span: timedelta, kinds: list[str]
) -> None:
    plan = scheduled(client, (clock.now() + span).isoformat())
    other = scheduled(client, ahead(days=9))
    client.put(f"{PATH}{other['id']}/", {"call_time": (clock.now() + span).isoformat()})

    for made in (plan, other):
        keys = [
            row.key for row in LedgerRow.select().where(LedgerRow.name == "remind").order_by(LedgerRow.due_at)
        ]
        mine = [key.rpartition(":")[2] for key in keys if key.startswith(f"reminder:{made['id']}:")]
        assert mine == kinds


@pytest.mark.parametrize(("verb", "later"), [("PUT", TYPES), ("DELETE", [])])
def test_a_change_at_the_last_second_silences_the_reminder(
    client: Client, device: Staff, jump: Jump, verb: str, later: list[str]
) -> None:
    plan = _planned(client, jump, NEW_YEAR)
    _at(jump, NEW_YEAR - timedelta(days=1) - SECOND)
    new = NEW_YEAR + timedelta(days=5)

    client.ask(verb, f"{PATH}{plan.id}/", {"call_time": new.isoformat()})

    assert [_at(jump, NEW_YEAR - before + SECOND) for before in BEFORE] == [[]] * 4
    assert (CallReminder.select().count(), Push.select().count()) == (0, 0)
    assert [kind for before in BEFORE for kind in _at(jump, new - before + SECOND)] == later


def test_a_moved_call_has_a_full_set_of_its_own(client: Client, device: Staff, jump: Jump) -> None:
    plan = _planned(client, jump, NEW_YEAR)
    _at(jump, NEW_YEAR - timedelta(minutes=14))
    new = NEW_YEAR + timedelta(days=2)
    client.put(f"{PATH}{plan.id}/", {"call_time": new.isoformat()})

    heard = [kind for before in BEFORE for kind in _at(jump, new - before + SECOND)]

    assert heard == TYPES
    told = [(row.reminder_type, row.call_time) for row in CallReminder.select().order_by(CallReminder.id)]
    assert told == [(kind, NEW_YEAR) for kind in TYPES[:3]] + [(kind, new) for kind in TYPES]


def test_a_call_moved_away_and_back_is_not_reminded_of_twice(
    client: Client, device: Staff, jump: Jump
) -> None:
    plan = _planned(client, jump, NEW_YEAR)
    _at(jump, NEW_YEAR - timedelta(hours=23))
    for moment in (NEW_YEAR + timedelta(days=2), NEW_YEAR):
        client.put(f"{PATH}{plan.id}/", {"call_time": moment.isoformat()})

    heard = [kind for before in BEFORE for kind in _at(jump, NEW_YEAR - before + SECOND)]

    assert heard == TYPES[1:]


def test_a_reminder_that_slipped_through_sees_that_the_call_has_moved_or_is_cancelled(
    client: Client, device: Staff, jump: Jump
) -> None:
    plan = _planned(client, jump, NEW_YEAR)
    set_clock(jump, NEW_YEAR - timedelta(minutes=50))
    run = [(timedelta(hours=1), plan.instant + 1), (timedelta(hours=1), plan.instant)]

    with transaction():
        told = [reminding.remind(plan.id, *run[0])]
        ScheduledCall.update(cancelled_at=clock.now()).execute()
        told.append(reminding.remind(plan.id, *run[1]))
        nothing = (CallReminder.select().count(), Push.select().count())
        ScheduledCall.update(cancelled_at=None).execute()
        told += [reminding.remind(plan.id, *run[1]) for _ in range(2)]

    assert told == [False, False, True, False]
    assert (nothing, CallReminder.select().count(), Push.select().count()) == ((0, 0), 1, 1)


@pytest.mark.parametrize(
    ("woken", "heard"),
    [
        (timedelta(hours=-20), ["day_before"]),
        (timedelta(minutes=-10), TYPES[:3]),  # late, and still to the point
        (timedelta(minutes=4), ["at_time"]),
        (timedelta(minutes=5, seconds=1), []),
        (timedelta(days=1), []),
    ],
)
def test_after_two_days_of_silence_only_what_is_still_useful_is_said(
    client: Client, device: Staff, jump: Jump, woken: timedelta, heard: list[str]
) -> None:
    now = NEW_YEAR + woken - timedelta(days=2)
    _planned(client, jump, NEW_YEAR, now=min(now, NEW_YEAR - timedelta(days=1, seconds=10)))

    assert _at(jump, NEW_YEAR + woken) == heard
    assert [kind for kind, _, due in reminders() if due < clock.now()] == []
    assert Push.select().count() == len(heard)


@pytest.mark.parametrize("dead", [False, True])
def test_a_reminder_that_died_or_expired_stands_in_no_later_ones_way(
    client: Client, device: Staff, jump: Jump, dead: bool
) -> None:
    plan = _planned(client, jump, NEW_YEAR)
    if dead:
        LedgerRow.update(state="dead", error="a fault of ours").where(LedgerRow.name == "remind").execute()
    set_clock(jump, NEW_YEAR + timedelta(days=1))
    new = NEW_YEAR + timedelta(days=3)

    client.put(f"{PATH}{plan.id}/", {"call_time": new.isoformat()})

    if dead:
        graveyard.replay([row["id"] for row in graveyard.dead()])
    assert _at(jump, new - timedelta(days=1) + SECOND) == ["day_before"]
    assert [kind for before in BEFORE[1:] for kind in _at(jump, new - before + SECOND)] == TYPES[1:]
    assert {row.call_time for row in CallReminder.select()} == {new}


def test_a_push_that_no_carrier_has_yet_is_called_off_with_its_call(
    client: Client, device: Staff, jump: Jump
) -> None:
    plan = _planned(client, jump, NEW_YEAR)
    _at(jump, NEW_YEAR - timedelta(minutes=30))
    other = _planned(client, jump, NEW_YEAR, now=clock.now())

    client.ask("DELETE", f"{PATH}{plan.id}/")

    assert [push.status for push in Push.select()] == ["expired", "expired"]
    assert {key for key, _, _ in reminders()} == set(TYPES[2:])
    assert other.cancelled_at is None


def test_a_push_of_a_reminder_is_of_no_use_after_the_call(client: Client, device: Staff, jump: Jump) -> None:
    _planned(client, jump, NEW_YEAR)
    for before in BEFORE:
        _at(jump, NEW_YEAR - before + SECOND)

    day, *ends = [row.expires_at for row in _owed("send_push")]

    assert day < NEW_YEAR - timedelta(hours=22)  # no push is news for longer than pipelines.yaml says
    assert ends == [NEW_YEAR, NEW_YEAR, NEW_YEAR + timedelta(minutes=5)]


def _owed(name: str) -> Any:
    return LedgerRow.select().where(LedgerRow.name == name).order_by(LedgerRow.id)


def test_an_operator_may_remind_at_other_moments(client: Client, device: Staff, jump: Jump) -> None:
    moments = (timedelta(days=2), timedelta(hours=24), timedelta(minutes=90))
    flow.use(replace(flow.current(), reminders={"scheduled_call": moments}))
    _planned(client, jump, NEW_YEAR)

    heard = [kind for before in moments for kind in _at(jump, NEW_YEAR - before + SECOND)]

    assert heard == ["before_2d", "day_before", "before_90m"]


def test_an_operator_who_wants_no_reminders_gets_none(client: Client, device: Staff) -> None:
    flow.use(replace(flow.current(), reminders={}))

    scheduled(client)

    assert reminders() == []


def test_a_reminder_may_be_given_other_words(client: Client, device: Staff, jump: Jump) -> None:
    plan = _planned(client, jump, NEW_YEAR)

    with transaction():
        told = [plan.remind_caller("hour_before", "Have you read chapter two?") for _ in range(2)]

    assert (told, [push.body for push in Push.select()]) == ([True, False], ["Have you read chapter two?"])


@pytest.mark.pipeline
def test_a_running_system_texts_the_mentee_and_reminds_the_mentor_four_times(
    device: Staff, house: House, carrier: Carrier, jump: Jump
) -> None:
    start = clock.now()
    plan = house.post(PATH, {"call_time": (start + timedelta(days=2)).isoformat()})
    house.drain()
    for count, before in enumerate(BEFORE, 1):
        set_clock(jump, start + timedelta(days=2) - before + SECOND)
        wait_for(lambda count=count: len(carrier.log("push")) == count)
        house.drain()

    pushed = [(sent["token"], sent["data"]["reminder_type"]) for sent in carrier.log("push")]
    assert pushed == [("device-1", kind) for kind in TYPES]
    assert {sent["data"]["scheduled_call"] for sent in carrier.log("push")} == {str(plan["id"])}
    assert [sent["body"] for sent in carrier.log("text")] == [Message.get().content]


@pytest.mark.pipeline
def test_a_running_system_follows_a_move_at_the_last_second(
    device: Staff, house: House, carrier: Carrier, jump: Jump
) -> None:
    start = clock.now()
    plan = house.post(PATH, {"call_time": (start + timedelta(hours=3)).isoformat()})
    set_clock(jump, start + timedelta(hours=2) - 2 * SECOND)

    house.ask("PUT", f"{PATH}{plan['id']}/", {"call_time": (start + timedelta(hours=6)).isoformat()})

    for moment in (2, 3, 3.1, 5):
        set_clock(jump, start + timedelta(hours=moment) + SECOND)
        house.drain()
    wait_for(lambda: carrier.log("push"))
    assert [sent["data"]["reminder_type"] for sent in carrier.log("push")] == ["hour_before"]
    assert CallReminder.get().call_time == start + timedelta(hours=6)


@pytest.mark.pipeline
def test_a_system_that_was_down_for_two_days_says_nothing_of_a_call_that_is_over(
    device: Staff, client: Client, jump: Jump, request: pytest.FixtureRequest, carrier: Carrier
) -> None:
    start = clock.now()
    scheduled(client, (start + timedelta(hours=30)).isoformat())
    scheduled(client, (start + timedelta(hours=60)).isoformat())
    jump(2 * 86400)

    request.getfixturevalue("house").drain()

    wait_for(lambda: carrier.log("push"))
    assert [sent["data"] for sent in carrier.log("push")] == [
        {"scheduled_call": "2", "reminder_type": "day_before"}
    ]
    assert carrier.log("text") == []  # the mentee need not hear two days later, either
    assert [row.reminder_type for row in CallReminder.select()] == ["day_before"]
