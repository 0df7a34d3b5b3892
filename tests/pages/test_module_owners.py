"""The pages of appointments show and change what is one's own; anything else is not there, whoever asks for it."""

from collections.abc import Iterator
from typing import Any

import pytest

from models.appointments.alarms import Alarm
from models.appointments.calendars import Calendar, CalendarSetting
from models.appointments.events import Event
from models.people import User
from models.people.permissions import give, held_by
from tests.api.looking import rows
from tests.conformance import holds
from tests.pages.module import Office
from tests.pages.reader import Reader

SCREENS = ("event", "alarm", "calendar", "calendar_user", "calendar_setting")
READ_BY_CALENDAR_USERS = ("event", "alarm", "calendar")
WORDS = {"event": "event", "alarm": "alarm", "calendar": "calendar"}


def row_of(side: Any, screen: str) -> int:
    """The id of what a manager has of a screen's rows."""
    found = {
        "event": side.event, "alarm": side.alarm, "calendar": side.calendar, "calendar_user": side.user,
        "calendar_setting": side.setting,
    }  # fmt: skip
    return int(found[screen].id)


def pages_of(screen: str, row: int) -> Iterator[str]:
    """Every page that is of one row."""
    here = f"/module/{screen}/{row}"
    yield from (here, f"{here}/change", f"{here}/delete")
    if screen == "calendar":
        yield f"{here}/month"
    if screen == "calendar_user":
        yield f"{here}/profile"


