"""A schedule changed from several sides at the same moment: the row's lock decides, and everybody is told the truth."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from models import hints
from models.deliveries import Push
from models.ledger import LedgerRow
from models.mentoring import CallReminder, ScheduledCall
from models.people import Contact
from tests.api.planning import PATH, ahead, events, reminders, scheduled, texts
from tests.api.test_at_once import at_once, repeatedly
from tests.house import MENTOR, NUMBERS, PASSWORD, Carrier, Client, House, Staff
from workers.actors import RUNNERS

Jump = Callable[[float], None]

MINE = f"{PATH}1/"


def _asking(
    house: House, verb: str, path: str, call_time: str | None = None, **headers: str
) -> Callable[[], int]:
    """One request on a connection of its own; gives the status code."""
    body = {"call_time": call_time} if call_time else None
    more: dict[str, Any] = {"json": body, "auth": (MENTOR, PASSWORD), "headers": headers}
    return lambda: requests.request(verb, house.url + path, timeout=20, **more).status_code


def _owed_for_the_time_it_has() -> None:
    row = ScheduledCall.get()
    kinds = ["day_before", "hour_before", "quarter_hour_before", "at_time"]
    assert [(kind, when) for kind, when, _ in reminders()] == [(kind, row.call_time) for kind in kinds]


@repeatedly
def test_moves_to_different_times_all_happen_one_after_another(
    staff: Staff, house: House, carrier: Carrier, turn: int
) -> None:
    house.post(PATH, {"call_time": ahead(days=2)})
    times = [ahead(days=3 + n) for n in range(4)]

    codes = at_once(*[_asking(house, "PUT", MINE, time) for time in times])

    assert codes == [200] * 4
    assert events() == ["call_scheduled"] + ["call_rescheduled"] * 4
    assert ScheduledCall.get().call_time.isoformat() in times
    _owed_for_the_time_it_has()
    house.drain()
    assert sorted(sent["body"] for sent in carrier.log("text")) == sorted(texts())
    assert {sent["to"] for sent in carrier.log("text")} == {NUMBERS["tony"]}


@repeatedly
def test_moves_to_one_time_are_one_move(staff: Staff, house: House, carrier: Carrier, turn: int) -> None:
    house.post(PATH, {"call_time": ahead(days=2)})
    time = ahead(days=3)

    codes = at_once(*[_asking(house, verb, MINE, time) for verb in ("PUT", "PATCH", "PUT", "PATCH")])

    assert codes == [200] * 4
    assert (events(), len(texts())) == (["call_scheduled", "call_rescheduled"], 2)
    _owed_for_the_time_it_has()


@repeatedly
def test_a_move_and_a_cancellation_leave_a_cancelled_call(
    staff: Staff, house: House, carrier: Carrier, turn: int
) -> None:
    house.post(PATH, {"call_time": ahead(days=2)})

    moved, also, gone = at_once(
        _asking(house, "PUT", MINE, ahead(days=3)), _asking(house, "PATCH", MINE, ahead(days=4)),
        _asking(house, "DELETE", MINE),
    )  # fmt: skip

    moves = [moved, also].count(200)
    assert ({moved, also} <= {200, 404}, gone) == (True, 204)
    assert events() == ["call_scheduled"] + ["call_rescheduled"] * moves + ["call_cancelled"]
    assert (len(texts()), reminders()) == (2 + moves, [])
    assert "cancelled" in texts()[-1]


@repeatedly
def test_of_many_cancellations_one_counts(staff: Staff, house: House, carrier: Carrier, turn: int) -> None:
    house.post(PATH, {"call_time": ahead(days=2)})

    codes = at_once(*[_asking(house, "DELETE", MINE)] * 4)

    assert sorted(codes) == [204, 404, 404, 404]
    assert (events(), len(texts())) == (["call_scheduled", "call_cancelled"], 2)


@repeatedly
def test_one_idempotency_key_schedules_one_call(
    staff: Staff, house: House, carrier: Carrier, turn: int
) -> None:
    time = ahead(days=2)
    key = {"Idempotency-Key": "1"}

    codes = at_once(*[_asking(house, "POST", PATH, time, **key)] * 5)

    assert codes == [201] * 5
    assert (ScheduledCall.select().count(), events(), len(texts())) == (1, ["call_scheduled"], 1)
    _owed_for_the_time_it_has()


@repeatedly
def test_posts_without_a_key_are_calls_of_their_own(
    staff: Staff, house: House, carrier: Carrier, turn: int
) -> None:
    time = ahead(days=2)

    assert at_once(*[_asking(house, "POST", PATH, time)] * 4) == [201] * 4

    assert (ScheduledCall.select().count(), len(events()), len(texts()), len(reminders())) == (4, 4, 4, 16)


@repeatedly
@pytest.mark.parametrize("verb", ["PUT", "DELETE"])
def test_a_change_at_the_very_moment_of_a_reminder_comes_before_or_after_it(
    client: Client, staff: Staff, jump: Jump, verb: str, turn: int
) -> None:
    Contact.update(device_token="device-1").where(Contact.id == staff.mentor.id).execute()
    scheduled(client, ahead(hours=2))
    LedgerRow.delete().where(LedgerRow.name == "send_text").execute()
    jump(3600.5)
    (hint,) = hints.take_due(10)
    assert hint.name == "remind"

    def remind() -> None:
        RUNNERS[hint.name](hint.command_id, hint.attempt)

    answer, *_ = at_once(lambda: client.ask(verb, MINE, {"call_time": ahead(days=3)}), remind, remind)

    assert answer.status_code == (200 if verb == "PUT" else 204)
    assert CallReminder.select().count() <= 1
    # One that came before, and that no carrier had yet, has been called off again.
    assert [push.status for push in Push.select()] == ["expired"] * CallReminder.select().count()
    if verb == "PUT":
        _owed_for_the_time_it_has()
    else:
        assert reminders() == []
