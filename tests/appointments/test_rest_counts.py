"""How many statements a request takes: as many for one row as for many, and for every caller."""

from datetime import timedelta

import pytest

from api.appointments.routes import RESOURCES
from models.appointments.alarms import Alarm, AlarmRequest
from models.appointments.calendars import Calendar, CalendarSetting
from models.appointments.events import Event
from models.appointments.users import CalendarUserProfile
from models.people.permissions import give
from tests.api.looking import statements
from tests.appointments.planned import AT, Planned, Side, user


def more(side: Side, number: int = 8) -> None:
    """More of everything, for one manager."""
    for n in range(number):
        person = user(f"{side.manager.username}'s {n}".replace(" ", "."))
        CalendarUserProfile.create(user=person, manager=side.manager, calendar_setting=side.setting)
        CalendarSetting.create(
            user=side.manager, label=f"{n}", survey=side.survey, aleg_gateway=side.setting.aleg_gateway
        )
        calendar = Calendar.create(name=f"{n}", user=person)
        facts = {"title": f"{n}", "start": AT, "end": AT + timedelta(hours=1), "calendar": calendar}
        event = Event.create(creator=side.user, parent_event=side.event, **facts)
        alarm = Alarm.create(event=event)
        Alarm.create(event=side.event)
        AlarmRequest.create(alarm=alarm, date=AT)


def taken(planned: Planned, path: str, who: str) -> int:
    with statements() as asked:
        assert planned.get(path, user=who).status_code == 200
    return len(asked)


PATHS = (
    *(f"{resource.kind.name}/" for resource in RESOURCES),
    "event/{event}/get_list_child/", "event/{event}/get_list_alarm/",
    "alarm-request/{event}/get_nested_alarm_request/",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_reading_takes_as_many_statements_of_much_as_of_little(planned: Planned, path: str) -> None:
    planned.get("")  # passwords are known from here on
    where = path.format(event=planned.mine.event.id)
    little = [taken(planned, where, who) for who in ("mona", "root")]
    more(planned.mine)

    assert [taken(planned, where, who) for who in ("mona", "root")] == little
    assert max(little) <= 6


def test_permissions_cost_no_more_statements(planned: Planned) -> None:
    give(planned.mine.user.id, ["view_event"])
    few = taken(planned, "event/", "doc")
    give(planned.mine.user.id, [f"view_{n}" for n in range(50)])

    assert taken(planned, "event/", "doc") == few


def test_writing_takes_as_many_statements_of_much_as_of_little(planned: Planned) -> None:
    def written() -> list[int]:
        counts = []
        body = {**planned.new_event, "rule": planned.rule.id}
        for verb, path in (("POST", "event/"), ("PATCH", f"event/{planned.mine.event.id}/")):
            with statements() as asked:
                assert planned.ask(verb, path, body).status_code < 300
            counts.append(len(asked))
        return counts

    written()
    little = written()
    more(planned.mine)
    assert written() == little
