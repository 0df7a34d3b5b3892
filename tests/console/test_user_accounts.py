"""`trunkline user add --email` and `user account`: people are one, and the first staff user can log in everywhere."""

import json
from typing import Any

import pytest

from models.numbers import PhoneNumber
from models.people import User, one_time_tokens
from models.people.accounts import Account
from models.people.one_time_tokens import PASSWORD as RESET
from models.people.tokens import AuthToken
from tests.api.looking import rows
from tests.callrequests.members import member
from tests.conformance import holds
from tests.console.conftest import Type
from tests.house import ADMIN, MENTEE, MENTOR, PASSWORD, SERVICE, Client, Staff

NEW = "battery staple 7"
BOSS = "boss@example.org"
LONG = f"{'x' * 250}@example.org"
MALFORMED = [
    "",
    "  ",
    "boss",
    "boss@",
    "@example.org",
    "a b@example.org",
    "a@b\nBcc: c@d.org",
    "a@b@c.org",
    LONG,
]


def log_in(client: Client, email: str, password: str = NEW) -> Any:
    return client.post("/api/v1/accounts/login", {"email": email, "password": password}, user=None)


def add_boss(door: Type, *more: str, name: str = "boss") -> Any:
    return door(
        "user", "add", name, *(more or ("--staff", "--email", BOSS)), "--password-stdin", said=f"{NEW}\n"
    )


@holds("§10.2 the first staff user comes from a command line")
def test_the_first_staff_user_logs_in_as_one_who_is_staff(door: Type, client: Client) -> None:
    added = add_boss(door, "--staff", "--email", "Boss@Example.ORG")
    answer = log_in(client, BOSS)

    assert added.exit_code == 0
    assert answer.status_code == 200
    assert (answer.json["email"], answer.json["email_verified"], answer.json["first_name"]) == (
        BOSS,
        True,
        "boss",
    )
    other = member(client, "Uma", "User", payment_verified=False)
    vouched = client.ask(
        "PATCH", f"/api/v1/accounts/users/{other.id}/verification", {"payment_verified": True},
        user=None, headers={"Authorization": answer.json["token"]},
    )  # fmt: skip
    assert (vouched.status_code, other.fresh.payment_verified) == (200, True)


def test_a_program_has_no_account(door: Type, client: Client) -> None:
    assert add_boss(door, "--service", "--email", BOSS).exit_code == 0
    assert add_boss(door, "--staff", name="plain").exit_code == 0
    assert Account.select().count() == 0
    assert User.get(User.username == "boss").email == BOSS


@pytest.mark.parametrize("address", MALFORMED)
def test_a_malformed_address_is_refused_and_nobody_is_added(door: Type, staff: Staff, address: str) -> None:
    before = rows()
    refused = [
        add_boss(door, "--staff", "--email", address),
        add_boss(door, "--service", "--email", address),
        door("user", "account", MENTOR, "--email", address),
    ]

    assert [one.exit_code for one in refused] == [2, 2, 2]
    assert all("mail address" in one.stderr for one in refused)
    assert rows() == before


def test_a_taken_name_or_address_is_told_and_nobody_is_added(
    door: Type, client: Client, staff: Staff
) -> None:
    add_boss(door)
    before = rows()

    address = add_boss(door, "--staff", "--email", BOSS.upper(), name="other")
    name = add_boss(door, "--staff", "--email", "new@example.org")
    account = door("user", "account", MENTOR, "--email", BOSS)

    assert (address.exit_code, name.exit_code, account.exit_code) == (1, 1, 1)
    assert f"somebody else has the address {BOSS} already" in address.stderr
    assert "there is a user 'boss' already" in name.stderr
    assert f"somebody else has the address {BOSS} already" in account.stderr
    assert rows() == before


@holds("people are one: mentor, hero and staff")
def test_a_mentor_is_given_an_account_and_is_one_person(door: Type, client: Client, staff: Staff) -> None:
    given = door(
        "user",
        "account",
        MENTOR,
        "--email",
        "Adam@Example.org",
        "--phone",
        "3125550123",
        "--zone",
        "Asia/Kolkata",
    )
    answer = log_in(client, "adam@example.org", PASSWORD)

    assert given.exit_code == 0
    facts = {
        "email_verified": True, "phone": "3125550123", "phone_verified": True, "payment_verified": False,
        "timezone": "Asia/Kolkata",
    }  # fmt: skip
    assert {key: answer.json[key] for key in facts} == facts
    assert answer.json["first_name"] == staff.user(MENTOR).first_name
    assert client.get("/mentor/call/").status_code == 200


