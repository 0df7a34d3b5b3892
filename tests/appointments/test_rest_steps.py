"""The reference's work flow with the API, step by step: its bodies as it posts them, its answers as it prints them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from models.appointments.alarms import Alarm, AlarmRequest
from models.appointments.calendars import CalendarSetting
from models.appointments.callrequests import AlarmCall
from models.appointments.events import Event
from models.people.permissions import give
from tests.appointments.planned import BASE, Planned
from tests.conformance import holds

LIST, READ, ONE = "GET, POST, HEAD, OPTIONS", "GET, HEAD, OPTIONS", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{3})?Z")


def without_moments(row: dict[str, Any], *names: str) -> dict[str, Any]:
    """A row whose moments are known to be such."""
    assert all(MOMENT.fullmatch(row[name]) for name in names)
    return {name: value for name, value in row.items() if name not in names}


@holds(
    "step 1: a calendar setting is made", "step 1: the example's request and answer",
    "step 1: status and headers", "calendar user settings: caller id", "calendar user settings: timeout",
)  # fmt: skip
def test_1_a_calendar_setting_is_made(planned: Planned) -> None:
    survey, gateway, sms = planned.mine.survey.id, planned.gateway.id, planned.sms.id
    there = "http://127.0.0.1:8000/rest-api"

    answer = planned.post(
        "calendar-setting/",
        {
            "label": "cal_setting", "callerid": "123456", "caller_name": "xyz", "user": f"{there}/user/2/",
            "survey": f"{there}/sealed-survey/{survey}/", "aleg_gateway": f"{there}/gateway/{gateway}/",
            "sms_gateway": f"{there}/sms-gateway/{sms}/",
        },
    )  # fmt: skip

    url = f"{BASE}/calendar-setting/{CalendarSetting.select().order_by(-CalendarSetting.id).get().id}/"
    assert (answer.status_code, answer.headers["location"], answer.headers["allow"]) == (201, url, LIST)
    assert without_moments(answer.json, "created_date", "updated_date") == {
        "user": "mona", "sms_gateway": f"{BASE}/sms-gateway/{sms}/", "url": url, "label": "cal_setting",
        "callerid": "123456", "caller_name": "xyz", "call_timeout": 60, "survey": f"{BASE}/sealed-survey/{survey}/",
        "aleg_gateway": f"{BASE}/gateway/{gateway}/", "voicemail": False, "amd_behavior": 1,
        "voicemail_audiofile": None,
    }  # fmt: skip


@holds(
    "step 2: a calendar user is made", "step 2: the example's request and answer",
    "step 2: status and headers", "O-11",
)  # fmt: skip
def test_2_a_calendar_user_is_made(planned: Planned) -> None:
    sent = {"username": "caluser3", "password": "caluser3", "email": "caluser3@gmail.com"}

    answer = planned.post("calendar-user/", sent)

    url = answer.json["url"]
    assert (answer.status_code, answer.headers["location"], answer.headers["allow"]) == (201, url, LIST)
    assert re.fullmatch(rf"{BASE}/calendar-user/[0-9]+/", url)
    assert answer.json == {
        "url": url, "username": "caluser3", "password": "********", "last_name": "", "first_name": "",
        "email": "caluser3@gmail.com", "groups": [],
    }  # fmt: skip


@holds(
    "step 3: a profile is changed", "step 3: the example's request and answer", "step 3: status and headers",
    "wire: profiles have integer ids", "calendar-user-profile: the path is the user's id",
)  # fmt: skip
def test_3_his_profile_is_changed(planned: Planned) -> None:
    mine = planned.mine

    answer = planned.patch(
        f"calendar-user-profile/{mine.user.id}/",
        {"accountcode": "35365532", "calendar_setting": f"{mine.setting.id}"},
    )

    assert (answer.status_code, answer.headers["allow"]) == (200, ONE)
    nothing = dict.fromkeys(
        ("address", "city", "state", "zip_code", "phone_no", "fax", "company_name", "company_website",
         "language", "note"),
    )  # fmt: skip
    assert without_moments(answer.json, "created_date", "updated_date") == {
        "manager": "mona", "id": mine.profile.id, "user": mine.user.id, **nothing, "country": "",
        "accountcode": 35365532, "calendar_setting": mine.setting.id,
    }  # fmt: skip


@holds(
    "step 4: a calendar is made", "step 4: the example's request and answer", "step 4: status and headers",
    "wire: 201 with body and Location",
)  # fmt: skip
def test_4_a_calendar_is_made(planned: Planned) -> None:
    user_id = planned.mine.user.id
    user = f"http://127.0.0.1:8000/rest-api/calendar-user/{user_id}/"

    answer = planned.post("calendar/", {"name": "mynewcalendar", "max_concurrent": "1", "user": user})

    url = answer.json["url"]
    assert (answer.status_code, answer.headers["location"], answer.headers["allow"]) == (201, url, LIST)
    assert without_moments(answer.json, "created_date") == {
        "url": url, "name": "mynewcalendar", "user": f"{BASE}/calendar-user/{user_id}/", "max_concurrent": 1,
    }  # fmt: skip


@holds(
    "step 5: an event is made", "step 5: the example's request and answer", "step 5: status and headers",
    "event: happens at a time, for a while, in a calendar",
)  # fmt: skip
def test_5_an_event_is_made(planned: Planned) -> None:
    there, user, calendar = "http://127.0.0.1:8000/rest-api", planned.mine.user.id, planned.mine.calendar.id

    answer = planned.post(
        "event/",
        {
            "title": "event_with_new_title", "start": "2013-12-10 12:34:43", "end": "2013-12-15 14:43:32",
            "creator": f"{there}/calendar-user/{user}/", "end_recurring_period": "2013-12-27 12:23:34",
            "calendar": f"{there}/calendar/{calendar}/", "status": "1",
        },
    )  # fmt: skip

    url = answer.json["url"]
    assert (answer.status_code, answer.headers["location"], answer.headers["allow"]) == (201, url, LIST)
    assert without_moments(answer.json, "created_on") == {
        "url": url, "title": "event_with_new_title", "description": None, "start": "2013-12-10T12:34:43",
        "end": "2013-12-15T14:43:32", "creator": f"{BASE}/calendar-user/{user}/",
        "end_recurring_period": "2013-12-27T12:23:34", "rule": None, "calendar": f"{BASE}/calendar/{calendar}/",
        "notify_count": 0, "status": 1, "data": None, "parent_event": None, "occ_count": 0,
    }  # fmt: skip
    assert planned.get(url.removeprefix(f"{BASE}/")).json["start"] == "2013-12-10T12:34:43Z"


def occurrence(planned: Planned, day: int, **more: Any) -> Event:
    """One more occurrence of mona's event."""
    start = datetime(2013, 12, day, 16, 26, 7, tzinfo=UTC)
    facts = {
        "title": "EventTitle",
        "description": "",
        "parent_event": planned.mine.event,
        "created_on": start,
    }
    facts |= {"creator": planned.mine.user, "calendar": planned.mine.calendar}
    return Event.create(start=start, end=start + timedelta(hours=1), **{**facts, **more})  # type: ignore[no-any-return]  # Peewee is untyped


