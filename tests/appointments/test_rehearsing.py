"""The dry run: what it foresees is what the dispatchers then do, to the alarm, and it changes nothing."""

import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from models import clock, donotcall
from models.appointments import dispatching, rehearsing
from models.appointments.alarms import CALL, EMAIL, FAILURE, RETRY, SMS, Alarm, AlarmRequest
from models.appointments.awaiting import EXISTING, FUTURE, POSTED
from models.appointments.events import COMPLETED, PAUSED, PENDING, Event, Rule
from models.appointments.gateways import INACTIVE
from models.appointments.performing import STRANDED
from models.appointments.planning import MISSED, NEVER
from models.appointments.rehearsing import DAILY, HELD, QUIET, BadSpan, Foreseen, rehearse
from models.database import transaction
from models.deliveries import Mail, Ring, Text
from models.ledger import LedgerRow
from tests.api.looking import statements
from tests.appointments.clinic import PHONE, Clinic, at, perform, rings

NOW = datetime(2027, 3, 27, 6, 0, tzinfo=UTC)  # a Saturday; the night after it, Europe's clocks are put on
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BERLINER, INDIAN = "+493012345678", "+919876543210"


@pytest.fixture
def be(home: object, jump: Callable[[float], None]) -> Callable[[datetime], None]:
    """Move the product's clock to a moment."""

    def move(moment: datetime) -> None:
        jump(at(moment))

    move(NOW)
    return move


def rule(frequency: str, params: str | None = None) -> Rule:
    return Rule.create(name=frequency, frequency=frequency, params=params)  # type: ignore[no-any-return]  # Peewee is untyped


def ahead(hours: float = 48, **more: int) -> list[Foreseen]:
    return rehearse(NOW - HOUR, NOW + hours * HOUR, **more).rows


def one(hours: float = 48) -> Foreseen:
    (found,) = ahead(hours)
    return found


Be = Callable[[datetime], None]


def test_an_alarm_is_foreseen_with_when_how_and_to_whom(be: Be) -> None:
    clinic = Clinic(timezone="Europe/Berlin")
    event = clinic.event(start=NOW + 3 * HOUR, title="Check-up")
    alarm = clinic.alarm(
        event, date_start_notice=NOW + 3 * HOUR, advance_notice=3600, alarm_phonenumber=INDIAN
    )

    assert one() == Foreseen(
        at=NOW + 2 * HOUR, due=NOW + 2 * HOUR, alarm_id=alarm.id, event_id=event.id, title="Check-up",
        start=NOW + 3 * HOUR, kind=EXISTING, again=False, method=CALL, to=INDIAN, zone="Europe/Berlin",
        recipient_zone="Asia/Calcutta", waits_for=[], why_not="",
    )  # fmt: skip


def test_what_is_due_at_the_end_belongs_to_the_next_rehearsal(be: Be) -> None:
    Clinic().alarm(date_start_notice=NOW + HOUR)

    assert rehearse(NOW, NOW + HOUR).rows == []
    assert len(rehearse(NOW + HOUR, NOW + 2 * HOUR).rows) == 1


def test_what_puts_an_alarm_off_is_told(be: Be) -> None:
    clinic = Clinic(quiet_start="21:00", quiet_stop="15:00")  # until half past nine in UTC, in India
    clinic.alarm(
        date_start_notice=NOW, daily_start="08:00:00", daily_stop="20:00:00", alarm_phonenumber=INDIAN
    )

    found = one()
    assert (found.at, found.due, found.waits_for, found.why_not) == (
        NOW + 3.5 * HOUR,
        NOW,
        [DAILY, QUIET],
        "",
    )


def test_occurrences_that_are_not_there_yet_are_foreseen_on_the_wall_clock(be: Be) -> None:
    clinic = Clinic(timezone="Europe/Berlin")
    event = clinic.event(start=NOW + HOUR, rule=rule("DAILY"))
    alarm = clinic.alarm(event, date_start_notice=NOW + HOUR)

    found = ahead(72)
    assert [seen.at for seen in found] == [NOW + HOUR, NOW + 24 * HOUR, NOW + 48 * HOUR]  # 8:00 in Berlin
    assert [seen.kind for seen in found] == [EXISTING, FUTURE, FUTURE]
    assert {(seen.alarm_id, seen.event_id) for seen in found} == {(alarm.id, event.id)}
    assert [seen.start for seen in found] == [seen.at for seen in found]


