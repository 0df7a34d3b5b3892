"""`trunkline user`: who may log in, with which password."""

import json

import pytest

from models.people import User
from models.people.sessions import WebSession
from tests.console.conftest import Type
from tests.house import MENTOR, PASSWORD, SERVICE, Client, Staff


def _sessions(name: str) -> int:
    return WebSession.select().join(User).where(User.username == name).count()  # type: ignore[no-any-return]  # Peewee is untyped


def _log_in(staff: Staff, name: str) -> None:
    user = staff.user(name)
    assert WebSession.open(user.id, user.password)


def test_all_users_are_listed_with_what_they_are(door: Type, staff: Staff) -> None:
    door("user", "disable", SERVICE)

    rows = {row["username"]: row for row in json.loads(door("user", "list", "--json").stdout)}
    told = door("user", "list").stdout

    assert {name: row["kind"] for name, row in rows.items()} == {
        "root": "admin", "robot": "service", "adam": "mentor", "tony": "mentee", "theo": "mentee", "eve": "mentor",
    }  # fmt: skip
    assert (rows[MENTOR]["contact_id"], rows["root"]["contact_id"]) == (staff.mentor.id, None)
    assert (rows[SERVICE]["active"], rows[MENTOR]["active"]) == (False, True)
    assert "robot  disabled" in told
    assert "argon2" not in told


def test_a_new_password_ends_the_old_one_and_every_session(door: Type, staff: Staff, client: Client) -> None:
    _log_in(staff, MENTOR)
    _log_in(staff, "eve")
    assert client.get("/mentor/call/").status_code == 200

    done = door("user", "password", MENTOR, "--password-stdin", said="battery staple\n")

    assert done.exit_code == 0
    assert client.get("/mentor/call/", password=PASSWORD).status_code == 401
    assert client.get("/mentor/call/", password="battery staple").status_code == 200
    assert (_sessions(MENTOR), _sessions("eve")) == (0, 1)


def test_a_password_too_short_changes_nothing(door: Type, staff: Staff, client: Client) -> None:
    refused = door("user", "password", MENTOR, "--password-stdin", said="short\n")

    assert (refused.exit_code, "at least 8" in refused.stderr) == (1, True)
    assert client.get("/mentor/call/").status_code == 200


def test_a_disabled_user_is_out_everywhere_until_he_is_enabled(
    door: Type, staff: Staff, client: Client
) -> None:
    _log_in(staff, MENTOR)

    assert door("user", "disable", MENTOR).exit_code == 0
    assert client.get("/mentor/call/").status_code == 401
    assert _sessions(MENTOR) == 0
    assert door("user", "enable", MENTOR).exit_code == 0
    assert client.get("/mentor/call/").status_code == 200


def test_nobody_is_told_apart_from_somebody(door: Type, staff: Staff) -> None:
    for words in (("disable",), ("enable",), ("password", "--password-stdin")):
        answer = door("user", words[0], "nobody", *words[1:], said="battery staple\n")
        assert answer.exit_code == 1
        assert "no user 'nobody'; `trunkline user list`" in answer.stderr


@pytest.mark.parametrize("name", ["", "a:b", "a b", "line\nbreak", "n" * 151, "erased:1"])
def test_nobody_is_added_whose_name_nobody_could_log_in_by(door: Type, staff: Staff, name: str) -> None:
    refused = door("user", "add", name, "--password-stdin", said="battery staple\n")

    assert (refused.exit_code, "use 1 to 150 letters, digits" in refused.stderr) == (2, True)
    assert not User.select().where(User.username == name).exists()
