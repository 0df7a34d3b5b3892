"""What the voice provider reports of rooms: written down once, and successful only when both were really in."""

import itertools
import random
from functools import partial

import pytest

from api.replaying import replay
from models import database
from models.callrequests import Conference, ConferenceLog, meeting
from models.callrequests.meeting import ENDED, JOINED, LEFT, STARTED
from models.receipts import Receipt
from tests.api.looking import rows, statements
from tests.callrequests.agreeing import Jump, cancelled
from tests.callrequests.dialling import (
    RITAS,
    ROOM,
    TOMS,
    Event,
    arranged,
    dial,
    happens,
    held,
    inside,
    kept,
    logged,
    status,
)
from tests.callrequests.members import Members
from tests.conformance import holds
from tests.house import Client

USUAL: tuple[Event, ...] = (
    (JOINED, RITAS), (JOINED, TOMS), (STARTED, ""), (LEFT, TOMS), (LEFT, RITAS), (ENDED, ""),
)  # fmt: skip


def happen(client: Client, *events: Event) -> None:
    """One after the other, in this order, each with its number in the usual course of things."""
    for event, sid in events:
        sequence = USUAL.index((event, sid)) + 1 if (event, sid) in USUAL else 9
        assert happens(client, event, sid, sequence).status_code == 200


@holds("POST /api/v1/conferences/webhook/event", "§9 success: both were really in", "§9 event: start and end")
def test_two_who_met_have_a_successful_request(client: Client, members: Members, jump: Jump) -> None:
    request = arranged(members, jump)
    inside(client, members)

    seen = []
    for event in USUAL:
        happen(client, event)
        seen.append(status(request))

    assert seen == ["a"] * 5 + ["s"]
    assert held(request) == 1


def test_the_answer_is_empty_twiml(client: Client, members: Members, jump: Jump) -> None:
    answer = happens(client, STARTED)

    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert answer.text == '<?xml version="1.0" encoding="UTF-8"?><Response />'


@holds("§9 event: first sight makes a conference")
def test_the_first_sight_of_a_conference_makes_one_of_no_request(
    client: Client, members: Members, jump: Jump
) -> None:
    happen(client, (STARTED, ""), (ENDED, ""))

    made = Conference.get()
    assert (made.sid, made.friendly_name, made.call_request_id) == (ROOM, "x", None)
    assert logged() == {(STARTED, None): 1, (ENDED, None): 1}


@holds("§9 event: join and leave", "D-26")
def test_who_comes_and_goes_is_written_down_and_the_request_is_known_from_the_first(
    client: Client, members: Members, jump: Jump
) -> None:
    request = arranged(members, jump)
    inside(client, members)

    happen(client, *USUAL)

    made, rita, tom = Conference.get(), members.rita.account.id, members.tom.account.id
    assert (made.call_request_id, made.friendly_name) == (request.id, request.hero.slug)
    assert logged() == dict.fromkeys(
        [(JOINED, rita), (JOINED, tom), (LEFT, rita), (LEFT, tom), (STARTED, None), (ENDED, None)], 1
    )


@holds("§9 event: unknown CallSid")
@pytest.mark.parametrize("event", [JOINED, LEFT])
def test_an_unknown_call_is_answered_and_leaves_no_row(
    client: Client, members: Members, jump: Jump, event: str
) -> None:
    arranged(members, jump)
    before = rows()

    answer = happens(client, event, "CA-unknown", 1)

    assert answer.status_code == 200
    assert rows() == before
    assert Receipt.get().outcome == "unmatched"


@pytest.mark.parametrize("event", ["participant-mute", "participant-hold", "announcement-end", "x" * 64])
def test_other_words_are_kept_and_have_no_effect(
    client: Client, members: Members, jump: Jump, event: str
) -> None:
    arranged(members, jump)
    inside(client, members)
    before = rows()

    assert happens(client, event, RITAS, 1).status_code == 200
    assert rows() == before
    assert [row.outcome for row in Receipt.select().where(Receipt.source == "conference.event")] == ["kept"]


