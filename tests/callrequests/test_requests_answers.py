"""What a hero answers to a request: yes with three times, or no with a reason."""

from datetime import timedelta, timezone
from typing import Any

import pytest

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
    path,
    picture,
    quarter,
    steps,
    three,
)  # fmt: skip
from tests.callrequests.members import Members
from tests.conformance import holds

HALF_HOUR = timedelta(minutes=30)
NAMES = ("time_one", "time_two", "time_three")


def _body(*times: Any) -> dict[str, Any]:
    return dict(zip(NAMES, times, strict=True))


@holds(
    "PATCH /api/v1/call-requests/:id/accept/",
    "accept: 200",
    "accept: from o to a",
    "accept: three UTC times",
    "§4 o to a",
    "§5.4 one suggestion by the hero's user",
    "§3 created, updated",
)
def test_a_hero_accepts_and_proposes_three_times(members: Members) -> None:
    request = asked(members.rita, members.tom)
    before = good(members.rita.get(path(request)))

    answer = good(members.tom.patch(path(request, "accept"), three()))

    (suggestion,) = answer["times"]
    assert suggestion["user"]["id"] == members.tom.id
    assert [suggestion[f"date{name}"] for name in NAMES] == [
        quarter(number).isoformat(timespec="microseconds").replace("+00:00", "Z") for number in range(3)
    ]
    assert answer["updated"] > before["updated"]
    assert answer == {
        **before, "status": "a", "times": [suggestion], "updated": suggestion["timestamp"],
    }  # fmt: skip
    assert good(members.rita.get(path(request))) == answer
    assert steps(request) == [("accepted", members.tom.account.id)]


@holds(
    "PATCH /api/v1/call-requests/:id/decline/",
    "decline: 200",
    "decline: from o to d",
    "§4 o to d",
    "§5.5 reason stored",
    "§3 reason: only of a decline",
    "§3 created, updated",
)
def test_a_hero_declines_and_says_why(members: Members) -> None:
    request = asked(members.rita, members.tom)
    before = good(members.rita.get(path(request)))

    answer = good(members.tom.patch(path(request, "decline"), {"reason": "  Not my subject.\n"}))

    assert answer == {**before, "status": "d", "reason": "Not my subject.", "updated": answer["updated"]}
    assert answer["updated"] > before["updated"]
    assert steps(request) == [("declined", members.tom.account.id)]


@holds(
    "accept: only a hero", "accept: 403 not the hero", "decline: only a hero", "decline: 403 not the hero",
    "§5.4 a requester, another hero, staff: 403", "§2.3 the party before the body", "D-5",
)  # fmt: skip
@pytest.mark.parametrize("action", ["accept", "decline"])
@pytest.mark.parametrize("who", ["rita", "heidi", "eve", "sam"])
@pytest.mark.parametrize("body", ["good", "empty", "broken"])
def test_only_the_hero_himself_answers_and_others_learn_nothing_of_their_body(
    members: Members, action: str, who: str, body: str
) -> None:
    request = asked(members.rita, members.tom)
    before = picture(request)
    somebody = getattr(members, who)

    sent = {"good": {"body": fitting(action)}, "empty": {"body": {}}, "broken": {"raw": b"{,"}}[body]
    answer = somebody.patch(path(request, action), **sent)

    assert (answer.status_code, list(answer.json)) == (403, ["detail"])
    assert picture(request) == before


@holds("§2.3 existence before the party", "D-5")
@pytest.mark.parametrize("action", ["accept", "decline", "new-times", "agreed-time", "cancel"])
def test_what_is_not_there_is_404_for_everybody(members: Members, action: str) -> None:
    for who in (members.rita, members.tom, members.eve, members.sam):
        answer = who.patch(path(7, action), {})

        assert (answer.status_code, list(answer.json)) == (404, ["detail"])


@holds("§4 every other pair is 400 without effect", "§2.2 wrong state: detail is a text")
@pytest.mark.parametrize("action", ["accept", "decline"])
@pytest.mark.parametrize("before", [accepted, agreed, declined, cancelled])
def test_only_an_open_request_can_be_answered(members: Members, action: str, before: Any) -> None:
    request = before(members.rita, members.tom)
    picture_before = picture(request)

    answer = members.tom.patch(path(request, action), fitting(action))

    assert (answer.status_code, list(answer.json)) == (400, ["detail"])
    assert isinstance(answer.json["detail"], str)
    assert picture(request) == picture_before


@holds("§2.3 the body before the state", "D-5")
@pytest.mark.parametrize("action", ["accept", "decline"])
def test_what_is_wrong_with_the_body_goes_before_the_state(members: Members, action: str) -> None:
    request = cancelled(members.rita, members.tom)

    assert set(members.tom.patch(path(request, action), {}).json) == set(fitting(action))


