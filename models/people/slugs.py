"""Slugs: somebody's name as it stands in an address, nobody else's."""

import re
import unicodedata

from models.numbers import ERASED

LONGEST = 80  # characters, without the number
NAMELESS = "hero"  # for a name of which no letter can be written so

# Letters that are no other letter with a mark, so that Unicode does not take them apart.
_FOLDED = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)


def slug_of(name: str) -> str:
    """A name in small ASCII letters, digits and dashes: `Zoë O'Brien` is `zoe-o-brien`."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(_FOLDED))
    plain = letters.encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST].rstrip("-") or NAMELESS
    return (
        f"{NAMELESS}-{slug}" if f"{slug}-".startswith(f"{ERASED}-") else slug
    )  # those are of who was erased


def numbered(slug: str, taken: set[str]) -> str:
    """The slug, or the first of `slug-1`, `slug-2` … that is not taken."""
    number, candidate = 0, slug
    while candidate in taken:
        number += 1
        candidate = f"{slug}-{number}"
    return candidate
