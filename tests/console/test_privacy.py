"""`trunkline person`: told all that is held about him, and erased on request."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from peewee import TextField

from models import clock, database, keeping, settings
from models.database import transaction
from models.deliveries import Bridge, CallDataRecord, Text
from models.ledger import LedgerRow
from models.mentoring import (
    Call,
    CallNote,
    CallReminder,
    Event,
    Feedback,
    Message,
    ScheduledCall,
    Task,
    devices,
)
from models.mentoring.scheduling import schedule_call
from models.numbers import Erased
from models.people import Contact, User
from models.people.changing import change_contact
from models.people.sessions import WebSession
from models.privacy.places import PLACES
from models.receipts import Receipt
from tests.api.calls_at_work import dialled, pressed
from tests.api.looking import rows
from tests.console.conftest import Type
from tests.house import MENTEE, MENTOR, NUMBERS, Client, Staff, run_due

NAME, MAIL, WORDS = "Zebulon Quux", "zebulon@quux.example", "the purple walrus sings"
ANSWER = "heptagon"  # what tony answered, and nobody else
RECORDING = "https://carrier.example/recordings/walrus.mp3"


def dump() -> str:
    """Everything in every table, as text."""
    found = []
    for table in database.db.obj.get_tables():
        cursor = database.db.obj.execute_sql(f'SELECT * FROM "{table}"')
        found += [f"{table}: {row!r}" for row in cursor.fetchall()]
    return "\n".join(found)


def traces(name: str) -> list[str]:
    """Where in the database something of a person of the staff still stands."""
    number = NUMBERS[name].lstrip("+")
    words: tuple[str, ...] = (
        number,
        NAME,
        MAIL,
        WORDS,
        RECORDING,
        f"'{name}'",
        "walrus",
        "device-token-of-his",
    )
    words += (ANSWER,) if name == MENTEE else ("adams",)
    return [line[:200] for line in dump().splitlines() if any(word in line for word in words)]


@pytest.fixture(autouse=True)
def key(home: settings.Settings) -> None:
    settings.use(replace(settings.current(), secret_key="a key of the tests"))


def _end(call_id: int, **more: Any) -> dict[str, Any]:
    return {
        "handler": NUMBERS[MENTOR].lstrip("+"), "beneficiary": NUMBERS[MENTEE].lstrip("+"),
        "conversationId": f"c-{call_id}", "scheduledCallId": f"sc-{call_id}", "conversationSuccess": True,
        "conversationStartTime": "2017-04-20 17:32:33.593300", "conversationEndTime": "2017-04-20 17:33:42.899903",
        "recordingUrl": RECORDING, "cdrs": [{"id": "1", "startTime": "2017-04-20 17:31:18", "errorCause": "NO_ANSWER"}],
        **more,
    }  # fmt: skip


def _life(client: Client, staff: Staff) -> int:
    """Adam and tony as they may have been: everything there is of them holds something unmistakable."""
    for person in (staff.mentor, staff.mentee):
        User.update(first_name=NAME, email=MAIL if person.is_mentor else f"t-{MAIL}").where(
            User.id == person.user_id
        ).execute()
        Contact.update(
            external_id=WORDS, job_title=WORDS, device_token=f"device-token-of-his-{person.id}"
        ).where(Contact.id == person.id).execute()
        WebSession.open(person.user_id, User.get_by_id(person.user_id).password)
    call_id = pressed(client)
    dialled(call_id, f"sc-{call_id}")
    client.post("/comms/onion_dev_call_end/", _end(call_id), user="robot")
    client.post("/mentor/message/", {"content": WORDS}, headers={"Idempotency-Key": "adams"})
    client.post("/comms/onion_dev_message/", {"mobile": NUMBERS[MENTEE], "text": WORDS}, user="robot")
    note = {"mentee_state": "happy", "discussion": WORDS, "follow_up": WORDS}
    CallNote.create(version=1, call=call_id, mentor=staff.mentor, **note)
    Feedback.create(sender=staff.mentee, call=call_id, question_1=ANSWER, content=json.dumps({"x": ANSWER}))
    schedule_call(staff.mentor.id, staff.mentee.id, clock.now() + timedelta(days=3))
    return call_id


def _counts() -> dict[str, int]:
    found = rows()
    return {name: found[name] for name in ("call", "message", "event", "task", "feedback", "call_note")}


@pytest.mark.parametrize("name", [MENTEE, MENTOR])
def test_nothing_of_somebody_erased_is_left_in_any_table_but_that_it_happened(
    door: Type, client: Client, staff: Staff, name: str
) -> None:
    call_id = _life(client, staff)
    before, contact = _counts(), staff.mentee if name == MENTEE else staff.mentor
    other = MENTOR if name == MENTEE else MENTEE
    User.update(first_name="x", email="").where(User.username == other).execute()
    Contact.update(external_id="", job_title="", device_token="").where(Contact.id != contact.id).execute()
    assert traces(name)

    done = door("person", "erase", contact.id, "--yes", "--force")

    call = Call.get_by_id(call_id)
    assert done.exit_code == 0, done.output
    assert traces(name) == []
    assert _counts() == {**before, "event": before["event"] + 1}  # the text that was still waiting has failed
    assert (call.status, call.recording_url, call.get_duration()) == (
        "successful",
        None,
        timedelta(seconds=69.306603),
    )
    assert NUMBERS[other] in dump()
    assert NUMBERS[name] not in done.output


def test_what_was_waiting_for_him_ends_harmlessly(door: Type, client: Client, staff: Staff) -> None:
    client.post("/mentor/call/")
    client.post("/mentor/message/", {"content": WORDS})
    schedule_call(staff.mentor.id, staff.mentee.id, clock.now() + timedelta(days=3))

    door("person", "erase", staff.mentee.id, "--yes", "--force")
    run_due()

    assert {row.status for table in (Bridge, Text) for row in table.select()} == {"expired"}
    assert Call.get().status == "inactive"
    assert {message.state for message in Message.select()} == {"failed"}
    assert ScheduledCall.get().cancelled_at is not None
    assert (LedgerRow.select().count(), CallReminder.select().count()) == (0, 0)
    assert traces(MENTEE) == []


def test_a_late_report_moves_the_call_and_brings_nothing_back(
    door: Type, client: Client, staff: Staff
) -> None:
    call_id = pressed(client)
    dialled(call_id, f"sc-{call_id}")
    door("person", "erase", staff.mentee.id, "--yes", "--force")

    answer = client.post("/comms/onion_dev_call_end/", _end(call_id), user="robot")
    again = client.post("/comms/onion_dev_call_end/", _end(call_id), user="robot")
    run_due()

    call = Call.get_by_id(call_id)
    assert (answer.status_code, again.status_code) == (200, 200)
    assert (call.status, call.recording_url, call.get_duration()) == (
        "successful",
        None,
        timedelta(seconds=69.306603),
    )
    assert CallDataRecord.get().status == "NO_ANSWER"
    assert traces(MENTEE) == []


@pytest.mark.parametrize("number", [NUMBERS[MENTEE], "27123456789"])
def test_a_late_text_of_his_is_nobodys(door: Type, client: Client, staff: Staff, number: str) -> None:
    door("person", "erase", staff.mentee.id, "--yes", "--force")
    body = {"mobile": number, "text": WORDS}

    assert client.post("/comms/onion_dev_message/", body, user="robot").status_code == 400
    assert traces(MENTEE) == []


def test_a_late_report_that_fits_nothing_is_known_by_his_number(
    door: Type, client: Client, staff: Staff
) -> None:
    door("person", "erase", staff.mentor.id, "--yes")

    answer = client.post("/comms/onion_dev_call_end/", _end(99), user="robot")
    wrong = client.post("/comms/onion_dev_call_end/", _end(99, cdrs="none"), user="robot")

    assert (answer.status_code, wrong.status_code) == (400, 400)
    assert {receipt.outcome for receipt in Receipt.select()} == {"unmatched", "invalid"}
    assert traces(MENTOR) == []


def test_erasing_twice_and_whom_nobody_knows_is_harmless(door: Type, client: Client, staff: Staff) -> None:
    _life(client, staff)
    door("person", "erase", staff.mentee.id, "--yes", "--force")
    once = dump()

    twice = door("person", "erase", staff.mentee.id, "--yes")

    assert (twice.exit_code, "nothing more" in twice.stdout) == (0, True)
    assert dump() == once
    assert "no contact 999" in door("person", "erase", 999, "--yes").stderr


def test_a_mentee_whom_a_mentor_has_is_kept_until_it_is_forced(
    door: Type, client: Client, staff: Staff
) -> None:
    before = dump()
    refused = door("person", "erase", staff.mentee.id, "--yes")

    assert (refused.exit_code, f"the mentee of {staff.mentor.id}:" in refused.stderr) == (1, True)
    assert dump() == before

    door("person", "erase", staff.mentee.id, "--yes", "--force")
    ahead = (clock.now() + timedelta(days=1)).isoformat()
    asked = [
        client.post("/mentor/call/"),
        client.post("/mentor/message/", {"content": "hi"}),
        client.post("/mentor/schedule/", {"call_time": ahead}),
    ]
    assert [answer.status_code for answer in asked] == [409, 409, 409]
    assert rows()["call"] == rows()["message"] == rows()["scheduled_call"] == 0


def test_nothing_new_is_noted_about_him(door: Type, client: Client, staff: Staff) -> None:
    call_id = pressed(client)
    client.put(f"/mentor/call/{call_id}")
    door("person", "erase", staff.mentee.id, "--yes", "--force")

    noted = client.post(
        "/mentor/callnote/", {"call": call_id, "rating": 5, "call_quality": "good", "discussion": WORDS}
    )

    assert noted.status_code == 409
    assert traces(MENTEE) == []


def test_nobody_is_erased_without_being_asked(door: Type, staff: Staff) -> None:
    before = dump()

    assert door("person", "erase", staff.mentor.id, said="n\n").exit_code == 1
    assert dump() == before
    assert door("person", "erase", staff.mentor.id, said="y\n").exit_code == 0


def test_lists_and_people_still_show_with_what_is_left(door: Type, client: Client, staff: Staff) -> None:
    call_id = _life(client, staff)
    door("person", "erase", staff.mentee.id, "--yes", "--force")

    message = client.get("/comms/message/", user="root").json["results"][0]
    mine = client.get("/mentor/message/").json["results"][0]
    shown = client.get(f"/mentor/mentee/{staff.mentee.id}", user="root").json

    assert (message["recipient_contact"], message["content"]) == ("erased", "")
    assert (mine["recipient"], mine["content"]) == (f"hidden:{staff.mentee.id}", "")
    assert (shown["contact_number"], shown["first_name"], shown["email"]) == ("erased", "erased", "")
    for path in (
        "/mentor/call/",
        "/mentor/event/",
        "/mentor/task/",
        f"/mentor/call/{call_id}",
        "/mentor/callnote/",
    ):
        assert client.get(path).status_code == 200
    for path in ("/comms/call/", "/comms/feedback/", "/mentor/mentee", "/mentor/mentor"):
        assert client.get(path, user="root").status_code == 200


def test_who_was_erased_cannot_log_in_nor_be_changed_nor_given_to_a_mentor(
    door: Type, client: Client, staff: Staff
) -> None:
    door("person", "erase", staff.mentor.id, "--yes")
    door("person", "erase", staff.mentee.id, "--yes")
    body = {
        "username": "new",
        "first_name": "New",
        "contact_number": "+4915100001",
        "password": "battery staple",
    }

    assert client.get("/mentor/call/").status_code == 401
    assert client.get("/mentor/call/", user=f"erased:{staff.mentor.id}", password="!").status_code == 401
    assert client.put(f"/mentor/mentee/{staff.mentee.id}", body, user="root").status_code == 409
    given = client.post("/mentor/mentor", {**body, "mentee": staff.mentee.id}, user="root")
    assert (given.status_code, list(given.json)) == (400, ["mentee"])
    again = door("user", "password", f"erased:{staff.mentor.id}", "--password-stdin", said="battery staple\n")
    assert (again.exit_code, "no user" in again.stderr) == (1, True)


def test_a_change_or_a_device_that_comes_a_moment_late_finds_nobody(
    client: Client, staff: Staff, door: Type
) -> None:
    """The request has read him, he is erased, and then it writes."""
    found = Contact.get_by_id(staff.mentor.id)
    facts = {"username": "new", "first_name": NAME, "contact_number": found.contact_number, "mentee": None}
    door("person", "erase", staff.mentor.id, "--yes")

    with pytest.raises(Erased):
        change_contact(found, facts)
    devices.register(staff.mentor.id, "device-token-of-his")

    assert traces(MENTOR) == []


def test_his_name_and_number_may_be_somebody_elses_afterwards(
    door: Type, client: Client, staff: Staff
) -> None:
    door("person", "erase", staff.mentor.id, "--yes")
    body = {
        "username": MENTOR,
        "first_name": "A",
        "contact_number": NUMBERS[MENTOR],
        "password": "battery staple",
    }

    made = client.post("/mentor/mentee", body, user="root")

    assert made.status_code == 201
    assert (
        client.post(
            "/comms/onion_dev_message/", {"mobile": NUMBERS[MENTOR], "text": "hi"}, user="robot"
        ).status_code
        == 201
    )
    assert Message.get().content == "hi"


def test_what_slips_in_while_he_is_erased_is_found_by_the_pruning(
    door: Type, client: Client, staff: Staff
) -> None:
    door("person", "erase", staff.mentee.id, "--yes", "--force")
    with transaction():
        Message.create(sender=staff.mentor, recipient=staff.mentee, content=WORDS)

    keeping.prune()

    assert traces(MENTEE) == []


def test_all_that_is_held_is_told_in_one_object(door: Type, client: Client, staff: Staff) -> None:
    call_id = _life(client, staff)
    run_due()

    told = json.loads(door("person", "export", staff.mentor.id).stdout)

    assert told["user"][0]["first_name"] == NAME
    assert told["contact"][0]["contact_number"] == NUMBERS[MENTOR]
    assert [call["id"] for call in told["calls"]] == [call_id]
    assert told["bridges"][0]["a_number"] == NUMBERS[MENTOR]
    assert told["bridges"][0]["b_number"] == "hidden"
    assert {message["content"] for message in told["messages"]} >= {WORDS}
    assert len(told["receipts"]) >= 1
    assert NUMBERS[MENTOR].lstrip("+") in told["receipts"][0]["body"]
    assert "argon2" not in json.dumps(told)
    assert NUMBERS[MENTEE].lstrip("+") not in json.dumps(told)
    expected = {"events": Event, "tasks": Task, "notes": CallNote, "schedule": ScheduledCall}
    for section, table in expected.items():
        assert len(told[section]) == table.select().count() > 0
    assert len(told["sessions"]) == len(told["idempotency_keys"]) == 1


def test_nobody_is_told_of_nobody(door: Type, home: Any) -> None:
    assert "no contact 7" in door("person", "export", 7).stderr


def test_the_file_of_an_embedded_database_keeps_nothing_of_him_in_its_gaps(
    door: Type, client: Client, staff: Staff, full: bool, tmp_path: Path
) -> None:
    if full:
        pytest.skip("a file is SQLite's")
    _life(client, staff)
    User.update(first_name="x", email="").where(User.username == MENTOR).execute()
    Contact.update(external_id="", job_title="").where(Contact.id == staff.mentor.id).execute()

    done = door("person", "erase", staff.mentee.id, "--yes", "--force")

    assert done.exit_code == 0
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("trunkline.db*"))
    assert [word for word in (NAME, WORDS, ANSWER, NUMBERS[MENTEE].lstrip("+")) if word.encode() in raw] == []


# Tables that tell nothing of a person: what was said of them when each was made.
NOBODYS = {
    "activity",
    "allowance",
    "erased_person",
    "kept_secret",
    "milestone",
    "pace",
    "periodic",
    "schema_migration",
    "milestone_progress",
    "sqlite_sequence",
    "tally",
    "voice_api",
    # Where a survey goes on which key, how often an answer was given, and by which rules events recur.
    "branching_template",
    "sealed_branching",
    "survey_aggregate",
    "rule",
    # What administrators set up for everybody: whose words they are, nobody is told.
    "gateway",
    "mail_template",
    "sms_gateway",
    "sms_template",
}
BY_HAND = {"command", "contact", "password_request", "person", "receipt"}  # see erasing.py
KEPT = {"do_not_call", "do_not_call_entry"}  # told, not erased: the wish not to be called outlives who had it


def test_every_table_was_thought_of(home: Any) -> None:
    """Who adds a table says in `models/privacy/places.py` whose its rows are, or here that they are nobody's."""
    placed = {place.table._meta.table_name for place in PLACES}

    assert set(database.db.obj.get_tables()) - (placed | NOBODYS | BY_HAND | KEPT) == set()


