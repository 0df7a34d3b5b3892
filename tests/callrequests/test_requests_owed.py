"""What each route owes, and in how many statements it answers."""

from typing import Any

import pytest

from models.callrequests import CallRequest, TimeSuggestion
from models.ledger import LedgerRow
from models.lists import lay_milestones
from models.people.accounts import Account
from tests.api.looking import statements
from tests.callrequests.dealing import (
    ACTIONS,
    ASKED,
    WHY,
    accepted,
    agreed,
    asked,
    cancelled,
    fitting,
    good,
    one,
    owed,
    path,
    picture,
    quarter,
    three,
)  # fmt: skip
from tests.callrequests.members import Members
from tests.conformance import holds

LONG = 1_000


@pytest.fixture
def fresh(members: Members) -> Members:
    """Nobody is owed anything yet."""
    assert owed() == {}
    return members


def _names() -> list[str]:
    """What has been owed since the last look, in order."""
    rows = list(LedgerRow.select().order_by(LedgerRow.id))
    LedgerRow.delete().execute()
    return [f"{row.name} {row.args}" for row in rows]


@holds("§8 commands: create")
def test_asking_owes_the_hero_a_letter(fresh: Members) -> None:
    request = asked(fresh.rita, fresh.tom)

    assert _names() == [f'mail_request {{"call_request_id":{request}}}']


@holds("§8 commands: accept, decline")
def test_answering_owes_the_requester_a_letter(fresh: Members) -> None:
    first, second = asked(fresh.rita, fresh.tom), asked(fresh.rita, fresh.heidi)
    _names()

    good(fresh.tom.patch(path(first, "accept"), three()))
    assert _names() == ['mail_times {"suggestion_id":1}']
    good(fresh.heidi.patch(path(second, "decline"), WHY))
    assert _names() == [f'mail_decline {{"call_request_id":{second}}}']


@holds("§8 commands: new-times")
def test_proposing_owes_the_other_one_a_letter(fresh: Members) -> None:
    request = accepted(fresh.rita, fresh.tom)
    _names()

    good(fresh.rita.patch(path(request, "new-times"), three(3)))
    good(fresh.tom.patch(path(request, "new-times"), three(6)))

    assert _names() == ['mail_times {"suggestion_id":2}', 'mail_times {"suggestion_id":3}']


@holds("§8 commands: agreed-time")
def test_agreeing_owes_a_letter_and_two_reminders(fresh: Members) -> None:
    request = accepted(fresh.rita, fresh.tom)
    _names()

    good(fresh.rita.patch(path(request, "agreed-time"), one()))

    due = {row.name: row.due_at for row in LedgerRow.select()}
    assert due["remind_party"] < quarter(0)
    assert _names() == [
        f'mail_agreement {{"call_request_id":{request}}}',
        'remind_party {"reminder_id":1}',
        'remind_party {"reminder_id":2}',
    ]


def test_agreeing_owes_the_ringing_where_one_would_rather_be_rung(fresh: Members) -> None:
    Account.update(call_me=True).where(Account.id == fresh.tom.account.id).execute()
    request = agreed(fresh.rita, fresh.tom)

    assert len([name for name in _names() if name.startswith("ring_parties")]) == 1
    assert CallRequest.get_by_id(request).way == "dial_out"


@holds("§8 commands: cancel")
def test_calling_off_owes_one_command_for_both_letters_and_takes_the_reminders_away(fresh: Members) -> None:
    Account.update(call_me=True).execute()
    request = agreed(fresh.rita, fresh.tom)
    LedgerRow.delete().where(LedgerRow.name.startswith("mail_")).execute()

    good(fresh.tom.patch(path(request, "cancel"), WHY))

    assert _names() == [f'mail_cancellation {{"call_request_id":{request}}}']


@holds("§8 commands: none for GET and refusals")
def test_looking_and_being_refused_owe_nothing(fresh: Members) -> None:
    requests = [
        asked(fresh.rita, fresh.tom),
        agreed(fresh.rita, fresh.heidi),
        cancelled(fresh.eve, fresh.tom),
    ]
    before = owed(), [picture(request) for request in requests]

    for who in (fresh.rita, fresh.tom, fresh.heidi, fresh.eve, fresh.sam):
        who.get("call-requests/")
        who.post("call-requests/", {})
        for request in (*requests, 99):
            who.get(path(request))
            for action in ACTIONS:
                who.patch(path(request, action), {})
    fresh.rita.post("call-requests/", {**ASKED, "hero_id": fresh.tom.hero_id})
    for who, request in ((fresh.rita, requests[1]), (fresh.heidi, requests[1]), (fresh.tom, requests[2])):
        for action in ACTIONS[:-1]:
            assert who.patch(path(request, action), fitting(action)).status_code in (400, 403)

    assert (owed(), [picture(request) for request in requests]) == before


def _taken(ask: Any) -> int:
    with statements() as taken:
        good(ask())
    return len([statement for statement in taken if "SAVEPOINT" not in statement])


def test_asking_takes_who_asks_whom_and_one_write(members: Members, full: bool) -> None:
    body = {**ASKED, "hero_id": members.tom.hero_id}

    assert _taken(lambda: members.rita.post("call-requests/", body)) == (3 if full else 4)


def test_every_route_takes_as_many_statements_however_much_there_is(members: Members) -> None:
    def taken(turn: int) -> dict[str, int]:
        request = asked(members.rita, members.tom)
        counts = {"accept": _taken(lambda: members.tom.patch(path(request, "accept"), three()))}
        for number in range(1, turn):
            good(members.rita.patch(path(request, "new-times"), three(3 * number)))
        last = 3 * turn
        counts["new-times"] = _taken(lambda: members.tom.patch(path(request, "new-times"), three(last)))
        counts["agreed-time"] = _taken(lambda: members.rita.patch(path(request, "agreed-time"), one(last)))
        counts["detail"] = _taken(lambda: members.rita.get(path(request)))
        force = {**WHY, "force": True}
        counts["cancel"] = _taken(lambda: members.tom.patch(path(request, "cancel"), force))
        other = asked(members.rita, members.tom)
        counts["decline"] = _taken(lambda: members.tom.patch(path(other, "decline"), WHY))
        counts["list"] = _taken(lambda: members.tom.get("call-requests/"))
        return counts

    few = taken(1)
    for turn in (5, 9):
        assert taken(turn) == few
    assert few["detail"] == 3, "who asks, the request with its parties, their suggestions"
    assert few["list"] == 5, (
        "who asks, the last milestone, how many beyond it, which with their parties, suggestions"
    )
    assert max(few.values()) <= 20


@pytest.mark.parametrize("laid", [False, True])
def test_a_long_list_takes_as_many_statements_as_a_short_one(members: Members, laid: bool) -> None:
    request = accepted(members.rita, members.tom)
    row = {**CallRequest.get_by_id(request).__data__, "status": "d"}
    del row["id"]
    CallRequest.insert_many([row] * LONG).execute()
    facts = {**TimeSuggestion.get().__data__}
    del facts["id"]
    TimeSuggestion.insert_many(
        [{**facts, "call_request": number} for number in range(2, 30) for _ in range(5)]
    ).execute()
    for _ in range(3 if laid else 0):
        lay_milestones()

    for number in (1, 2, 50, 100):
        assert _taken(lambda number=number: members.tom.get(f"call-requests/?page={number}")) == 5
    page = good(members.tom.get("call-requests/?page=100"))
    assert [row["id"] for row in page["results"]] == list(range(991, 1001))
    assert page["count"] == LONG + 1
