"""Calling it off: by whom, when, how often for free, and what is left of it."""

from typing import Any

import pytest

from models.callrequests import CallRequest, CanceledCallRequestLog, RequestReminder, moving
from models.ledger import LedgerRow
from tests.callrequests.dealing import (
    WHY,
    accepted,
    agreed,
    asked,
    cancelled,
    declined,
    good,
    path,
    picture,
    steps,
)  # fmt: skip
from tests.callrequests.members import Members
from tests.conformance import holds


def _used_up(members: Members, times: int = 3) -> None:
    """Rita has called off as many, all of them while they were open."""
    for _ in range(times):
        cancelled(members.rita, members.heidi)


@holds(
    "PATCH /api/v1/call-requests/:id/cancel/",
    "cancel: 200",
    "§4 o or a to c",
    "§5.8 one log row",
    "§3 created, updated",
    "§3 reason: only of a decline",
    "§3 agreed_time: kept after cancel",
)
@pytest.mark.parametrize("who", ["rita", "tom"])
@pytest.mark.parametrize("begin", [asked, accepted, agreed])
def test_either_calls_an_open_or_accepted_request_off(members: Members, who: str, begin: Any) -> None:
    request, somebody = begin(members.rita, members.tom), getattr(members, who)
    before = good(somebody.get(path(request)))

    answer = good(somebody.patch(path(request, "cancel"), {"reason": " Something came up "}))

    assert answer == {**before, "status": "c", "updated": answer["updated"]}, "no reason, and the time stays"
    assert answer["updated"] > before["updated"]
    assert steps(request)[-1] == ("canceled", somebody.account.id)
    assert picture(request)["cancelled"] == [(somebody.account.id, "Something came up", begin is not asked)]


@holds("§4 every other pair is 400 without effect", "D-6")
@pytest.mark.parametrize("who", ["rita", "tom"])
@pytest.mark.parametrize("force", [{}, {"force": True}])
def test_what_is_over_cannot_be_called_off(members: Members, who: str, force: dict[str, Any]) -> None:
    over = [declined(members.rita, members.tom), cancelled(members.rita, members.tom)]
    over.append(agreed(members.rita, members.tom))
    assert moving.hold(over[-1])
    for request in over:
        before = picture(request)

        answer = getattr(members, who).patch(path(request, "cancel"), {**WHY, **force})

        assert (answer.status_code, list(answer.json)) == (400, ["detail"])
        assert picture(request) == before


@holds("§7 cancel revokes")
def test_nobody_is_reminded_of_what_was_called_off(members: Members) -> None:
    request = agreed(members.rita, members.tom)
    assert {row.state for row in RequestReminder.select()} == {"pending"}

    good(members.tom.patch(path(request, "cancel"), WHY))

    assert [row.state for row in RequestReminder.select()] == ["revoked", "revoked"]
    assert not LedgerRow.select().where(LedgerRow.name == "remind_party").exists()


@holds("cancel: 409 cancelled too many times", "§5.8 409 after three, nothing changes", "default: three cancellations "
       "are free", "§5.8 every logged cancellation counts", "D-21")  # fmt: skip
@pytest.mark.parametrize("body", [WHY, {**WHY, "force": False}])
def test_who_has_called_off_three_does_not_call_off_an_accepted_one_for_free(
    members: Members, body: dict[str, Any]
) -> None:
    _used_up(members)
    request = agreed(members.rita, members.tom)
    before = picture(request)

    answer = members.rita.patch(path(request, "cancel"), body)

    assert (answer.status_code, list(answer.json)) == (409, ["detail"])
    assert picture(request) == before


@holds("default: three cancellations are free")
def test_the_third_is_free(members: Members) -> None:
    _used_up(members, 2)
    good(members.rita.patch(path(agreed(members.rita, members.tom), "cancel"), WHY))
    fourth = agreed(members.rita, members.tom)
    assert members.rita.patch(path(fourth, "cancel"), WHY).status_code == 409


@holds(
    "cancel: force beyond the allowed number",
    "§5.8 force: its forms",
    "§5.8 no limit with force or when open",
)
@pytest.mark.parametrize("force", [True, 1, "true"])
def test_force_goes_beyond_the_limit(members: Members, force: Any) -> None:
    _used_up(members)
    request = agreed(members.rita, members.tom)

    good(members.rita.patch(path(request, "cancel"), {**WHY, "force": force}))


@holds("§5.8 force: its forms")
@pytest.mark.parametrize("force", [False, 0, "false"])
def test_no_force_does_not(members: Members, force: Any) -> None:
    _used_up(members)
    request = accepted(members.rita, members.tom)

    assert members.rita.patch(path(request, "cancel"), {**WHY, "force": force}).status_code == 409


@holds("§5.8 force: its forms")
@pytest.mark.parametrize("force", [None, {}, [], "", "yes", "True", "1", 2, -1, 1.5, 1.0])
def test_what_is_neither_is_400(members: Members, force: Any) -> None:
    request = asked(members.rita, members.tom)

    answer = members.rita.patch(path(request, "cancel"), {**WHY, "force": force})

    assert (answer.status_code, list(answer.json)) == (400, ["force"])


@holds("§5.8 no limit with force or when open")
def test_open_requests_are_called_off_without_a_limit_but_they_count(members: Members) -> None:
    _used_up(members, 5)

    assert CanceledCallRequestLog.select().count() == 5
    assert CallRequest.select().where(CallRequest.status == "c").count() == 5


@holds("§5.8 a hero's cancellations count against the hero")
def test_each_has_a_limit_of_his_own_and_a_heros_cancellations_count_against_the_hero(
    members: Members,
) -> None:
    for _ in range(3):
        cancelled(members.rita, members.tom, by=members.tom)
    request = accepted(members.rita, members.tom)

    assert members.tom.patch(path(request, "cancel"), WHY).status_code == 409
    good(members.rita.patch(path(request, "cancel"), WHY))


@holds("§2.3 the state before duplicates and limits", "cancel: 404 unknown id")
def test_the_state_goes_before_the_limit_and_the_body_before_both(members: Members) -> None:
    _used_up(members)
    over = declined(members.rita, members.tom)

    assert members.rita.patch(path(over, "cancel"), WHY).status_code == 400
    live = accepted(members.rita, members.tom)
    assert list(members.rita.patch(path(live, "cancel"), {"force": "x"}).json) == ["reason", "force"]
    assert members.rita.patch(path(99, "cancel"), WHY).status_code == 404