@holds("§9 event: start and end")
def test_without_a_start_it_stays_accepted(client: Client, members: Members, jump: Jump) -> None:
    request = arranged(members, jump)
    inside(client, members)

    happen(client, *[event for event in USUAL if event != (STARTED, "")])

    assert status(request) == "a"


@holds("§9 success: both were really in")
@pytest.mark.parametrize("left_out", USUAL)
def test_nothing_but_the_leaving_may_be_missing(
    client: Client, members: Members, jump: Jump, left_out: Event
) -> None:
    request = arranged(members, jump)
    inside(client, members)

    happen(client, *[event for event in USUAL if event != left_out])

    assert status(request) == ("s" if left_out[0] == LEFT else "a")


@holds("§9 success: both were really in")
def test_one_who_calls_twice_has_met_nobody(client: Client, members: Members, jump: Jump) -> None:
    request = arranged(members, jump)
    for sid in ("CA-1", "CA-2"):
        dial(client, members.rita, sid)

    happen(
        client, (JOINED, "CA-1"), (JOINED, "CA-2"), (STARTED, ""), (LEFT, "CA-1"), (LEFT, "CA-2"), (ENDED, "")
    )

    assert status(request) == "a"


@holds("§9 success: both were really in")
def test_two_who_missed_each_other_in_two_conferences_have_not_met(
    client: Client, members: Members, jump: Jump
) -> None:
    request = arranged(members, jump)
    inside(client, members)

    for conference, sid in (("CF1", RITAS), ("CF2", TOMS)):
        for event, call in ((JOINED, sid), (STARTED, ""), (LEFT, sid), (ENDED, "")):
            happens(client, event, call, 1, ConferenceSid=conference)

    assert status(request) == "a"
    assert Conference.select().where(Conference.call_request == request.id).count() == 2


@holds("D-30")
@pytest.mark.parametrize("after", range(7))
def test_a_request_that_was_cancelled_stays_so_whenever_that_was(
    client: Client, members: Members, jump: Jump, after: int
) -> None:
    request = arranged(members, jump)
    inside(client, members)

    happen(client, *USUAL[:after])
    if after < len(USUAL):
        cancelled(request)
    happen(client, *USUAL[after:])

    assert (status(request), held(request)) == (("s", 1) if after == len(USUAL) else ("c", 0))


def test_a_request_that_lost_its_time_is_not_successful(client: Client, members: Members, jump: Jump) -> None:
    """Nobody is let in without one; an operator may have taken it away since."""
    request = arranged(members, jump)
    inside(client, members)
    request.agreed_time = None
    request.save()

    happen(client, *USUAL)

    assert status(request) == "a"


@holds("§9 a replay adds nothing")
def test_every_report_may_come_three_times(client: Client, members: Members, jump: Jump) -> None:
    request = arranged(members, jump)
    inside(client, members)

    for event in USUAL * 3:
        happen(client, event)

    assert kept() == (1, 6, 2)
    assert (status(request), held(request)) == ("s", 1)
    assert Receipt.select().where(Receipt.source == "conference.event").count() == 6


@holds("§9 a replay adds nothing")
def test_the_same_report_in_other_words_is_the_same_and_another_number_is_another(
    client: Client, members: Members, jump: Jump
) -> None:
    arranged(members, jump)
    inside(client, members)

    for sequence, extra in ((1, "a"), (1, "b"), (2, "a")):
        happens(client, JOINED, RITAS, sequence, Extra=extra)

    assert ConferenceLog.select().count() == 2


def test_a_report_without_a_number_is_once_by_its_call(client: Client, members: Members, jump: Jump) -> None:
    arranged(members, jump)
    inside(client, members)

    for _ in range(2):
        for sid in (RITAS, TOMS):
            happens(client, JOINED, sid)

    assert ConferenceLog.select().count() == 2


