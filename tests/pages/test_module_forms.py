"""The forms of appointments: they take what REST takes, refuse what it refuses, and hide what is not typed."""

import html
from datetime import UTC, datetime
from typing import Any

import pytest

from api.pages.module import values
from models.appointments.alarms import PENDING, RETRY, Alarm
from models.appointments.calendars import Calendar, CalendarSetting
from models.appointments.events import COMPLETED, PAUSED, Event, Rule
from models.appointments.users import CalendarUserProfile
from models.people import User
from tests.conformance import holds
from tests.house import Client
from tests.pages.module import Office
from tests.pages.reader import Reader, forms_of


@pytest.fixture
def mona(office: Office) -> Reader:
    """A manager at work."""
    return office.reader()


def added(reader: Reader, page: str, **values: Any) -> int:
    """The id of what a form made."""
    answer = reader.fill(page, page.partition("?")[0], **{name: str(value) for name, value in values.items()})
    assert answer.status_code == 303, answer.text
    return int(answer.headers["Location"].rpartition("/")[2])


def refused(reader: Reader, page: str, **values: Any) -> str:
    """What a form that is shown again says."""
    answer = reader.fill(page, page, **{name: str(value) for name, value in values.items()})
    assert answer.status_code == 400
    return answer.text


@holds("screen: calendar_setting", "flow 4: a setting on its page")
def test_a_setting_is_added_changed_and_deleted(office: Office, mona: Reader) -> None:
    world = office.world
    facts = {"label": "Evenings", "survey": world.mine.survey.id, "aleg_gateway": world.gateway.id}
    made = added(
        mona, "/module/calendar_setting/add", **facts, callerid="+4930123", timezone="Europe/Berlin",
        quiet_start="21:00", quiet_stop="07:00", voicemail="true",
    )  # fmt: skip
    row = CalendarSetting.get_by_id(made)
    assert (row.label, row.user_id, row.callerid, row.timezone) == (
        "Evenings",
        world.mine.manager.id,
        "+4930123",
        "Europe/Berlin",
    )
    assert (row.quiet_start, row.quiet_stop, row.voicemail, row.sms_gateway) == (
        "21:00:00",
        "07:00:00",
        True,
        None,
    )

    page = f"/module/calendar_setting/{made}/change"
    form = mona.form(page, page)
    del form["voicemail"]  # unticked
    assert (
        mona.post(
            page, {**form, "label": "Nights", "callerid": "", "quiet_start": "", "quiet_stop": ""}
        ).status_code
        == 303
    )
    row = CalendarSetting.get_by_id(made)
    assert (row.label, row.callerid, row.voicemail, row.quiet_start) == ("Nights", None, False, None)

    assert (
        mona.fill(f"/module/calendar_setting/{made}/delete", "/module/calendar_setting/delete").status_code
        == 303
    )
    assert CalendarSetting.get_or_none(id=made) is None


@holds("screen: calendar_user", "flow 5: a calendar user on its page")
def test_a_calendar_user_is_added_given_another_setting_and_deleted(office: Office, mona: Reader) -> None:
    world = office.world
    made = added(
        mona, "/module/calendar_user/add", username="nina", password="nina's secret", first_name="Nina"
    )
    profile = CalendarUserProfile.get(user=made)
    assert (profile.manager_id, profile.calendar_setting_id) == (world.mine.manager.id, world.mine.setting.id)
    assert User.get_by_id(made).password.startswith("$argon2")
    other = CalendarSetting.create(
        user=world.mine.manager, label="Evenings", survey=world.mine.survey, aleg_gateway=world.gateway
    )

    page = f"/module/calendar_user/{made}/profile"
    assert mona.fill(page, page, calendar_setting=str(other.id), city="Pune").status_code == 303
    shown = mona.get(f"/module/calendar_user/{made}").text
    assert ("Evenings" in shown, "Pune" in shown, "secret" in shown) == (True, True, False)

    before = User.get_by_id(made).password
    page = f"/module/calendar_user/{made}/change"
    assert mona.fill(page, page, last_name="Rao").status_code == 303  # no password typed
    assert (User.get_by_id(made).last_name, User.get_by_id(made).password) == ("Rao", before)
    assert mona.fill(page, page, password="another secret").status_code == 303
    assert User.get_by_id(made).password != before

    assert (
        mona.fill(f"/module/calendar_user/{made}/delete", "/module/calendar_user/delete").status_code == 303
    )
    assert (User.get_or_none(id=made), CalendarUserProfile.get_or_none(user=made)) == (None, None)


