"""Two who act on call requests at the same moment, hundreds of times: the end is as if one had come after the other."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import pytest

from models import clock
from models.callrequests import (
    CallRequest,
    CanceledCallRequestLog,
    RequestReminder,
    Step,
    TimeSuggestion,
    asking,
    moving,
)  # fmt: skip
from models.callrequests.asking import Wish
from models.ledger import LedgerRow
from models.settings import Settings
from tests.callrequests.dealing import ASKED, good, one, path, quarter, three
from tests.callrequests.members import Member, Members, member
from tests.conformance import holds
from tests.house import Client
from tests.mentoring.racing import Track

pytestmark = pytest.mark.timeout(180)

Deed = tuple[str, str, dict[str, Any]]  # who does what, with which body
MADE = {"accepted": "mail_times", "new_times": "mail_times", "declined": "mail_decline", "agreed": "mail_agreement",
        "canceled": "mail_cancellation"}  # fmt: skip


@pytest.fixture
def rounds(full: bool) -> int:
    """How often: SQLite has one writer at a time, so there a few rounds show all there is to see."""
    return 200 if full else 12


@pytest.fixture
def people(home: Settings) -> Members:
    """Members of each kind, whose answers are not held against the document: that is for quieter tests."""
    return Members(Client())


@pytest.fixture
def track(people: Members) -> Iterator[Track]:
    """Two lanes."""
    with Track(2) as track:
        yield track


def _open(rita: Member, tom: Member) -> int:
    wish = Wish(rita.account.id, tom.hero_id, tom.account.id, "x", 15, clock.now())
    return asking.ask(wish)


def _offered(rita: Member, tom: Member) -> int:
    """The hero has proposed the first three quarters."""
    return int(moving.accept(_open(rita, tom), tom.account.id, (quarter(0), quarter(1), quarter(2))).id)


def _agreed(rita: Member, tom: Member) -> int:
    """The requester has taken the first."""
    return int(moving.agree(_offered(rita, tom), rita.account.id, quarter(0)).id)


class Race(NamedTuple):
    """Two deeds on one request.

    Parameters:
      ends: by what the two are answered: what has happened to the request then. All are to be seen.
    """

    begin: Callable[[Member, Member], int]
    deeds: tuple[Deed, Deed]
    ends: dict[tuple[int, int], str]


CANCEL = {"reason": "c", "force": True}
FIRST, SECOND = (200, 400), (400, 200)
_BOTH_ACCEPT = (("tom", "accept", three(0)), ("tom", "accept", three(3)))
_BOTH_DECLINE = (("tom", "decline", {"reason": "a"}), ("tom", "decline", {"reason": "b"}))
_SAME_CANCELS = (("rita", "cancel", {"reason": "a"}), ("rita", "cancel", {"reason": "b", "force": True}))
_BOTH_CANCEL = (("rita", "cancel", CANCEL), ("tom", "cancel", CANCEL))
_ANSWERS = (("tom", "accept", three()), ("tom", "decline", {"reason": "a"}))
_ACCEPT_OR_CANCEL = (("tom", "accept", three()), ("rita", "cancel", CANCEL))
_DECLINE_OR_CANCEL = (("tom", "decline", {"reason": "a"}), ("rita", "cancel", CANCEL))
_BOTH_AGREE = (("rita", "agreed-time", one(0)), ("rita", "agreed-time", one(1)))
_SAME_PROPOSES = (("rita", "new-times", three(3)), ("rita", "new-times", three(3)))
_BOTH_PROPOSE = (("rita", "new-times", three(3)), ("tom", "new-times", three(5)))
_PROPOSE_OR_AGREE = (("rita", "new-times", three(3)), ("rita", "agreed-time", one()))
_OTHERS_PROPOSE_OR_AGREE = (("tom", "new-times", three(3)), ("rita", "agreed-time", one()))
_PROPOSE_OR_CANCEL = (("rita", "new-times", three(3)), ("tom", "cancel", CANCEL))
_AGREE_OR_CANCEL = (("rita", "agreed-time", one()), ("tom", "cancel", CANCEL))
_AGREE_OR_CANCEL_ONESELF = (("rita", "agreed-time", one()), ("rita", "cancel", CANCEL))

_CANCELED = {FIRST: "canceled", SECOND: "canceled"}
_AGREED = {FIRST: "agreed", SECOND: "agreed"}
_NEW = {(200, 409): "new_times", (409, 200): "new_times"}
_NEW_OR_AGREED = {FIRST: "new_times", SECOND: "agreed"}


@pytest.mark.parametrize(
    "race",
    [
        pytest.param(Race(_open, _BOTH_ACCEPT, {FIRST: "accepted", SECOND: "accepted"}), id="accepts",
                     marks=holds("two accepts at once")),
        pytest.param(Race(_open, _BOTH_DECLINE, {FIRST: "declined", SECOND: "declined"}), id="declines",
                     marks=holds("two declines at once")),
        pytest.param(Race(_open, _SAME_CANCELS, _CANCELED), id="own cancels, open"),
        pytest.param(Race(_open, _BOTH_CANCEL, _CANCELED), id="cancels, open"),
        pytest.param(Race(_offered, _BOTH_CANCEL, _CANCELED), id="cancels, accepted",
                     marks=holds("two cancels at once")),
        pytest.param(Race(_agreed, _BOTH_CANCEL, _CANCELED), id="cancels, agreed"),
        pytest.param(Race(_open, _ANSWERS, {FIRST: "accepted", SECOND: "declined"}), id="accept, decline",
                     marks=holds("accept against decline")),
        pytest.param(Race(_open, _ACCEPT_OR_CANCEL, {(200, 200): "accepted canceled", SECOND: "canceled"}),
                     id="accept, cancel", marks=holds("accept against cancel")),
        pytest.param(Race(_open, _DECLINE_OR_CANCEL, {FIRST: "declined", SECOND: "canceled"}),
                     id="decline, cancel", marks=holds("decline against cancel")),
        pytest.param(Race(_offered, _BOTH_AGREE, _AGREED), id="agrees", marks=holds("two agreed-times at once")),
        pytest.param(Race(_offered, _SAME_PROPOSES, _NEW), id="own new times",
                     marks=holds("two identical new-times at once")),
        pytest.param(Race(_offered, _BOTH_PROPOSE, _NEW), id="overlapping new times"),
        pytest.param(Race(_offered, _PROPOSE_OR_AGREE, _NEW_OR_AGREED), id="own new times, agree"),
        pytest.param(Race(_offered, _OTHERS_PROPOSE_OR_AGREE, _NEW_OR_AGREED), id="new times, agree",
                     marks=holds("new-times against agreed-time")),
        pytest.param(Race(_offered, _PROPOSE_OR_CANCEL, {(200, 200): "new_times canceled", SECOND: "canceled"}),
                     id="new times, cancel", marks=holds("new-times against cancel")),
        pytest.param(Race(_offered, _AGREE_OR_CANCEL, {(200, 200): "agreed canceled", SECOND: "canceled"}),
                     id="agree, cancel", marks=holds("agree against cancel")),
        pytest.param(Race(_offered, _AGREE_OR_CANCEL_ONESELF, {(200, 200): "agreed canceled", SECOND: "canceled"}),
                     id="own agree, cancel"),
    ],
)  # fmt: skip
def test_of_two_deeds_on_one_request_the_later_is_answered_as_such(
    people: Members, track: Track, rounds: int, race: Race
) -> None:
    seen = Counter[tuple[int, int]]()
    for turn in range(rounds):
        # Of 200 cancellations the first three are free, so whoever does not force them is somebody new.
        rita = _newcomer() if race.deeds == _SAME_CANCELS else people.rita
        request = race.begin(rita, people.tom)
        before = _steps(request)
        cast = {"rita": rita, "tom": people.tom}

        jobs = [partial(cast[who].patch, path(request, what), body) for who, what, body in race.deeds]
        answers = track.race(*jobs, first=turn if turn < 2 else None)

        codes = tuple(answer.status_code for answer in answers)
        assert codes in race.ends, [answer.text for answer in answers]
        seen[codes] += 1
        assert _steps(request)[len(before) :] == race.ends[codes].split()
        last = max(
            (answer.json for answer in answers if answer.status_code == 200), key=lambda row: row["updated"]
        )
        assert last == good(people.sam.get(path(request)))
        _close(request)

    assert set(seen) == set(race.ends), "all ends were seen"
    _audit()


def _newcomer() -> Member:
    return member(Client(), "Nina", "Newcomer")


def _close(request: int) -> None:
    """No open request stands in the next one's way."""
    CallRequest.update(status="d").where(CallRequest.id == request, CallRequest.status == "o").execute()


