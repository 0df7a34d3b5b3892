"""Finding a time: other times to and fro, and the agreement on one."""

from datetime import timedelta, timezone
from typing import Any

import pytest

from models.callrequests import RequestReminder, TimeSuggestion
from models.people import User
from tests.callrequests.agreeing import Jump, be
from tests.callrequests.dealing import (
    WHY,
    accepted,
    agreed,
    asked,
    cancelled,
    declined,
    fitting,
    good,
    one,
    path,
    picture,
    quarter,
    steps,
    three,
)  # fmt: skip
from tests.callrequests.members import Members
from tests.conformance import holds

INDIA = timezone(timedelta(hours=5, minutes=30))


@holds(
    "PATCH /api/v1/call-requests/:id/new-times/",
    "new-times: 200",
    "new-times: by user or hero",
    "§4 a stays a: new-times",
    "§5.6 the same party twice in a row",
    "§3 created, updated",
)
def test_both_propose_other_times_as_often_as_need_be(members: Members) -> None:
    request = accepted(members.rita, members.tom)
    before = good(members.rita.get(path(request)))
    turns = [members.rita, members.rita, members.tom, members.tom, members.rita]

    for number, who in enumerate(turns, start=1):
        answer = good(who.patch(path(request, "new-times"), three(3 * number)))

        assert answer["times"][:-1] == before["times"]
        assert answer["times"][-1]["user"]["id"] == who.id
        assert answer["times"][-1]["timestamp"] == answer["updated"] > before["updated"]
        assert (answer["status"], answer["agreed_time"]) == ("a", None)
        before = answer

    assert steps(request)[1:] == [("new_times", who.account.id) for who in turns]


@holds(
    "new-times: 403 not authenticated",
    "agreed-time: 403 not a party",
    "cancel: 403 not a party",
    "D-8",
    "D-5",
)
@pytest.mark.parametrize("action", ["new-times", "agreed-time", "cancel"])
@pytest.mark.parametrize("who", ["heidi", "eve", "sam"])
@pytest.mark.parametrize("body", ["good", "empty", "broken"])
def test_strangers_and_staff_are_403_and_learn_nothing_of_their_body(
    members: Members, action: str, who: str, body: str
) -> None:
    request = accepted(members.rita, members.tom)
    before = picture(request)

    sent = {"good": {"body": fitting(action)}, "empty": {"body": {}}, "broken": {"raw": b"[1,]"}}[body]
    answer = getattr(members, who).patch(path(request, action), **sent)

    assert (answer.status_code, list(answer.json)) == (403, ["detail"])
    assert picture(request) == before


@holds("§4 every other pair is 400 without effect", "D-7", "§2.3 the body before the state")
@pytest.mark.parametrize("action", ["new-times", "agreed-time"])
@pytest.mark.parametrize("begin", [asked, agreed, declined, cancelled])
@pytest.mark.parametrize("who", ["rita", "tom"])
def test_times_are_talked_of_between_acceptance_and_agreement(
    members: Members, action: str, begin: Any, who: str
) -> None:
    request, somebody = begin(members.rita, members.tom), getattr(members, who)
    before = picture(request)

    answer = somebody.patch(path(request, action), fitting(action))

    assert (answer.status_code, list(answer.json)) == (400, ["detail"])
    assert picture(request) == before
    assert set(somebody.patch(path(request, action), {}).json) == set(fitting(action))


@holds(
    "new-times: 409 a time that stands already",
    "§5.6 409 compares instants over all earlier suggestions",
    "D-18",
)
@pytest.mark.parametrize("who", ["rita", "tom"])
@pytest.mark.parametrize("stands", range(6))
def test_no_instant_is_proposed_again_by_whomever_and_however_it_is_written(
    members: Members, who: str, stands: int
) -> None:
    request = accepted(members.rita, members.tom)
    good(members.rita.patch(path(request, "new-times"), three(3)))
    before = picture(request)

    body = {**three(20), "time_two": quarter(stands).astimezone(INDIA).isoformat(" ")}
    answer = getattr(members, who).patch(path(request, "new-times"), body)

    assert (answer.status_code, list(answer.json)) == (409, ["detail"])
    assert picture(request) == before


def test_another_requests_times_may_be_proposed_here_too(members: Members) -> None:
    accepted(members.rita, members.tom)
    other = accepted(members.eve, members.tom)
    good(members.eve.patch(path(other, "new-times"), three(3)))


