"""`trunkline person` for calendar users and their managers: told all that is held about them, and erased."""

import json
from dataclasses import replace
from typing import Any

import pytest

from models import donotcall, events, keeping, settings
from models.appointments.alarms import FAILURE, SUCCESS, Alarm, AlarmRequest
from models.appointments.calendars import Calendar, CalendarSetting
from models.appointments.callrequests import ABORT, AlarmCall
from models.appointments.events import PAUSED, Event
from models.appointments.gateways import GatewayUser
from models.appointments.surveys import AudioFile, SealedSurvey, SurveyResult
from models.appointments.surveys.sealing import seal
from models.appointments.users import CalendarUserProfile
from models.database import transaction
from models.deliveries import Ring, Text
from models.donotcall import DoNotCall
from models.ledger import LedgerRow
from models.numbers import PhoneNumber
from models.people import User
from models.people.permissions import Permission, give
from models.people.rest_tokens import RestToken
from models.receipts import Receipt
from tests.appointments.planned import AT, Planned, Side
from tests.appointments.surveys import nodes, written
from tests.console.conftest import Type
from tests.console.test_privacy import dump
from tests.house import MENTOR, NUMBERS, Carrier, Client, Staff, run_due

HIS, THEIRS = ("walrus", "3125557101"), ("heron", "3125557202")


@pytest.fixture(autouse=True)
def key(home: settings.Settings) -> None:
    settings.use(replace(settings.current(), secret_key="a key of the tests"))


@pytest.fixture
def planned(client: Client) -> Planned:
    world = Planned(client)
    _life(world.mine, *HIS)
    _life(world.theirs, *THEIRS)
    return world


def _life(side: Side, mark: str, number: str) -> None:
    """A calendar user as he may have been: everything there is of him holds something unmistakable."""
    words, phone, mail = f"the {mark} sings", f"+1{number}", f"{mark}@quux.example"
    User.update(username=mark, first_name=words, last_name=words, email=mail).where(
        User.id == side.user.id
    ).execute()
    profile = dict.fromkeys(
        ("address", "city", "state", "zip_code", "fax", "company_name", "company_website", "note"), words
    )
    CalendarUserProfile.update(**profile, phone_no=phone, country="GL", language="kl", accountcode=7).where(
        CalendarUserProfile.id == side.profile.id
    ).execute()
    RestToken.issue(side.user)
    give(side.user.id, ["view_alarm"])
    Calendar.update(name=words).where(Calendar.id == side.calendar.id).execute()
    Event.update(title=words, description=words, data=json.dumps({"doc": words})).where(
        Event.id == side.event.id
    ).execute()
    reached = {
        "alarm_phonenumber": phone, "alarm_email": mail, "phonenumber_transfer": phone,
        "phonenumber_sms_failure": phone, "url_cancel": f"https://{mail}/", "url_confirm": f"https://{mail}/",
    }  # fmt: skip
    Alarm.update(**reached).where(Alarm.id == side.alarm.id).execute()
    Alarm.create(event=side.event, date_start_notice=AT, status=SUCCESS, **reached)
    _rung(side, words, phone)


def _rung(side: Side, words: str, phone: str) -> None:
    """A call of his alarm that is still to be made, of one that was made: an answer, a text, a report."""
    call = AlarmCall.create(
        user=side.manager, phone_number=phone, content_type="survey", object_id=side.survey.id, callerid=phone,
        caller_name=words, extra_data=words, extra_dial_string=words, result=words, alarm_request_id=side.request.id,
    )  # fmt: skip
    AlarmRequest.update(callrequest=call).where(AlarmRequest.id == side.request.id).execute()
    survey = seal(written(side.manager, {"question": "Who?"}).id)
    SurveyResult.create(callrequest=call, section=nodes(survey)[0], response=words, record_file=words)
    asked = {"origin": "alarm_request", "origin_id": side.request.id, "to": PhoneNumber.parse(phone)}
    with transaction():
        ring = Ring.create(
            reference=f"alarm:{side.alarm.id}:2", callerid=phone, said=json.dumps([words]), **asked
        )
        events.emit("ring.requested", ring_id=ring.id)
        before = Ring.create(
            reference=f"alarm:{side.alarm.id}:1", status="failed", cause=f"{phone} was busy", **asked
        )
        text = Text.create(
            reference=f"{before.reference}:text:1:1", origin="survey", origin_id=before.id,
            to=PhoneNumber.parse(phone), body=words,
        )  # fmt: skip
        events.emit("text.requested", text_id=text.id)
        Receipt.keep("simulator", json.dumps({"type": "ring.ended", "to": phone}).encode()).settle(
            "done", about=before.reference
        )


