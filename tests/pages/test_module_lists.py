"""Lists of appointments: pages, filters, deleting several; and what the pages of events and alarms tell."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from models import clock
from models.appointments import alarms
from models.appointments.alarms import Alarm, AlarmRequest
from models.appointments.calendars import Calendar, CalendarSetting
from models.appointments.callrequests import AlarmCall
from models.appointments.events import COMPLETED, PAUSED, PENDING, Event, Rule
from models.appointments.surveys import SealedSection, SectionTemplate, SurveyResult, SurveyTemplate
from models.deliveries import Text
from models.numbers import PhoneNumber
from models.people.permissions import give
from tests.api.looking import statements
from tests.appointments.planned import AT, Side
from tests.conformance import holds
from tests.pages.module import Office, Practice
from tests.pages.reader import Reader, forms_of


@pytest.fixture
def mona(office: Office) -> Reader:
    """A manager at work."""
    return office.reader()


def events(side: Side, count: int, **more: Any) -> list[Event]:
    """Events of a manager's calendar user, a day apart."""
    facts = {"creator": side.user, "calendar": side.calendar, **more}
    return [
        Event.create(
            title=f"Visit {n:02}", start=AT + timedelta(days=n), end=AT + timedelta(days=n, hours=1), **facts
        )
        for n in range(1, count + 1)
    ]


def titles(text: str) -> list[str]:
    """What the events of a list are called, in its order."""
    return re.findall(r'<a href="/module/event/\d+">([^<]+)</a>', text)


def test_a_long_list_has_pages_the_latest_first(office: Office, mona: Reader) -> None:
    events(office.world.mine, 44)

    first, last = mona.get("/module/event"), mona.get("/module/event?page=3")

    assert titles(first.text) == [f"Visit {n:02}" for n in range(44, 24, -1)]
    assert titles(last.text) == [*(f"Visit {n:02}" for n in range(4, 0, -1)), "Check-up"]
    assert ("Page 1 of 3" in first.text, 'rel="prev"' in first.text, 'rel="next"' in last.text) == (
        True,
        False,
        False,
    )
    for page in ("0", "4", "x", "-1", "9" * 30, "²"):
        assert mona.get(f"/module/event?page={page}").status_code == 404, page


@holds("screen: filters of the event list")
def test_events_are_found_from_a_day_on_by_calendar_and_by_calendar_user(
    office: Office, mona: Reader
) -> None:
    mine = office.world.mine
    Calendar.create(name="Empty", user=mine.user)
    side = Calendar.create(name="Side", user=mine.user)
    events(mine, 3)
    Event.create(title="Elsewhere", start=AT, end=AT + timedelta(hours=1), creator=mine.user, calendar=side)

    def found(**query: Any) -> set[str]:
        return set(titles(mona.get("/module/event?" + "&".join(f"{k}={v}" for k, v in query.items())).text))

    assert found(start_after="2030-05-08") == {"Visit 02", "Visit 03"}
    assert found(calendar=side.id) == {"Elsewhere"}
    assert found(creator=mine.user.id, calendar=mine.calendar.id) == {
        "Check-up",
        "Visit 01",
        "Visit 02",
        "Visit 03",
    }
    assert found(creator=office.world.theirs.user.id) == set()
    assert found(start_after="", calendar="") == {"Check-up", "Elsewhere", "Visit 01", "Visit 02", "Visit 03"}


def test_a_filter_goes_on_with_the_pages(office: Office, mona: Reader) -> None:
    events(office.world.mine, 25)

    text = mona.get(f"/module/event?calendar={office.world.mine.calendar.id}").text

    assert f'href="/module/event?page=2&amp;calendar={office.world.mine.calendar.id}"' in text