def test_a_username_that_somebody_has_is_refused_beside_its_field(mona: Reader) -> None:
    text = refused(mona, "/module/calendar_user/add", username="doc", password="secret words")

    assert "Somebody else has this username." in text
    assert "secret words" not in text


def test_without_a_setting_nobody_becomes_a_calendar_user(office: Office) -> None:
    root = office.reader("root")

    assert "First make a calendar setting" in refused(
        root, "/module/calendar_user/add", username="x", password="y" * 9
    )


@holds("screen: calendar", "flow 6: a calendar on its page")
def test_a_calendar_is_added_changed_and_deleted_with_what_is_in_it(office: Office, mona: Reader) -> None:
    doc = office.world.mine.user.id
    made = added(mona, f"/module/calendar/add?user={doc}", name="Home <b>visits</b>")
    assert (Calendar.get_by_id(made).user_id, Calendar.get_by_id(made).max_concurrent) == (doc, 0)
    assert "Home &lt;b&gt;visits&lt;/b&gt;" in mona.get(f"/module/calendar/{made}").text
    event = added(mona, f"/module/event/add?calendar={made}", title="Visit", start="2030-01-07T09:00")

    page = f"/module/calendar/{made}/change"
    assert mona.fill(page, page, name="Home", max_concurrent="3").status_code == 303
    assert (Calendar.get_by_id(made).name, Calendar.get_by_id(made).max_concurrent) == ("Home", 3)
    asked = mona.get(f"/module/calendar/{made}/delete").text
    assert ("Delete Home?" in asked, "go with it" in asked) == (True, True)
    assert Calendar.get_or_none(id=made) is not None  # asking deletes nothing

    assert mona.fill(f"/module/calendar/{made}/delete", "/module/calendar/delete").status_code == 303
    assert (Calendar.get_or_none(id=made), Event.get_or_none(id=event)) == (None, None)


def test_a_manager_names_whose_a_calendar_is(mona: Reader) -> None:
    assert "Name one of your calendar users." in refused(
        mona, "/module/calendar/add", name="Nobody's", user=""
    )


@holds("screen: event", "flow 7: an event on its page")
def test_an_event_is_typed_on_the_clock_of_its_calendar_user(office: Office, mona: Reader) -> None:
    mine = office.world.mine
    CalendarSetting.update(timezone="Europe/Berlin").where(CalendarSetting.id == mine.setting.id).execute()
    made = added(
        mona, f"/module/event/add?calendar={mine.calendar.id}", title="Visit", start="2030-07-01T09:00",
        rule=office.world.rule.id, data='{"patient": "Ann"}',
    )  # fmt: skip
    row = Event.get_by_id(made)
    assert (row.start, row.end) == (datetime(2030, 7, 1, 7, tzinfo=UTC), datetime(2030, 7, 1, 8, tzinfo=UTC))
    assert (row.creator_id, row.calendar_id, row.rule_id) == (
        mine.user.id,
        mine.calendar.id,
        office.world.rule.id,
    )
    assert (row.status, row.end_recurring_period, row.data) == (PENDING, None, '{"patient": "Ann"}')

    page = f"/module/event/{made}/change"
    form = mona.form(page, page)
    assert (form["start"], form["end"]) == ("2030-07-01T09:00", "2030-07-01T10:00")
    assert (
        mona.fill(page, page, end="2030-07-01T10:30", end_recurring_period="2030-12-01T00:00").status_code
        == 303
    )
    row = Event.get_by_id(made)
    assert (row.end, row.end_recurring_period) == (
        datetime(2030, 7, 1, 8, 30, tzinfo=UTC), datetime(2030, 11, 30, 23, tzinfo=UTC),
    )  # fmt: skip
    assert "Mon 1 Jul 2030, 09:00" in mona.get(f"/module/event/{made}").text