def left(mark: str, number: str) -> list[str]:
    """Where in the database something of him, or of whom his alarms told, still stands."""
    return [line[:200] for line in dump().splitlines() if mark in line or number in line]


def counts() -> list[int]:
    """How much has happened."""
    return [
        table.select().count()
        for table in (Calendar, Event, Alarm, AlarmRequest, AlarmCall, SurveyResult, Ring)
    ]


@pytest.mark.parametrize("name", ["username", "id"])
def test_nothing_of_a_calendar_user_erased_is_left_in_any_table_but_that_it_happened(
    door: Type, planned: Planned, carrier: Carrier, name: str
) -> None:
    LedgerRow.create(
        name="dispatch_event", queue="records", args=json.dumps({"event_id": planned.mine.event.id}), state="dead",
        error=f"could not dispatch {HIS[0]}", due_at=AT,
    )  # fmt: skip
    before, others = counts(), left(*THEIRS)
    assert left(*HIS)

    done = door("person", "erase", HIS[0] if name == "username" else f"user:{planned.mine.user.id}", "--yes")

    assert done.exit_code == 0, done.output
    assert left(*HIS) == []
    assert counts() == before
    assert left(*THEIRS) == others
    profile = CalendarUserProfile.get_by_id(planned.mine.profile.id)
    assert (profile.country, profile.language, profile.accountcode) == ("", None, None)
    for table in (RestToken, Permission):
        assert table.select().where(table.user == planned.mine.user.id).count() == 0
    user = User.get_by_id(planned.mine.user.id)
    assert (user.username, user.is_active) == (f"erased:user:{user.id}", False)


def test_alarms_to_come_fail_without_a_call_or_a_text(door: Type, planned: Planned, carrier: Carrier) -> None:
    door("person", "erase", HIS[0], "--yes")
    run_due()

    alarms = Alarm.select().where(Alarm.event == planned.mine.event.id).order_by(Alarm.id)
    assert [(alarm.status, alarm.cause) for alarm in alarms] == [(FAILURE, "erased"), (SUCCESS, None)]
    assert AlarmRequest.get_by_id(planned.mine.request.id).status == FAILURE
    assert AlarmCall.get(AlarmCall.alarm_request_id == planned.mine.request.id).status == ABORT
    assert Event.get_by_id(planned.mine.event.id).status == PAUSED
    his = Ring.select().where(Ring.origin_id == planned.mine.request.id).order_by(Ring.id)
    assert [ring.status for ring in his] == ["expired", "failed"]
    assert {one["to"] for channel in ("ring", "text") for one in carrier.log(channel)} == {f"+1{THEIRS[1]}"}


def test_his_manager_still_sees_that_there_were_appointments(door: Type, planned: Planned) -> None:
    door("person", "erase", HIS[0], "--yes")

    shown = planned.get(f"event/{planned.mine.event.id}/")

    assert (shown.status_code, shown.json["title"], shown.json["description"]) == (200, "erased", None)
    for path in ("calendar-user/", "calendar-user-profile/", "calendar/", "alarm/", "alarm-request/"):
        answer = planned.get(path)
        assert (answer.status_code, HIS[0] in answer.text) == (200, False), path


def test_a_late_report_of_his_call_keeps_nothing(door: Type, planned: Planned) -> None:
    door("person", "erase", HIS[0], "--yes")

    with transaction():
        body = json.dumps({"type": "ring.heard", "to": f"+1{HIS[1]}", "digits": "1"}).encode()
        Receipt.keep("simulator", body).settle("done", about=f"alarm:{planned.mine.alarm.id}:2")

    assert left(*HIS) == []