@pytest.mark.parametrize(
    ("path", "states"),
    [
        ("/module/alarm", ["any", "waiting", "under way", "failed", "tried again", "done"]),
        (
            "/module/alarm_request",
            [
                "any",
                "to be made",
                "under way",
                "not reached at last",
                "not reached, and tried again",
                "reached",
            ],
        ),
    ],
)
def test_a_list_is_narrowed_only_by_what_was_chosen_in_its_own_words(
    office: Office, mona: Reader, path: str, states: list[str]
) -> None:
    Alarm.create(event=office.world.mine.event, method=alarms.SMS, status=alarms.FAILURE)
    tried(office.world.mine)

    text = mona.get(path).text
    asked = mona.form(path, path)

    (offered,) = re.findall(r'<select id="status".*?</select>', text, re.DOTALL)
    assert re.findall(r"<option[^>]*>([^<]+)<", offered) == states
    assert set(asked.values()) == {""}
    again = mona.get(f"{path}?{urlencode(asked)}").text
    assert again.count("<tr>") == text.count("<tr>") > 2


def test_facts_lead_to_what_they_name_where_one_may_go(office: Office, mona: Reader) -> None:
    mine = office.world.mine
    give(mine.user.id, ["view_event"])

    text, theirs = mona.get(f"/module/event/{mine.event.id}").text, office.reader(mine.user.username)

    assert f'<a href="/module/calendar/{mine.calendar.id}">' in text
    assert f'<a href="/module/calendar_user/{mine.user.id}">' in text
    assert "Repeats until" not in text
    assert "/module/calendar" not in theirs.get(f"/module/event/{mine.event.id}").text
    Calendar.update(max_concurrent=0).execute()
    assert "no limit" in mona.get(f"/module/calendar/{mine.calendar.id}").text


def test_the_log_of_attempts_tells_whom_and_for_what_only_to_who_may_see_that(office: Office) -> None:
    mine = office.world.mine
    tried(mine)
    give(mine.user.id, ["view_alarmrequest"])
    reader = office.reader(mine.user.username)

    def told() -> tuple[bool, bool, bool]:
        text = reader.get("/module/alarm_request").text
        return "reached" in text, f"/module/alarm/{mine.alarm.id}" in text, mine.event.title in text

    assert "+15550100" not in reader.get("/module/alarm_request").text
    assert told() == (True, False, False)
    give(mine.user.id, ["view_event"])
    assert told() == (True, False, True)
    give(mine.user.id, ["view_alarm"])
    assert told() == (True, True, True)
    assert "+15550100" in reader.get("/module/alarm_request").text


@pytest.mark.parametrize(
    ("granted", "lands"),
    [
        ("view_alarmrequest", "/module/alarm_request"),
        ("view_sealedsurvey", "/module/survey/sealed"),
        ("view_audiofile", "/module/survey/audio"),
    ],
)
def test_who_may_see_only_what_is_behind_another_page_comes_there_at_once(
    office: Office, granted: str, lands: str
) -> None:
    doctor = office.world.mine.user
    give(doctor.id, [granted])
    reader = office.reader(doctor.username)

    assert reader.get("/module").headers["Location"] == lands
    page = reader.get(lands)
    assert (page.status_code, f'href="{lands}" aria-current="page"' in page.text) == (200, True)
    assert f'href="{lands}" aria-current="page"' not in office.reader().get(lands).text


def test_a_list_names_the_clock_that_all_its_times_are_on(office: Office, mona: Reader) -> None:
    CalendarSetting.update(timezone="Europe/Berlin").execute()

    assert "Times are in the zone Europe/Berlin." in mona.get("/module/event").text


@pytest.mark.parametrize(
    "query",
    [
        "start_after=tomorrow", "start_after=2030-02-30", "start_after=0001-01-01", "start_after=9999-12-31",
        "calendar=x", "creator=1e3",
    ],
)  # fmt: skip
def test_a_filter_that_cannot_be_read_is_told_beside_its_field(mona: Reader, query: str) -> None:
    answer = mona.get(f"/module/event?{query}")

    assert (answer.status_code, 'aria-invalid="true"' in answer.text) == (400, True)
    assert "Check-up" in answer.text