@holds(
    "PATCH /api/v1/call-requests/:id/agreed-time/",
    "agreed-time: 200",
    "agreed-time: by either",
    "D-19",
    "§4 a stays a: agreed-time",
    "agreed-time: null until agreed",
    "agreed-time: a text is scheduled 15 minutes before for both",
    "§3 created, updated",
)
@pytest.mark.parametrize(("proposes", "agrees"), [("rita", "tom"), ("tom", "rita")])
@pytest.mark.parametrize("choice", range(3))
def test_either_agrees_to_one_of_the_times_that_the_other_proposed_last(
    members: Members, proposes: str, agrees: str, choice: int
) -> None:
    request = accepted(members.rita, members.tom)
    before = good(getattr(members, proposes).patch(path(request, "new-times"), three(3)))
    assert before["agreed_time"] is None

    chosen = quarter(3 + choice).astimezone(INDIA).isoformat()
    answer = good(getattr(members, agrees).patch(path(request, "agreed-time"), {"agreed_time": chosen}))

    time = list(before["times"][-1].values())[1 + choice]
    assert answer == {**before, "agreed_time": time, "updated": answer["updated"]}
    assert answer["updated"] > before["updated"]
    assert steps(request)[-1] == ("agreed", getattr(members, agrees).account.id)
    reminded = [(row.account_id, row.agreed_time - row.due_at) for row in RequestReminder.select()]
    quarter_hour = timedelta(minutes=15)
    assert sorted(reminded) == [(who.account.id, quarter_hour) for who in (members.rita, members.tom)]


@holds("§5.7 none of the latest three is 400", "agreed-time: 400 incorrect data")
def test_only_the_latest_times_can_be_agreed_to(members: Members) -> None:
    request = accepted(members.rita, members.tom)
    good(members.tom.patch(path(request, "new-times"), three(3)))
    before = picture(request)

    for number in (0, 1, 2, 6):
        answer = members.rita.patch(path(request, "agreed-time"), one(number))
        assert (answer.status_code, list(answer.json)) == (400, ["agreed_time"])
    near = {"agreed_time": (quarter(3) + timedelta(microseconds=1)).isoformat()}
    assert members.rita.patch(path(request, "agreed-time"), near).status_code == 400

    assert picture(request) == before
    good(members.rita.patch(path(request, "agreed-time"), one(3)))


@holds("§5.7 one's own suggestion is 400", "D-19")
def test_nobody_agrees_to_his_own_times(members: Members) -> None:
    request = accepted(members.rita, members.tom)
    assert members.tom.patch(path(request, "agreed-time"), one()).status_code == 400
    good(members.rita.patch(path(request, "new-times"), three(3)))
    before = picture(request)

    for number in (0, 3):
        answer = members.rita.patch(path(request, "agreed-time"), one(number))
        assert (answer.status_code, list(answer.json)) == (400, ["detail"])

    assert picture(request) == before


@holds("§5.7 agreed already is 400")
def test_an_agreed_time_is_final(members: Members) -> None:
    request = agreed(members.rita, members.tom)
    before = picture(request)

    for who in (members.rita, members.tom):
        for number in (0, 1):
            assert who.patch(path(request, "agreed-time"), one(number)).status_code == 400
        assert who.patch(path(request, "new-times"), three(6)).status_code == 400

    assert picture(request) == before


@holds("§5.7 no suggestion is 400", "D-20")
def test_without_any_suggestion_there_is_nothing_to_agree_to(members: Members) -> None:
    request = accepted(members.rita, members.tom)
    TimeSuggestion.delete().execute()

    answer = members.rita.patch(path(request, "agreed-time"), one())

    assert (answer.status_code, list(answer.json)) == (400, ["detail"])


@holds("§5.7 a past instant is 400", "D-20")
def test_a_time_that_has_passed_cannot_be_agreed_to(members: Members, jump: Jump) -> None:
    request = accepted(members.rita, members.tom)
    before = picture(request)
    be(jump, quarter(0) + timedelta(seconds=1))

    body = {"agreed_time": before["times"][0][1][0].isoformat()}
    answer = members.rita.patch(path(request, "agreed-time"), body)

    assert (answer.status_code, list(answer.json)) == (400, ["agreed_time"])
    assert picture(request) == before


@holds("§5.7 less than 30 minutes ahead is fine")
def test_a_time_that_is_near_by_now_can_be_agreed_to(members: Members, jump: Jump) -> None:
    request = accepted(members.rita, members.tom)
    first = picture(request)["times"][0][1][0]
    be(jump, first - timedelta(minutes=2))

    good(members.rita.patch(path(request, "agreed-time"), {"agreed_time": first.isoformat()}))

    assert {row.due_at < first for row in RequestReminder.select()} == {True}


@pytest.mark.parametrize("action", ["new-times", "agreed-time"])
def test_with_a_party_that_an_operator_keeps_away_no_time_is_found_but_it_can_be_called_off(
    members: Members, action: str
) -> None:
    request = accepted(members.rita, members.tom)
    User.update(is_active=False).where(User.id == members.tom.account.user_id).execute()
    before = picture(request)

    answer = members.rita.patch(path(request, action), fitting(action))

    assert (answer.status_code, list(answer.json)) == (400, ["detail"])
    assert picture(request) == before
    assert members.tom.patch(path(request, "cancel"), WHY).status_code == 403
    good(members.rita.patch(path(request, "cancel"), WHY))
