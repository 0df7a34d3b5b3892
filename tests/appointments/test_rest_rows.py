"""Whole rows of each resource, field by field: what can be written comes back as it was, and nothing else changes."""

import re
from typing import Any

from models.appointments.alarms import AlarmRequest
from models.appointments.callrequests import AlarmCall
from models.appointments.events import Event
from models.appointments.templates import MailTemplate, SmsTemplate
from tests.appointments.planned import BASE, Planned
from tests.conformance import holds

MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{3})?Z")
ELSEWHERE = "https://elsewhere.example/row/1/"  # what nobody can write


def written(planned: Planned, path: str, row: dict[str, Any], read_only: dict[str, Any]) -> dict[str, Any]:
    """What stands there after all of a row was sent, the fields that cannot be written with it; moments are checked."""
    made = planned.post(path, {**dict.fromkeys(read_only, ELSEWHERE), **row})
    assert made.status_code == 201, made.text
    found: dict[str, Any] = planned.get(made.json["url"].removeprefix(f"{BASE}/")).json
    assert found["url"] == made.json["url"] == made.headers["location"]
    for name, value in read_only.items():
        if value is MOMENT:
            assert MOMENT.fullmatch(found.pop(name)), name
    return found


def url(name: str, row: Any) -> str:
    return f"{BASE}/{name}/{row.id}/"


@holds(
    "calendar-setting: url", "calendar-setting: user", "calendar-setting: label", "calendar-setting: callerid",
    "calendar-setting: caller_name", "calendar-setting: call_timeout", "calendar-setting: survey",
    "calendar-setting: aleg_gateway", "calendar-setting: sms_gateway", "calendar-setting: voicemail",
    "calendar-setting: amd_behavior", "calendar-setting: voicemail_audiofile", "calendar-setting: created_date",
    "calendar-setting: updated_date", "codes: amd_behavior", "calendar user settings: answering machines",
    "calendar user settings: gateways of calls and SMS", "calendar user settings: the IVR application",
)  # fmt: skip
def test_a_calendar_setting(planned: Planned) -> None:
    mine = planned.mine
    row = {
        "label": "cal_setting", "callerid": "123456", "caller_name": "xyz", "call_timeout": 45,
        "survey": url("sealed-survey", mine.survey), "aleg_gateway": url("gateway", planned.gateway),
        "sms_gateway": url("sms-gateway", planned.sms), "voicemail": True, "amd_behavior": 3,
        "voicemail_audiofile": url("audio-files", mine.audio),
    }  # fmt: skip
    set_by_us = {"url": ELSEWHERE, "user": ELSEWHERE, "created_date": MOMENT, "updated_date": MOMENT}

    found = written(planned, "calendar-setting/", row, set_by_us)

    assert found == {**row, "url": found["url"], "user": "mona"}
    least = planned.post("calendar-setting/", planned.new_setting).json
    kept = {name: least[name] for name in row if name not in planned.new_setting}
    assert kept == {
        "callerid": None, "caller_name": "", "call_timeout": 60, "sms_gateway": None, "voicemail": False,
        "amd_behavior": 1, "voicemail_audiofile": None,
    }  # fmt: skip
    refused = planned.post(
        "calendar-setting/", {**planned.new_setting, "amd_behavior": 4, "call_timeout": "x"}
    )
    assert refused.json.keys() == {"amd_behavior", "call_timeout"}


@holds(
    "calendar-user: url", "calendar-user: username", "calendar-user: password", "calendar-user: email",
    "calendar-user: first_name", "calendar-user: last_name", "calendar-user: groups", "calendar-user: calendar",
)  # fmt: skip
def test_a_calendar_user(planned: Planned) -> None:
    row = {"username": "caluser.3+x@y_z-0", "email": "c@gmail.com", "first_name": "Cal", "last_name": "User"}

    made = planned.post(
        "calendar-user/", {**row, "password": "caluser3", "groups": [1], "calendar": "x"}
    ).json
    found = planned.get(made["url"].removeprefix(f"{BASE}/")).json

    assert made == {**row, "url": made["url"], "password": "********", "groups": []}
    assert found == {**row, "id": int(made["url"].split("/")[-2]), "calendar": {}}
    for wrong in ({"email": "nobody"}, {"username": "a b"}, {"password": ""}, {"username": "mona"}):
        assert planned.post("calendar-user/", {**row, "password": "x", **wrong}).json.keys() >= wrong.keys()
    least = planned.post("calendar-user/", {"username": "least", "password": "x"}).json
    assert [least[name] for name in ("email", "first_name", "last_name")] == ["", "", ""]