def _steps(request: int) -> list[str]:
    rows = Step.select(Step.step).where(Step.call_request == request).order_by(Step.id)
    return [step.step for step in rows]


def _audit() -> None:
    """Of all requests: letters, suggestions, logs and reminders are those of what happened to each, once."""
    told: dict[int, Counter[str]] = defaultdict(Counter)
    for step in Step.select():
        told[step.call_request_id][step.step] += 1
    requests = {row.id: row for row in CallRequest.select()}
    suggestions = {row.id: row.call_request_id for row in TimeSuggestion.select()}
    letters = Counter(
        (row.name, row.args) for row in LedgerRow.select().where(LedgerRow.name.startswith("mail_"))
    )
    expected = Counter(("mail_request", f'{{"call_request_id":{request}}}') for request in requests)
    for request, steps in told.items():
        assert set(steps.values()) <= {1}, "nothing happens twice in these races"
        expected.update(
            (MADE[step], f'{{"call_request_id":{request}}}') for step in steps if MADE[step] != "mail_times"
        )
    expected.update(("mail_times", f'{{"suggestion_id":{suggestion}}}') for suggestion in suggestions)
    assert letters == expected
    assert Counter(suggestions.values()) == Counter(
        {
            request: steps["accepted"] + steps["new_times"]
            for request, steps in told.items()
            if steps["accepted"]
        }
    )
    canceled = {request for request, steps in told.items() if steps["canceled"]}
    assert sorted(row.call_request_id for row in CanceledCallRequestLog.select()) == sorted(canceled)
    _audit_reminders(requests, {request for request, steps in told.items() if steps["agreed"]}, canceled)