def test_a_series_is_foreseen_as_far_as_its_count_and_its_end(be: Be) -> None:
    clinic = Clinic()
    counted = clinic.event(start=NOW + HOUR, rule=rule("DAILY", "count:3"))
    ending = clinic.event(start=NOW + HOUR, rule=rule("DAILY"), end_recurring_period=NOW + 30 * HOUR)
    over = clinic.event(start=NOW + HOUR, rule=rule("DAILY"), status=COMPLETED)
    history = clinic.event(start=NOW - 13 * HOUR, rule=rule("DAILY"))
    broken = clinic.event(start=NOW + HOUR, rule=rule("NEVERLY"))
    for event in (counted, ending, over, history, broken):
        clinic.alarm(event, date_start_notice=event.start)

    foreseen = [seen.event_id for seen in ahead(24 * 10) if seen.kind == FUTURE]
    assert {event.id: foreseen.count(event.id) for event in (counted, ending, over, history, broken)} == {
        counted.id: 2, ending.id: 1, over.id: 0, history.id: 0, broken.id: 0,
    }  # fmt: skip


def test_an_alarm_of_an_occurrence_to_come_is_there_with_it_and_may_be_too_late_then(be: Be) -> None:
    clinic = Clinic()
    event = clinic.event(start=NOW + HOUR, rule=rule("DAILY", "count:2"))
    early = clinic.alarm(event, date_start_notice=NOW + HOUR, advance_notice=30 * 3600, status=FAILURE)
    late = clinic.alarm(event, date_start_notice=NOW - 24 * HOUR, status=FAILURE)

    found = {seen.alarm_id: (seen.due, seen.at, seen.why_not) for seen in ahead()}
    there = NOW + HOUR + timedelta(seconds=1)
    assert found == {early.id: (NOW - 5 * HOUR, there, ""), late.id: (NOW, there, MISSED)}


def test_an_occurrence_that_is_there_is_not_foreseen_again(be: Be) -> None:
    clinic = Clinic()
    event = clinic.event(start=NOW - HOUR, rule=rule("DAILY"))
    clinic.alarm(event, date_start_notice=NOW - HOUR, status=FAILURE)
    dispatching.dispatch(event.id)
    Event.update(status=PENDING).where(Event.id == event.id).execute()

    assert [(seen.start, seen.kind) for seen in ahead(72)] == [
        (NOW + 23 * HOUR, EXISTING), (NOW + 47 * HOUR, FUTURE), (NOW + 71 * HOUR, FUTURE),
    ]  # fmt: skip


def test_why_nobody_would_be_told(be: Be) -> None:
    clinic = Clinic(quiet_start="00:00", quiet_stop="12:00")
    donotcall.add(BERLINER, "operator")
    never = {"daily_start": "08:00", "daily_stop": "09:59:59"}  # it is noon in Johannesburg a second later
    reasons = {
        clinic.alarm(clinic.event(status=PAUSED)).id: HELD,
        clinic.alarm(alarm_phonenumber=BERLINER).id: donotcall.CAUSE,
        clinic.alarm(alarm_phonenumber=BERLINER, method=SMS).id: donotcall.CAUSE,
        clinic.alarm(alarm_phonenumber=BERLINER, method=EMAIL).id: "",
        clinic.alarm(date_start_notice=NOW - 19 * HOUR).id: MISSED,
        clinic.alarm(**never).id: NEVER,
        clinic.alarm(alarm_phonenumber=None).id: "there is no number to call",
        clinic.alarm(sms_template=None, method=SMS).id: "there is no template of a text",
        clinic.alarm(alarm_email=None, method=EMAIL).id: "there is no address to mail",
        clinic.alarm().id: "",
    }
    closed = Clinic("2")
    closed.gateway.status = INACTIVE
    closed.gateway.save()
    reasons[closed.alarm().id] = "the gateway is not active"
    stranded = Clinic("3")
    stranded.profile.delete_instance()
    reasons[stranded.alarm().id] = STRANDED

    assert {seen.alarm_id: seen.why_not for seen in ahead()} == reasons


@pytest.mark.parametrize(
    ("written", "listed", "prefixes"),
    [
        ("3012345678", BERLINER, {"addprefix": "+49"}),
        ("03012345678", BERLINER, {"removeprefix": "0", "addprefix": "+49"}),
        (BERLINER, "0049 30 12345678", {}),
        (BERLINER, BERLINER, {"removeprefix": "+49", "addprefix": "0"}),
        (BERLINER, "03012345678", {"removeprefix": "+49", "addprefix": "0"}),
        (f"{BERLINER}w12#", BERLINER, {}),
    ],
)
def test_whom_no_carrier_may_ring_is_foreseen_as_he_is_dialled(
    be: Be, written: str, listed: str, prefixes: dict[str, str]
) -> None:
    """By the very rule by which the attempt is not opened."""
    clinic = Clinic()
    for name, prefix in prefixes.items():
        setattr(clinic.gateway, name, prefix)
    clinic.gateway.save()
    alarm = clinic.alarm(alarm_phonenumber=written)
    assert one().why_not == ""

    donotcall.add(listed, "operator")
    foreseen = one().why_not
    perform()

    with transaction(), pytest.raises(donotcall.Unwanted):
        rings(alarm)[0].begin("simulator", 1)
    assert foreseen == donotcall.CAUSE