def test_a_start_that_is_not_touched_stays_to_the_second(office: Office, mona: Reader) -> None:
    event = office.world.mine.event
    exact = event.start.replace(second=41, microsecond=500)
    Event.update(start=exact).where(Event.id == event.id).execute()
    page = f"/module/event/{event.id}/change"

    assert mona.fill(page, page, title="Moved in name only").status_code == 303

    assert Event.get_by_id(event.id).start == exact


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"title": " "}, "This may not be blank."),
        ({"end": "2030-01-01T08:00"}, "An event ends after its start."),
        ({"start": "soon"}, "Write a date and a time"),
        ({"calendar": ""}, "This may not be null."),
        ({"data": "{"}, "Send JSON"),
        ({"rule": "99"}, "There is no such row."),
        ({"creator": "99999"}, "There is no such row."),
    ],
)
def test_what_rest_refuses_of_an_event_is_told_beside_its_field(
    office: Office, mona: Reader, values: dict[str, str], told: str
) -> None:
    mine = office.world.mine
    good = {
        "title": "Visit",
        "calendar": mine.calendar.id,
        "creator": mine.user.id,
        "start": "2030-01-01T09:00",
    }
    before = Event.select().count()

    text = refused(mona, "/module/event/add", **{**good, **values})

    assert told in text
    assert 'aria-invalid="true"' in text
    assert Event.select().count() == before


def test_a_time_that_the_clocks_leave_out_is_refused_and_one_that_comes_twice_is_told(
    office: Office, mona: Reader
) -> None:
    mine = office.world.mine
    CalendarSetting.update(timezone="Europe/Berlin").where(CalendarSetting.id == mine.setting.id).execute()
    page = f"/module/event/add?calendar={mine.calendar.id}"
    form = mona.form(page, "/module/event/add")

    spring = mona.post("/module/event/add", {**form, "title": "Early", "start": "2030-03-31T02:30"})
    autumn = mona.fill(page, "/module/event/add", title="Late", start="2030-10-27T02:30")

    assert (spring.status_code, "02:30 is left out" in spring.text) == (400, True)
    assert autumn.status_code == 303
    assert "02:30 comes twice: the first of them is taken" in mona.get(autumn.headers["Location"]).text
    assert Event.get(Event.title == "Late").start == datetime(2030, 10, 27, 0, 30, tzinfo=UTC)


@holds("screen: the event form hides what is not asked")
def test_the_form_of_an_event_hides_status_parent_and_place_and_leaves_them_be(
    office: Office, mona: Reader
) -> None:
    event = office.world.mine.event
    Event.update(status=PAUSED, occ_count=4, notify_count=2).where(Event.id == event.id).execute()
    page = f"/module/event/{event.id}/change"
    form = mona.form(page, page)

    assert not form.keys() & {"status", "parent_event", "occ_count", "notify_count", "created_on"}
    assert mona.post(page, {**form, "status": "1", "occ_count": "9", "parent_event": "1"}).status_code == 303
    row = Event.get_by_id(event.id)
    assert (row.status, row.occ_count, row.notify_count, row.parent_event_id) == (PAUSED, 4, 2, None)


@holds("screen: alarm", "flow 8: an alarm on its page")
def test_an_alarm_is_added_changed_and_deleted(office: Office, mona: Reader) -> None:
    mine = office.world.mine
    page = f"/module/alarm/add?event={mine.event.id}"
    assert (
        mona.form(page, "/module/alarm/add")["date_start_notice"] == "2030-05-06T10:00"
    )  # when the event starts
    made = added(
        mona, page, alarm_phonenumber="+4930555", advance_notice=3600, daily_start="08:00", maxretry=2
    )
    row = Alarm.get_by_id(made)
    assert (row.event_id, row.date_start_notice, row.method) == (mine.event.id, mine.event.start, 1)
    assert (row.due_at, row.daily_start, row.daily_stop) == (
        mine.event.start.replace(hour=9),
        "08:00:00",
        "23:59:59",
    )
    assert (row.status, row.num_attempt, row.maxretry) == (PENDING, 0, 2)

    page = f"/module/alarm/{made}/change"
    assert (
        mona.fill(page, page, method="3", alarm_email="ann@example.com", advance_notice="0").status_code
        == 303
    )
    row = Alarm.get_by_id(made)
    assert (row.method, row.alarm_email, row.due_at) == (3, "ann@example.com", mine.event.start)
    assert "Mail to ann@example.com" in mona.get(f"/module/alarm/{made}").text

    assert mona.fill(f"/module/alarm/{made}/delete", "/module/alarm/delete").status_code == 303
    assert Alarm.get_or_none(id=made) is None


