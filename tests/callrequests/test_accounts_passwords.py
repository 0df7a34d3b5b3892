"""Passwords: changed by who knows the old one, and chosen anew by who reads the account's mail."""

from typing import Any

import pytest

from models.deliveries import Mail
from models.people import User
from models.people.accounts import Account
from models.people.sessions import WebSession
from tests.api.looking import rows
from tests.callrequests.entering import BETTER, GOOD, PROFILE, WRONG, Door, answer_requests, mailed
from tests.callrequests.members import Members
from tests.conformance import holds

HOUR = 3600.0
NO_NEW = (None, "", "short 1", "no digit here", "1" * 1001, 12345678, [])


@holds("POST /api/v1/accounts/change-password")
def test_who_knows_the_old_one_changes_it_and_stays_in_here_only(door: Door) -> None:
    here = door.registered()["token"]
    there = door.log_in("tom@example.com").json["token"]
    WebSession.open(User.get().id, User.get().password)

    answer = door.post("change-password/", {"old_password": GOOD, "new_password": BETTER}, here)

    assert answer.status_code == 200
    assert [door.profile(token).status_code for token in (here, there)] == [200, 403]
    assert rows()["web_session"] == 0
    assert [door.log_in("tom@example.com", word).status_code for word in (GOOD, BETTER)] == [403, 200]


def test_who_does_not_know_the_old_one_changes_nothing(door: Door) -> None:
    me = door.registered()["token"]

    answer = door.post("change-password/", {"old_password": BETTER, "new_password": BETTER}, me)

    assert (answer.status_code, list(answer.json)) == (400, ["old_password"])
    assert door.log_in("tom@example.com").status_code == 200


@pytest.mark.parametrize("password", NO_NEW)
@holds("§10.1 the password's rule")
def test_what_cannot_be_a_new_password_is_named(door: Door, password: Any) -> None:
    me = door.registered()["token"]

    change = door.post("change-password/", {"old_password": GOOD, "new_password": password}, me)
    reset = door.post("reset-password/", {"token": WRONG["password"], "new_password": password})
    neither = door.post("change-password/", {}, me)

    assert [(answer.status_code, list(answer.json)) for answer in (change, reset)] == [
        (400, ["new_password"])
    ] * 2
    assert (neither.status_code, set(neither.json)) == (400, {"old_password", "new_password"})


def test_a_change_voids_the_code_for_a_new_password_that_is_out(door: Door) -> None:
    me = door.registered()["token"]
    code = door.forgetful("tom@example.com")

    door.post("change-password/", {"old_password": GOOD, "new_password": BETTER}, me)

    assert door.post("reset-password/", {"token": code, "new_password": GOOD}).status_code == 404


@holds(
    "POST /api/v1/accounts/request-password",
    "§10.1 request-password: the same answer whether or not it exists",
)
def test_the_answer_to_a_request_does_not_tell_whether_there_is_an_account(door: Door) -> None:
    door.registered()
    before = rows()

    answers = [door.post("request-password/", {"email": f"{name}@example.com"}) for name in ("TOM", "nobody")]

    assert [(answer.status_code, list(answer.json)) for answer in answers] == [(200, ["detail"])] * 2
    assert answers[0].text == answers[1].text
    owed = {"password_request": 2, "command": before["command"] + 2, "delivery_mail": 1, "one_time_token": 1}
    assert {name: rows()[name] for name in owed} == owed
    answer_requests()
    assert [mail.to for mail in Mail.select().order_by(Mail.id)] == ["tom@example.com"] * 2
    assert rows()["password_request"] == 0


@holds("POST /api/v1/accounts/reset-password")
def test_the_code_gives_a_new_password_and_ends_every_other_login(door: Door) -> None:
    old = door.registered()["token"]
    WebSession.open(User.get().id, User.get().password)
    code = door.forgetful("tom@example.com")

    answer = door.post("reset-password/", {"token": code, "new_password": BETTER})

    assert (len(code), answer.status_code) == (8, 200)
    assert answer.json.keys() == PROFILE | {"token"}
    assert [door.profile(token).status_code for token in (old, answer.json["token"])] == [403, 200]
    assert rows()["web_session"] == 0
    assert [door.log_in("tom@example.com", word).status_code for word in (GOOD, BETTER)] == [403, 200]


@holds("§10.1 reset-password: 404 bad token")
def test_a_code_is_good_once_and_for_an_hour_and_only_the_last_one(door: Door, jump: Any) -> None:
    door.registered()
    early, late = door.forgetful("tom@example.com"), door.forgetful("tom@example.com")

    def reset(code: str) -> Any:
        return door.post("reset-password/", {"token": code, "new_password": BETTER})

    answers = [reset(WRONG["password"]), reset(early), reset(late), reset(late)]
    expiring = door.forgetful("tom@example.com")
    jump(HOUR + 1)
    answers.append(reset(expiring))

    assert [answer.status_code for answer in answers] == [404, 404, 200, 404, 404]


@pytest.mark.parametrize("code", [None, "", "a" * 7, "a" * 9, "a-a-a-a-", 12345678, {}])
def test_what_cannot_be_a_code_is_named(door: Door, code: Any) -> None:
    answer = door.post("reset-password/", {"token": code, "new_password": BETTER})

    assert (answer.status_code, list(answer.json)) == (400, ["token"])


@pytest.mark.parametrize("email", [None, "", "tom", 7])
def test_what_is_no_address_is_named(door: Door, email: Any) -> None:
    answer = door.post("request-password/", {"email": email})

    assert (answer.status_code, list(answer.json)) == (400, ["email"])


def test_who_is_suspended_gets_no_code_and_with_one_no_password(door: Door) -> None:
    door.registered()
    code = door.forgetful("tom@example.com")
    User.update(is_active=False).execute()

    answer = door.post("reset-password/", {"token": code, "new_password": BETTER})
    door.post("request-password/", {"email": "tom@example.com"})
    answer_requests()

    assert (answer.status_code, list(answer.json)) == (403, ["detail"])
    assert mailed("tom@example.com") == code
    User.update(is_active=True).execute()
    assert door.log_in("tom@example.com", GOOD).status_code == 200


def test_a_code_goes_to_the_address_that_is_his_not_to_the_one_that_is_pending(
    members: Members, door: Door
) -> None:
    members.tom.patch("accounts/profile/", {"email": "new@example.com"})

    door.post("request-password/", {"email": "new@example.com"})
    answer_requests()

    assert [mail.to for mail in Mail.select()] == ["new@example.com"]  # which is only asked to be verified
    assert Account.get_by_id(members.tom.account.id).email != "new@example.com"
    assert rows()["password_request"] == 0


def test_who_reads_the_old_address_chooses_no_password_once_there_is_a_new_one(
    members: Members, door: Door
) -> None:
    code = door.forgetful(members.tom.account.email)
    members.tom.patch("accounts/profile/", {"email": "new@example.com"})
    members.tom.post("accounts/verify-email/", {"token": mailed("new@example.com")})

    assert door.post("reset-password/", {"token": code, "new_password": BETTER}).status_code == 404