@holds(
    "calendar-user-profile: manager", "calendar-user-profile: id", "calendar-user-profile: user",
    "calendar-user-profile: address", "calendar-user-profile: city", "calendar-user-profile: state",
    "calendar-user-profile: country", "calendar-user-profile: zip_code", "calendar-user-profile: phone_no",
    "calendar-user-profile: fax", "calendar-user-profile: company_name", "calendar-user-profile: company_website",
    "calendar-user-profile: language", "calendar-user-profile: note", "calendar-user-profile: accountcode",
    "calendar-user-profile: created_date", "calendar-user-profile: updated_date",
    "calendar-user-profile: calendar_setting", "calendar-user-profile: the list's reduced fields",
)  # fmt: skip
def test_a_calendar_users_profile(planned: Planned) -> None:
    mine = planned.mine
    path = f"calendar-user-profile/{mine.user.id}/"
    listed = {
        "address": "1 High Street", "city": "Cape Town", "state": "WC", "zip_code": "8001",
        "phone_no": "+27215550100", "fax": "+27215550101", "company_name": "Acme",
        "company_website": "https://acme.example", "accountcode": 35365532,
    }  # fmt: skip
    row = {**listed, "country": "ZA", "language": "af", "note": "By the sea"}

    answer = planned.patch(
        path, {**row, "manager": "fred", "id": 99, "calendar_setting": str(mine.setting.id)}
    ).json
    moments = [answer.pop(name) for name in ("created_date", "updated_date")]
    short = planned.get("calendar-user-profile/").json

    assert all(MOMENT.fullmatch(moment) for moment in moments)
    set_by_us = {"manager": "mona", "id": mine.profile.id}
    assert answer == {**row, **set_by_us, "user": mine.user.id, "calendar_setting": mine.setting.id}
    assert {name: planned.get(path).json[name] for name in answer} == answer
    setting = url("calendar-setting", mine.setting)
    assert short == {**listed, **set_by_us, "url": f"{BASE}/{path}", "calendar_setting": setting}


@holds(
    "calendar: url", "calendar: name", "calendar: user", "calendar: max_concurrent", "calendar: created_date"
)
@holds("calendar: groups events", "case: several calendars of one user")
def test_a_calendar_and_another_one_of_the_same_user(planned: Planned) -> None:
    user = url("calendar-user", planned.mine.user)

    for name, limit in (("Birthdays", 3), ("Meetings", None)):
        row = {"name": name, "user": user, "max_concurrent": limit}
        found = written(planned, "calendar/", row, {"url": ELSEWHERE, "created_date": MOMENT})
        assert found == {**row, "url": found["url"]}
        event = {**planned.new_event, "title": f"Of {name}", "calendar": found["url"]}
        assert planned.post("event/", event).json["calendar"] == found["url"]
        listed = planned.get(f"event/?calendar={found['url'].split('/')[-2]}").json["results"]
        assert [one["title"] for one in listed] == [f"Of {name}"]
    assert planned.post("calendar/", {"name": "Plain", "user": user}).json["max_concurrent"] == 0
    assert planned.post("calendar/", {"name": " ", "user": user}).json.keys() == {"name"}
    assert planned.get("calendar/").json["count"] == 4


@holds(
    "event: url", "event: title", "event: description", "event: start", "event: end", "event: creator",
    "event: created_on", "event: end_recurring_period", "event: rule", "event: calendar", "event: notify_count",
    "event: status", "event: data", "event: parent_event", "event: occ_count", "codes: event.status",
)  # fmt: skip
def test_an_event(planned: Planned) -> None:
    mine = planned.mine
    row = {
        "title": "Check-up", "description": "Bring papers", "start": "2031-01-02T10:00:00Z",
        "end": "2031-01-02T11:30:00Z",
        "creator": url("calendar-user", mine.user), "created_on": "2030-01-01T00:00:00Z",
        "end_recurring_period": "2032-01-01T00:00:00Z", "rule": url("rule", planned.rule),
        "calendar": url("calendar", mine.calendar), "notify_count": 3, "data": {"doc_name": "Who"},
        "parent_event": url("event", mine.event), "occ_count": 7,
    }  # fmt: skip

    for status in (1, 2, 3):
        found = written(planned, "event/", {**row, "status": status}, {"url": ELSEWHERE})
        assert found == {**row, "status": status, "url": found["url"]}
    for status in (0, 4):
        assert planned.post("event/", {**row, "status": status}).json.keys() == {"status"}
    assert Event.select().where(Event.produced).count() == 0, "nobody but the dispatcher makes occurrences"


