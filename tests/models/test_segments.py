"""In how many segments a text travels: at every boundary, and against the slowest way to count them."""

import random
import sys
import unicodedata
from decimal import Decimal
from functools import cache

import pytest

from models.deliveries.segments import BASIC, EXTENSION, GSM_7, UCS_2, counted
from models.pipelines import Price
from models.pipelines.values import Wrong, price
from tests.conformance import holds

# TS 23.038, 6.2.1: code and character, written out here a second time, by columns of the standard's own table.
COLUMNS = (
    "@£$¥èéùìòÇ\nØø\rÅå", "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ", " !\"#¤%&'()*+,-./", "0123456789:;<=>?",
    "¡ABCDEFGHIJKLMNO", "PQRSTUVWXYZÄÖÑÜ§", "¿abcdefghijklmno", "pqrstuvwxyzäöñüà",
)  # fmt: skip
ESCAPED = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
GRIN = "😀"


@holds("segments: the default alphabet and its extension")
def test_the_alphabet_is_the_standards():
    assert [len(column) for column in COLUMNS] == [16] * 8
    assert set("".join(COLUMNS)) - {"\x1b"} == BASIC
    assert len(BASIC) == 127
    assert set(ESCAPED.values()) == EXTENSION
    assert not BASIC & EXTENSION


@holds("segments: 160 and 153, 70 and 67")
@pytest.mark.parametrize(
    ("text", "encoding", "parts", "units", "left"),
    [
        ("", GSM_7, 0, 0, 160),
        ("a", GSM_7, 1, 1, 159),
        ("a" * 160, GSM_7, 1, 160, 0),
        ("a" * 161, GSM_7, 2, 161, 145),
        ("a" * 306, GSM_7, 2, 306, 0),
        ("a" * 307, GSM_7, 3, 307, 152),
        ("a" * 459, GSM_7, 3, 459, 0),
        ("€" * 80, GSM_7, 1, 160, 0),
        ("€" * 81, GSM_7, 2, 162, 143),  # 76 in the first, which wastes one septet
        ("a" * 159 + "€", GSM_7, 2, 161, 145),
        ("a" * 152 + "€" + "a" * 152, GSM_7, 3, 306, 152),  # 306 septets, but the escape would be divided
        ("a" * 153 + "€" + "a" * 151, GSM_7, 2, 306, 0),
        ("я" * 70, UCS_2, 1, 70, 0),
        ("я" * 71, UCS_2, 2, 71, 63),
        ("я" * 134, UCS_2, 2, 134, 0),
        ("я" * 135, UCS_2, 3, 135, 66),
        ("a" * 69 + "я", UCS_2, 1, 70, 0),
        ("a" * 70 + "я", UCS_2, 2, 71, 63),
        (GRIN * 35, UCS_2, 1, 70, 0),
        (GRIN * 36, UCS_2, 2, 72, 61),  # 33 in the first, which wastes one unit
        ("a" * 66 + GRIN + "a" * 66, UCS_2, 3, 134, 66),  # 134 units, but the pair would be divided
        ("a" * 67 + GRIN + "a" * 65, UCS_2, 2, 134, 0),
        ("€" * 70 + "я", UCS_2, 2, 71, 63),  # in UCS-2 nothing is escaped
    ],
)
def test_a_text_is_counted(text: str, encoding: str, parts: int, units: int, left: int):
    found = counted(text)
    assert (found.encoding, found.parts, found.units, found.left) == (encoding, parts, units, left)


@holds("segments: the character that made it UCS-2 is named")
@pytest.mark.parametrize(
    ("text", "character", "position", "name"),
    [
        ("Grüße, Ihr Arzt – bis morgen", "–", 17, "EN DASH"),
        ("It’s tomorrow at 9…", "’", 3, "RIGHT SINGLE QUOTATION MARK"),
        ("reçu", "ç", 3, "LATIN SMALL LETTER C WITH CEDILLA"),  # only the capital is in the alphabet
        ("é e\u0301", "\u0301", 4, "COMBINING ACUTE ACCENT"),
        ("a\tb", "\t", 2, "U+0009"),
        (f"ok {GRIN}", GRIN, 4, "GRINNING FACE"),
        ("\x1b", "\x1b", 1, "U+001B"),
    ],
)
def test_the_character_that_makes_a_text_ucs_2_is_named(text: str, character: str, position: int, name: str):
    odd = counted(text).because
    assert odd is not None
    assert (odd.character, odd.position, odd.name) == (character, position, name)


def test_a_text_of_the_default_alphabet_has_no_such_character():
    assert counted("".join(COLUMNS).replace("\x1b", "") + "".join(ESCAPED.values())).because is None


def test_every_character_of_unicode_is_counted_as_its_alphabet_says():
    ours = BASIC | EXTENSION
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        found = counted(character)
        if character in ours:
            assert (found.encoding, found.units) == (GSM_7, 2 if character in EXTENSION else 1)
        else:
            assert found.encoding == UCS_2
            assert found.units == len(character.encode("utf-16-be", "surrogatepass")) // 2


def slowest(text: str) -> int:
    """The fewest parts into which a text can be cut, by trying every cut."""
    escaped = set(ESCAPED.values())
    plain = all(one in "".join(COLUMNS).replace("\x1b", "") or one in escaped for one in text)

    def size(piece: str) -> int:
        if plain:
            return sum(2 if one in escaped else 1 for one in piece)
        return len(piece.encode("utf-16-be", "surrogatepass")) // 2

    if size(text) <= (160 if plain else 70):
        return 1 if text else 0
    room = 153 if plain else 67

    @cache
    def fewest(start: int) -> int:
        if start == len(text):
            return 0
        ends = range(start + 1, min(len(text), start + room) + 1)
        return 1 + min(fewest(end) for end in reversed(ends) if size(text[start:end]) <= room)

    return fewest(0)


@pytest.mark.parametrize("seed", range(60))
def test_the_count_is_that_of_the_slowest_way(seed: int):
    draw = random.Random(seed)
    alphabet = draw.choice(["abc €[", "a€", "abя", f"aя{GRIN}", f"{GRIN}я€", f"a{GRIN}"])
    for length in (*range(6), *(draw.randrange(60, 330) for _ in range(4))):
        text = "".join(draw.choice(alphabet) for _ in range(length))
        assert counted(text).parts == slowest(text), repr(text)


def test_no_order_of_a_texts_characters_changes_its_units():
    text = f"a€b[я{GRIN}"
    assert counted(text).units == counted(text[::-1]).units == 7


def test_letters_that_look_the_same_after_normalising_are_counted_as_they_are_sent():
    assert counted("é").encoding == GSM_7
    assert counted(unicodedata.normalize("NFD", "é")).encoding == UCS_2


def test_a_price_is_written_with_its_currency():
    assert price("0.0079 USD") == Price(Decimal("0.0079"), "USD")
    assert str(price("0.10 EUR")) == "0.10 EUR"
    for wrong in ("0.0079", "USD", "-1 USD", "1,5 EUR", "1 usd", "1e3 USD", "NaN USD", "1.0000001 USD", ""):
        with pytest.raises(Wrong):
            price(wrong)