@holds("screen: bulk delete")
def test_what_is_ticked_is_deleted_after_a_page_that_names_it(office: Office, mona: Reader) -> None:
    first, second, third = events(office.world.mine, 3)
    Alarm.create(event=first, date_start_notice=AT)
    csrf = mona.form("/module/event", "/module/event/delete")["csrf"]
    ticked = {"csrf": csrf, f"row-{first.id}": "on", f"row-{second.id}": "on"}

    asked = mona.post("/module/event/delete", ticked).text
    assert all(text in asked for text in ("Delete 2 events?", "Visit 01, ", "Visit 02, ", "cannot be undone"))
    assert "Visit 03" not in asked
    assert Event.select().count() == 5

    done = mona.post("/module/event/delete", {**ticked, "sure": "yes"})
    assert (done.status_code, done.headers["Location"]) == (303, "/module/event")
    assert "2 events are deleted." in mona.get("/module/event").text
    assert {row.id for row in Event.select()} == {
        office.world.mine.event.id,
        office.world.theirs.event.id,
        third.id,
    }
    assert Alarm.get_or_none(Alarm.event == first.id) is None


@holds("screen: bulk delete")
def test_of_those_ticked_what_is_in_use_stays_and_it_is_said_why(office: Office, mona: Reader) -> None:
    mine = office.world.mine
    spare = CalendarSetting.create(
        user=mine.manager, label="Spare", survey=mine.survey, aleg_gateway=office.world.gateway
    )
    csrf = mona.form("/module/calendar_setting", "/module/calendar_setting/delete")["csrf"]
    ticked = {"csrf": csrf, "sure": "yes", f"row-{spare.id}": "on", f"row-{mine.setting.id}": "on"}

    answer = mona.post("/module/calendar_setting/delete", ticked)

    assert answer.status_code == 409
    assert "The calendar setting is deleted. Calendar users have this setting" in answer.text
    assert [row.label for row in CalendarSetting.select().where(CalendarSetting.user == mine.manager)] == [
        "Practice"
    ]


@holds("screen: bulk delete")
def test_after_a_deletion_the_list_is_narrowed_as_it_was(office: Office, mona: Reader) -> None:
    first, second = events(office.world.mine, 2)
    calendar = office.world.mine.calendar.id
    here = f"/module/event?start_after=2030-05-01&calendar={calendar}"

    form = mona.form(here, "/module/event/delete")
    nothing = mona.post("/module/event/delete", form)
    form |= {f"row-{first.id}": "on", f"row-{second.id}": "on"}
    asked = mona.post("/module/event/delete", form).text
    done = mona.post("/module/event/delete", forms_of(asked)["/module/event/delete"])

    assert f'href="{here.replace("&", "&amp;")}">Leave them' in asked
    assert [nothing.headers["Location"], done.headers["Location"]] == [here, here]
    assert "2 events are deleted." in mona.get(here).text
    forged = {**form, "asked": "page=7&status=1&calendar=9&next=//evil.example\r\nX: 1"}
    del forged[f"row-{first.id}"], forged[f"row-{second.id}"]
    assert mona.post("/module/event/delete", forged).headers["Location"] == "/module/event?calendar=9"


@holds("screen: bulk delete")
def test_what_is_in_use_has_no_button_to_delete_it(office: Office, mona: Reader) -> None:
    mine = office.world.mine
    facts = {"user": mine.manager, "survey": mine.survey, "aleg_gateway": office.world.gateway}
    spare = CalendarSetting.create(label="Spare", **facts)
    path = "/module/calendar_setting"
    csrf = mona.form(path, f"{path}/delete")["csrf"]
    both = {"csrf": csrf, f"row-{spare.id}": "on", f"row-{mine.setting.id}": "on"}

    used = mona.get(f"{path}/{mine.setting.id}/delete").text
    asked = mona.post(f"{path}/delete", both).text
    refused = mona.post(f"{path}/delete", {**both, "sure": "yes"})

    assert f"{path}/delete" not in forms_of(used)
    assert "Practice cannot be deleted" in used
    assert forms_of(asked)[f"{path}/delete"].keys() & both.keys() == {"csrf", f"row-{spare.id}"}
    assert "Delete Spare?" in asked
    assert (refused.status_code, f"{path}/delete" in forms_of(refused.text)) == (409, False)
    for text in (used, asked, refused.text):
        assert "Calendar users have this setting: give them another one first." in text


