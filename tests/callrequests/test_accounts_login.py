"""Logging in and out, and what a token is good for."""

import re

import pytest

from models.people import User
from models.people.accounts import Account
from models.people.tokens import AuthToken, digest
from tests.api.looking import rows
from tests.callrequests.entering import GOOD, OTHER_PHONE, PROFILE, Door
from tests.callrequests.members import Members
from tests.conformance import holds
from tests.house import ADMIN, PASSWORD, Staff, basic

HOUR, DAY = 3600.0, 86_400.0
NO_ADDRESSES = (None, "", "tom", 7, [], "tom@example.com\n\nx")
NO_PASSWORDS = (None, "", 7, [], "x" * 1001)


@holds("POST /api/v1/accounts/login", "§2.1 a token is 32 lower-case hex characters")
def test_the_right_password_gives_the_profile_and_a_new_token(door: Door) -> None:
    first = door.registered()

    answer = door.log_in(" TOM@Example.com ")

    assert answer.status_code == 200
    assert answer.json.keys() == PROFILE | {"token"}
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json["id"] == first["id"]
    assert answer.json["token"] != first["token"]
    assert re.fullmatch("[0-9a-f]{32}", answer.json["token"])
    assert [door.profile(token).status_code for token in (first["token"], answer.json["token"])] == [200, 200]


@holds("§10.1 login: one answer for both")
def test_a_wrong_address_and_a_wrong_password_get_the_same_answer(door: Door) -> None:
    door.registered()

    answers = [door.log_in("tom@example.com", "touchdown 13"), door.log_in("nobody@example.com")]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].text == answers[1].text
    assert [answer.headers.keys() for answer in answers] == [answers[0].headers.keys()] * 2
    assert "www-authenticate" not in answers[0].headers


@pytest.mark.parametrize("email", NO_ADDRESSES)
def test_what_is_no_address_is_named(door: Door, email: object) -> None:
    answers = [
        door.post("login/", {"email": email, "password": GOOD}),
        door.post("login/", {"password": GOOD}),
    ]

    assert [(answer.status_code, list(answer.json)) for answer in answers] == [(400, ["email"])] * 2


@pytest.mark.parametrize("password", NO_PASSWORDS)
def test_what_is_no_password_is_named(door: Door, password: object) -> None:
    body = {"email": "tom@example.com"}

    answers = [door.post("login/", {**body, "password": password}), door.post("login/", body)]

    assert [(answer.status_code, list(answer.json)) for answer in answers] == [(400, ["password"])] * 2


@holds("§2.1 suspended by staff is 403", "D-29")
def test_who_is_suspended_is_told_only_with_the_right_password(door: Door) -> None:
    tom = door.registered()
    User.update(is_active=False).where(User.username == f"account:{tom['id']}").execute()

    wrong, right = door.log_in("tom@example.com", "touchdown 13"), door.log_in("tom@example.com")

    assert (wrong.status_code, right.status_code, door.profile(tom["token"]).status_code) == (403, 403, 403)
    assert wrong.text == door.log_in("nobody@example.com").text != right.text
    assert rows()["auth_token"] == 1


@holds("D-29")
def test_what_he_says_of_himself_shuts_nobody_out(door: Door) -> None:
    token = door.registered()["token"]

    assert door.patch({"is_active": False}, token).json["is_active"] is False
    assert door.log_in("tom@example.com").status_code == 200


def test_staff_who_have_an_account_log_in_with_their_one_password(door: Door, staff: Staff) -> None:
    Account.create(user=staff.admin, email="root@example.com")

    assert door.log_in("root@example.com", PASSWORD).status_code == 200
    assert door.ask("GET", "profile/", headers={"Authorization": basic(ADMIN, PASSWORD)}).status_code == 403


@holds("DELETE /api/v1/accounts/logout", "§2.1 logout deletes the presented token only")
def test_logging_out_ends_the_token_that_asks(door: Door) -> None:
    first, second = door.registered()["token"], door.log_in("tom@example.com").json["token"]

    answer = door.ask("DELETE", "logout/", None, first)

    assert (answer.status_code, answer.text) == (204, "")
    assert [door.profile(token).status_code for token in (first, second)] == [403, 200]
    assert door.ask("DELETE", "logout/", None, first).status_code == 403