def test_whoever_has_an_account_is_given_no_other(door: Type, staff: Staff) -> None:
    door("user", "account", ADMIN, "--email", "root@example.org")
    again = door("user", "account", ADMIN, "--email", "more@example.org")

    assert (again.exit_code, "has an account already" in again.stderr) == (1, True)
    assert Account.select().count() == 1


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--phone", "312555012", "ten digits"), ("--phone", "+13125550123", "ten digits"),
        ("--phone", "٣" * 10, "ten digits"), ("--phone", "", "ten digits"),
        ("--zone", "Mars/Olympus", "tz database"), ("--zone", "", "tz database"),
        ("--zone", "../etc/passwd", "tz database"),
    ],
)  # fmt: skip
def test_a_bad_number_or_zone_is_refused(
    door: Type, staff: Staff, option: str, value: str, said: str
) -> None:
    refused = door("user", "account", MENTOR, "--email", BOSS, option, value)

    assert (refused.exit_code, said in refused.stderr) == (2, True)
    assert Account.select().count() == 0


def test_a_number_that_somebody_has_shown_to_be_his_is_taken_and_another_is_not(
    door: Type, client: Client, staff: Staff
) -> None:
    sure = member(client, "Sue", "Sure", phone=PhoneNumber("+13125550123"))
    unsure = member(client, "Una", "Unsure", phone=PhoneNumber("+13125550124"), phone_verified=False)

    taken = door("user", "account", MENTOR, "--email", BOSS, "--phone", "3125550123")
    free = door("user", "account", MENTOR, "--email", BOSS, "--phone", "3125550124")

    assert (taken.exit_code, "has this number already" in taken.stderr, free.exit_code) == (1, True, 0)
    assert "3125550123" not in taken.stderr
    assert (sure.fresh.phone is None, unsure.fresh.phone is None) == (False, True)


def test_nobody_is_given_an_account(door: Type, staff: Staff) -> None:
    for name in ("nobody", "erased:1", "no@example.org"):
        refused = door("user", "account", name, "--email", BOSS)
        assert (refused.exit_code, "there is no user" in refused.stderr) == (1, True)


def test_the_list_shows_accounts_by_their_address(door: Type, client: Client, staff: Staff) -> None:
    door("user", "account", MENTOR, "--email", "adam@example.org")
    uma = member(client, "Uma", "User")
    told = door("user", "list").stdout
    listed = {row["username"]: row for row in json.loads(door("user", "list", "--json").stdout)}

    assert (listed[MENTOR]["kind"], listed[MENTOR]["email"]) == ("mentor", "adam@example.org")
    assert (listed[MENTEE]["kind"], listed[MENTEE]["email"]) == ("mentee", None)
    assert (listed[SERVICE]["kind"], listed[SERVICE]["email"]) == ("service", None)
    kinds = {row["kind"] for name, row in listed.items() if row["email"] == uma.account.email}
    assert kinds == {"member"}
    assert f"{uma.account.user.username}  {uma.account.email}" in told
    assert "member" in told


def test_who_is_disabled_is_out_of_his_apps_until_he_is_enabled(door: Type, client: Client) -> None:
    add_boss(door)
    token = {"Authorization": log_in(client, BOSS).json["token"]}

    for name in ("boss", BOSS, BOSS.upper()):
        assert door("user", "disable", name).exit_code == 0
        assert AuthToken.select().count() == 0
        assert client.get("/api/v1/accounts/profile", user=None, headers=token).status_code == 403
        assert log_in(client, BOSS).status_code == 403
        assert door("user", "enable", name).exit_code == 0
        assert log_in(client, BOSS).status_code == 200


def test_a_new_password_ends_what_the_old_one_opened_and_only_that(door: Type, client: Client) -> None:
    uma, other = member(client, "Uma", "User"), member(client, "Olga", "Other")
    one_time_tokens.renew(RESET, uma.account.id)
    one_time_tokens.renew(RESET, other.account.id)

    done = door("user", "password", uma.account.email, "--password-stdin", said=f"{NEW}\n")

    assert done.exit_code == 0
    assert uma.get("accounts/profile").status_code == 403
    assert other.get("accounts/profile").status_code == 200
    assert log_in(client, uma.account.email).status_code == 200
    assert log_in(client, uma.account.email, PASSWORD).status_code == 403
    left = one_time_tokens.OneTimeToken.select().where(one_time_tokens.OneTimeToken.kind == RESET)
    assert [token.account_id for token in left] == [other.account.id]


def test_a_username_goes_before_an_address_that_reads_the_same(door: Type, client: Client) -> None:
    add_boss(door, "--staff", name=BOSS)
    uma = member(client, "Uma", "User", email=BOSS)

    door("user", "disable", BOSS)

    assert uma.get("accounts/profile").status_code == 200
    assert not User.get(User.username == BOSS).is_active


def test_a_mentor_whose_password_an_administrator_changes_is_out_of_his_apps(
    door: Type, client: Client, staff: Staff
) -> None:
    door("user", "account", MENTOR, "--email", "adam@example.org")
    token = {"Authorization": log_in(client, "adam@example.org", PASSWORD).json["token"]}
    place = f"/mentor/mentor/{staff.mentor.id}/"
    body = {**client.get(place, user=ADMIN).json, "password": NEW}

    assert client.put(place, body, user=ADMIN).status_code == 200
    assert client.get("/api/v1/accounts/profile", user=None, headers=token).status_code == 403
    assert log_in(client, "adam@example.org").status_code == 200
