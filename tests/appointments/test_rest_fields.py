"""Each resource's fields: what must be sent, how long it may be, and what stands there when nothing was sent."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from models import clock
from models.appointments.alarms import Alarm, AlarmRequest
from models.appointments.calendars import Calendar, CalendarSetting
from models.appointments.events import Event
from models.appointments.users import CalendarUserProfile
from models.people import User
from models.people.sessions import WebSession
from tests.appointments.planned import BASE, Planned
from tests.conformance import holds
from tests.house import PASSWORD, Client


def wrong(planned: Planned, path: str, body: Any, verb: str = "PATCH", **more: Any) -> set[str]:
    """The fields that are refused."""
    answer = planned.ask(verb, path, body, **more)
    assert answer.status_code == 400, answer.text
    return set(answer.json)


@holds("O-12")
def test_what_must_be_sent(planned: Planned) -> None:
    required = {
        "calendar-setting": {"label", "survey", "aleg_gateway"},
        "calendar-user": {"username", "password"},
        "calendar": {"name", "user"},
        "event": {"title", "creator", "calendar"},
        "alarm": {"event"},
        "alarm-request": {"date"},
    }

    for name, fields in required.items():
        assert wrong(planned, f"{name}/", {}, "POST") == fields
    profile = f"calendar-user-profile/{planned.mine.user.id}/"
    assert wrong(planned, profile, {}, "PUT") == {"calendar_setting"}


LONGEST: list[tuple[str, dict[str, int]]] = [
    ("calendar-setting", {"label": 80, "callerid": 80, "caller_name": 80}),
    ("calendar-user", {"first_name": 30, "last_name": 30, "username": 30}),
    (
        "calendar-user-profile",
        {
            "address": 200, "city": 120, "state": 120, "zip_code": 120, "phone_no": 90, "fax": 90,
            "company_name": 90, "note": 250,
        },
    ),
    ("calendar", {"name": 200}),
    ("event", {"title": 255}),
    (
        "alarm",
        {
            "alarm_phonenumber": 50, "url_cancel": 250, "url_confirm": 250, "phonenumber_transfer": 50,
            "phonenumber_sms_failure": 50,
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "fields"), LONGEST, ids=[name for name, _ in LONGEST])
def test_how_long_texts_may_be(planned: Planned, name: str, fields: dict[str, int]) -> None:
    mine = planned.mine
    rows: dict[str, Any] = {
        "calendar-setting": mine.setting, "calendar-user": mine.user, "calendar-user-profile": mine.user,
        "calendar": mine.calendar, "event": mine.event, "alarm": mine.alarm,
    }  # fmt: skip
    path = f"{name}/{rows[name].id}/"

    def filled(field: str, length: int) -> str:
        return "https://e.org/".ljust(length, "x") if field.startswith("url_") else "x" * length

    answer = planned.patch(path, {field: filled(field, length) for field, length in fields.items()})

    assert answer.status_code == 200, answer.text
    assert {field: len(answer.json[field]) for field in fields} == fields
    assert wrong(
        planned, path, {field: filled(field, length + 1) for field, length in fields.items()}
    ) == set(fields)
    assert wrong(planned, path, {field: ["x"] for field in fields}) == set(fields)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    nul = "&".join(f"{field}=a%00b" for field in fields).encode()
    assert wrong(planned, path, None, headers=form, raw=nul) == set(fields)


@holds("wire: blank and null where not allowed are 400", "O-9b")
def test_what_may_be_null_and_what_may_not(planned: Planned) -> None:
    mine = planned.mine
    null = {
        f"calendar-setting/{mine.setting.id}/": {"callerid", "amd_behavior", "voicemail_audiofile", "sms_gateway"},
        f"calendar/{mine.calendar.id}/": {"max_concurrent"},
        f"event/{mine.event.id}/": {
            "description", "end_recurring_period", "rule", "notify_count", "status", "data", "parent_event",
            "occ_count",
        },
        f"alarm/{mine.alarm.id}/": {
            "alarm_phonenumber", "alarm_email", "survey", "mail_template", "sms_template", "result", "url_cancel",
            "url_confirm", "phonenumber_transfer", "phonenumber_sms_failure",
        },
        f"alarm-request/{mine.request.id}/": {"status", "callstatus", "callrequest"},
        f"calendar-user-profile/{mine.user.id}/": {
            "address", "city", "state", "zip_code", "phone_no", "fax", "company_name", "company_website", "language",
            "note", "accountcode",
        },
    }  # fmt: skip
    not_null = {
        f"calendar-setting/{mine.setting.id}/": {"label", "caller_name", "call_timeout", "survey", "voicemail"},
        f"calendar/{mine.calendar.id}/": {"name", "user"},
        f"event/{mine.event.id}/": {"title", "start", "end", "creator", "created_on", "calendar"},
        f"alarm/{mine.alarm.id}/": {
            "event", "daily_start", "daily_stop", "advance_notice", "maxretry", "retry_delay", "num_attempt", "method",
            "date_start_notice", "status",
        },
        f"alarm-request/{mine.request.id}/": {"date", "duration"},
        f"calendar-user-profile/{mine.user.id}/": {"calendar_setting", "country"},
        f"calendar-user/{mine.user.id}/": {"username", "password", "email", "first_name", "last_name"},
    }  # fmt: skip

    for path, fields in null.items():
        answer = planned.patch(path, dict.fromkeys(fields))
        assert {field: answer.json.get(field, "?") for field in fields} == dict.fromkeys(fields), path
    for path, fields in not_null.items():
        assert wrong(planned, path, dict.fromkeys(fields)) == fields
        assert planned.patch(path, dict.fromkeys(fields)).json.values()


@holds("O-15")
def test_what_stands_there_when_only_the_least_was_sent(planned: Planned) -> None:
    before = clock.now() - timedelta(seconds=1)
    event = planned.post("event/", planned.new_event).json
    alarm = planned.post("alarm/", {"event": event["url"]}).json
    request = planned.post("alarm-request/", {"date": "2030-01-01T10:00:00Z", "alarm": alarm["url"]}).json

    start, end = (datetime.fromisoformat(event[name]) for name in ("start", "end"))
    assert before < start < clock.now()
    assert end - start == timedelta(hours=1)
    assert before < datetime.fromisoformat(alarm["date_start_notice"]) < clock.now()
    dates = ("url", "event", "date_start_notice", "created_date")
    assert {name: value for name, value in alarm.items() if name not in dates} == {
        "alarm_phonenumber": None, "alarm_email": None, "daily_start": "00:00:00", "daily_stop": "23:59:59",
        "advance_notice": 0, "maxretry": 0, "retry_delay": 0, "num_attempt": 0, "method": 1, "survey": None,
        "mail_template": None, "sms_template": None, "status": 1, "result": 0, "url_cancel": None,
        "url_confirm": None, "phonenumber_transfer": None, "phonenumber_sms_failure": None,
    }  # fmt: skip
    assert request == {
        "url": request["url"], "alarm": alarm["url"], "date": "2030-01-01T10:00:00Z", "status": 1, "callstatus": 0,
        "duration": 0, "callrequest": None, "created_date": request["created_date"],
    }  # fmt: skip


@holds("O-14")
@pytest.mark.parametrize(
    ("sent", "end", "recurs_until"),
    [
        ({"start": "2030-01-31T10:00:00Z"}, "2030-01-31T11:00:00Z", "2030-02-28T10:00:00Z"),
        ({"start": "2030-12-15T10:00:00Z"}, "2030-12-15T11:00:00Z", "2031-01-15T10:00:00Z"),
        ({"start": "2030-01-01T00:00Z", "end": "2030-01-01T00:01Z"}, "2030-01-01T00:01:00Z", "2030-02-01T00:00:00Z"),
        ({"start": "2030-01-01T00:00Z", "end_recurring_period": None}, "2030-01-01T01:00:00Z", None),
    ],
)  # fmt: skip
def test_an_event_ends_an_hour_and_recurs_a_month_after_its_start(
    planned: Planned, sent: dict[str, Any], end: str, recurs_until: str | None
) -> None:
    made = planned.post("event/", {**planned.new_event, **sent}).json

    assert (made["end"], made["end_recurring_period"]) == (end, recurs_until)


@holds("O-14")
def test_an_event_ends_after_its_start_however_it_is_moved(planned: Planned) -> None:
    path = f"event/{planned.mine.event.id}/"  # from ten to eleven

    assert wrong(planned, path, {"end": "2030-05-06 10:00"}) == {"end"}
    assert wrong(planned, path, {"start": "2030-05-06 11:00"}) == {"end"}
    assert planned.patch(path, {"start": "2030-05-06 11:00", "end": "2030-05-06 12:00"}).status_code == 200
    assert wrong(planned, "event/", {**planned.new_event, "end": "2001-01-01 00:00"}, "POST") == {"end"}


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"a": [1, None]}, {"a": [1, None]}), ('{"a": 1}', {"a": 1}), ("", None), (None, None), ([], []), (0, 0),
        ('"x"', "x"), (False, False), ({"naïve": "ü"}, {"naïve": "ü"}),
    ],
)  # fmt: skip
def test_the_data_of_an_event_is_any_json(planned: Planned, sent: Any, told: Any) -> None:
    made = planned.post("event/", {**planned.new_event, "data": sent})

    assert (made.status_code, made.json["data"]) == (201, told)
    assert planned.get(made.json["url"].removeprefix(f"{BASE}/")).json["data"] == told


@pytest.mark.parametrize("data", ["{", "text", '{"a": NaN}', "[" * 100_000, {"a": "x" * 100_000}])
def test_what_is_no_json_is_no_data(planned: Planned, data: Any) -> None:
    assert wrong(planned, "event/", {**planned.new_event, "data": data}, "POST") == {"data"}


@holds("wire: times of day")
@pytest.mark.parametrize(
    ("sent", "told"),
    [("07:30", "07:30:00"), ("07:30:15", "07:30:15"), ("23:59:59.5", "23:59:59.500000"), (" 00:00 ", "00:00:00")],
)  # fmt: skip
def test_a_time_of_day(planned: Planned, sent: str, told: str) -> None:
    path = f"alarm/{planned.mine.alarm.id}/"

    assert planned.patch(path, {"daily_start": sent}).json["daily_start"] == told
    for bad in ("24:00", "7", "07.30", 730, "07:30Z", "07:60", ""):
        assert wrong(planned, path, {"daily_start": bad}) == {"daily_start"}


@holds("O-15b", "codes: alarm.method", "codes: alarm.status", "codes: alarm.result")
def test_numbers_that_make_no_sense_are_refused(planned: Planned) -> None:
    alarm = f"alarm/{planned.mine.alarm.id}/"

    for field in ("maxretry", "retry_delay", "advance_notice", "num_attempt"):
        assert wrong(planned, alarm, {field: -1}) == {field}
    for field, most in (("method", 3), ("status", 5), ("result", 3)):
        assert planned.patch(alarm, {field: str(most)}).json[field] == most
        assert wrong(planned, alarm, {field: most + 1}) == wrong(planned, alarm, {field: "-1"}) == {field}
    assert wrong(planned, alarm, {"alarm_email": "nobody"}) == {"alarm_email"}
    profile = f"calendar-user-profile/{planned.mine.user.id}/"
    bad = {"accountcode": -1, "country": "India", "language": "eng", "company_website": "acme"}
    assert wrong(planned, profile, bad) == set(bad)
    good = {
        "accountcode": 2**40,
        "country": "IN",
        "language": "en",
        "company_website": "https://acme.example",
    }
    assert good.items() <= planned.patch(profile, good).json.items()


@holds("O-10", "calendar-setting: in use stays")
def test_a_setting_in_use_stays_and_another_one_goes(planned: Planned) -> None:
    spare = planned.post("calendar-setting/", planned.new_setting).json["url"].removeprefix(f"{BASE}/")

    kept = planned.delete(f"calendar-setting/{planned.mine.setting.id}/")

    assert (kept.status_code, list(kept.json)) == (409, ["detail"])
    assert planned.delete(spare).status_code == 204


def test_a_setting_names_a_zone_only_when_it_is_another_than_utc(planned: Planned) -> None:
    path = f"calendar-setting/{planned.mine.setting.id}/"

    assert "timezone" not in planned.get(path).json
    assert planned.patch(path, {"timezone": "Europe/Berlin"}).json["timezone"] == "Europe/Berlin"
    assert wrong(planned, path, {"timezone": "Mars/Base"}) == {"timezone"}
    assert CalendarSetting.get_by_id(planned.mine.setting.id).timezone == "Europe/Berlin"


@holds("O-12")
def test_a_superusers_calendar_may_be_nobodys(planned: Planned) -> None:
    made = planned.post("calendar/", {"name": "Nobody's"}, user="root")

    assert (made.status_code, made.json["user"]) == (201, None)
    assert planned.get("calendar/").json["count"] == 1


@holds("calendar-user: a profile with the first setting is made")
def test_a_new_calendar_user_can_log_in_and_has_the_first_setting(planned: Planned) -> None:
    CalendarSetting.create(
        user=planned.mine.manager, label="Later", survey=planned.mine.survey, aleg_gateway=planned.gateway
    )

    made = planned.post("calendar-user/", {"username": "nurse", "password": "one two three"})

    user = User.get(User.username == "nurse")
    profile = CalendarUserProfile.get(CalendarUserProfile.user == user)
    assert made.json["url"] == f"{BASE}/calendar-user/{user.id}/"
    assert (profile.manager_id, profile.calendar_setting_id) == (
        planned.mine.manager.id,
        planned.mine.setting.id,
    )
    assert "one two three" not in made.text + user.password
    assert Client().get("/rest-api/", user="nurse", password="one two three").status_code == 200
    assert [user.is_staff, user.is_manager, user.is_service] == [False, False, False]


@holds("O-11")
def test_nobody_is_told_a_password(planned: Planned) -> None:
    path = f"calendar-user/{planned.mine.user.id}/"

    for answer in (planned.get(path), planned.get("calendar-user/"), planned.get(path, user="root")):
        assert "password" not in answer.text


@holds("O-11")
def test_a_changed_password_is_hashed_and_ends_the_sessions_of_the_old(planned: Planned) -> None:
    user = planned.mine.user
    WebSession.open(user.id, user.password)

    for verb in ("PATCH", "PUT"):
        body = {"username": "doc", "password": f"new by {verb}"}
        answer = planned.ask(verb, f"calendar-user/{user.id}/", body)
        assert (answer.status_code, answer.json["password"]) == (200, "********")
        assert verb not in User.get_by_id(user.id).password
        assert Client().get("/rest-api/", user="doc", password=f"new by {verb}").status_code == 200
    assert Client().get("/rest-api/", user="doc", password=PASSWORD).status_code == 401
    assert WebSession.select().count() == 0


def test_a_username_is_ones_own(planned: Planned) -> None:
    for name in ("mona", "foe", "a b", "a:b", "", " ", "x" * 31):
        assert wrong(planned, "calendar-user/", {"username": name, "password": "x"}, "POST") == {"username"}
    assert wrong(planned, f"calendar-user/{planned.mine.user.id}/", {"username": "foe"}) == {"username"}
    assert planned.patch(f"calendar-user/{planned.mine.user.id}/", {"username": "doc"}).status_code == 200


@holds("calendar-user: without a setting 400 and nothing stored", "wire: cross-field errors under __all__")
def test_without_a_setting_there_is_no_calendar_user_and_nothing_is_left_behind(planned: Planned) -> None:
    people = User.select().count()

    body = {"username": "new", "password": "new"}

    assert wrong(planned, "calendar-user/", body, "POST", user="root") == {"__all__"}
    assert User.select().count() == people


@holds("calendar-user: calendar")
def test_a_calendar_user_tells_his_only_calendar(planned: Planned) -> None:
    path = f"calendar-user/{planned.mine.user.id}/"

    one = planned.get(path).json
    Calendar.create(name="Home", user=planned.mine.user)

    assert one == {
        "id": planned.mine.user.id, "username": "doc", "last_name": "", "first_name": "", "email": "",
        "calendar": {"name": "Work", "max_concurrent": 0},
    }  # fmt: skip
    assert planned.get(path).json["calendar"] == {}


@holds("wire: folding lists")
def test_folded_lists(planned: Planned) -> None:
    one = planned.get("calendar-user/").json
    assert one["url"] == f"{BASE}/calendar-user/{planned.mine.user.id}/"
    short = planned.get("calendar-user-profile/").json
    assert short["url"] == f"{BASE}/calendar-user-profile/{planned.mine.user.id}/", "of the user's id"
    assert short["calendar_setting"] == f"{BASE}/calendar-setting/{planned.mine.setting.id}/"
    planned.post("calendar-user/", {"username": "nurse", "password": "nurse"})
    assert [row["username"] for row in planned.get("calendar-user/").json] == ["doc", "nurse"]
    assert len(planned.get("calendar-user-profile/").json) == 2
    CalendarUserProfile.update(manager=planned.theirs.manager).execute()
    assert planned.get("calendar-user/").json == {"note": "no calendar-user found"}
    assert planned.get("calendar-user-profile/").json == {"note": "no calendar-user-profile found"}


@holds("calendar-user: deleting it takes all that is its")
def test_with_a_calendar_user_goes_all_that_is_his(planned: Planned) -> None:
    assert planned.delete(f"calendar-user/{planned.mine.user.id}/").status_code == 204

    left = [table.select().count() for table in (CalendarUserProfile, Calendar, Event, Alarm, AlarmRequest)]
    assert left == [1, 1, 1, 1, 1], "those of the other manager"
    assert User.get_or_none(User.username == "doc") is None


@holds("event: deleting it takes children, alarms and requests")
def test_with_a_calendar_go_its_events_and_with_an_event_its_occurrences(planned: Planned) -> None:
    mine = planned.mine
    facts = {"title": "Child", "start": mine.event.start, "end": mine.event.end, "creator": mine.user}
    child = Event.create(calendar=mine.calendar, parent_event=mine.event, **facts)
    Alarm.create(event=child)

    assert planned.delete(f"event/{mine.event.id}/").status_code == 204
    assert (Event.select().count(), Alarm.select().count(), AlarmRequest.select().count()) == (1, 1, 1)
    Event.create(calendar=mine.calendar, **facts)
    assert planned.delete(f"calendar/{mine.calendar.id}/").status_code == 204
    assert Event.select().count() == 1


@holds("visible: rule, sms-gateway, templates, content-type by all who may")
def test_rules_and_content_types_are_for_everyone_to_read(planned: Planned) -> None:
    rule = planned.get(f"rule/{planned.rule.id}/")

    assert rule.json == {
        "url": f"{BASE}/rule/{planned.rule.id}/", "name": "Daily", "description": "", "frequency": "DAILY",
        "params": None,
    }  # fmt: skip
    kinds = planned.get("content-type/").json
    assert kinds["results"][0].keys() == {"url", "name", "app_label", "model"}
    one = kinds["results"][-1]["url"].removeprefix(f"{BASE}/")
    assert planned.get(one).json == kinds["results"][-1]
    assert (
        planned.get("content-type/999/").status_code == planned.get("content-type/?page=2").status_code == 404
    )
    assert planned.get("content-type/", user="eve").status_code == 403
