"""The operations page: what it tells, what it hides, and what can be done from it."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from api.pages.render import local
from models import clock, flow, logs, settings
from models.commands import Prune, SendText
from models.database import transaction
from models.deliveries import Attempt, Bridge, Text
from models.ledger import LedgerRow, enqueue
from models.mentoring import Call, Message
from models.numbers import PhoneNumber
from models.receipts import Receipt
from tests.api.looking import statements
from tests.house import ADMIN, NUMBERS, Carrier, Client, Staff, run_due
from tests.pages.reader import Reader, forms_of

HERE, NOW = "/admin/operations", "/admin/operations/now"
Jump = Callable[[float], None]


@pytest.fixture
def admin(logged_in: Callable[[str], Reader]) -> Reader:
    return logged_in(ADMIN)


def _parts(admin: Reader) -> dict[str, str]:
    answer = admin.get(NOW, Accept="application/json")
    assert answer.headers["Content-Type"].startswith("application/json")
    return dict(answer.json)


def _die(error: str = "LookupError: it has no account", **args: int) -> LedgerRow:
    made = {"name": "prune", "queue": "chores", "args": json.dumps(args), "state": "dead", "error": error}
    return LedgerRow.create(**made, tries=3)  # type: ignore[no-any-return]  # Peewee is untyped


def _lose(reference: str, provider: str = "oniondev") -> Bridge:
    number = PhoneNumber(NUMBERS["tony"])
    lost = Bridge.create(
        reference=reference, origin="call", origin_id=int(reference.partition(":")[2]), status="unknown",
        cause=f"no answer about {NUMBERS['tony']}", a_number=number, b_number=number,
    )  # fmt: skip
    Attempt.create(
        channel="call",
        delivery_id=lost.id,
        number=1,
        provider=provider,
        outcome="unclear",
        ended_at=clock.now(),
    )
    return lost  # type: ignore[no-any-return]  # Peewee is untyped


def test_admin_leads_to_it(admin: Reader) -> None:
    assert admin.get("/admin").headers["Location"] == HERE


def test_an_empty_system_says_so_in_words(admin: Reader) -> None:
    text = admin.get(HERE).text

    for said in ("None: nothing was given up.", "Nobody was asked.", "Hints of due commands go out"):
        assert said in text


def test_what_lives_is_what_the_page_shows_in_the_same_places(admin: Reader, staff: Staff) -> None:
    _die()
    _lose("call:7")
    page, parts = admin.get(HERE).text, _parts(admin)

    for name, part in parts.items():
        assert f'id="{name}"' in page
        assert part.split("<time")[0] in page
    assert f'data-live="{NOW}"' in page


def test_what_is_owed_is_told_by_queue_and_standing(admin: Reader) -> None:
    with transaction():
        enqueue(Prune())
        enqueue(SendText(1), due=clock.now() + timedelta(days=1))
    _die()

    parts = _parts(admin)

    rows = {row.split("<")[0]: row for row in parts["queues"].split('<th scope="row">')[1:]}
    assert set(rows) == set(flow.current().queues)
    assert [cell.split("</td>")[0] for cell in rows["chores"].split('<td class="number">')[1:6]] == list(
        "10001"
    )
    assert [cell.split("</td>")[0] for cell in rows["sms"].split('<td class="number">')[1:6]] == list("00010")
    assert '<span class="figure">1</span> dead: look below' in parts["summary"]


def test_hints_that_do_not_go_out_are_told_with_what_may_be_wrong(admin: Reader, jump: Jump) -> None:
    with transaction():
        enqueue(Prune())
    at_once = _parts(admin)
    jump(3 * 60 + 5)
    later = _parts(admin)

    assert "is a relay running" not in at_once["hints"]
    assert "is a relay running, and is RabbitMQ up?" in later["hints"]
    assert "3 min" in later["summary"]


def test_a_dead_command_is_listed_shown_replayed_and_done(admin: Reader, staff: Staff) -> None:
    row = _die()
    page = f"{HERE}/dead/{row.id}"
    assert "LookupError: it has no account" in admin.get(HERE).text
    assert "Failures</dt><dd>3" in admin.get(page).text
    assert f"{local(row.created_at)}</time>" in admin.get(page).text

    answer = admin.fill(HERE, f"{page}/replay")
    run_due()

    assert answer.headers["Location"] == HERE
    assert LedgerRow.select().count() == 0
    assert admin.get(page).status_code == 404


def test_a_dead_command_is_dropped_for_good(admin: Reader) -> None:
    row = _die()
    page = f"{HERE}/dead/{row.id}"

    admin.fill(page, f"{page}/drop")

    assert f"Command {row.id} is dropped." in admin.get(HERE).text
    assert LedgerRow.select().count() == 0


def test_two_who_replay_at_once_owe_it_once(admin: Reader, logged_in: Callable[[str], Reader]) -> None:
    row, other = _die(), logged_in(ADMIN)
    action = f"{HERE}/dead/{row.id}/replay"
    first, second = admin.form(HERE, action), other.form(HERE, action)

    admin.post(action, first)
    other.post(action, second)

    assert "somebody else has dealt with it" in other.get(HERE).text
    assert (LedgerRow.get().state, LedgerRow.get().attempt) == ("ready", 2)


def test_errors_and_causes_are_told_without_numbers_in_them_and_escaped(admin: Reader, staff: Staff) -> None:
    row = _die(f"ValueError: {NUMBERS['tony']} <script>alert(1)</script>")
    _lose("call:7")
    Attempt.create(
        channel="text", delivery_id=9, number=1, provider="<b>odd</b>", outcome="rejected",
        cause=f"no {NUMBERS['tony']}", ended_at=clock.now(),
    )  # fmt: skip

    for text in (
        admin.get(HERE).text,
        "".join(_parts(admin).values()),
        admin.get(f"{HERE}/dead/{row.id}").text,
    ):
        assert NUMBERS["tony"].lstrip("+") not in text
        assert "<script>alert" not in text
        assert "<b>odd" not in text


def test_a_delivery_of_unknown_fate_is_listed_with_whom_to_ask_and_settled(
    admin: Reader, staff: Staff, client: Client, carrier: Carrier
) -> None:
    client.post("/mentor/call/")
    lost = Bridge.get()
    Bridge.update(status="unknown", cause="no answer").execute()
    Attempt.create(channel="call", delivery_id=lost.id, number=1, provider="oniondev", outcome="unclear")
    part = _parts(admin)["unknown"]
    form = forms_of(part)[f"{HERE}/settle"]

    admin.post(f"{HERE}/settle", {**form, "fate": "failed"})
    again = admin.post(f"{HERE}/settle", {**form, "fate": "sent"})

    assert "oniondev" in part
    assert form["reference"] == "call:1"
    assert (Bridge.get().status, Call.get().status) == ("failed", "inactive")
    assert again.status_code == 303
    assert carrier.log() == []


def test_settling_needs_a_word_that_is_one_of_two(admin: Reader) -> None:
    _lose("call:7")
    form = admin.form(HERE, f"{HERE}/settle")

    assert admin.post(f"{HERE}/settle", {**form, "fate": "perhaps"}).status_code == 400
    assert Bridge.get().status == "unknown"


def test_reports_that_fitted_nothing_are_listed_and_can_be_read_as_they_came(admin: Reader) -> None:
    body = '{"handler": "919876543321", "x": "<script>"}'
    for outcome in ("unmatched", "invalid", "done"):
        made = {"source": "oniondev.call_end", "hash": outcome, "body": body, "outcome": outcome}
        Receipt.create(**made, note=f"note of {outcome}")

    part = _parts(admin)["receipts"]
    read = admin.get(f"{HERE}/receipts/1").text

    assert "note of unmatched" in part
    assert "note of invalid" in part
    assert "note of done" not in part
    assert "919876543321" not in part
    assert "919876543321" in read
    assert "<script>&" not in read
    assert "&lt;script&gt;" in read


def test_carriers_are_told_by_outcome_in_words(admin: Reader, staff: Staff) -> None:
    for number, outcome in enumerate(("accepted", "accepted", "unavailable", "unclear")):
        begun = clock.now()
        facts = {"outcome": outcome, "begun_at": begun, "ended_at": begun + timedelta(seconds=0.25)}
        Attempt.create(channel="text", delivery_id=number, number=1, provider="oniondev", **facts)

    part = _parts(admin)["carriers"]

    for said in ("2 taken", "1 not reached", "1 no clear answer", "250 ms"):
        assert said in part


def test_todays_calls_and_texts_are_drawn_and_told_and_stand_in_a_table(admin: Reader, staff: Staff) -> None:
    for status in ("successful", "successful", "inactive"):
        Call.create(caller=staff.mentor, receiver=staff.mentee, status=status)
    Message.create(sender=staff.mentor, recipient=staff.mentee, content="x", state="sent")
    hour = f"{clock.now().astimezone(settings.current().zone).hour:02}:00"

    parts = _parts(admin)

    assert "Calls today: 2 successful, 1 failed." in parts["calls"]
    assert "Texts today: 1 sent." in parts["texts"]
    assert parts["calls"].count('<rect class="good" x=') == 1
    assert f"<title>{hour}: 2 successful</title>" in parts["calls"]
    assert f'<th scope="row">{hour}</th><td class="number">2</td>' in parts["calls-table"]


def test_the_page_asks_the_same_number_of_questions_however_much_there_is(
    admin: Reader, staff: Staff
) -> None:
    counts = []
    for base in (0, 100):
        with statements() as asked:
            admin.get(HERE)
        counts.append(len(asked))
        for number in range(base, base + 60):
            _die()
            _lose(f"call:{base + number}", provider=f"carrier{number % 3}")
            Call.create(caller=staff.mentor, receiver=staff.mentee)
            Text.create(
                reference=f"message:{base + number}", origin="message", origin_id=number, status="unknown",
                to=PhoneNumber(NUMBERS["tony"]), body="x",
            )  # fmt: skip
            Receipt.create(source="x", hash=str(base + number), body="{}", outcome="unmatched")
    with statements() as asked:
        text = admin.get(HERE).text
    counts.append(len(asked))

    assert counts[1:] == [counts[1]] * 2
    assert counts[1] - counts[0] <= 1  # a question about causes, where there are any
    assert text.count(f'action="{HERE}/dead/') == 20
    assert "The oldest 20 of 120" in text


def test_what_is_done_is_logged_with_who_did_it(admin: Reader, staff: Staff) -> None:
    first, second = _die(), _die()
    _lose("call:7")
    Receipt.create(source="x", hash="x", body=NUMBERS["tony"], outcome="invalid")
    logs.configure("tests", least="INFO")
    with capture_logs() as lines:
        admin.fill(HERE, f"{HERE}/dead/{first.id}/replay")
        page = f"{HERE}/dead/{second.id}"
        admin.fill(page, f"{page}/drop")
        admin.get(f"{HERE}/receipts/1")

    told = [line["event"] for line in lines if line["event"].startswith("admin.")]
    assert told == ["admin.command_replayed", "admin.command_dropped", "admin.receipt_read"]
    assert {line["by"] for line in lines if "by" in line} == {staff.admin.id}
    assert NUMBERS["tony"].lstrip("+") not in repr(lines)


def test_it_stands_in_the_zone_of_the_settings(admin: Reader, staff: Staff) -> None:
    settings.use(replace(settings.current(), local_zone="America/New_York"))
    Call.create(caller=staff.mentor, receiver=staff.mentee, status="successful")

    there = clock.now().astimezone(settings.current().zone)
    assert f"<title>{there.hour:02}:00: 1 successful</title>" in _parts(admin)["calls"]


def test_a_report_is_taken_again_when_its_cause_is_mended(
    admin: Reader, staff: Staff, client: Client
) -> None:
    report = {"handler": "919000000001", "scheduledCallId": "77", "conversationSuccess": False}
    client.post("/comms/onion_dev_call_end/", report, user="robot")
    page = f"{HERE}/receipts/{Receipt.get().id}"
    too_early = admin.fill(page, f"{page}/replay").headers["Location"]
    still_waiting = admin.get(too_early).text
    client.post("/mentor/call/")
    Call.update(call_id="77").execute()

    admin.fill(page, f"{page}/replay")

    assert "is unmatched now" in still_waiting
    assert "is done now" in admin.get(page).text
    assert (Receipt.get().outcome, Call.get().status) == ("done", "inactive")
    assert list(forms_of(admin.get(page).text)) == ["/logout"]
