"""Receipts: every report kept once, its effects had once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from peewee import IntegrityError

from models import keeping
from models.people import User
from models.receipts import DONE, UNMATCHED, Receipt
from models.settings import Settings
from tests.conformance import holds


def _settle(outcome: str) -> Callable[[Receipt], str]:
    def effects(receipt: Receipt) -> str:
        receipt.settle(outcome, about="call:1", note="seen")
        return "taken"

    return effects


def test_a_report_is_kept_as_it_came_and_has_its_effects_once(home: Settings) -> None:
    took = [Receipt.take("oniondev", b'{"a": 1}', _settle(DONE)) for _ in range(3)]

    (kept,) = Receipt.select()
    assert took == ["taken", None, None]
    assert (kept.source, kept.body, kept.outcome, kept.about, kept.note) == (
        "oniondev",
        '{"a": 1}',
        "done",
        "call:1",
        "seen",
    )


def test_a_report_that_fitted_nothing_is_looked_at_again(home: Settings) -> None:
    took = [Receipt.take("oniondev", b"x", _settle(outcome)) for outcome in (UNMATCHED, DONE, DONE)]

    assert (took, Receipt.select().count()) == (["taken", "taken", None], 1)


def test_sources_and_bodies_are_told_apart_unless_something_else_makes_them_the_same(home: Settings) -> None:
    for source, body in (("a", b"x"), ("b", b"x"), ("a", b"y")):
        assert Receipt.take(source, body, _settle(DONE)) == "taken"
    took = [Receipt.take("a", body, _settle(DONE), once_by="id 7") for body in (b"1", b"2")]

    assert (took, Receipt.select().count()) == (["taken", None], 4)


def test_bytes_that_are_no_text_are_kept_as_well_as_can_be(home: Settings) -> None:
    Receipt.take("a", b"\xff\x00x", _settle(DONE))

    assert Receipt.get().body == "\ufffd\ufffdx"


def test_who_loses_a_race_for_a_unique_value_looks_again(home: Settings) -> None:
    seen = []

    def effects(receipt: Receipt) -> str:
        seen.append(receipt.id)
        if len(seen) == 1:
            raise IntegrityError("somebody has it")
        return _settle(DONE)(receipt)

    assert Receipt.take("a", b"x", effects) == "taken"
    assert len(seen) == 2


def test_what_goes_wrong_twice_leaves_nothing_behind(home: Settings) -> None:
    def effects(_receipt: Receipt) -> None:
        User.create(username="ghost", password="x")
        raise IntegrityError("for good")

    with pytest.raises(IntegrityError):
        Receipt.take("a", b"x", effects)

    assert (Receipt.select().count(), User.select().count()) == (0, 0)


@holds("receipts are kept, their bodies 90 days")
def test_bodies_are_forgotten_after_90_days_but_not_that_they_came(
    home: Settings, jump: Callable[[float], None]
) -> None:
    Receipt.take("a", b"x", _settle(DONE))

    jump(timedelta(days=89).total_seconds())
    early = keeping.prune()["receipt_bodies"]
    jump(timedelta(days=91).total_seconds())
    pruned = [keeping.prune()["receipt_bodies"] for _ in range(2)]

    assert (early, pruned, Receipt.get().body) == (0, [1, 0], "")
    assert Receipt.take("a", b"x", _settle(DONE)) is None
