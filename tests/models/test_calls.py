"""Calls: the four statuses and how they move, and what is computed from the times."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models import settings
from models.mentoring import Call, Task, calling
from models.settings import Settings
from tests.conformance import holds
from tests.house import Staff

STATUSES = ("scheduled", "inprogress", "inactive", "successful")
ALLOWED = {
    ("scheduled", "inprogress"), ("scheduled", "successful"), ("scheduled", "inactive"),
    ("inprogress", "successful"), ("inprogress", "inactive"), ("inactive", "successful"),
}  # fmt: skip
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("old", STATUSES)
@pytest.mark.parametrize("new", STATUSES)
@holds(
    "scheduled → inprogress",
    "scheduled → successful",
    "scheduled → inactive",
    "inprogress → successful",
    "inprogress → inactive",
    "inactive → successful",
    "successful is final",
    "Call.status getter",
    "Call.status setter",
)
def test_a_call_moves_only_forward(old: str, new: str) -> None:
    call = Call(standing=old)

    if old == new or (old, new) in ALLOWED:
        call.status = new
        assert call.status == new
    else:
        with pytest.raises(ValueError, match=f"a call that is {old} cannot become {new}"):
            call.status = new
        assert call.status == old


@pytest.mark.parametrize("new", ["", "Successful", "done", "active"])
@holds("Call.status: four values")
def test_there_are_four_statuses(new: str) -> None:
    with pytest.raises(ValueError, match="one of successful, scheduled, inactive, inprogress"):
        Call().status = new


@holds("Call.get_lag()")
def test_duration_is_the_partners_and_lag_is_between_the_two_clocks() -> None:
    call = Call(
        start_time=NOON,
        partner_start_time=NOON - timedelta(seconds=2),
        partner_end_time=NOON + timedelta(minutes=1),
    )

    assert (call.get_duration(), call.get_lag()) == (timedelta(seconds=62), timedelta(seconds=-2))


def test_nothing_is_computed_from_times_that_are_missing() -> None:
    assert (Call(start_time=NOON).get_duration(), Call(start_time=NOON).get_lag()) == (None, None)
    assert Call(start_time=NOON, partner_start_time=NOON).get_duration() is None
    assert Call(start_time=NOON, partner_end_time=NOON).get_duration() is None


@holds("Call.has_timed_out()", "M-15")
def test_a_call_has_timed_out_when_nothing_was_heard_of_it_for_too_long(home: Settings) -> None:
    late = NOON + timedelta(minutes=120)

    assert not Call(start_time=NOON).has_timed_out(late)
    assert Call(start_time=NOON).has_timed_out(late + timedelta(microseconds=1))
    assert not Call(start_time=NOON, end_time=NOON).has_timed_out(late + timedelta(days=9))
    assert not Call(start_time=NOON, partner_end_time=NOON).has_timed_out(late + timedelta(days=9))
    settings.use(replace(home, call_timeout=timedelta(minutes=5)))
    assert Call(start_time=NOON).has_timed_out(NOON + timedelta(minutes=6))


@holds("Call.get_status_display()", "M-15")
def test_the_label_of_a_call_that_timed_out_is_inactive_whatever_it_was(home: Settings) -> None:
    labels = [Call(start_time=NOON, standing=status).get_status_display() for status in STATUSES]
    fresh = [Call(standing=status).get_status_display() for status in STATUSES]

    assert (labels[0], labels[2:]) in [
        ("Inactive", ["Inactive", "Successful"]),
        ("Scheduled", ["Inactive", "Successful"]),
    ]
    assert fresh == ["Scheduled", "In progress", "Inactive", "Successful"]


@holds("Call.from_partner_id()")
def test_a_call_is_found_by_the_partners_id(home: Settings, staff: Staff) -> None:
    call = Call.create(caller=staff.mentor, receiver=staff.mentee, partner_id="23")

    assert Call.from_partner_id("23") == call
    assert Call.from_partner_id("24") is None


@holds("the sweep of calls that have timed out")
def test_the_sweep_takes_a_bounded_bite(home: Settings, staff: Staff) -> None:
    for _ in range(5):
        Call.create(caller=staff.mentor, receiver=staff.mentee, start_time=NOON - timedelta(days=900))

    assert [calling.sweep_timed_out(limit=3) for _ in range(3)] == [3, 2, 0]


@holds("Task.description", "M-24")
def test_a_feedback_task_tells_the_start_in_utc(home: Settings, staff: Staff) -> None:
    task = Task.for_feedback(staff.mentor.id, datetime(2016, 2, 8, 16, 13, 59, tzinfo=UTC))

    assert task.description == "Complete feedback for call at 16:13 on 2016-02-08"