def deeds_on(screen: str, row: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Every form that changes or deletes one row."""
    here = f"/module/{screen}/{row}"
    yield f"{here}/change", {}
    yield f"/module/{screen}/delete", {f"row-{row}": "on"}
    yield f"/module/{screen}/delete", {f"row-{row}": "on", "sure": "yes"}
    if screen == "event":
        yield from ((f"{here}/pause", {}), (f"{here}/resume", {}))
    if screen == "calendar_user":
        yield f"{here}/profile", {"note": "taken"}
        yield f"{here}/access", {"view_event": "true"}


def told(reader: Reader, screen: str, row: int, csrf: str) -> set[int]:
    """What all pages and forms of a row are answered."""
    answers = {reader.get(path).status_code for path in pages_of(screen, row)}
    return answers | {
        reader.post(path, {"csrf": csrf, **form}).status_code for path, form in deeds_on(screen, row)
    }


def everything() -> Any:
    tables = (Event, Alarm, Calendar, CalendarSetting)
    return rows(), [list(table.select().order_by(table.id).tuples()) for table in tables]


@pytest.mark.parametrize("screen", SCREENS)
@holds("screen: only the owner's rows")
def test_what_is_another_managers_is_not_there(office: Office, screen: str) -> None:
    mona = office.reader()
    csrf = mona.form("/module/calendar", "/logout")["csrf"]
    before = everything()

    assert told(mona, screen, row_of(office.world.theirs, screen), csrf) == {404}
    assert told(mona, screen, 99_999, csrf) == {404}
    assert everything() == before
    assert {mona.get(path).status_code for path in pages_of(screen, row_of(office.world.mine, screen))} == {
        200
    }


@pytest.mark.parametrize("screen", SCREENS)
@holds("screen: only the owner's rows")
def test_a_list_shows_what_is_ones_own_and_superusers_see_all(office: Office, screen: str) -> None:
    mine, theirs = (
        f"/module/{screen}/{row_of(side, screen)}" for side in (office.world.mine, office.world.theirs)
    )

    shown = {user: office.reader(user).get(f"/module/{screen}").text for user in ("mona", "fred", "root")}

    assert [f'href="{mine}"' in text for text in shown.values()] == [True, False, True]
    assert [f'href="{theirs}"' in text for text in shown.values()] == [False, True, True]


@holds("screen: only the owner's rows")
def test_one_foreign_row_among_those_ticked_and_nothing_is_deleted(office: Office) -> None:
    mona, before = office.reader(), everything()
    csrf = mona.form("/module/event", "/module/event/delete")["csrf"]
    ticked = {f"row-{side.event.id}": "on" for side in (office.world.mine, office.world.theirs)}

    assert mona.post("/module/event/delete", {"csrf": csrf, **ticked}).status_code == 404
    assert mona.post("/module/event/delete", {"csrf": csrf, "sure": "yes", **ticked}).status_code == 404
    assert everything() == before


@holds("screen: only the owner's rows")
def test_what_is_anothers_is_neither_offered_nor_taken(office: Office) -> None:
    mona, mine, theirs = office.reader(), office.world.mine, office.world.theirs
    page = "/module/event/add"
    offered = mona.get(page).text
    wanted = {"title": "Visit", "start": "2030-01-01T09:00", "calendar": str(theirs.calendar.id)}

    answer = mona.fill(page, page, **wanted, creator=str(theirs.user.id))

    assert (mine.user.username in offered, theirs.user.username in offered) == (True, False)
    assert (answer.status_code, answer.text.count("There is no such row.")) == (400, 2)
    assert Event.select().count() == 2


@pytest.mark.parametrize("screen", READ_BY_CALENDAR_USERS)
def test_a_calendar_user_sees_his_own_and_changes_nothing(office: Office, screen: str) -> None:
    world, before = office.world, everything()
    give(world.mine.user.id, [f"view_{word}" for word in WORDS.values()])
    doc = office.reader("doc")
    mine, theirs = row_of(world.mine, screen), row_of(world.theirs, screen)
    page = doc.get(f"/module/{screen}/{mine}")
    csrf = doc.form(f"/module/{screen}", "/logout")["csrf"]

    assert page.status_code == 200
    assert f"/module/{screen}/{mine}/change" not in page.text
    assert f"/module/{screen}/{mine}/delete" not in page.text
    assert f"/module/{screen}/add" not in doc.get(f"/module/{screen}").text
    assert doc.get(f"/module/{screen}/{theirs}").status_code == 404
    for row in (mine, theirs):
        assert {
            doc.post(path, {"csrf": csrf, **form}).status_code for path, form in deeds_on(screen, row)
        } == {403}
    assert {doc.get(f"/module/{name}").status_code for name in ("calendar_user", "calendar_setting")} == {403}
    give(world.mine.user.id, [f"{verb}_{word}" for verb in ("change", "delete") for word in WORDS.values()])
    for row in (mine, theirs):
        assert {
            doc.post(path, {"csrf": csrf, **form}).status_code for path, form in deeds_on(screen, row)
        } == {404}
    before[0]["permission"] = rows()["permission"]
    before[0]["web_session"] = rows()["web_session"]
    assert everything() == before


@holds("flow 5: a calendar user on its page")
def test_a_manager_says_what_his_calendar_user_may_see(office: Office) -> None:
    mona, doc = office.reader(), office.world.mine.user.id
    page = f"/module/calendar_user/{doc}"
    give(doc, ["view_rule", "view_alarm"])

    assert mona.form(page, f"{page}/access").keys() == {"csrf", "view_alarm"}  # what is ticked
    csrf = mona.form(page, f"{page}/access")["csrf"]
    sent = {"csrf": csrf, "view_event": "true", "view_calendar": "true", "add_event": "true"}
    assert mona.post(f"{page}/access", sent).status_code == 303

    assert held_by(doc) == {"view_rule", "view_event", "view_calendar"}
    assert "doc may log in and see: calendars, events." in mona.get(page).text
    reader = office.reader("doc")
    assert reader.get("/module/event").status_code == 200
    mona.post(f"{page}/access", {"csrf": csrf})
    assert (held_by(doc), reader.get("/module/event").status_code) == ({"view_rule"}, 403)


def test_who_may_not_change_calendar_users_grants_them_nothing(office: Office) -> None:
    mona, doc = office.reader(), office.world.mine.user.id
    page = f"/module/calendar_user/{doc}"
    csrf = mona.form(page, f"{page}/access")["csrf"]
    User.update(is_manager=False).where(User.id == office.world.mine.manager.id).execute()
    give(office.world.mine.manager.id, ["view_calendaruser"])

    assert mona.post(f"{page}/access", {"csrf": csrf, "view_event": "true"}).status_code == 403
    assert held_by(doc) == set()


def test_who_has_nothing_to_do_with_appointments_does_not_get_in(office: Office) -> None:
    answer = Reader().log_in("eve")

    assert answer.status_code == 403
    assert "this account cannot log in here" in answer.text
    assert Reader().log_in("doc").status_code == 403  # nobody has granted him anything yet


@pytest.mark.parametrize("screen", SCREENS)
def test_who_is_not_logged_in_is_sent_to_log_in(office: Office, screen: str) -> None:
    answer = Reader().get(f"/module/{screen}/1")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/login?next=/module/{screen}/1")


def test_a_mentor_sees_no_page_of_appointments(mentor: Reader) -> None:
    assert mentor.get("/module").status_code == 403
    assert mentor.get("/module/event").status_code == 403
    assert "/module" not in mentor.get("/").text


def test_after_login_one_is_led_to_what_one_may_see(office: Office) -> None:
    give(office.world.mine.user.id, ["view_calendar"])

    assert office.reader().get("/").headers["Location"] == "/module"
    assert office.reader().get("/module").headers["Location"] == "/module/event"
    assert office.reader("doc").get("/module").headers["Location"] == "/module/calendar"
    assert office.reader("root").get("/").headers["Location"] == "/admin"


def test_a_role_that_was_taken_away_opens_nothing_any_more(office: Office) -> None:
    mona = office.reader()
    User.update(is_manager=False).where(User.username == "mona").execute()

    assert mona.get("/module/event").status_code == 403


@pytest.mark.parametrize("screen", SCREENS)
def test_a_form_without_the_sessions_token_changes_nothing(office: Office, screen: str) -> None:
    mona, before = office.reader(), everything()
    others = office.reader("fred").form("/module/event", "/logout")["csrf"]
    row = row_of(office.world.mine, screen)

    for token in ({}, {"csrf": ""}, {"csrf": others}):
        forms = [*deeds_on(screen, row), (f"/module/{screen}/add", {})]
        assert {mona.post(path, {**form, **token}).status_code for path, form in forms} == {403}
    before[0]["web_session"] += 1  # fred's
    assert everything() == before