def number(event: Event) -> int:
    """Its place in the usual course of things, which is the provider's number of it."""
    return USUAL.index(event) + 1


@pytest.mark.lengthy
def test_in_every_order_the_same_is_written_down_and_the_request_is_successful_once(
    client: Client, members: Members, jump: Jump
) -> None:
    request = arranged(members, jump)
    inside(client, members)

    ends = set()
    for order in itertools.permutations(USUAL):
        with database.db.atomic() as undone:
            for event, sid in order:
                told = meeting.InRoom(ROOM, "x", event, sid, number((event, sid)), request.agreed_time)
                Receipt.take("conference.event", f"{event} {sid}".encode(), partial(meeting.take, told))
            made = Conference.get()
            ends.add((status(request), held(request), made.friendly_name, frozenset(logged().items())))
            undone.rollback()

    (only,) = ends
    assert only[:3] == ("s", 1, request.hero.slug)
    assert len(only[3]) == len(USUAL)


def test_in_any_order_and_with_any_repeated_the_webhook_comes_to_the_same(
    client: Client, members: Members, jump: Jump
) -> None:
    request = arranged(members, jump)
    inside(client, members)
    dice = random.Random(7)

    ends = set()
    for _ in range(30):
        with database.db.atomic() as undone:
            for event, sid in dice.sample([*USUAL, *USUAL[:3], *USUAL[4:]], 11):
                assert happens(client, event, sid, number((event, sid))).status_code == 200
            ends.add((status(request), held(request), kept()))
            undone.rollback()

    assert ends == {("s", 1, (1, 6, 2))}


@holds("§9 a replay adds nothing")
def test_a_report_that_fitted_nothing_can_be_taken_again(
    client: Client, members: Members, jump: Jump
) -> None:
    """It overtook the answer to the call it is about, whose row was not there yet."""
    request = arranged(members, jump)
    dial(client, members.tom, TOMS)
    happen(client, *USUAL)
    assert status(request) == "a"
    dial(client, members.rita, RITAS)

    for receipt in Receipt.select().where(Receipt.outcome == "unmatched"):
        assert replay(receipt.id) == ("done", "")

    assert status(request) == "s"
    done = Receipt.get(Receipt.source == "conference.event")
    assert (replay(done.id), held(request)) == (("done", ""), 1)


def test_what_was_reported_of_a_request_is_found_by_its_name(
    client: Client, members: Members, jump: Jump
) -> None:
    request = arranged(members, jump)
    inside(client, members)
    happen(client, *USUAL)

    assert Receipt.select().where(Receipt.about == f"callrequest:{request.id}").count() == 8


def test_a_report_takes_few_statements_however_much_has_happened(
    client: Client, members: Members, jump: Jump
) -> None:
    arranged(members, jump)
    inside(client, members)
    happen(client, *USUAL[:3])
    counts = []
    for turn in range(3):
        with statements() as few:
            happens(client, LEFT, TOMS, 100 + turn)
        counts.append(len(few))
        for sequence in range(20):
            happens(client, JOINED, TOMS, 200 + 20 * turn + sequence)

    assert len(set(counts)) == 1
    assert counts[0] <= 12


@pytest.mark.parametrize(
    ("told", "expected"),
    [("Mon, 04 Jan 2027 18:00:00 +0000", "2027-01-04T18:00:00+00:00"),
     ("Mon, 04 Jan 2027 18:00:00 -0500", "2027-01-04T23:00:00+00:00"),
     ("Mon, 04 Jan 2027 18:00:00 GMT", "2027-01-04T18:00:00+00:00")],
)  # fmt: skip
def test_a_log_says_when_it_happened_and_not_when_we_heard_of_it(
    client: Client, members: Members, told: str, expected: str
) -> None:
    happens(client, STARTED, sequence=1, Timestamp=told)

    assert ConferenceLog.get().timestamp.isoformat() == expected