@holds(
    "step 6: children are listed", "step 6: the example's request and answer", "step 6: status and headers",
    "event: get_list_child", "wire: dates of sub-routes are text", "wire: folding lists",
)  # fmt: skip
def test_6_the_children_of_an_event_are_listed(planned: Planned) -> None:
    path = f"event/{planned.mine.event.id}/get_list_child/"
    none = planned.get(path)
    child = occurrence(planned, 17)
    one = planned.get(path)
    second = occurrence(planned, 18, title="Later")
    occurrence(planned, 16, title="Earlier")

    assert none.json == {"note": "no child event found"}
    assert (one.status_code, one.headers["allow"]) == (200, READ)
    assert one.json == {
        "url": f"{BASE}/event/{child.id}/", "start": "2013-12-17 16:26:07+00:00", "end": "2013-12-17 17:26:07+00:00",
        "description": "", "title": "EventTitle",
    }  # fmt: skip
    assert [row["title"] for row in planned.get(path).json] == ["Earlier", "EventTitle", "Later"]
    second.start += timedelta(microseconds=5)
    second.save()
    assert planned.get(path).json[2]["start"] == "2013-12-18 16:26:07.000005+00:00"


@holds(
    "step 7: the last child is paused", "step 7: the example's request and answer",
    "step 7: status and headers", "event: update_last_child_status",
)  # fmt: skip
def test_7_the_last_child_is_paused(planned: Planned) -> None:
    path = f"event/{planned.mine.event.id}/update_last_child_status/"
    nothing_yet = planned.patch(path, {"status": "3"})
    last, earlier = occurrence(planned, 18), occurrence(planned, 17)

    answer = planned.patch(path, {"status": "3"})

    assert (answer.status_code, answer.headers["allow"]) == (200, "PATCH, OPTIONS")
    assert answer.json == nothing_yet.json == {"status": "event status has been updated"}
    status = {row.id: row.status for row in Event.select()}
    assert (status[last.id], status[earlier.id], status[planned.mine.event.id]) == (3, 1, 1)
    for body in ({}, {"status": "x"}, {"status": 9}, {"status": None}):
        refused = planned.patch(path, body)
        assert (refused.status_code, list(refused.json)) == (400, ["status"])
    assert planned.get(path).status_code == 405


