"""The page of the rehearsal: what would ring between two moments."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from models.appointments.alarms import EMAIL, Alarm, AlarmRequest
from models.appointments.calendars import CalendarSetting
from models.appointments.events import Event, Rule
from models.people.permissions import give
from tests.api.looking import statements
from tests.appointments.clinic import at
from tests.appointments.planned import AT
from tests.pages.module import Office

HOUR = timedelta(hours=1)
PAGE = "/module/rehearsal"
MAY = f"{PAGE}?from=2030-05-06T00:00&to=2030-05-08T00:00"
INDIAN = "+919876543210"


@pytest.fixture(autouse=True)
def at_seven(office: Office, jump: Callable[[float], None]) -> None:
    """Both managers' alarms are in three hours; mona's calls somebody in India."""
    Alarm.update(due_at=AT, alarm_phonenumber=INDIAN).execute()
    AlarmRequest.delete().execute()
    CalendarSetting.update(timezone="Europe/Berlin", quiet_start="15:00", quiet_stop="16:00").execute()
    jump(at(AT - 3 * HOUR))


def test_it_tells_when_on_both_clocks_how_and_to_whom(office: Office) -> None:
    text = office.reader().get(PAGE).text

    assert (
        "2030-05-06 12:30" in text or "12:30" in text
    )  # four in the afternoon in India, when it is quiet no more
    assert "Europe/Berlin" in text
    assert "16:00" in text
    assert "Asia/Calcutta" in text
    assert INDIAN in text
    assert "after quiet hours" in text
    assert f"/module/alarm/{office.world.mine.alarm.id}" in text
    assert "1 alarm." in text


def test_it_tells_what_would_not_be_made_and_what_is_not_there_yet(office: Office) -> None:
    side = office.world.mine
    rule = Rule.create(name="Every day", frequency="DAILY")
    event = Event.create(
        title="<Yoga>", start=AT, end=AT + HOUR, creator=side.user, calendar=side.calendar, rule=rule
    )
    Alarm.create(event=event, method=EMAIL, date_start_notice=AT, due_at=AT)

    text = office.reader().get(MAY).text
    assert "3 alarms, 2 of which would tell nobody." in text
    assert text.count("there is no template of a mail") == 2
    assert text.count("an occurrence to come") == 1
    assert "&lt;Yoga&gt;" in text


def test_one_sees_his_own_and_numbers_only_who_may_view_alarms(office: Office) -> None:
    world = office.world
    give(world.mine.user.id, ["view_event"])
    doctor = office.reader("doc").get(PAGE).text

    assert INDIAN not in doctor
    assert "hidden" in doctor
    assert f"/module/alarm/{world.mine.alarm.id}" not in doctor
    assert f"/module/alarm/{world.mine.alarm.id}" not in office.reader("fred").get(PAGE).text
    assert "2 alarms." in office.reader("root").get(PAGE).text
    give(world.eve.id, ["view_calendar"])
    assert office.reader("eve").get(PAGE).status_code == 403
    assert "Rehearsal" in office.reader().get("/module/event").text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=tomorrow", "Write a date and a time"),
        ("from=2030-05-06T12:00&to=2030-05-06T12:00", "It has to end after it begins."),
        ("to=2040-05-06T12:00", "At most 366 days from now can be foreseen."),
        ("from=2040-05-06T12:00", "At most 366 days from now can be foreseen."),
    ],
)
def test_what_is_no_time_to_come_is_said_beside_the_form(office: Office, query: str, said: str) -> None:
    answer = office.reader().get(f"{PAGE}?{query}")

    assert answer.status_code == 400
    assert said in answer.text
    assert "No alarm would be made then." not in answer.text


def test_a_time_in_which_nothing_rings_is_told(office: Office) -> None:
    text = office.reader().get(f"{PAGE}?from=2030-05-07T00:00&to=2030-05-08T00:00").text

    assert "No alarm would be made then." in text


def test_it_takes_as_many_statements_for_much_as_for_little(office: Office) -> None:
    reader, side = office.reader(), office.world.mine
    reader.get(MAY)

    def taken() -> int:
        with statements() as asked:
            assert reader.get(MAY).status_code == 200
        return len(asked)

    few = taken()
    rule = Rule.create(name="Every day", frequency="DAILY")
    for number in range(12):
        event = Event.create(
            title=f"{number}", start=AT, end=AT + HOUR, creator=side.user, calendar=side.calendar, rule=rule
        )
        Alarm.create(event=event, date_start_notice=AT, due_at=AT)

    assert taken() - few in (0, 1)  # one more as soon as a series is to go on
    many = taken()
    Alarm.insert_many([{"event": event, "date_start_notice": AT, "due_at": AT} for _ in range(12)]).execute()
    assert taken() == many
