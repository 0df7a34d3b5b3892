"""`trunkline export`: calls and messages as CSV."""

import csv
import io
import stat
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.database import db
from models.deliveries import Attempt, Bridge, CallDataRecord
from models.exporting import CALLS, CHUNK
from models.mentoring import Call, Message
from models.people import Contact
from tests.api.looking import statements
from tests.console.conftest import Type
from tests.house import MENTEE, MENTOR, NUMBERS, Client, Staff

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def _call(staff: Staff, at: datetime, **more: object) -> Call:
    call = Call.create(start_time=at, caller=staff.mentor, receiver=staff.mentee, **more)
    Bridge.create(
        reference=f"call:{call.id}", origin="call", origin_id=call.id,
        a_number=staff.mentor.contact_number, b_number=staff.mentee.contact_number,
    )  # fmt: skip
    return call  # type: ignore[no-any-return]  # Peewee is untyped


def _read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_call_is_a_row_with_how_it_went(door: Type, staff: Staff) -> None:
    call = _call(
        staff, NOON, standing="successful", partner_start_time=NOON + timedelta(seconds=-0.5),
        partner_end_time=NOON + timedelta(seconds=61),
    )  # fmt: skip
    bridge = Bridge.get()
    bridge.begin("simulator", 1)
    CallDataRecord.record(bridge, "2", NOON + timedelta(seconds=9), "NORMAL_CLEARING")
    CallDataRecord.record(bridge, "1", NOON, "NO_ANSWER")

    (row,) = _read(door("export", "calls", "--since", "2026-11-01").stdout)

    assert (row["id"], row["status"], row["start_time"]) == (
        str(call.id),
        "successful",
        "2026-11-01T12:00:00Z",
    )
    assert (row["duration_s"], row["lag_s"], row["end_time"]) == ("61.5", "-0.5", "")
    assert (row["attempts"], row["cdrs"], row["last_cause"]) == ("1", "2", "NORMAL_CLEARING")
    assert (row["caller"], row["receiver"]) == (f"hidden:{staff.mentor.id}", f"hidden:{staff.mentee.id}")


def test_numbers_are_shown_only_when_asked_for_and_never_as_a_formula(door: Type, staff: Staff) -> None:
    _call(staff, NOON)

    masked, shown = door("export", "calls").stdout, door("export", "calls", "--numbers").stdout

    assert not any(number.lstrip("+") in masked for number in NUMBERS.values())
    assert _read(shown)[0]["caller"] == "'" + NUMBERS[MENTOR]


def test_a_cause_that_could_be_a_formula_is_none(door: Type, staff: Staff) -> None:
    _call(staff, NOON)
    CallDataRecord.record(Bridge.get(), "1", NOON, '=HYPERLINK("http://x")')

    assert _read(door("export", "calls").stdout)[0]["last_cause"] == '\'=HYPERLINK("http://x")'


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2026-11-01", "2026-11-02", 1),  # Asia/Kolkata: from 18:30 UTC of the day before
        ("2026-11-01T17:30", "2026-11-01T17:31", 1),
        ("2026-11-01T12:00:00Z", "2026-11-01T12:00:00.000001Z", 1),
        ("2026-11-01T12:00:00.000001Z", "2026-12-01", 0),
        ("2026-10-31", "2026-11-01T17:30", 0),
        ("2026-11-01T13:00+01:00", "2026-11-02", 1),
    ],
)
def test_a_span_is_read_by_the_local_clock_and_without_its_end(
    door: Type, staff: Staff, since: str, until: str, expected: int
) -> None:
    _call(staff, NOON)

    assert len(_read(door("export", "calls", "--since", since, "--until", until).stdout)) == expected


def test_no_time_and_a_span_backwards_are_refused_with_what_would_be_right(door: Type, staff: Staff) -> None:
    assert "write 2026-11-01" in door("export", "calls", "--since", "yesterday").stderr
    backwards = door("export", "calls", "--since", "2026-11-02", "--until", "2026-11-01")

    assert (backwards.exit_code, "must be later" in backwards.stderr) == (2, True)


def test_a_file_is_new_and_its_owners_alone(door: Type, staff: Staff, tmp_path: Path) -> None:
    _call(staff, NOON)
    file = tmp_path / "calls.csv"

    made, again = door("export", "calls", "--output", file), door("export", "calls", "--output", file)

    assert (made.exit_code, made.stdout, again.exit_code) == (0, "", 1)
    assert len(_read(file.read_text())) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("calls.csv*")] == ["calls.csv"]


def test_messages_are_told_without_their_words(door: Type, staff: Staff, client: Client) -> None:
    client.post("/mentor/message/", {"content": "meet me"})
    Message.create(sender=staff.mentee, recipient=None, content="alone", state="received")

    told = door("export", "messages").stdout

    first, second = _read(told)
    assert (first["sender"], first["recipient"]) == (f"hidden:{staff.mentor.id}", f"hidden:{staff.mentee.id}")
    assert (first["characters"], first["delivery"], second["recipient"]) == ("7", "queued", "")
    assert "meet me" not in told
    assert NUMBERS[MENTEE] not in told


def test_many_calls_take_few_statements_a_chunk_and_no_more_memory(staff: Staff) -> None:
    count = 5 * CHUNK
    values = {"start_time": NOON, "caller": staff.mentor, "receiver": staff.mentee}
    with db.atomic():
        for _ in range(10):
            Call.insert_many([values] * (count // 10)).execute()
    span = (NOON, NOON + timedelta(days=1))
    assert CALLS.count(*span) == count

    with statements() as seen:
        tracemalloc.start()
        assert sum(1 for _ in CALLS.rows(*span, True)) == count
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert len(seen) == 6  # five chunks, and the look that finds no sixth; calls without bridges need no more
    assert peak < 4_000_000
    assert Contact.select().count() == 4
    assert Attempt.select().count() == 0