def test_seconds_are_told_in_minutes_and_hours_too(office: Office, mona: Reader) -> None:
    mine, path = office.world.mine, f"/module/alarm/{office.world.mine.alarm.id}"
    Alarm.update(advance_notice=5400, retry_delay=45).where(Alarm.id == mine.alarm.id).execute()

    told, form = mona.get(path).text, mona.get(f"{path}/change").text
    setting = mona.get(f"/module/calendar_setting/{mine.setting.id}").text

    assert '<span class="lines">5400 (1 h 30 min)</span>' in told
    assert '<span class="lines">45</span>' in told
    assert "5400 s are 1 h 30 min." in form
    assert "45 s are" not in form
    assert '<span class="lines">60 (1 min)</span>' in setting
    assert mona.fill(f"{path}/change", f"{path}/change", retry_delay="x" * 9).status_code == 400


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 s"), (59, "59 s"), (60, "1 min"), (900, "15 min"), (3661, "1 h 1 min 1 s"), (86400, "1 day"),
        (180000, "2 days 2 h"),
    ],
)  # fmt: skip
def test_a_time_is_told_in_the_units_that_people_count_in(seconds: int, told: str) -> None:
    assert values.lasting(seconds) == told


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ('{"patient": "Ann", "room": 4, "doctor": {"name": "Weiß"}}', "patient: Ann\nroom: 4\ndoctor.name: Weiß"),
        ('{"beds": [1, "b"], "note": null, "more": {}}', 'beds: [1, "b"]\nnote: null\nmore: {}'),
        ('"plain words"', "plain words"), ("[1, 2]", "[1, 2]"), ("null", ""), ("{}", ""), ("{broken", "{broken"),
        ('{"a":' * 900 + "1" + "}" * 900, ".".join("a" * 900) + ": 1"),
    ],
)  # fmt: skip
def test_words_for_texts_are_told_as_names_and_values(
    office: Office, mona: Reader, data: str, told: str
) -> None:
    event = office.world.mine.event
    Event.update(data=data).where(Event.id == event.id).execute()

    text = html.unescape(mona.get(f"/module/event/{event.id}").text)

    _, _, shown = text.partition("<dt>Words for texts</dt>")
    assert (f'<span class="lines">{told}</span>' in shown) if told else shown == ""


@holds("screen: the alarm form offers pending events and hides what is not asked")
def test_the_form_of_an_alarm_offers_pending_events_and_hides_status_and_attempts(
    office: Office, mona: Reader
) -> None:
    mine = office.world.mine
    facts = {
        "start": mine.event.start,
        "end": mine.event.end,
        "creator": mine.user,
        "calendar": mine.calendar,
    }
    over = Event.create(**facts, title="Over and done", status=COMPLETED)
    Event.create(**facts, title="Held back", status=PAUSED)
    new = mona.get("/module/alarm/add").text
    assert ("Check-up" in new, "Over and done" in new, "Held back" in new) == (True, False, False)

    Alarm.update(status=RETRY, num_attempt=3, event=over).where(Alarm.id == mine.alarm.id).execute()
    page = f"/module/alarm/{mine.alarm.id}/change"
    form = mona.form(page, page)
    assert form["event"] == str(over.id)  # what stands there stays on offer
    assert not form.keys() & {"status", "num_attempt", "created_date"}
    assert mona.post(page, {**form, "status": "5", "num_attempt": "0"}).status_code == 303
    row = Alarm.get_by_id(mine.alarm.id)
    assert (row.status, row.num_attempt, row.event_id) == (RETRY, 3, over.id)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"alarm_email": "nobody"}, "Write a mail address"),
        ({"maxretry": "-1"}, "Send a whole number from 0"),
        ({"daily_start": "25:00"}, "Write a time of day"),
        ({"recipient_timezone": "Mars/Base"}, "Write an IANA name"),
        ({"method": "7"}, "Send one of"),
        ({"alarm_phonenumber": "1" * 51}, "at most 50"),
    ],
)
def test_what_rest_refuses_of_an_alarm_is_told_beside_its_field(
    office: Office, mona: Reader, values: dict[str, str], told: str
) -> None:
    page = f"/module/alarm/{office.world.mine.alarm.id}/change"

    assert told in refused(mona, page, **values)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"alarm_phonenumber": ""}, "there is no number to call"),
        ({"alarm_phonenumber": "abc"}, "this is no number that could be called"),
        ({"alarm_phonenumber": "+4930555"}, ""),
    ],
)
def test_the_page_of_an_alarm_says_at_once_when_nobody_will_be_told(
    office: Office, mona: Reader, typed: dict[str, str], why: str
) -> None:
    made = added(mona, f"/module/alarm/add?event={office.world.mine.event.id}", **typed)

    told = mona.get(f"/module/alarm/{made}").text

    assert ("nobody will be told" in told) == bool(why)
    assert why in told