def test_every_text_of_such_a_table_was_thought_of(home: Any) -> None:
    """A text is wiped, goes with its row, or is a word of ours or of a carrier that tells nothing of a person."""
    words = {
        "status", "state", "outcome", "channel", "provider", "provider_id", "partner_id", "call_id", "reference",
        "origin", "message_type", "event_type", "reminder_type", "call_quality", "conversation_id", "survey_id",
        "cdr_id", "survey_key", "description", "link", "uuid", "discipline", "way", "step", "sid", "call_sid", "event",
        "timezone", "daily_start", "daily_stop", "request_uuid", "aleg_uuid", "content_type", "media", "digest",
        "audio_file", "tts_language", "quiet_start", "quiet_stop", "disposition", "callid", "hangup_cause",
    }  # fmt: skip
    wiped: dict[str, set[str]] = {}
    for place in PLACES:
        wiped.setdefault(place.table._meta.table_name, set()).update(place.left)
    open_ends = [
        f"{table._meta.table_name}.{field.column_name}"
        for table in {place.table for place in PLACES if not place.removed}
        for field in table._meta.sorted_fields
        if isinstance(field, TextField)
        and field.column_name not in words | wiped.get(table._meta.table_name, set())
    ]

    assert open_ends == []


def test_the_error_of_a_dead_command_that_is_about_him_goes_and_others_stay(
    door: Type, client: Client, staff: Staff
) -> None:
    for user in (MENTOR, "eve"):
        client.post("/mentor/message/", {"content": "hi"}, user=user)
    LedgerRow.update(state="dead", error=f"could not send {WORDS}").execute()

    door("person", "erase", staff.mentee.id, "--yes", "--force")

    assert [row.error for row in LedgerRow.select().order_by(LedgerRow.id)] == [
        "erased",
        f"could not send {WORDS}",
    ]
