"""Segments: in how many parts a text travels, in which alphabet, and which character made it so.

Sources: 3GPP TS 23.038 (the GSM 7-bit default alphabet, 6.2.1, and its extension table, 6.2.1.1, whose characters take
an escape before them) and TS 23.040 (140 octets of a part; of each of several, 6 tell which part it is). So a text of
the default alphabet has 160 septets, or 153 in each of several parts; one with any other character is sent in UCS-2,
as UTF-16 by every network of today: 70 code units, or 67. What belongs together is never divided between two parts: an
escape and its character, the two halves of a surrogate pair. National language tables (TS 23.038, annex A) are not
counted on: few networks carry them.
"""

import unicodedata
from dataclasses import dataclass, field

GSM_7, UCS_2 = "GSM-7", "UCS-2"

# By code, from 0x00 in rows of 16; the escape at 0x1B stands for no character.
_ROWS = (
    "@£$¥èéùìòÇ\nØø\rÅå", "Δ_ΦΓΛΩΠΨΣΘΞ", "ÆæßÉ", " !\"#¤%&'()*+,-./", "0123456789:;<=>?", "¡ABCDEFGHIJKLMNO",
    "PQRSTUVWXYZÄÖÑÜ§", "¿abcdefghijklmno", "pqrstuvwxyzäöñüà",
)  # fmt: skip
BASIC = frozenset("".join(_ROWS))
EXTENSION = frozenset("\f^{}\\[~]|€")

_ALONE = {GSM_7: 160, UCS_2: 70}
_OF_SEVERAL = {GSM_7: 153, UCS_2: 67}


@dataclass(frozen=True)
class Odd:
    """The first character that the default alphabet lacks: where it stands, counted from 1, and what it is called."""

    character: str = field(repr=False)
    position: int
    name: str


@dataclass(frozen=True)
class Segments:
    """How a text travels.

    Parameters:
      encoding: `GSM-7` or `UCS-2`.
      parts: how many segments it takes; none for no text.
      units: septets of GSM-7 (an escaped character takes two), or code units of UCS-2.
      left: how many more units the last segment has room for.
      because: what made it UCS-2, if it is.
    """

    encoding: str
    parts: int
    units: int
    left: int
    because: Odd | None = None


def counted(text: str) -> Segments:
    """Count a text's segments."""
    because = _odd(text)
    encoding = UCS_2 if because else GSM_7
    sizes = [_size(character, encoding) for character in text]
    units, alone = sum(sizes), _ALONE[encoding]
    if units <= alone:
        return Segments(encoding, 1 if text else 0, units, alone - units, because)
    room = _OF_SEVERAL[encoding]
    parts, filled = 1, 0
    for size in sizes:
        if filled + size > room:
            parts, filled = parts + 1, 0
        filled += size
    return Segments(encoding, parts, units, room - filled, because)


def _odd(text: str) -> Odd | None:
    for position, character in enumerate(text, start=1):
        if character not in BASIC and character not in EXTENSION:
            name = unicodedata.name(character, f"U+{ord(character):04X}")
            return Odd(character, position, name)
    return None


def _size(character: str, encoding: str) -> int:
    if encoding == GSM_7:
        return 2 if character in EXTENSION else 1
    return 2 if ord(character) > 0xFFFF else 1
