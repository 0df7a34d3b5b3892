"""Alarms that are put aside: however many are held, a round reads none of them, and none is lost or overtaken."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from models import clock
from models.appointments import due, holding, performing, taking
from models.appointments.alarms import FAILURE, IN_PROCESS, PENDING, SMS, Alarm
from models.appointments.calendars import Calendar
from models.appointments.events import PAUSED, Event
from models.appointments.events import PENDING as TO_COME
from models.bulk import write_many
from models.database import Sql, db, on_postgres, transaction
from tests.appointments.clinic import HOUR, MINUTE, SECOND, Clinic, end, fresh, perform, rings
from tests.conformance import holds
from tests.house import Client
from tests.mentoring.racing import Track

MANY, FEW = 3000, 50
ROUNDS = 40
LOCAL = {"Host": "localhost:8000"}


def limited(clinic: Clinic, calls: int | None) -> None:
    Calendar.update(max_concurrent=calls).where(Calendar.id == clinic.calendar.id).execute()


def crowd(alarm: Alarm, many: int, since: timedelta = MINUTE, **event: Any) -> None:
    """So many more like it, each of an event of its own."""
    like = alarm.event.__data__ | event
    alike = alarm.__data__ | {"status": PENDING, "due_at": clock.now() - since, "num_attempt": 0}
    del like["id"], alike["id"]
    with transaction():
        for first in range(0, many, 500):
            events = write_many(Event, [like] * min(500, many - first))
            write_many(Alarm, [{**alike, "event": id} for id in events])


def full_of(clinic: Clinic) -> Alarm:
    """The one call that its calendar may make is under way."""
    limited(clinic, 1)
    rung = clinic.alarm()
    performing.perform()
    return fresh(rung)


def aside() -> int:
    return int(Alarm.select().where(Alarm.held_by != 0).count())


def planned(statement: Sql, params: tuple[object, ...]) -> str:
    """How SQLite finds the rows of a statement."""
    return str(db.obj.execute_sql(f"EXPLAIN QUERY PLAN {statement.text}", params).fetchall())


def read(statement: Sql, params: tuple[object, ...]) -> int:
    """How many rows of alarms and events PostgreSQL looks at for a statement."""
    ((plan,),) = db.obj.execute_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement.text}", params).fetchall()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return sum(_looked_at(node) for node in _nodes(plan[0]["Plan"]))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)


def _looked_at(node: dict[str, Any]) -> int:
    if node.get("Relation Name") not in ("alarm", "appointment_event"):
        return 0
    passed_over = sum(node.get(f"Rows Removed by {why}", 0) for why in ("Filter", "Index Recheck"))
    return int((node["Actual Rows"] + passed_over) * node["Actual Loops"])


def test_a_round_reads_none_of_those_that_are_held_however_many_they_are(home: object) -> None:
    busy, other = Clinic("busy"), Clinic("other")
    rung = full_of(busy)
    now = clock.now()
    statements: list[tuple[Sql, tuple[object, ...]]] = [
        (holding._CHANGED, ()), (holding._HELD, (now, now)), (taking._ALARMS, (now,)), (holding._HEADS, (now,)),
    ]  # fmt: skip
    with db.atomic() as rolled_back:
        crowd(rung, MANY)
        crowd(other.alarm(status=FAILURE), MANY, status=PAUSED)
        while holding.hold(now):
            pass
        db.obj.execute_sql("ANALYZE")
        found: list[Any] = [(read if on_postgres() else planned)(*one) for one in statements]
        held = aside()
        rolled_back.rollback()

    assert held == 2 * MANY
    if on_postgres():
        assert max(found) < FEW
    else:
        assert "appointment_event_let_go" in found[0]
        assert all("alarm_due (held_by=? AND due_at<?)" in plan for plan in found[1:])


@holds("§5.5 due: released if still eligible")
def test_more_than_a_page_that_is_held_is_let_go_and_made_when_it_is_resumed(
    clinic: Clinic, client: Client
) -> None:
    held = clinic.alarm(clinic.event(status=PAUSED))
    crowd(held, holding.PAGE + 10, status=PAUSED)
    perform()
    assert (aside(), Alarm.select().where(Alarm.status == IN_PROCESS).count()) == (holding.PAGE + 11, 0)

    answer = client.ask(
        "PATCH", f"/rest-api/event/{held.event_id}/", {"status": TO_COME}, user="mona", headers=LOCAL
    )
    perform()
    alone = Alarm.select().where(Alarm.status == IN_PROCESS).count()
    Event.update(status=TO_COME).execute()
    perform()

    assert (answer.status_code, alone, fresh(held).status) == (200, 1, IN_PROCESS)
    assert Alarm.select().where(Alarm.status == IN_PROCESS).count() == holding.PAGE + 11
    assert (aside(), Event.select().where(Event.held_in != 0).count()) == (0, 0)


def patched(alarm: Alarm, client: Client, **changes: Any) -> None:
    answer = client.ask("PATCH", f"/rest-api/alarm/{alarm.id}/", changes, user="mona", headers=LOCAL)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "how", ["event", "alarm", "method", "limit", "no limit", "paused and resumed elsewhere"]
)
def test_what_stands_in_line_is_made_when_it_need_not_stand_there(
    clinic: Clinic, client: Client, how: str
) -> None:
    full_of(clinic)
    waits = clinic.alarm()
    perform()
    assert (fresh(waits).status, aside()) == (PENDING, 1)

    free = Calendar.create(name="Free", user=clinic.user)
    if how == "event":
        Event.update(calendar=free).where(Event.id == waits.event_id).execute()
    elif how == "alarm":
        patched(waits, client, event=clinic.event(calendar=free).id)
    elif how == "method":
        patched(waits, client, method=SMS)
    elif how == "paused and resumed elsewhere":
        Event.update(status=PAUSED).where(Event.id == waits.event_id).execute()
        perform()
        assert fresh(waits).held_by == holding.PAUSED
        Event.update(status=TO_COME, calendar=free).where(Event.id == waits.event_id).execute()
    else:
        limited(clinic, 2 if how == "limit" else None)
    perform()

    assert (fresh(waits).status, aside()) == (IN_PROCESS, 0)


@holds("§5.16 max_concurrent: so many at once, the oldest first")
def test_what_stands_in_line_goes_before_what_is_due_later(clinic: Clinic) -> None:
    rung = full_of(clinic)
    first, second = (clinic.alarm(date_start_notice=clock.now() - n * SECOND) for n in (30, 20))
    perform()
    third = clinic.alarm(date_start_notice=clock.now() - 10 * SECOND)
    made = []
    for ended in (rung, first, second):
        end(rings(ended)[0])
        perform()
        made.append([one.id for one in Alarm.select().where(Alarm.status == IN_PROCESS)])

    assert made == [[first.id], [second.id], [third.id]]


def test_a_line_that_is_longer_than_what_is_read_of_it_goes_before_what_is_due_later(clinic: Clinic) -> None:
    crowd(full_of(clinic), holding.HEAD + 5)
    perform()
    late = clinic.alarm()
    limited(clinic, holding.HEAD + 3)
    perform()
    first = (fresh(late).status, Alarm.select().where(Alarm.status == IN_PROCESS).count())
    limited(clinic, 0)
    perform()

    assert first == (PENDING, holding.HEAD + 3)
    assert (fresh(late).status, aside()) == (IN_PROCESS, 0)


def test_those_in_line_who_have_missed_their_time_keep_nobody_waiting(clinic: Clinic) -> None:
    rung = full_of(clinic)
    missed = holding.HEAD * 2 + 50
    crowd(rung, missed, since=2 * HOUR)
    Alarm.update(date_start_notice=clock.now() - 2 * HOUR).where(Alarm.id != rung.id).execute()
    late = clinic.alarm()
    perform()
    assert aside() == missed + 1

    end(rings(rung)[0])
    perform()

    assert Alarm.select().where(Alarm.status == FAILURE).count() == missed
    assert (fresh(late).status, aside()) == (IN_PROCESS, 0)


@pytest.fixture
def track(clinic: Clinic, full: bool) -> Iterator[Track]:
    """Six lanes."""
    if not full:
        pytest.skip("SQLite has one writer at a time: races are for --backend=full")
    with Track(6) as track:
        yield track


def stands(event: Event, **changes: Any) -> Callable[[], None]:
    """Somebody changes an event."""

    def change() -> None:
        Event.update(**changes).where(Event.id == event.id).execute()

    return change


def moved(alarm: Alarm, event: Event) -> None:
    """Somebody moves an alarm to another event, as the API does."""
    with transaction():
        Alarm.update(due.changed(alarm.id, {"event": event.id})).where(Alarm.id == alarm.id).execute()


def astray() -> int:
    """How many are held by what their event knows nothing of."""
    return int(Alarm.select().join(Event).where(Alarm.held_by != 0, Alarm.held_by != Event.held_in).count())


@pytest.mark.servers
@holds("§5.5 due: released if still eligible")
def test_who_pauses_resumes_and_moves_while_dispatchers_are_at_it_loses_no_alarm(
    clinic: Clinic, track: Track
) -> None:
    rung, free = full_of(clinic), Calendar.create(name="Free", user=clinic.user)
    for _ in range(ROUNDS):
        event, elsewhere = clinic.event(status=PAUSED), clinic.event(calendar=free)
        alarms = [clinic.alarm(event) for _ in range(3)]
        track.race(
            *[performing.perform] * 2,
            stands(event, status=TO_COME),
            stands(event, calendar=free),
            partial(moved, alarms[0], elsewhere),
        )
        assert astray() == 0
        track.race(stands(event, status=PAUSED), *[performing.perform] * 2, stands(event, status=TO_COME))
        assert astray() == 0
        stands(event, status=TO_COME)()
        perform()

        assert [(fresh(alarm).status, len(rings(alarm))) for alarm in alarms] == [(IN_PROCESS, 1)] * 3
    assert (fresh(rung).status, aside()) == (IN_PROCESS, 0)


@pytest.mark.servers
def test_a_line_moves_by_one_call_after_the_other_while_dispatchers_and_ends_race(
    clinic: Clinic, track: Track
) -> None:
    rung, made = full_of(clinic), []
    waiting = [clinic.alarm(date_start_notice=clock.now() - n * SECOND) for n in range(ROUNDS, 0, -1)]
    for _ in range(ROUNDS):
        track.race(partial(end, rings(rung)[0]), *[performing.perform] * 3)
        perform()
        (rung,) = Alarm.select().where(Alarm.status == IN_PROCESS)
        made.append(rung.id)

    assert sorted(made) == sorted(alarm.id for alarm in waiting)
    assert (aside(), astray()) == (0, 0)