@holds(
    "accept: times at least 30 minutes ahead", "§5.4 now plus 30 minutes is fine", "D-15",
    "default: suggested times 30 minutes ahead", "new-times: times at least 30 minutes ahead",
)  # fmt: skip
@pytest.mark.parametrize("action", ["accept", "new-times"])
def test_times_are_half_an_hour_ahead_or_more(members: Members, jump: Jump, action: str) -> None:
    begin = {"accept": asked, "new-times": accepted}[action]
    request = begin(members.rita, members.tom)
    soon, *later = quarter(40), quarter(44).isoformat(), quarter(48).isoformat()
    body = _body(later[0], soon.isoformat(), later[1])
    be(jump, soon - HALF_HOUR + timedelta(seconds=1))

    answer = members.tom.patch(path(request, action), body)

    assert (answer.status_code, list(answer.json)) == (400, ["time_two"])
    be(jump, soon - HALF_HOUR - timedelta(seconds=3))
    good(members.tom.patch(path(request, action), body))


@holds(
    "accept: times in steps of 15 minutes", "§5.4 the quarter-hour grid, in UTC", "D-16", "accept: 400 incorrect data",
    "new-times: times in steps of 15 minutes", "new-times: 400 incorrect data",
)  # fmt: skip
@pytest.mark.parametrize("action", ["accept", "new-times"])
@pytest.mark.parametrize(
    "off", [{"minutes": 1}, {"minutes": 7, "seconds": 30}, {"minutes": 14}, {"seconds": 1}, {"microseconds": 1},
            {"microseconds": -1}, {"seconds": 30}],
)  # fmt: skip
def test_times_are_on_the_quarter_hour(members: Members, action: str, off: dict[str, int]) -> None:
    begin = {"accept": asked, "new-times": accepted}[action]
    request = begin(members.rita, members.tom)
    before = picture(request)

    body = _body(*((quarter(number) + timedelta(**off)).isoformat() for number in (10, 11, 12)))
    answer = members.tom.patch(path(request, action), body)

    assert (answer.status_code, set(answer.json)) == (400, set(NAMES))
    assert picture(request) == before


def test_all_that_is_wrong_with_all_times_is_told_at_once(members: Members) -> None:
    request = asked(members.rita, members.tom)

    body = {"time_one": "2020-01-01T00:07:00Z", "time_two": quarter(1).isoformat()}
    answer = members.tom.patch(path(request, "accept"), body)

    assert answer.status_code == 400
    assert {name: len(texts) for name, texts in answer.json.items()} == {"time_one": 2, "time_three": 1}


@holds("§5.4 the three differ", "D-17", "§2.2 cross-field errors: detail is a list")
@pytest.mark.parametrize("action", ["accept", "new-times"])
@pytest.mark.parametrize("places", [(0, 0, 1), (0, 1, 0), (1, 0, 0), (0, 0, 0)])
def test_a_time_proposed_twice_is_no_choice(
    members: Members, action: str, places: tuple[int, int, int]
) -> None:
    request = {"accept": asked, "new-times": accepted}[action](members.rita, members.tom)
    kathmandu = timezone(timedelta(hours=5, minutes=45))

    times = [quarter(10 + place) for place in places]
    body = _body(times[0].isoformat(), times[1].astimezone(kathmandu).isoformat(), times[2].isoformat())
    answer = members.tom.patch(path(request, action), body)

    assert (answer.status_code, list(answer.json)) == (400, ["detail"])
    assert isinstance(answer.json["detail"], list)


def test_the_three_need_no_order(members: Members) -> None:
    request = asked(members.rita, members.tom)

    body = _body(*(quarter(number).isoformat() for number in (9, 1, 5)))

    (suggestion,) = good(members.tom.patch(path(request, "accept"), body))["times"]
    assert suggestion["datetime_one"] > suggestion["datetime_three"] > suggestion["datetime_two"]


@holds("decline: reason is required", "decline: 400 incorrect data", "cancel: reason")
@pytest.mark.parametrize("action", ["decline", "cancel"])
@pytest.mark.parametrize("reason", ["", " \n ", "x" * 501, None, 5, False, ["x"], {}, "missing"])
def test_a_reason_is_1_to_500_characters(members: Members, action: str, reason: Any) -> None:
    request = asked(members.rita, members.tom)
    before = picture(request)

    answer = members.tom.patch(path(request, action), {} if reason == "missing" else {"reason": reason})

    assert (answer.status_code, list(answer.json)) == (400, ["reason"])
    assert picture(request) == before


@pytest.mark.parametrize("action", ["decline", "cancel"])
def test_a_reason_of_500_characters_is_taken(members: Members, action: str) -> None:
    request = asked(members.rita, members.tom)

    good(members.tom.patch(path(request, action), {"reason": " " + "ü" * 500 + " "}))


def test_a_hero_declines_whom_an_operator_keeps_away_but_does_not_accept_him(members: Members) -> None:
    request = asked(members.rita, members.tom)
    _suspend(members)

    assert members.tom.patch(path(request, "accept"), three()).status_code == 400
    good(members.tom.patch(path(request, "decline"), WHY))


def _suspend(members: Members) -> None:
    user = members.rita.account.user
    user.is_active = False
    user.save()