def test_a_file_that_a_survey_plays_has_no_button_to_delete_it(office: Office, mona: Reader) -> None:
    sound, path = office.world.mine.audio, "/module/survey/audio"
    page = f"{path}/{sound.id}/delete"
    assert f"{path}/delete" in forms_of(mona.get(page).text)
    survey = SurveyTemplate.create(user=office.world.mine.manager, name="Draft")
    SectionTemplate.create(survey=survey, question="?", invalid_audiofile=sound)

    assert f"{path}/delete" not in forms_of(mona.get(page).text)


def test_nothing_ticked_nothing_deleted(mona: Reader) -> None:
    answer = mona.fill("/module/event", "/module/event/delete")

    assert answer.headers["Location"] == "/module/event"
    assert "Nothing was ticked" in mona.get("/module/event").text


def test_an_event_and_its_occurrence_are_deleted_together_though_one_goes_with_the_other(
    office: Office, mona: Reader
) -> None:
    root = office.world.mine.event
    child = events(office.world.mine, 1, parent_event=root)[0]
    csrf = mona.form("/module/event", "/module/event/delete")["csrf"]

    answer = mona.post(
        "/module/event/delete", {"csrf": csrf, "sure": "yes", f"row-{root.id}": "on", f"row-{child.id}": "on"}
    )

    assert answer.status_code == 303
    assert Event.select().where(Event.creator == office.world.mine.user).count() == 0


def test_an_event_is_paused_and_goes_on(office: Office, mona: Reader) -> None:
    event = office.world.mine.event
    page = f"/module/event/{event.id}"

    mona.fill(page, f"{page}/pause")
    assert Event.get_by_id(event.id).status == PAUSED
    assert "paused" in mona.get(page).text
    mona.fill(page, f"{page}/resume")
    assert Event.get_by_id(event.id).status == PENDING


def test_what_has_begun_meanwhile_is_not_paused_any_more(office: Office, mona: Reader) -> None:
    event = office.world.mine.event
    page = f"/module/event/{event.id}"
    form = mona.form(page, f"{page}/pause")
    Event.update(status=COMPLETED).where(Event.id == event.id).execute()

    answer = mona.post(f"{page}/pause", form)

    assert answer.status_code == 303
    assert "It was not to come any more." in mona.get(page).text
    assert Event.get_by_id(event.id).status == COMPLETED


def test_an_event_shows_its_series_and_its_alarms(office: Office, mona: Reader) -> None:
    root = office.world.mine.event
    children = events(office.world.mine, 2, parent_event=root)

    for one in (root, *children):
        text = mona.get(f"/module/event/{one.id}").text
        assert titles(text) == []  # times, not titles, lead to the others
        others = {f"/module/event/{other.id}" for other in (root, *children) if other != one}
        assert set(re.findall(r'href="(/module/event/\d+)"', text)) == others
    text = mona.get(f"/module/event/{root.id}").text
    assert "Call to +15550100" in text
    assert f"/module/alarm/add?event={root.id}" in text


def test_a_month_shows_the_events_of_its_calendar_and_nobody_elses(office: Office, mona: Reader) -> None:
    mine, theirs = office.world.mine, office.world.theirs
    Event.update(title="Foreign").where(Event.id == theirs.event.id).execute()
    events(mine, 1)
    page = f"/module/calendar/{mine.calendar.id}/month"

    text = mona.get(f"{page}?month=2030-05").text

    assert titles(text) == ["Check-up", "Visit 01"]
    assert ("month=2030-04" in text, "month=2030-06" in text, "Foreign" in text) == (True, True, False)
    assert "Nothing is in it this month." in mona.get(f"{page}?month=2030-06").text
    assert mona.get(page).status_code == 200
    for month in ("2030-13", "2030-5", "x", "0001-01", "9999-12"):
        assert mona.get(f"{page}?month={month}").status_code == 404, month


