"""`Idempotency-Key`: the same request again, after a lost answer, gets the object of the first."""

from collections.abc import Callable

import pytest

from models import keeping
from models.idempotency import IdempotencyKey
from tests.api.looking import rows
from tests.conformance import holds
from tests.house import STRANGER, Client, Staff

KEY = {"Idempotency-Key": "4d1f-77"}


@holds("M-25")
def test_a_repeated_call_is_the_first_one(client: Client, staff: Staff) -> None:
    first, again = (client.post("/mentor/call/", headers=KEY) for _ in range(2))

    assert (again.status_code, again.json) == (201, first.json)
    assert (first.headers.get("idempotent-replayed"), again.headers["idempotent-replayed"]) == (None, "true")
    assert (rows()["call"], rows()["command"]) == (1, 1)


def test_a_repeated_message_is_the_first_one(client: Client, staff: Staff) -> None:
    first, again = (client.post("/mentor/message/", {"content": "hi"}, headers=KEY) for _ in range(2))

    assert (again.status_code, again.json) == (201, first.json)
    assert (rows()["message"], rows()["command"]) == (1, 1)


def test_a_key_with_another_message_is_refused(client: Client, staff: Staff) -> None:
    client.post("/mentor/message/", {"content": "hi"}, headers=KEY)

    answer = client.post("/mentor/message/", {"content": "ho"}, headers=KEY)

    assert answer.status_code == 422
    assert rows()["message"] == 1


def test_a_key_belongs_to_one_mentor_and_one_kind_of_request(client: Client, staff: Staff) -> None:
    client.post("/mentor/call/", headers=KEY)

    assert client.post("/mentor/call/", headers=KEY, user=STRANGER).json["caller"] == staff.stranger.id
    assert client.post("/mentor/message/", {"content": "hi"}, headers=KEY).status_code == 201
    assert (rows()["call"], rows()["message"]) == (2, 1)


def test_a_key_is_good_for_a_day(client: Client, staff: Staff, jump: Callable[[float], None]) -> None:
    ids = []
    for moment in (0, 23.9 * 3600, 24.1 * 3600):
        jump(moment)
        ids.append(client.post("/mentor/call/", headers=KEY).json["id"])

    assert ids == [1, 1, 2]


def test_old_keys_are_deleted_by_and_by(client: Client, staff: Staff, jump: Callable[[float], None]) -> None:
    client.post("/mentor/call/", headers=KEY)

    kept = keeping.prune()
    jump(25 * 3600)
    gone = keeping.prune()

    assert (kept["idempotency_keys"], gone["idempotency_keys"], IdempotencyKey.select().count()) == (0, 1, 0)


@pytest.mark.parametrize("key", ["", "x" * 256, "\xe9", "a\tb"])
def test_an_odd_key_is_refused(client: Client, staff: Staff, key: str) -> None:
    answer = client.post("/mentor/call/", headers={"Idempotency-Key": key})

    assert (answer.status_code, list(answer.json)) == (400, ["Idempotency-Key"])
    assert rows()["call"] == 0


def test_a_refused_request_does_not_use_up_its_key(client: Client, staff: Staff) -> None:
    client.post("/mentor/message/", {"content": ""}, headers=KEY)

    assert client.post("/mentor/message/", {"content": "hi"}, headers=KEY).status_code == 201
