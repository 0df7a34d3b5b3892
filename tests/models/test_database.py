"""The database: the same times, transactions and refusals on both backends."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import IntegrityError

from models import database, schema
from models.database import Sql, transaction, utc
from models.mentoring import Call, Task
from models.people import Contact, User
from models.settings import Settings
from models.writing import IdOf, New, write
from tests.house import Staff

DAY, INDIA = timedelta(days=1), timezone(timedelta(hours=5, minutes=30))
MOMENTS = [
    datetime(1, 1, 1, tzinfo=UTC), datetime(999, 12, 31, 23, 59, 59, 999999, UTC),
    datetime(1970, 1, 1, tzinfo=UTC), datetime(2017, 4, 20, 12, 1, 18, tzinfo=UTC),
    datetime(2026, 3, 1, 0, 0, 0, 1, UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, UTC),
]  # fmt: skip


def test_a_moment_comes_back_as_it_went(home: Settings, staff: Staff) -> None:
    ids = [Task.create(mentor=staff.mentor, description="x", due_date=moment).id for moment in MOMENTS]

    assert [Task.get_by_id(task).due_date for task in ids] == MOMENTS
    assert [row.due_date for row in Task.select().order_by(Task.due_date)] == MOMENTS
    assert [utc(row[0]) for row in Sql("SELECT due_date FROM task ORDER BY due_date").all()] == MOMENTS
    assert [
        row.due_date for row in Task.select().where(Task.due_date > MOMENTS[3]).order_by(Task.id)
    ] == MOMENTS[4:]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moment=st.datetimes(datetime.min + DAY, datetime.max - DAY, timezones=st.just(INDIA)))  # noqa: DTZ901  # given here
def test_any_moment_of_any_zone_comes_back_in_utc(staff: Staff, moment: datetime) -> None:
    task = Task.create(mentor=staff.mentor, description="x", due_date=moment)

    back = Task.get_by_id(task.id).due_date
    assert (back, back.utcoffset()) == (moment, timedelta())


def test_a_moment_without_a_zone_is_never_stored(home: Settings, staff: Staff) -> None:
    with pytest.raises(ValueError, match="due_date was given a time without a zone"):
        Task.create(mentor=staff.mentor, description="x", due_date=datetime(2026, 3, 1))  # noqa: DTZ001  # the point


def test_a_transaction_is_all_or_nothing_also_when_one_is_inside_another(home: Settings) -> None:
    with pytest.raises(RuntimeError), transaction():
        _write_two_and_fail()

    assert User.select().count() == 0
    assert not database.db.obj.in_transaction()


def _write_two_and_fail() -> None:
    User.create(username="a", password="x")
    with transaction("inner"):
        User.create(username="b", password="x")
    raise RuntimeError


def test_rows_written_together_know_each_others_ids(home: Settings, staff: Staff) -> None:
    task = New(Task, {"mentor": staff.mentor.id, "description": "first"})
    later = New(
        Task, {"mentor": staff.mentor.id, "description": IdOf(0, "after ", "."), "due_date": MOMENTS[3]}
    )
    call = New(Call, {"caller": staff.mentor.id, "receiver": staff.mentee.id, "feedback_task": IdOf(1)})

    ids = write(task, later, call)

    assert Task.get_by_id(ids[1]).description == f"after {ids[0]}."
    assert Call.get_by_id(ids[2]).feedback_task_id == ids[1]
    assert (Task.get_by_id(ids[1]).due_date, Call.get_by_id(ids[2]).status) == (MOMENTS[3], "scheduled")


def test_rows_written_together_are_all_refused_when_one_is(home: Settings, staff: Staff) -> None:
    rows = [New(User, {"username": "new", "password": "x"}), New(User, {"username": "adam", "password": "x"})]

    with pytest.raises(IntegrityError):
        write(*rows)

    assert User.get_or_none(User.username == "new") is None


def test_people_with_a_history_cannot_be_deleted(home: Settings, staff: Staff) -> None:
    Call.create(caller=staff.mentor, receiver=staff.mentee)

    for person in (staff.mentor, staff.mentee):
        with pytest.raises(IntegrityError), transaction():
            Contact.delete().where(Contact.id == person.id).execute()

    assert Contact.select().count() == 4


def test_the_schema_is_up_to_date_and_migrating_again_does_nothing(home: Settings) -> None:
    assert schema.missing() == []
    assert schema.migrate() == []
