"""Reports of conferences at the same moment: nothing is written down twice, and no last word is lost between two."""

from collections.abc import Iterator
from functools import partial

import pytest

from models.callrequests import CallRequest, Conference, ConferenceCall, ConferenceLog, moving
from models.callrequests.meeting import ENDED, JOINED, STARTED
from models.receipts import Receipt
from tests.callrequests.agreeing import Jump, agreed, cancelled, steps
from tests.callrequests.dealing import quarter
from tests.callrequests.dialling import arranged, be_before, dial, happens, held, status
from tests.callrequests.members import Members
from tests.conformance import holds
from tests.house import Client
from tests.mentoring.racing import Track

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def track() -> Iterator[Track]:
    """Four lanes."""
    with Track(4) as track:
        yield track


@pytest.fixture
def rounds(full: bool) -> range:
    """SQLite has one writer at a time: there a few are enough."""
    return range(40 if full else 8)


@pytest.fixture
def requests(members: Members, jump: Jump, rounds: range) -> list[CallRequest]:
    """One for each round, all for now: what each is called in with decides which is meant, not the time."""
    made = []
    for _ in rounds:
        request = agreed(members.rita, members.tom, quarter(0))
        made.append(request)
    be_before(jump, made[0], 0)
    return made


def let_in(client: Client, members: Members, request: CallRequest) -> tuple[str, str]:
    """Both have dialled in to this one of many requests at one time. The ids of their calls."""
    sids = f"CA-rita-{request.id}", f"CA-tom-{request.id}"
    for member, sid in zip((members.rita, members.tom), sids, strict=True):
        ConferenceCall.create(sid=sid, account=member.account, call_request=request)
    return sids


@holds("§9 a replay adds nothing")
def test_the_same_call_four_times_at_once_is_one_and_is_answered_alike(
    client: Client, members: Members, jump: Jump, track: Track, rounds: range
) -> None:
    arranged(members, jump)
    for place in rounds:
        answers = track.race(*[partial(dial, client, members.rita, f"CA-{place}")] * 4)

        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.text for answer in answers}) == 1
    assert ConferenceCall.select().count() == len(rounds)
    assert Receipt.select().where(Receipt.outcome == "done").count() == len(rounds)


@holds("§9 a replay adds nothing")
def test_the_same_report_four_times_at_once_is_written_down_once(
    client: Client, members: Members, jump: Jump, track: Track, rounds: range
) -> None:
    arranged(members, jump)
    dial(client, members.rita, "CA-1")
    for place in rounds:
        told = partial(happens, client, JOINED, "CA-1", 1, ConferenceSid=f"CF-{place}")

        answers = track.race(*[told] * 4)

        assert {answer.status_code for answer in answers} == {200}
    assert (Conference.select().count(), ConferenceLog.select().count()) == (len(rounds), len(rounds))


@holds("§9 success: both were really in")
def test_of_the_last_two_reports_at_once_one_sees_that_the_two_have_met(
    client: Client, members: Members, requests: list[CallRequest], track: Track
) -> None:
    for request in requests:
        ritas, toms = let_in(client, members, request)
        here = {"ConferenceSid": f"CF-{request.id}"}
        happens(client, JOINED, ritas, 1, **here)
        happens(client, STARTED, "", 3, **here)

        answers = track.race(
            partial(happens, client, ENDED, "", 6, **here), partial(happens, client, JOINED, toms, 2, **here)
        )

        assert [answer.status_code for answer in answers] == [200, 200]
        assert (status(request), held(request)) == ("s", 1)


def test_four_reports_of_a_new_conference_at_once_are_all_written_down(
    client: Client, members: Members, requests: list[CallRequest], track: Track
) -> None:
    for request in requests:
        ritas, toms = let_in(client, members, request)
        here = {"ConferenceSid": f"CF-{request.id}"}

        track.race(
            partial(happens, client, ENDED, "", 6, **here), partial(happens, client, JOINED, toms, 2, **here),
            partial(happens, client, JOINED, ritas, 1, **here), partial(happens, client, STARTED, "", 3, **here),
        )  # fmt: skip

        assert (status(request), held(request)) == ("s", 1)
    assert ConferenceLog.select().count() == 4 * len(requests)


@holds("D-30")
@pytest.mark.parametrize("first", [None, 0, 1])
def test_the_end_and_a_cancellation_at_once_leave_one_of_the_two(
    client: Client, members: Members, requests: list[CallRequest], track: Track, first: int | None
) -> None:
    ends = set()
    for request in requests:
        here = {"ConferenceSid": f"CF-{request.id}"}
        for place, sid in enumerate(let_in(client, members, request), start=1):
            happens(client, JOINED, sid, place, **here)
        happens(client, STARTED, "", 3, **here)

        answer, _ = track.race(
            partial(happens, client, ENDED, "", 6, **here), partial(called_off, request), first=first
        )

        assert answer.status_code == 200
        (last,) = [step for step in steps(request) if step in ("held", "canceled")]
        assert status(request) == {"held": "s", "canceled": "c"}[last]
        ends.add(last)
    assert first is None or ends == {("held", "canceled")[first]}


def called_off(request: CallRequest) -> None:
    """By the requester, unless it is too late."""
    try:
        cancelled(request)
    except moving.WrongState:
        return
