"""Idempotency keys as rows: one per user, kind of request and key."""

from collections.abc import Callable

import pytest
from peewee import IntegrityError

from models.idempotency import IdempotencyKey, KeyReused
from models.people import User
from models.settings import Settings
from models.writing import IdOf, New, write


def _claimed(owner: int, route: str, key: str, body: str = "") -> int:
    user = New(User, {"username": f"{owner} {route} {key} {body}", "password": "x"})
    return write(user, IdempotencyKey.claim(owner, route, key, body, IdOf(0)))[0]


def test_a_key_leads_to_the_object_it_was_claimed_with(home: Settings) -> None:
    made = _claimed(1, "call", "k")

    assert IdempotencyKey.first(1, "call", "k", "") == made
    assert [
        IdempotencyKey.first(*other, "")
        for other in ((2, "call", "k"), (1, "message", "k"), (1, "call", "K"))
    ] == [None] * 3


def test_a_key_belongs_to_one_body(home: Settings) -> None:
    _claimed(1, "message", "k", "hi")

    with pytest.raises(KeyReused):
        IdempotencyKey.first(1, "message", "k", "ho")


def test_a_second_claim_takes_its_object_with_it(home: Settings) -> None:
    _claimed(1, "call", "k")

    with pytest.raises(IntegrityError):
        _claimed(1, "call", "k", "other")

    assert User.select().count() == 1


def test_a_key_of_yesterday_may_be_claimed_anew(home: Settings, jump: Callable[[float], None]) -> None:
    _claimed(1, "call", "k")
    jump(24 * 3600 + 1)

    assert IdempotencyKey.first(1, "call", "k", "other") is None
    assert _claimed(1, "call", "k", "other") == IdempotencyKey.first(1, "call", "k", "other")