@pytest.mark.parametrize("method", [CALL, SMS])
def test_who_shares_only_the_end_of_a_number_on_the_list_is_told(be: Be, method: int) -> None:
    donotcall.add(BERLINER[3:], "operator")
    Clinic().alarm(alarm_phonenumber=BERLINER, method=method)

    assert one().why_not == ""


def test_what_is_over_or_under_way_is_not_foreseen(be: Be) -> None:
    clinic = Clinic()
    for status in (2, 3, 5):
        clinic.alarm(status=status)

    assert ahead() == []


def test_another_attempt_is_foreseen_and_so_is_one_that_somebody_posted(be: Be) -> None:
    clinic = Clinic()
    again = clinic.alarm(status=RETRY, num_attempt=1)
    posted = clinic.alarm(status=FAILURE, method=SMS)
    AlarmRequest.create(alarm=posted, date=NOW + HOUR)

    assert {(seen.alarm_id, seen.kind, seen.again, seen.method) for seen in ahead()} == {
        (again.id, EXISTING, True, CALL), (posted.id, POSTED, True, CALL),
    }  # fmt: skip


def test_one_sees_what_is_his(be: Be) -> None:
    ours, theirs = Clinic(), Clinic("2")
    mine, other = ours.alarm().id, theirs.alarm().id
    event = theirs.event(start=NOW + HOUR, rule=rule("DAILY"))
    theirs.alarm(event, date_start_notice=NOW + HOUR)

    def seen(user_id: int | None) -> set[int]:
        return {found.alarm_id for found in rehearse(NOW - HOUR, NOW + HOUR, user_id).rows}

    assert seen(ours.manager.id) == seen(ours.user.id) == {mine}
    assert seen(theirs.manager.id) == {other}
    assert seen(None) == {mine, other}
    assert seen(10**9) == set()
    assert {found.kind for found in rehearse(NOW, NOW + 3 * DAY, ours.manager.id).rows} == {EXISTING}


def test_it_only_reads_and_takes_as_many_statements_for_much_as_for_little(be: Be) -> None:
    clinic = Clinic()

    def taken() -> int:
        with statements() as asked:
            ahead(100)
        assert all(text.startswith("('SELECT ") for text in asked), asked
        return len(asked)

    clinic.alarm(clinic.event(rule=rule("DAILY")))
    few = taken()
    for _ in range(9):
        root = clinic.event(rule=rule("DAILY"))
        clinic.alarm(root)
        clinic.alarm(clinic.event(rule=rule("DAILY"), parent_event=root, series_start=NOW))

    assert taken() == few <= 5


def test_what_would_take_too_long_is_refused_and_what_is_too_long_is_cut(be: Be) -> None:
    clinic = Clinic()
    event = clinic.event(start=NOW, rule=rule("MINUTELY"))
    clinic.alarm(event, date_start_notice=NOW)

    assert len(rehearse(NOW, NOW + 50 * MINUTE, effort=60).rows) == 50
    for begin, end in ((NOW, NOW + 61 * MINUTE), (NOW + 300 * DAY, NOW + 301 * DAY)):
        with pytest.raises(BadSpan, match="More happens") as refused:
            rehearse(begin, end, effort=60)
        assert refused.value.field == "to"
    cut = rehearse(NOW, NOW + 50 * MINUTE, rows=10)
    assert (len(cut.rows), cut.more, cut.rows[-1].at) == (10, True, NOW + 9 * MINUTE)


@pytest.mark.parametrize(
    ("begin", "end", "field"),
    [
        (NOW, NOW, "to"),
        (NOW, NOW - HOUR, "to"),
        (NOW, NOW + 367 * DAY, "to"),
        (NOW + 367 * DAY, None, "from"),
        (datetime.max.replace(tzinfo=UTC), None, "from"),
    ],
)
def test_what_is_no_time_to_come_is_refused(
    be: Be, begin: datetime, end: datetime | None, field: str
) -> None:
    with pytest.raises(BadSpan) as refused:
        rehearse(begin, end)
    assert refused.value.field == field


def test_the_next_day_is_meant_when_nothing_is_said(be: Be) -> None:
    found = rehearse()

    assert found.end - found.begin == DAY
    assert abs(found.begin - NOW) < MINUTE