def _audit_reminders(requests: dict[int, CallRequest], agreed: set[int], canceled: set[int]) -> None:
    assert {request for request, row in requests.items() if row.agreed_time} == agreed
    assert {request for request, row in requests.items() if row.status == "c"} == canceled
    rows = list(RequestReminder.select())
    assert sorted((row.call_request_id, row.account_id) for row in rows) == sorted(
        (request, party) for request in agreed for party in requests[request].parties
    )
    for row in rows:
        assert row.state == ("revoked" if row.call_request_id in canceled else "pending")
        assert row.agreed_time == requests[row.call_request_id].agreed_time
    owed = {row.args for row in LedgerRow.select().where(LedgerRow.name == "remind_party")}
    assert owed == {f'{{"reminder_id":{row.id}}}' for row in rows if row.state == "pending"}


@holds("two creates at once")
def test_of_two_who_ask_the_same_hero_at_once_as_one_person_one_does(
    people: Members, track: Track, rounds: int
) -> None:
    body = {**ASKED, "hero_id": people.tom.hero_id}
    for turn in range(rounds):
        jobs = [partial(people.rita.post, "call-requests/", {**body, "message": text}) for text in "ab"]
        answers = track.race(*jobs, first=turn if turn < 2 else None)

        assert sorted(answer.status_code for answer in answers) == [200, 409]
        (made,) = CallRequest.select().where(CallRequest.status == "o")
        assert made.message == next(answer.json["message"] for answer in answers if answer.status_code == 200)
        _close(made.id)

    assert CallRequest.select().count() == rounds
    assert LedgerRow.select().count() == rounds


def test_one_idempotency_key_at_once_makes_one_request_that_both_are_given(
    people: Members, track: Track, rounds: int
) -> None:
    body = {**ASKED, "hero_id": people.tom.hero_id}
    for turn in range(rounds):
        key = {"Idempotency-Key": f"turn {turn}"}
        answers = track.race(*[partial(people.rita.post, "call-requests/", body, headers=key)] * 2)

        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].json == answers[1].json
        _close(answers[0].json["id"])

    assert CallRequest.select().count() == LedgerRow.select().count() == rounds


@holds("two cancels at the limit at once")
@pytest.mark.parametrize("role", ["requester", "hero"])
def test_of_two_accepted_requests_called_off_at_the_limit_one_is(
    people: Members, track: Track, rounds: int, role: str
) -> None:
    for turn in range(rounds):
        nina = member(Client(), "Nina", "Newcomer", hero=True)
        others = [people.heidi, people.tom]
        pairs = [(nina, other) if role == "requester" else (other, nina) for other in others]
        _cancelled_twice(nina, people.tom)
        requests = [_offered(*pair) for pair in pairs]

        jobs = [partial(nina.patch, path(request, "cancel"), {"reason": "x"}) for request in requests]
        answers = track.race(*jobs, first=turn if turn < 2 else None)

        assert sorted(answer.status_code for answer in answers) == [200, 409]
        states = [CallRequest.get_by_id(request).status for request in requests]
        assert states == ["c" if answer.status_code == 200 else "a" for answer in answers]
        assert (
            CanceledCallRequestLog.select().where(CanceledCallRequestLog.account == nina.account).count() == 3
        )


def _cancelled_twice(nina: Member, hero: Member) -> None:
    """She has done so before."""
    facts = {"requester": nina.account, "hero": hero.hero_id, "hero_account": hero.account, "message": "x"}
    for _ in range(2):
        request = CallRequest.create(**facts, estimated_length=15, status="c")
        CanceledCallRequestLog.create(
            call_request=request, account=nina.account, reason="x", was_accepted=False
        )
