"""`/mentor/device/`: where a mentor's notices go."""

from typing import Any

import pytest

from models.deliveries import Push
from models.people import Contact
from tests.api.looking import rows
from tests.api.test_at_once import at_once, repeatedly
from tests.conformance import holds
from tests.house import ADMIN, MENTEE, MENTOR, NUMBERS, SERVICE, STRANGER, Client, Staff, run_due

PATH = "/mentor/device/"
TOKEN = "fcm:APA91b-_x.Y"


def token_of(name: str) -> str:
    return str(Contact.by_number(NUMBERS[name]).device_token)  # type: ignore[union-attr]  # they are all known


def test_a_device_is_registered_and_forgotten_and_its_token_never_shown(client: Client, staff: Staff) -> None:
    seen = [client.get(PATH)]

    seen += [client.put(PATH, {"token": TOKEN}), client.get(PATH)]
    kept = token_of(MENTOR)
    deleted = client.ask("DELETE", PATH)
    seen.append(client.get(PATH))

    assert [answer.status_code for answer in seen] == [200] * 4
    assert [answer.json for answer in seen] == [{"registered": value} for value in (False, True, True, False)]
    assert kept == TOKEN
    assert (deleted.status_code, deleted.text, token_of(MENTOR)) == (204, "", "")


def test_forgetting_no_device_is_fine(client: Client, staff: Staff) -> None:
    assert client.ask("DELETE", PATH).status_code == 204


@holds("Contact.device_token", "M-11")
def test_notices_go_to_the_device_that_was_registered_last(client: Client, staff: Staff) -> None:
    for token in ("first", "second"):
        client.put(PATH, {"token": token})

    client.post("/comms/onion_dev_message/", {"mobile": "27123456789", "text": "hi"}, user=SERVICE)
    run_due()

    assert [push.token for push in Push.select()] == ["second"]


def test_a_device_belongs_to_who_registered_it_last(client: Client, staff: Staff) -> None:
    client.put(PATH, {"token": TOKEN}, user=STRANGER)

    again = [client.put(PATH, {"token": TOKEN}).json for _ in range(2)]

    assert again == [{"registered": True}] * 2
    assert client.get(PATH, user=STRANGER).json == {"registered": False}
    assert (token_of(MENTOR), token_of(STRANGER)) == (TOKEN, "")


@repeatedly
def test_two_mentors_at_the_same_moment_leave_the_device_with_one(
    client: Client, staff: Staff, turn: int
) -> None:
    client.put(PATH, {"token": "a"})
    client.put(PATH, {"token": "b"}, user=STRANGER)

    answers = at_once(
        *[lambda user=user: client.put(PATH, {"token": TOKEN}, user=user) for user in (MENTOR, STRANGER)] * 2
    )

    assert {answer.status_code for answer in answers} == {200}
    assert sorted([token_of(MENTOR), token_of(STRANGER)]) == ["", TOKEN]


@repeatedly
def test_two_mentors_who_swap_devices_each_have_one_at_most(client: Client, staff: Staff, turn: int) -> None:
    client.put(PATH, {"token": "a"})
    client.put(PATH, {"token": "b"}, user=STRANGER)

    answers = at_once(
        lambda: client.put(PATH, {"token": "b"}), lambda: client.put(PATH, {"token": "a"}, user=STRANGER)
    )

    assert {answer.status_code for answer in answers} == {200}
    assert (token_of(MENTOR), token_of(STRANGER)) in (("b", "a"), ("b", ""), ("", "a"))


@pytest.mark.parametrize("token", [None, "", " ", "a b", "a\n", "ü", 1, True, ["a"], "x" * 1001])
def test_a_token_that_is_none_is_refused(client: Client, staff: Staff, token: Any) -> None:
    answer = client.put(PATH, {"token": token})

    assert (answer.status_code, list(answer.json)) == (400, ["token"])
    assert token_of(MENTOR) == ""


def test_a_put_without_a_token_is_refused(client: Client, staff: Staff) -> None:
    assert list(client.put(PATH, {}).json) == ["token"]


@pytest.mark.parametrize("user", [ADMIN, MENTEE, SERVICE])
def test_only_mentors_have_devices(client: Client, staff: Staff, user: str) -> None:
    before = rows()

    answers = [client.ask(verb, PATH, {"token": TOKEN}, user=user) for verb in ("GET", "PUT", "DELETE")]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert rows() == before
    assert client.post(PATH, {"token": TOKEN}).status_code == 405
