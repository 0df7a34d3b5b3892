"""Nothing of the reference is left without a test, and no test claims to hold what does not exist."""

from collections import Counter

from tests.conformance.holders import unheld, unknown
from tests.conformance.items import ITEMS


def test_every_item_is_held_by_a_test() -> None:
    assert unheld() == []


def test_every_marker_names_an_item() -> None:
    assert unknown() == []


def test_no_item_stands_twice() -> None:
    assert [name for name, times in Counter(item.name for item in ITEMS).items() if times > 1] == []