@holds(
    "alarm: url", "alarm: event", "alarm: alarm_phonenumber", "alarm: alarm_email", "alarm: daily_start",
    "alarm: daily_stop", "alarm: advance_notice", "alarm: maxretry", "alarm: retry_delay", "alarm: num_attempt",
    "alarm: method", "alarm: survey", "alarm: mail_template", "alarm: sms_template", "alarm: date_start_notice",
    "alarm: status", "alarm: result", "alarm: url_cancel", "alarm: url_confirm", "alarm: phonenumber_transfer",
    "alarm: phonenumber_sms_failure", "alarm: created_date", "codes: alarm.method", "codes: alarm.status",
    "codes: alarm.result",
)  # fmt: skip
def test_an_alarm(planned: Planned) -> None:
    mine = planned.mine
    sms = SmsTemplate.create(label="Text", template_key="t", sms_text="Come")
    mail = MailTemplate.create(label="Mail", template_key="m", subject="Come")
    row = {
        "event": url("event", mine.event), "alarm_phonenumber": "+15550123", "alarm_email": "a@example.org",
        "daily_start": "22:00:00", "daily_stop": "06:30:00", "advance_notice": 86400, "maxretry": 2, "retry_delay": 90,
        "num_attempt": 1, "survey": url("sealed-survey", mine.survey), "mail_template": url("mail-template", mail),
        "sms_template": url("sms-template", sms), "date_start_notice": "2031-01-02T10:00:00Z",
        "url_cancel": "https://example.org/no", "url_confirm": "https://example.org/yes",
        "phonenumber_transfer": "+15550124", "phonenumber_sms_failure": "+15550125",
    }  # fmt: skip

    for method, status, result in ((1, 1, 0), (2, 2, 1), (3, 3, 2), (1, 4, 3), (1, 5, None)):
        codes = {"method": method, "status": status, "result": result}
        found = written(planned, "alarm/", {**row, **codes}, {"url": ELSEWHERE, "created_date": MOMENT})
        assert found == {**row, **codes, "url": found["url"]}
    codes = {"method": 4, "status": 6, "result": 4}
    assert planned.post("alarm/", {**row, **codes}).json.keys() == codes.keys()


@holds(
    "alarm-request: url", "alarm-request: alarm", "alarm-request: date", "alarm-request: status",
    "alarm-request: callstatus", "alarm-request: duration", "alarm-request: callrequest",
    "alarm-request: created_date", "codes: alarm-request.status",
)  # fmt: skip
def test_an_alarm_request(planned: Planned) -> None:
    mine = planned.mine
    call = AlarmCall.create(user=mine.manager, phone_number="+1", content_type="survey", object_id=1)
    row = {
        "alarm": url("alarm", mine.alarm), "date": "2031-01-02T10:00:00Z", "callstatus": 17, "duration": 13,
        "callrequest": url("callrequest", call),
    }  # fmt: skip

    for status in (1, 2, 3, 4, 5):
        set_by_us = {"url": ELSEWHERE, "created_date": MOMENT}
        found = written(planned, "alarm-request/", {**row, "status": status}, set_by_us)
        assert found == {**row, "status": status, "url": found["url"]}
    assert planned.post("alarm-request/", {**row, "status": 6}).json.keys() == {"status"}
    assert AlarmRequest.select().where(AlarmRequest.attempt.is_null(False)).count() == 0


@holds(
    "users: url", "users: username", "users: last_name", "users: first_name", "users: email", "users: groups"
)
def test_a_user(planned: Planned) -> None:
    manager = planned.mine.manager
    manager.first_name, manager.last_name, manager.email = "Mona", "Berg", "mona@example.org"
    manager.save()

    assert planned.get(f"users/{manager.id}/").json == {
        "url": url("users", manager), "username": "mona", "last_name": "Berg", "first_name": "Mona",
        "email": "mona@example.org", "groups": [],
    }  # fmt: skip


@holds("content-type: url", "content-type: name", "content-type: app_label", "content-type: model")
def test_a_content_type(planned: Planned) -> None:
    rows = planned.get("content-type/").json["results"]
    (survey,) = [row for row in rows if row["model"] == "survey"]

    assert survey.keys() == {"url", "name", "app_label", "model"}
    assert (survey["name"], survey["app_label"]) == ("survey", "survey")
    assert planned.get(survey["url"].removeprefix(f"{BASE}/")).json == survey