@pytest.mark.parametrize(("page", "table"), [("event", Event), ("calendar", Calendar)])
def test_the_same_form_twice_makes_one(office: Office, mona: Reader, page: str, table: Any) -> None:
    mine, path = office.world.mine, f"/module/{page}/add"
    form = mona.form(f"{path}?calendar={mine.calendar.id}&user={mine.user.id}", path)
    typed = {**form, "title": "Visit", "name": "Home", "start": "2030-01-07T09:00"}
    before = table.select().count()

    places = [mona.post(path, typed).headers["Location"] for _ in range(3)]
    other = mona.post(path, {**typed, "title": "Another", "name": "Another"})

    assert len(set(places)) == 1
    assert table.select().count() == before + 1
    assert (other.status_code, "press again" in other.text) == (400, True)


def test_a_page_and_rest_say_the_same_of_the_same_row(office: Office, mona: Reader, client: Client) -> None:
    mine = office.world.mine
    made = added(
        mona, f"/module/event/add?calendar={mine.calendar.id}", title="Visit", start="2030-01-07T09:00"
    )
    body = {**office.world.new_event, "start": "2030-01-07T09:00:00Z", "end_recurring_period": None}
    posted = office.world.post("event/", body).json
    told = office.world.get(f"event/{made}/").json

    differing = {name for name in told if told[name] != posted[name]}
    assert differing <= {"url", "created_on", "start", "end"}
    assert (told["start"], told["end"]) == ("2030-01-07T09:00:00Z", "2030-01-07T10:00:00Z")


def test_every_form_of_every_page_has_the_token(office: Office, mona: Reader) -> None:
    ids = {"calendar_user": office.world.mine.user.id}
    for screen in ("event", "alarm", "calendar", "calendar_user", "calendar_setting"):
        here, row = f"/module/{screen}", ids.get(screen, 1)
        for path in (here, f"{here}/add", f"{here}/{row}", f"{here}/{row}/change", f"{here}/{row}/delete"):
            text = mona.get(path).text
            for action, fields in forms_of(text).items():
                assert fields.get("csrf") or f'method="get" action="{action}"' in text, path


def test_no_page_shows_a_password_or_its_hash(office: Office, mona: Reader) -> None:
    doc = office.world.mine.user.id

    for path in ("", f"/{doc}", f"/{doc}/change", f"/{doc}/profile"):
        assert "argon2" not in mona.get(f"/module/calendar_user{path}").text


def test_only_the_owner_of_a_setting_is_shown_what_signs_his_hooks(office: Office, mona: Reader) -> None:
    page = f"/module/calendar_setting/{office.world.mine.setting.id}"

    assert "whsec_" in mona.get(page).text
    assert "whsec_" not in office.reader("root").get(page).text


def test_rules_by_which_events_repeat_are_chosen_by_name(office: Office, mona: Reader) -> None:
    Rule.create(name="Every Tuesday", frequency="WEEKLY", params="byweekday:TU")

    assert "Every Tuesday" in mona.get("/module/event/add").text