# What is foreseen is what is done.

Key = tuple[str, datetime, int, str]  # the event's title and start, how, and to whom or why not


def foreseen_between(rows: list[Foreseen], begin: datetime, end: datetime) -> set[Key]:
    return {
        (seen.title, seen.start, seen.method, seen.why_not or seen.to)
        for seen in rows
        if begin <= seen.at < end
    }


def dispatch_events() -> None:
    """A round of the dispatcher of events."""
    dispatching.owe_due()
    for row in LedgerRow.select().where(LedgerRow.name == "dispatch_event"):
        dispatching.dispatch(json.loads(row.args)["event_id"])
        row.delete_instance()


class Witness:
    """Who sees what is done: what is new each time he looks."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}
        self.failed: list[int] = []

    def new(self) -> set[Key]:
        found = set()
        for method, table in ((CALL, Ring), (SMS, Text), (EMAIL, Mail)):
            for row in table.select().where(table.id > self.seen.get(table.__name__, 0)).order_by(table.id):
                self.seen[table.__name__] = row.id
                origin = row.origin_id
                alarm = AlarmRequest.get_by_id(origin).alarm if table is Ring else Alarm.get_by_id(origin)
                found.add(
                    (
                        alarm.event.title,
                        alarm.event.start,
                        method,
                        row.to if table is Mail else row.to.reveal(),
                    )
                )
        for alarm in Alarm.select().where((Alarm.status == FAILURE) & Alarm.id.not_in(self.failed)):
            self.failed.append(alarm.id)
            found.add((alarm.event.title, alarm.event.start, alarm.method, alarm.cause))
        return found


def practice(chance: random.Random) -> None:
    """Clinics in three zones, with all sorts of alarms, most of them somewhere near their limits."""
    number = 0
    for name, zone in (("a", "Europe/Berlin"), ("b", "America/New_York"), ("c", "UTC")):
        quiet = chance.choice(
            (
                {},
                {"quiet_start": "20:00", "quiet_stop": "07:30"},
                {"quiet_start": "01:00", "quiet_stop": "02:30"},
            )
        )
        clinic = Clinic(name, timezone=zone, **quiet)
        for _ in range(5):
            number += 1
            recurs = chance.choice(
                (None, None, ("DAILY", None), ("HOURLY", "interval:7"), ("DAILY", "count:2"))
            )
            start = NOW + chance.randrange(-120, 20 * 60) * MINUTE
            event = clinic.event(
                title=f"{number}", start=start, end=start + HOUR, rule=rule(*recurs) if recurs else None,
                status=chance.choice((PENDING, PENDING, PENDING, PENDING, PAUSED)),
            )  # fmt: skip
            for method in chance.sample((CALL, SMS, EMAIL), chance.randrange(1, 3)):
                window = chance.choice(
                    (
                        {},
                        {},
                        {"daily_start": "08:00", "daily_stop": "18:00"},
                        {"daily_start": "22:30", "daily_stop": "02:15"},
                    )
                )
                clinic.alarm(
                    event, method=method, date_start_notice=start + chance.choice((0, 0, -90, -1500, 45)) * MINUTE,
                    advance_notice=chance.choice((0, 0, 3600, 90000)),
                    recipient_timezone=chance.choice((None, None, "Asia/Tokyo")),
                    alarm_phonenumber=chance.choice((BERLINER, INDIAN, PHONE, None)), **window,
                )  # fmt: skip


def steps(rows: list[Foreseen], end: datetime) -> Iterator[datetime]:
    """Every hour, and shortly before and after everything that is foreseen; in between, nobody looks."""
    hours = {NOW + number * HOUR + 30 * timedelta(seconds=1) for number in range(int((end - NOW) / HOUR))}
    near = {seen.at + timedelta(seconds=second) for seen in rows for second in (-30, 20)}
    yield from sorted(moment for moment in hours | near if NOW < moment < end)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_foreseen_is_what_is_done_to_the_alarm(be: Be, seed: int) -> None:
    practice(random.Random(seed))
    end = NOW + 36 * HOUR
    be(NOW)
    rows = [seen for seen in rehearse(NOW - HOUR, end).rows if seen.why_not != HELD]
    witness, last, made = Witness(), NOW - HOUR, 0
    for moment in steps(rows, end):
        be(moment)
        dispatch_events()
        perform()
        done = witness.new()
        assert done == foreseen_between(rows, last, clock.now()), moment
        last, made = clock.now(), made + len(done)

    assert made >= 15
    assert {seen.kind for seen in rows} == {EXISTING, FUTURE}
    assert rehearsing.DAILY in {name for seen in rows for name in seen.waits_for}
