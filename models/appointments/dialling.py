"""What is dialled for an alarm: its number, as the gateway's prefixes make it, and keys to be sent after the answer."""

import re
from typing import NamedTuple

from models.numbers import PhoneNumber

_FILLING = re.compile(r"[\s()\-]")
_KEYS = re.compile(r"w[0-9*#wW]*")
_DIALLED = re.compile(r"\+?[0-9*#]{3,40}")


class Undiallable(ValueError):
    """There is no number, or it is none."""


class Dialled(NamedTuple):
    """Whom it rings, and what the carrier is to dial where that is not simply the number."""

    to: PhoneNumber
    dialled: str


def dialled(number: str | None, removeprefix: str, addprefix: str) -> Dialled:
    """A number as it is dialled through a gateway.

    Parameters:
      number: as it was written down; a trailing `w…` is keyed in after the answer.
      removeprefix: goes, where the number begins with it.
      addprefix: comes before what is left.

    Raises:
      Undiallable: nobody could be rung; the message does not repeat the number.
    """
    given = _FILLING.sub("", number or "")
    base = given.partition("w")[0]
    keys = given[len(base) :]
    if not base:
        raise Undiallable("there is no number to call")
    out = addprefix.strip() + base.removeprefix(removeprefix.strip())
    if (keys and not _KEYS.fullmatch(keys)) or not _DIALLED.fullmatch(out):
        raise Undiallable("this is no number that could be called")
    to = _parsed(base) or _parsed(out)
    if to is None:
        raise Undiallable("this is no number that could be called")
    return Dialled(to, "" if out == base and not keys else out + keys)


def _parsed(text: str) -> PhoneNumber | None:
    try:
        return PhoneNumber.parse(text)
    except ValueError:
        return None
