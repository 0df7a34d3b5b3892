"""How calls of alarms end (§5.9 to §5.11): what each end means, what is recorded, retries, and who is told."""

import json
from typing import Any

import pytest

from models.appointments.alarms import FAILURE, SUCCESS
from models.appointments.calendars import ALWAYS, HUMAN_ONLY, VOICEMAIL_ONLY, CalendarSetting
from models.appointments.callrequests import FAILURE as CALL_FAILED
from models.appointments.callrequests import SUCCESS as CALL_MADE
from models.appointments.cdr import A_LEG, MACHINE, PERSON, UNSURE, CallDetailRecord
from models.appointments.ivr import calls as talking
from models.appointments.surveys import AudioFile
from models.database import transaction
from models.deliveries import Ring
from tests.appointments.clinic import (
    PHONE,
    Clinic,
    attempt,
    calls,
    end,
    fresh,
    perform,
    requests,
    rings,
)
from tests.conformance import holds


def set_up(clinic: Clinic, **changes: Any) -> None:
    CalendarSetting.update(**changes).where(CalendarSetting.id == clinic.setting.id).execute()


OUTCOMES = [
    ("NORMAL_CLEARING", True, "ANSWER", 16),
    ("USER_BUSY", False, "BUSY", 17),
    ("NO_ANSWER", False, "NOANSWER", 19),
    ("ORIGINATOR_CANCEL", False, "CANCEL", 16),
    ("NORMAL_CIRCUIT_CONGESTION", False, "CONGESTION", 34),
    ("ALLOTTED_TIMEOUT", True, "ANSWER", 16),
    ("CALL_REJECTED", False, "FAILED", 21),
    ("SOMETHING_NEW", False, "FAILED", 31),
]


@holds(
    "§5.9 outcome: NORMAL_CLEARING", "§5.9 outcome: USER_BUSY", "§5.9 outcome: NO_ANSWER",
    "§5.9 outcome: ORIGINATOR_CANCEL", "§5.9 outcome: NORMAL_CIRCUIT_CONGESTION",
    "§5.9 outcome: ALLOTTED_TIMEOUT", "§5.9 outcome: anything else", "§5.9 outcome: the cause is kept",
    "§5.9 outcome: a CDR in every row", "§5.18 walk: alarm-request", "CDR: user", "CDR: request_uuid",
    "CDR: used_gateway", "CDR: callrequest", "CDR: callid", "CDR: callerid", "CDR: phone_number",
    "CDR: starting_date", "CDR: billsec", "CDR: disposition", "CDR: hangup_cause", "CDR: hangup_cause_q850",
    "CDR: leg_type", "CDR: amd_status", "codes: CDR disposition", "O-16",
)  # fmt: skip
@pytest.mark.parametrize(("cause", "good", "disposition", "number"), OUTCOMES)
def test_each_end_counts_as_the_table_says(
    clinic: Clinic, cause: str, good: bool, disposition: str, number: int
) -> None:
    alarm = clinic.alarm()
    attempt(alarm, cause, duration=7.9 if good else 0.0)

    ((request,), (call,)) = requests(alarm), calls(alarm)
    assert (fresh(alarm).status, request.status) == ((SUCCESS,) * 2 if good else (FAILURE,) * 2)
    assert (call.status, call.hangup_cause) == (CALL_MADE if good else CALL_FAILED, cause)
    assert (request.duration, request.callstatus) == (7 if good else 0, number)
    record = CallDetailRecord.get()
    assert (record.disposition, record.hangup_cause, record.hangup_cause_q850) == (disposition, cause, number)
    assert (record.leg_type, record.amd_status, record.callrequest_id) == (
        A_LEG, PERSON if good else UNSURE, call.id,
    )  # fmt: skip
    assert (record.user_id, record.used_gateway_id, record.request_uuid) == (
        clinic.manager.id, clinic.gateway.id, call.request_uuid,
    )  # fmt: skip
    assert (record.callerid, record.phone_number, record.billsec) == ("900", PHONE, 7.9 if good else 0.0)
    assert (record.callid, record.starting_date) == (rings(alarm)[0].provider_id, call.call_time)


@holds(
    "§5.9 outcome: NORMAL_CLEARING by a machine, HUMAN_ONLY", "§5.9 outcome: VOICEMAIL_ONLY",
    "§5.9 outcome: voicemail false ignores the machine", "codes: amd_behavior", "codes: CDR amd_status",
    "calendar user settings: answering machines",
)  # fmt: skip
@pytest.mark.parametrize(
    ("voicemail", "behavior", "machine", "good"),
    [
        (True, ALWAYS, True, True), (True, ALWAYS, False, True), (True, None, True, True),
        (True, HUMAN_ONLY, True, False), (True, HUMAN_ONLY, False, True),
        (True, VOICEMAIL_ONLY, True, True), (True, VOICEMAIL_ONLY, False, False),
        (False, HUMAN_ONLY, True, True), (False, VOICEMAIL_ONLY, False, True),
    ],
)  # fmt: skip
def test_who_answered_decides_whether_it_counts_and_whether_anything_is_said(
    clinic: Clinic, voicemail: bool, behavior: int | None, machine: bool, good: bool
) -> None:
    set_up(clinic, voicemail=voicemail, amd_behavior=behavior)
    alarm = clinic.alarm()
    perform()
    said = heard(rings(alarm)[0], machine)
    end(rings(alarm)[0], machine=machine)

    assert (fresh(alarm).status, requests(alarm)[0].status) == ((SUCCESS,) * 2 if good else (FAILURE,) * 2)
    assert said == (["speak", "collect"] if good else ["hangup"])
    record = CallDetailRecord.get()
    assert (record.disposition, record.amd_status) == ("ANSWER", MACHINE if machine else PERSON)


@pytest.mark.parametrize(
    ("behavior", "greeted", "machine", "good"),
    [
        (VOICEMAIL_ONLY, False, True, False), (VOICEMAIL_ONLY, True, False, True),
        (HUMAN_ONLY, False, True, False), (HUMAN_ONLY, True, False, False),
    ],
)  # fmt: skip
def test_what_was_said_counts_where_the_carrier_changes_its_mind_about_who_answered(
    clinic: Clinic, behavior: int, greeted: bool, machine: bool, good: bool
) -> None:
    set_up(clinic, voicemail=True, amd_behavior=behavior)
    alarm = clinic.alarm()
    perform()
    heard(rings(alarm)[0], greeted)
    end(rings(alarm)[0], machine=machine)

    assert fresh(alarm).status == (SUCCESS if good else FAILURE)


def heard(ring: Ring, machine: bool) -> list[str]:
    """What is done first when somebody has answered."""
    with transaction():
        talking.hear(Ring.locked(ring.id), 1, None, machine=machine)
    return [action["do"] for action in talking.said(Ring.get_by_id(ring.id), 1)]


@holds("§5.9 outcome: VOICEMAIL_ONLY")
def test_a_machine_that_is_to_be_spoken_to_hears_the_settings_own_file(clinic: Clinic) -> None:
    audio = AudioFile.create(name="Beep", user=clinic.manager)
    set_up(clinic, voicemail=True, amd_behavior=VOICEMAIL_ONLY, voicemail_audiofile=audio)
    alarm = clinic.alarm()
    perform()

    assert heard(rings(alarm)[0], True) == ["play", "hangup"]
    assert json.loads(Ring.get_by_id(rings(alarm)[0].id).said)[0]["audio_id"] == audio.id