@holds("§2.1 the bare token", "§2.1 Token and Bearer as well")
def test_a_token_is_shown_bare_or_after_a_word(door: Door) -> None:
    token = door.registered()["token"]

    shown = (token, f"Token {token}", f"Bearer {token}", f"bearer   {token}", f"  {token} ")
    not_shown = (f"Basic {token}", token[:-1], token.upper(), token + "0", "Bearer", "Token ", "x" * 5000)

    assert {door.profile(text).status_code for text in shown} == {200}
    assert {door.profile(text).status_code for text in not_shown} == {403}


CLOSED = [
    ("DELETE", "logout"), ("GET", "profile"), ("PATCH", "profile"), ("POST", "verify-email"), ("POST", "verify-phone"),
    ("POST", "change-password"), ("POST", "get-time"),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "path"), CLOSED)
@holds("§2.1 no header, unknown or expired token is 403", "§2.1 never 401, never a challenge")
def test_without_a_token_that_is_good_it_is_403_and_never_a_challenge(
    door: Door, members: Members, jump: object, verb: str, path: str
) -> None:
    body = None if verb in ("GET", "DELETE") else {"nonsense": 1}
    late = members.eve.token
    AuthToken.update(expires_at=members.eve.account.created_at).where(
        AuthToken.token_hash == digest(late)
    ).execute()

    answers = [door.ask(verb, path, body, token) for token in ("", "0" * 32, late)]

    assert [(answer.status_code, list(answer.json)) for answer in answers] == [(403, ["detail"])] * 3
    assert not any("www-authenticate" in answer.headers for answer in answers)


@holds("§2.1 expired tokens are deleted when met", "default: auth tokens live 7 days, or 24 hours unverified")
def test_a_token_lives_a_day_and_a_week_once_the_address_is_verified(door: Door, jump: object) -> None:
    early = door.registered()["token"]
    Account.update(email_verified=True).execute()
    later = door.log_in("tom@example.com").json["token"]

    lives = []
    for moment in (DAY - HOUR, DAY + HOUR, 7 * DAY - HOUR, 7 * DAY + HOUR):
        jump(moment)  # type: ignore[operator]  # a fixture's function
        lives.append([door.profile(token).status_code for token in (early, later)])

    assert lives == [[200, 200], [403, 200], [403, 200], [403, 403]]
    assert rows()["auth_token"] == 0


@holds("§2.1 tokens are stored hashed", "D-4")
def test_no_token_stands_in_the_table(door: Door) -> None:
    token = door.registered()["token"]

    assert [row.token_hash for row in AuthToken.select()] == [digest(token)]
    assert token not in digest(token)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("login", "POST"),
        ("logout", "DELETE"),
        ("profile", "GET, PATCH"),
        ("register", "POST"),
        ("get-time", "POST"),
    ],
)
def test_another_verb_is_405_and_says_which_are_taken(door: Door, path: str, allowed: str) -> None:
    answer = door.ask("PUT", path, {}, door.registered(OTHER_PHONE)["token"])

    assert (answer.status_code, list(answer.json)) == (405, ["detail"])
    assert {*answer.headers["allow"].split(", ")} == {*allowed.split(", "), "OPTIONS"}


def test_every_route_answers_with_and_without_a_slash(door: Door) -> None:
    for path in ("phone-token", "register", "login", "request-password", "reset-password"):
        with_slash, without = door.post(f"{path}/", {}), door.post(path, {})
        assert (
            (with_slash.status_code, with_slash.text)
            == (without.status_code, without.text)
            == (400, without.text)
        )


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b'{"email": "a@b.de",}', b'{"email": NaN}', b'"x"', b"\xff"]
)
def test_a_body_that_is_no_object_is_told_as_a_whole(door: Door, raw: bytes) -> None:
    answer = door.post("login/", raw=raw)

    assert (answer.status_code, list(answer.json)) == (400, ["detail"])
