"""Filters of lists: each narrows what one sees anyway, together they narrow further, and nonsense is refused."""

from datetime import timedelta

import pytest

from api.appointments.routes import RESOURCES
from models.appointments.alarms import SMS, Alarm, AlarmRequest
from models.appointments.calendars import Calendar
from models.appointments.events import PAUSED, Event
from models.appointments.users import CalendarUserProfile
from tests.appointments.planned import AT, BASE, Planned, user
from tests.conformance import holds

FILTERED = [(resource.kind.name, filter_.name) for resource in RESOURCES for filter_ in resource.filters]
LATE = AT + timedelta(days=1)


@pytest.fixture
def second(planned: Planned) -> dict[str, int]:
    """Another event of mona's, of another calendar user in another calendar, a day later; with all that hangs on it."""
    nurse = user("nurse")
    CalendarUserProfile.create(
        user=nurse, manager=planned.mine.manager, calendar_setting=planned.mine.setting
    )
    calendar = Calendar.create(name="Ward", user=nurse)
    event = Event.create(
        title="Visit",
        start=LATE,
        end=LATE + timedelta(hours=1),
        creator=nurse,
        calendar=calendar,
        status=PAUSED,
    )
    alarm = Alarm.create(event=event, method=SMS, date_start_notice=LATE, status=3)
    request = AlarmRequest.create(alarm=alarm, date=LATE, status=4)
    return {
        "calendar": calendar.id, "creator": nurse.id, "event": event.id, "alarm": alarm.id, "request": request.id,
    }  # fmt: skip


@holds("O-8")
@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("event", ("status=3", "calendar={calendar}", "creator={creator}", "start_after={late}")),
        ("alarm", ("status=3", "method=2", "event={event}", "calendar={calendar}", "creator={creator}",
                   "start_after={late}")),
        ("alarm-request", ("status=4", "alarm={alarm}", "method=2", "event={event}", "calendar={calendar}",
                           "creator={creator}", "start_after={late}")),
    ],
)  # fmt: skip
def test_each_filter_finds_the_one_that_is_meant(
    planned: Planned, second: dict[str, int], name: str, queries: tuple[str, ...]
) -> None:
    meant = f"{BASE}/{name}/{second['request' if name == 'alarm-request' else name]}/"
    assert planned.get(f"{name}/").json["count"] == 2
    assert planned.get(f"{name}/", user="root").json["count"] == 3

    filled = [query.format(late=LATE.isoformat().replace("+00:00", "Z"), **second) for query in queries]
    for query in [*filled, "&".join(filled)]:
        found = planned.get(f"{name}/?{query}").json["results"]
        assert [row["url"] for row in found] == [meant], query
    early = planned.get(f"{name}/?start_before={AT.isoformat().replace('+00:00', 'Z')}").json["results"]
    assert [row["url"] == meant for row in early] == [False]
    assert planned.get(f"{name}/?{filled[0]}&start_before=2000-01-01T00:00Z").json["count"] == 0


def test_a_filter_opens_nothing_that_is_another_managers(planned: Planned) -> None:
    theirs = planned.theirs
    for query in (f"event={theirs.event.id}", f"calendar={theirs.calendar.id}", f"creator={theirs.user.id}"):
        for name in ("alarm", "alarm-request"):
            assert planned.get(f"{name}/?{query}").json["count"] == 0
    assert planned.get(f"event/?creator={BASE}/calendar-user/{theirs.user.id}/").json["count"] == 0


@pytest.mark.parametrize(("name", "query"), FILTERED)
def test_a_filter_that_says_nothing_sensible_is_refused_by_its_name(
    planned: Planned, name: str, query: str
) -> None:
    for value in ("x", "1e3", "-1", "9" * 30, "%00", "2030-02-30T10:00", "[]", "%EF%BC%91", "1,1"):
        answer = planned.get(f"{name}/?{query}={value}")
        assert (answer.status_code, list(answer.json)) == (400, [query]), value
