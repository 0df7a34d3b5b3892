"""Asking a hero for a call: who may, what may be asked, and what is answered."""

from typing import Any

import pytest

from models.callrequests import CallRequest
from models.people import User
from models.people.heroes import Hero
from tests.callrequests.dealing import (
    ASKED,
    WHY,
    accepted,
    agreed,
    asked,
    cancelled,
    declined,
    fitting,
    good,
    path,
)
from tests.callrequests.members import Members, member
from tests.conformance import holds
from tests.house import Client


def _ask(members: Members, **changes: Any) -> Any:
    body = {"hero_id": members.tom.hero_id, **ASKED, **changes}
    return members.rita.post("call-requests/", body)


@holds(
    "POST /api/v1/call-requests/", "create: 200", "create: status is o", "create: hero_id", "create: message",
    "a call request: any hero may be asked", "§3 id", "§3 user", "§3 hero", "§3 status", "§3 created, updated", "D-12",
    "§4 none to o",
)  # fmt: skip
def test_an_open_request_is_made_and_shown(members: Members) -> None:
    answer = good(_ask(members))

    assert answer == {
        "id": 1, "user": members.rita.id, "hero": members.tom.hero_id, **ASKED, "status": "o", "reason": "",
        "times": [], "agreed_time": None, "created": answer["created"], "updated": answer["created"],
    }  # fmt: skip
    assert members.rita.get("call-requests/1").json == answer
    assert good(members.rita.post("call-requests/", {**ASKED, "hero_id": members.heidi.hero_id}))["id"] == 2


@holds("create: 403 not authenticated", "a call request: who asks is authenticated")
def test_nobody_asks_without_a_token(members: Members, client: Client) -> None:
    answer = client.ask(
        "POST", "/api/v1/call-requests/", {**ASKED, "hero_id": members.tom.hero_id}, user=None
    )

    assert (answer.status_code, list(answer.json)) == (403, ["detail"])
    assert "www-authenticate" not in answer.headers
    assert CallRequest.select().count() == 0


@holds(
    "create: 403 mail, phone or payment not verified",
    "a call request: mail, phone and payment are verified",
    "§2.3 flags before the body",
    "D-5",
)
@pytest.mark.parametrize("missing", ["email_verified", "phone_verified", "payment_verified"])
@pytest.mark.parametrize("body", [{**ASKED, "hero_id": 1}, {}, None], ids=["good", "bad", "none"])
def test_who_is_not_verified_in_every_way_may_not_ask_whatever_he_sends(
    members: Members, client: Client, missing: str, body: Any
) -> None:
    uma = member(client, "Uma", "Unverified", **{missing: False})

    answer = uma.post("call-requests/", body)

    assert (answer.status_code, list(answer.json)) == (403, ["detail"])
    assert CallRequest.select().count() == 0


@holds("§5.1 unknown hero, UUID, boolean, null are 400", "create: 400 incorrect data")
@pytest.mark.parametrize(
    "hero",
    [
        99,
        0,
        -1,
        "5f2b8c1d-e0a9-4b7f-8a3c-0a3c0b8e7d11",
        "",
        "1",
        " ",
        True,
        False,
        None,
        1.5,
        [1],
        {"id": 1},
        2**63,
        10**30,
    ],
)
def test_a_hero_that_is_none_is_400_on_hero_id(members: Members, hero: Any) -> None:
    answer = _ask(members, hero_id=hero)

    assert (answer.status_code, list(answer.json)) == (400, ["hero_id"])


@holds("§5.1 hero not accepted or not active is 400", "D-9")
@pytest.mark.parametrize("flag", ["accepted", "active"])
def test_a_hero_who_cannot_be_asked_is_as_unknown(members: Members, flag: str) -> None:
    Hero.update({flag: False}).execute()

    answer = _ask(members)

    assert (answer.status_code, list(answer.json)) == (400, ["hero_id"])
    assert answer.json == _ask(members, hero_id=99).json


def test_a_suspended_hero_is_as_unknown(members: Members) -> None:
    User.update(is_active=False).where(User.id == members.tom.account.user_id).execute()

    assert list(_ask(members).json) == ["hero_id"]


@holds("§5.1 oneself is 400", "D-10")
def test_nobody_asks_himself(members: Members) -> None:
    answer = members.tom.post("call-requests/", {**ASKED, "hero_id": members.tom.hero_id})

    assert (answer.status_code, list(answer.json)) == (400, ["hero_id"])


@holds("§3 message: 1 to 500 characters, trimmed", "§5.1 message by code points")
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("  \t a call \n\u00a0", "a call"), ("x", "x"), ("x" * 500, "x" * 500), (f" {'x' * 500} ", "x" * 500),
        ("😀" * 500, "😀" * 500), ("a\n\nb", "a\n\nb"), ("<b>&amp;</b>", "<b>&amp;</b>"),
    ],
)  # fmt: skip
def test_a_message_is_kept_without_the_blanks_around_it(members: Members, sent: str, kept: str) -> None:
    assert good(_ask(members, message=sent))["message"] == kept


