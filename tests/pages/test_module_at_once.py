"""The pages of appointments at the same moment: the database decides who won. And names that are no names."""

from collections.abc import Callable
from typing import Any

import pytest

from models.appointments.calendars import Calendar, CalendarSetting
from models.appointments.events import COMPLETED, PAUSED, PENDING, Event
from models.appointments.surveys import SealedSurvey
from models.people import User
from tests.api.test_at_once import at_once
from tests.pages.module import Office
from tests.pages.reader import Reader

repeatedly = pytest.mark.parametrize("turn", range(4))
EVIL = "<script>alert(1)</script>\"'{{ 7777*7777 }}"


def sending(mona: Reader, path: str, form: dict[str, str]) -> Callable[[], Any]:
    """The same browser in another tab."""

    def send() -> Any:
        other = Reader()
        other.cookies = dict(mona.cookies)
        return other.post(path, form).status_code

    return send


@repeatedly
def test_one_form_sent_three_times_at_once_makes_one_event(office: Office, turn: int) -> None:
    mona, before = office.reader(), Event.select().count()
    form = mona.form(f"/module/event/add?calendar={office.world.mine.calendar.id}", "/module/event/add")
    send = sending(mona, "/module/event/add", {**form, "title": "Once", "start": "2030-01-07T09:00"})

    assert at_once(send, send, send) == [303] * 3
    assert Event.select().count() == before + 1


@repeatedly
def test_two_who_take_one_username_at_once(office: Office, turn: int) -> None:
    mona = office.reader()
    forms = [mona.form("/module/calendar_user/add", "/module/calendar_user/add") for _ in range(2)]
    typed = {"username": "nina", "password": "nina's secret"}

    told = at_once(*(sending(mona, "/module/calendar_user/add", {**form, **typed}) for form in forms))

    assert sorted(told) == [303, 400]
    assert User.select().where(User.username == "nina").count() == 1


@repeatedly
def test_an_event_that_completes_while_it_is_paused_does_one_or_the_other(office: Office, turn: int) -> None:
    mona, event = office.reader(), office.world.mine.event
    page = f"/module/event/{event.id}"
    pause = sending(mona, f"{page}/pause", mona.form(page, f"{page}/pause"))

    def complete() -> int:
        here = (Event.id == event.id) & (Event.status == PENDING)
        return int(Event.update(status=COMPLETED).where(here).execute())

    told, completed = at_once(pause, complete)

    assert told == 303
    assert Event.get_by_id(event.id).status == (COMPLETED if completed else PAUSED)


@repeatedly
def test_what_two_delete_at_once_is_gone_and_nothing_breaks(office: Office, turn: int) -> None:
    mona, mine = office.reader(), office.world.mine
    page = f"/module/calendar/{mine.calendar.id}/delete"
    delete = sending(mona, "/module/calendar/delete", mona.form(page, "/module/calendar/delete"))

    told = at_once(delete, delete, delete)

    assert 303 in told
    assert set(told) <= {303, 404}
    assert Calendar.get_or_none(id=mine.calendar.id) is None


def test_whatever_things_are_called_the_pages_show_it_and_run_nothing(office: Office) -> None:
    mona, mine = office.reader(), office.world.mine
    Event.update(title=EVIL, description=EVIL).where(Event.id == mine.event.id).execute()
    Calendar.update(name=EVIL).where(Calendar.id == mine.calendar.id).execute()
    CalendarSetting.update(label=EVIL, callerid=EVIL).where(CalendarSetting.id == mine.setting.id).execute()
    SealedSurvey.update(name=EVIL).where(SealedSurvey.id == mine.survey.id).execute()
    User.update(first_name=EVIL).where(User.id == mine.user.id).execute()
    rows = {
        "event": mine.event, "alarm": mine.alarm, "calendar": mine.calendar, "calendar_user": mine.user,
        "calendar_setting": mine.setting,
    }  # fmt: skip

    seen = 0
    for name, row in rows.items():
        here = f"/module/{name}"
        for path in (here, f"{here}/add", *(f"{here}/{row.id}{end}" for end in ("", "/change", "/delete"))):
            text = mona.get(path).text
            assert "<script>alert" not in text, path
            assert "60481729" not in text.partition("<main")[2], path
            seen += text.count("&lt;script&gt;")
    text = mona.get(f"/module/calendar/{mine.calendar.id}/month?month=2030-05").text
    assert "<script>alert" not in text
    assert seen > 20


@pytest.mark.parametrize(
    "query", ["title=%00", "title=%ED%A0%80", "calendar=%F0%9F%92%A9", "start=" + "9" * 5000, "page=%00"]
)
def test_an_address_that_holds_nonsense_breaks_nothing(office: Office, query: str) -> None:
    mona = office.reader()

    for path in ("/module/event/add", "/module/event", "/module/calendar/1/month"):
        assert mona.get(f"{path}?{query}").status_code in (200, 400, 404), path


@pytest.mark.parametrize("row", ["0", "-1", "x", "9" * 19, "9" * 30, "1e3", "%00", "١"])
def test_an_id_that_is_none_is_not_there(office: Office, row: str) -> None:
    mona = office.reader()

    for end in ("", "/change", "/delete", "/month"):
        assert mona.get(f"/module/calendar/{row}{end}").status_code == 404
