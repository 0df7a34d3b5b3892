"""What is said of clocks on `/rest-api`: zones of settings and of who is told, and quiet hours."""

from typing import Any

import pytest

from models.appointments.alarms import Alarm
from models.appointments.calendars import CalendarSetting
from tests.appointments.planned import Planned

UNKNOWN = ["Write an IANA name, like Europe/Berlin."]


def setting_of(planned: Planned) -> tuple[str, Any]:
    return f"calendar-setting/{planned.mine.setting.id}/", planned.mine.setting


def test_an_alarm_says_in_which_zone_its_recipient_is(planned: Planned) -> None:
    path = f"alarm/{planned.mine.alarm.id}/"

    assert "recipient_timezone" not in planned.get(path).json
    assert (
        planned.patch(path, {"recipient_timezone": "Asia/Kolkata"}).json["recipient_timezone"]
        == "Asia/Kolkata"
    )
    assert planned.get(path).json["recipient_timezone"] == "Asia/Kolkata"
    assert "recipient_timezone" not in planned.patch(path, {"recipient_timezone": None}).json
    planned.patch(path, {"recipient_timezone": "Asia/Kolkata"})
    assert "recipient_timezone" not in planned.patch(path, {"recipient_timezone": ""}).json
    assert Alarm.get_by_id(planned.mine.alarm.id).recipient_timezone is None


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "europe/berlin", "localtime", "../Berlin", 5, ["UTC"], {}, True]
)
def test_a_zone_is_one_of_the_tz_database(planned: Planned, zone: Any) -> None:
    for path, field in (
        (f"alarm/{planned.mine.alarm.id}/", "recipient_timezone"),
        (setting_of(planned)[0], "timezone"),
    ):
        answer = planned.patch(path, {field: zone})
        assert (answer.status_code, answer.json) == (400, {field: UNKNOWN})


def test_a_setting_has_a_zone_always(planned: Planned) -> None:
    path, _ = setting_of(planned)

    assert set(planned.patch(path, {"timezone": None}).json) == {"timezone"}
    assert set(planned.patch(path, {"timezone": ""}).json) == {"timezone"}


def test_quiet_hours_are_told_once_they_are_said(planned: Planned) -> None:
    path, setting = setting_of(planned)
    hours = {"quiet_start": "21:00", "quiet_stop": "08:00:00.5"}

    assert not {"quiet_start", "quiet_stop"} & set(planned.get(path).json)
    told = planned.patch(path, hours).json
    assert (told["quiet_start"], told["quiet_stop"]) == ("21:00:00", "08:00:00.500000")
    assert CalendarSetting.get_by_id(setting.id).quiet_start == "21:00:00"
    gone = planned.patch(path, dict.fromkeys(hours)).json
    assert not {"quiet_start", "quiet_stop"} & set(gone)


@pytest.mark.parametrize(
    ("kept", "sent", "wrong"),
    [
        ({}, {"quiet_start": "21:00"}, "quiet_stop"),
        ({}, {"quiet_stop": "08:00"}, "quiet_start"),
        ({"quiet_start": "21:00", "quiet_stop": "08:00"}, {"quiet_stop": None}, "quiet_stop"),
        ({"quiet_start": "21:00", "quiet_stop": "08:00"}, {"quiet_stop": "21:00:00"}, "quiet_stop"),
        ({}, {"quiet_start": "21:00", "quiet_stop": "21:00:00.7"}, "quiet_stop"),
        ({}, {"quiet_start": "9 pm", "quiet_stop": "08:00"}, "quiet_start"),
        ({}, {"quiet_start": "25:00", "quiet_stop": "08:00"}, "quiet_start"),
    ],
)
def test_quiet_hours_have_two_different_ends(
    planned: Planned, kept: dict[str, str], sent: dict[str, Any], wrong: str
) -> None:
    path, setting = setting_of(planned)
    CalendarSetting.update(**{"quiet_start": None, "quiet_stop": None, **kept}).where(
        CalendarSetting.id == setting.id
    ).execute()

    answer = planned.patch(path, sent)

    assert answer.status_code == 400
    assert wrong in answer.json


def test_a_new_setting_is_made_with_its_quiet_hours(planned: Planned) -> None:
    hours = {"quiet_start": "22:00:00", "quiet_stop": "07:30:00", "timezone": "Europe/Berlin"}

    made = planned.post("calendar-setting/", planned.new_setting | hours)

    assert made.status_code == 201
    assert {name: made.json[name] for name in hours} == hours