@holds("§2.2 missing, null, blank and wrong types are 400 on the field")
@pytest.mark.parametrize("message", ["", " \n\t ", "x" * 501, "😀" * 501, None, 5, True, ["x"], {}])
def test_a_message_that_is_none_or_too_long_is_400(members: Members, message: Any) -> None:
    answer = _ask(members, message=message)

    assert (answer.status_code, list(answer.json)) == (400, ["message"])


@holds(
    "create: estimated_length in steps of 15 up to 120", "§3 estimated_length", "default: longest call 120 minutes",
    "default: steps of 15 minutes",
)  # fmt: skip
@pytest.mark.parametrize("length", [*range(15, 121, 15), "15", "120", "015"])
def test_lengths_are_quarters_of_an_hour_up_to_two_hours(members: Members, length: int | str) -> None:
    assert good(_ask(members, estimated_length=length))["estimated_length"] == int(length)


@holds("§5.1 length: 0, negatives, booleans, fractions are 400, digits are taken", "D-11")
@pytest.mark.parametrize(
    "length",
    [0, -15, 1, 14, 16, 135, 1500, 15.5, True, False, None, "", "x", "-15", "+15", "15.0", "1_5", "１５", "0", [15], {},
     10**40, "9" * 5000],
)  # fmt: skip
def test_any_other_length_is_400(members: Members, length: Any) -> None:
    answer = _ask(members, estimated_length=length)

    assert (answer.status_code, list(answer.json)) == (400, ["estimated_length"])


@holds("§2.2 field errors: all bad fields at once")
def test_all_wrong_fields_are_named_at_once(members: Members) -> None:
    for body in (
        {},
        {"hero_id": 99, "message": " ", "estimated_length": 7},
        {"hero_id": None, "message": None},
    ):
        answer = members.rita.post("call-requests/", body)

        assert answer.status_code == 400
        assert set(answer.json) == {"hero_id", "message", "estimated_length"}
        assert all(isinstance(text, str) for texts in answer.json.values() for text in texts)


@holds("§5.1 409 an open request with this hero", "§2.2 409: detail")
def test_a_second_open_request_with_the_same_hero_is_409(members: Members) -> None:
    asked(members.rita, members.tom)

    answer = _ask(members, message="another")

    assert (answer.status_code, list(answer.json)) == (409, ["detail"])
    assert CallRequest.select().count() == 1
    asked(members.eve, members.tom)
    asked(members.rita, members.heidi)


@holds("§5.1 other states do not block")
@pytest.mark.parametrize("before", [accepted, agreed, declined, cancelled])
def test_a_request_that_is_not_open_any_more_does_not_block(members: Members, before: Any) -> None:
    first = before(members.rita, members.tom)

    assert good(_ask(members))["id"] == first + 1


@holds("§2.3 the state before duplicates and limits")
def test_what_is_wrong_with_the_body_goes_before_the_duplicate(members: Members) -> None:
    asked(members.rita, members.tom)

    assert _ask(members, message="").status_code == 400


@holds("§2 unknown keys are ignored")
def test_what_the_route_does_not_know_is_ignored(members: Members) -> None:
    answer = good(_ask(members, status="a", user=members.eve.id, id=77, agreed_time="now", reason="x"))

    assert (answer["id"], answer["status"], answer["user"]) == (1, "o", members.rita.id)
    assert (answer["reason"], answer["agreed_time"]) == ("", None)


def test_a_client_that_lost_the_answer_gets_its_request_again(members: Members) -> None:
    body = {"hero_id": members.tom.hero_id, **ASKED}
    key = {"Idempotency-Key": "once"}

    first = members.rita.post("call-requests/", body, headers=key)
    again = members.rita.post("call-requests/", body, headers=key)

    assert again.json == good(first)
    assert again.headers["idempotent-replayed"] == "true"
    other = members.rita.post("call-requests/", {**body, "message": "another"}, headers=key)
    assert other.status_code == 422
    assert members.rita.post("call-requests/", body, headers={"Idempotency-Key": "2"}).status_code == 409
    good(members.tom.patch(path(1, "decline"), WHY))
    assert members.rita.post("call-requests/", body, headers=key).json["status"] == "d"
    assert CallRequest.select().count() == 1


@holds("§10.3 declined later: requests made stay usable")
def test_requests_stay_usable_when_their_hero_is_declined_later(members: Members) -> None:
    request = asked(members.rita, members.tom)
    Hero.update(accepted=False, active=False).execute()

    good(members.tom.patch(path(request, "accept"), fitting("accept")))
    good(members.rita.patch(path(request, "new-times"), fitting("new-times")))
    assert _ask(members).status_code == 400