@holds(
    "step 8: the nested log", "step 8: the example's request and answer", "step 8: status and headers",
    "alarm-request: get_nested_alarm_request", "O-16",
)  # fmt: skip
def test_8_the_log_of_an_event_is_nested(planned: Planned) -> None:
    mine = planned.mine
    alarm = Alarm.create(event=occurrence(planned, 17))
    call = AlarmCall.create(user=mine.manager, phone_number="+1", content_type="survey", object_id=1)
    asked = datetime(2013, 12, 18, 17, 19, 23, 368534, tzinfo=UTC)
    first = AlarmRequest.create(alarm=alarm, date=asked, status=4, callrequest=call)
    second = AlarmRequest.create(alarm=alarm, date=asked.replace(microsecond=0), status=5, duration=13)

    answer = planned.get(f"alarm-request/{mine.event.id}/get_nested_alarm_request/")

    assert (answer.status_code, answer.headers["allow"]) == (200, READ)
    assert answer.json["event-url"] == f"{BASE}/event/{mine.event.id}/"
    alarms = answer.json[f"event-{mine.event.id}"]
    assert alarms.keys() == {f"alarm-{mine.alarm.id}", f"alarm-{alarm.id}"}, "its own alarm too"
    assert alarms[f"alarm-{alarm.id}"] == {
        "url": f"{BASE}/alarm/{alarm.id}/",
        f"alarm-request-{first.id}": {
            "status": "4", "url": f"{BASE}/alarm-request/{first.id}/", "duration": "0", "callstatus": "0",
            "alarm-callrequest": f"{BASE}/callrequest/{call.id}/", "date": "2013-12-18 17:19:23.368534+00:00",
        },
        f"alarm-request-{second.id}": {
            "status": "5", "url": f"{BASE}/alarm-request/{second.id}/", "duration": "13", "callstatus": "0",
            "alarm-callrequest": None, "date": "2013-12-18 17:19:23+00:00",
        },
    }  # fmt: skip


@holds("alarm-request: no event of one's own is 200 with error")
def test_what_is_no_event_of_ones_own_has_no_log(planned: Planned) -> None:
    for event in (planned.theirs.event.id, 999, "x", "1.5", "9" * 19, "9" * 40):
        answer = planned.get(f"alarm-request/{event}/get_nested_alarm_request/")
        assert (answer.status_code, answer.json) == (200, {"error": "event id is not valid"})


@holds("event: get_list_alarm")
def test_the_alarms_of_an_event_are_listed_as_texts(planned: Planned) -> None:
    mine = planned.mine
    path = f"event/{mine.event.id}/get_list_alarm/"

    one = planned.get(path).json
    Alarm.create(event=mine.event)
    several = planned.get(path).json
    Alarm.delete().execute()

    assert re.fullmatch(r"[0-9-]{10} [0-9:.]{8,15}\+00:00", one.pop("created_date"))
    assert one == {
        "url": f"{BASE}/alarm/{mine.alarm.id}/", "title": "Check-up", "phonenumber": "+15550100",
        "daily_start": "00:00:00", "daily_stop": "23:59:59", "advance_notice": "0", "maxretry": "0",
        "retry_delay": "0", "num_attempt": "0", "method": "1", "status": "1", "result": "0",
    }  # fmt: skip
    assert [row["phonenumber"] for row in several] == ["+15550100", None]
    assert planned.get(path).json == {"note": "no child alarm found"}


@holds("event: get_list_alarm")
def test_the_numbers_of_an_events_alarms_are_masked_for_who_may_not_view_alarms(planned: Planned) -> None:
    path, doctor = f"event/{planned.mine.event.id}/get_list_alarm/", planned.mine.user.id
    Alarm.create(event=planned.mine.event)

    give(doctor, ["view_event"])
    masked = [row["phonenumber"] for row in planned.get(path, user="doc").json]
    give(doctor, ["view_alarm"])
    told = [row["phonenumber"] for row in planned.get(path, user="doc").json]

    assert (masked, told) == (["hidden", None], ["+15550100", None])