def test_what_slips_in_is_found_by_the_pruning_and_who_was_deleted_since_does_not_stop_it(
    door: Type, planned: Planned
) -> None:
    door("person", "erase", HIS[0], "--yes")
    door("person", "erase", THEIRS[0], "--yes")
    Event.update(title=HIS[0]).where(Event.id == planned.mine.event.id).execute()
    assert planned.delete(f"calendar-user/{planned.theirs.user.id}/", user="fred").status_code < 300

    keeping.prune()

    assert left(*HIS) == []


def test_erasing_twice_changes_nothing_more(door: Type, planned: Planned) -> None:
    door("person", "erase", HIS[0], "--yes")
    once = dump()

    again = door("person", "erase", f"user:{planned.mine.user.id}", "--yes")

    assert (again.exit_code, "nothing more" in again.stdout) == (0, True)
    assert dump() == once
    assert "there is no" in door("person", "erase", HIS[0], "--yes").stderr


def test_all_that_is_held_is_told_and_numbers_of_others_are_not(door: Type, planned: Planned) -> None:
    printed = door("person", "export", HIS[0]).stdout

    told: dict[str, Any] = json.loads(printed)
    assert told["user"][0]["username"] == HIS[0]
    assert told["calendar_user_profile"][0]["phone_no"] == f"+1{HIS[1]}"
    expected = {
        "calendars": 1, "appointments": 1, "alarms": 2, "alarm_requests": 1, "callrequests": 1, "survey_results": 1,
        "rings": 2, "texts": 1, "permissions": 1, "rest_tokens": 1, "receipts": 1,
    }  # fmt: skip
    assert {section: len(told[section]) for section in expected} == expected
    assert HIS[0] in told["appointments"][0]["title"]
    assert told["alarms"][0]["alarm_phonenumber"] == told["rings"][0]["to"] == "hidden"
    assert told["rest_tokens"][0]["token_hash"] == "hidden"
    assert not any(fact in printed for fact in (*THEIRS, "argon2"))


def test_a_manager_who_still_manages_is_kept(door: Type, planned: Planned) -> None:
    before = dump()

    refused = door("person", "erase", "mona", "--yes", "--force")

    assert refused.exit_code == 1
    assert f"calendar user {HIS[0]}, calendar setting {planned.mine.setting.id}" in refused.stderr
    assert dump() == before


def test_a_manager_who_manages_nobody_is_erased_with_his_surveys(door: Type, planned: Planned) -> None:
    side = planned.mine
    survey = seal(written(side.manager, {"question": "Is the unicorn well?"}, name="unicorn").id)
    AudioFile.create(name="unicorn", user=side.manager)
    User.update(first_name="unicorn", email="mona@unicorn.example").where(
        User.id == side.manager.id
    ).execute()
    assert planned.delete(f"calendar-user/{side.user.id}/").status_code < 300
    CalendarSetting.delete().where(CalendarSetting.id == side.setting.id).execute()

    done = door("person", "erase", "mona", "--yes")

    assert done.exit_code == 0, done.output
    assert [line for line in dump().splitlines() if "unicorn" in line or "'mona'" in line] == []
    assert SealedSurvey.get_by_id(survey.id).name == "erased"
    assert left(*HIS) == []
    assert GatewayUser.select().where(GatewayUser.user == side.manager.id).count() == 0
    assert not User.get_by_id(side.manager.id).is_manager


def test_a_number_that_is_not_to_be_called_is_told_and_stays_on_the_list(door: Type, staff: Staff) -> None:
    number = NUMBERS[MENTOR].lstrip("+")
    donotcall.add(number, "survey", "chosen in a call")

    told = json.loads(door("person", "export", staff.mentor.id).stdout)
    door("person", "erase", staff.mentor.id, "--yes")

    assert [row["proof"] for row in told["do_not_call"]] == ["chosen in a call"]
    assert DoNotCall.get().msisdn == number