def test_a_month_shows_what_is_to_be_expected_of_series_and_nothing_of_those_that_stand_still(
    home: object,
) -> None:
    practice, mona = Practice(), Reader()
    mona.log_in("mona")
    week = timedelta(days=7)
    start = (clock.now() + week).replace(hour=9, minute=0, second=0, microsecond=0)
    Event.delete().where(Event.title != "Night duty").execute()
    Event.update(start=start, end=start + timedelta(hours=1), rule=practice.rule, title="Group").execute()
    following = f"{start + 5 * week:%Y-%m}"

    def shown(month: str) -> int:
        text = mona.get(f"/module/calendar/{practice.calendar.id}/month?month={month}").text
        assert len(titles(text)) - text.count(">expected<") == (month == f"{start:%Y-%m}")
        return text.count(">expected<")

    assert shown(following) >= 3
    Event.update(end_recurring_period=start + 5 * week).execute()
    last = shown(following)
    assert last <= 5
    assert shown(f"{start + 14 * week:%Y-%m}") == 0
    Event.update(status=PAUSED, end_recurring_period=None).execute()
    assert shown(following) == 0
    Event.update(status=PENDING).execute()
    Rule.update(frequency="DAILY", params="count:40").execute()
    assert (shown(following) >= 5, shown(f"{start + 14 * week:%Y-%m}")) == (True, 0)
    Rule.update(frequency="HOURLY", params=None).execute()
    assert shown(f"{start + 400 * week:%Y-%m}") >= 28 * 24


def test_a_month_of_more_than_can_be_counted_says_so(home: object) -> None:
    practice, mona = Practice(), Reader()
    mona.log_in("mona")
    page = f"/module/calendar/{practice.calendar.id}/month?month=2090-01"
    assert "There is more in this month" not in mona.get(page).text

    Rule.update(frequency="SECONDLY", params=None).execute()

    assert "There is more in this month" in mona.get(page).text


@holds("screen: the alarm-request log", "flow 9: the log of the attempts on a page")
def test_an_alarm_tells_every_attempt_in_plain_words(office: Office, mona: Reader) -> None:
    mine = office.world.mine
    tried(mine)

    text = re.sub(
        r"<[^>]+>", " ", mona.get(f"/module/alarm/{mine.alarm.id}").text.partition('id="attempts"')[2]
    )
    told = " ".join(text.split())

    for words in (
        "Mon 6 May 2030, 10:00 Call not reached – – The line was busy.",
        "Mon 6 May 2030, 10:10 Call not reached – – Nobody answered.",
        "Mon 6 May 2030, 10:20 Call reached 34 s Will you come? 2 –",
        "Text about the failure not sent – – no such number hidden",
    ):
        assert words in told, told


def tried(side: Side) -> None:
    """Three calls of an alarm, the last of which was answered; and a text about the failure that was not needed."""
    section = SealedSection.create(survey=side.survey, type=3, question="Will you come?")
    AlarmRequest.delete().where(AlarmRequest.alarm == side.alarm).execute()
    causes = ("USER_BUSY", "NO_ANSWER", "NORMAL_CLEARING")
    for number, cause in enumerate(causes, 1):
        call = AlarmCall.create(
            user=side.manager,
            phone_number="+15550100",
            content_type="survey",
            object_id=side.survey.id,
            hangup_cause=cause,
        )
        status, seconds = (alarms.SUCCESS, 34) if number == len(causes) else (alarms.RETRY, 0)
        AlarmRequest.create(
            alarm=side.alarm, attempt=number, date=AT + timedelta(minutes=10 * number - 10), status=status,
            duration=seconds, callrequest=call,
        )  # fmt: skip
    SurveyResult.create(callrequest=call, section=section, response="2")
    Text.create(
        reference=f"alarm:{side.alarm.id}:2:failure", origin="alarm_failure", origin_id=1, status="failed",
        to=PhoneNumber("+15550199"), body="Failed.", cause="no such number +15550199",
        created_at=AT + timedelta(hours=1),
    )  # fmt: skip


@holds("screen: the alarm-request log")
def test_the_log_of_all_attempts_leads_to_their_alarms(office: Office, mona: Reader) -> None:
    mine = office.world.mine
    tried(mine)

    text = mona.get("/module/alarm_request").text
    told = " ".join(re.sub(r"<[^>]+>", " ", text).split())

    assert "Call to +15550100 Check-up Mon 6 May 2030, 10:20 reached 34" in told
    assert "Call to +15550100 Check-up Mon 6 May 2030, 10:00 not reached – The line was busy." in told
    assert set(re.findall(r'href="(/module/alarm/\d+)"', text)) == {f"/module/alarm/{mine.alarm.id}"}
    assert mona.get("/module/alarm_request?status=5").text.count("/module/alarm/") == 1
    assert mona.get("/module/alarm_request/1").status_code == 404
    AlarmRequest.create(alarm=None, date=AT)
    assert "no alarm" in office.reader("root").get("/module/alarm_request").text
    assert "no alarm" not in mona.get("/module/alarm_request").text


PATHS = (
    "/module/alarm_request", "/module/event",
    "/module/event/{event}", "/module/event/add", "/module/event/{event}/change", "/module/alarm",
    "/module/alarm/{alarm}", "/module/alarm/add", "/module/alarm/{alarm}/change", "/module/calendar",
    "/module/calendar/{calendar}", "/module/calendar/{calendar}/month?month=2030-05", "/module/calendar_user",
    "/module/calendar_user/{user}", "/module/calendar_user/{user}/profile", "/module/calendar_setting",
    "/module/calendar_setting/{setting}", "/module/calendar_setting/{setting}/change",
)  # fmt: skip


def counts(reader: Reader, side: Side) -> dict[str, int]:
    """How many statements each page takes."""
    ids = {name: getattr(side, name).id for name in ("event", "alarm", "calendar", "user", "setting")}
    found = {}
    for path in PATHS:
        assert reader.get(path.format(**ids)).status_code == 200, path
        with statements() as taken:
            reader.get(path.format(**ids))
        found[path] = len(taken)
    return found


def test_a_page_takes_as_many_statements_for_much_as_for_little(office: Office, mona: Reader) -> None:
    mine = office.world.mine
    tried(mine)
    events(mine, 1, parent_event=mine.event, rule=office.world.rule)
    few = counts(mona, mine)
    for number in range(30):
        Calendar.create(name=f"Calendar {number}", user=mine.user)
    for event in events(mine, 60, parent_event=mine.event, rule=office.world.rule):
        Alarm.create(event=event, date_start_notice=AT)
        Alarm.create(event=mine.event, date_start_notice=AT)
        AlarmRequest.create(alarm=mine.alarm, date=AT)

    assert counts(mona, mine) == few
    assert max(few.values()) <= 16


def test_a_practice_is_told_on_its_own_clock(home: object) -> None:
    practice = Practice()
    mona = Reader()
    mona.log_in("mona")

    assert "10:00" in mona.get(f"/module/event/{practice.visit.id}").text
    assert "Times are in the zone Europe/Berlin." in mona.get(f"/module/event/{practice.visit.id}").text
    assert (
        "The clocks go forward by 1 hour."
        in mona.get(f"/module/calendar/{practice.calendar.id}/month?month=2026-03").text
    )
    assert datetime(2026, 3, 10, 9, tzinfo=UTC) == practice.visit.start
