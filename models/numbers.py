"""Phone numbers: a type that prints masked, and the mask for everything that is written anywhere."""

import re
from collections.abc import Collection
from functools import total_ordering

HIDDEN = "hidden"
ERASED = "erased"  # what stands for the number of somebody who was erased
_SHAPE = re.compile(r"\+?[1-9][0-9]{6,14}")
_FILLING = re.compile(r"[ ()\-]")
_LONGEST = 40  # characters as given: every digit may have a blank or a bracket beside it, and then some
# With a plus, blanks and dashes may be inside; a bare run of digits must stand alone and be no id of ours; and the two
# ways in which numbers are grouped without a plus: 98765 43210 and (987) 654-3210.
_IN_TEXT = re.compile(
    r"\+[1-9](?:[\s()\-]{0,3}\d){6,14}(?!\d)"
    r"|(?<![\w.])(?<!call:)(?<!message:)(?<!alarm:)(?<!callrequest:)(?<!-reminder:)(?<!N\d:)(?:00)?[1-9]\d{6,14}(?![\w:])"
    r"|(?<![\w.:\-])(?:\d{5}[ \-]\d{5}|\(?\d{3}\)?[ \-]\d{3}[ \-]\d{4})(?![\w:\-])"
)


class Erased(Exception):
    """Somebody was erased on request: nobody is called or written to there any more."""


@total_ordering
class PhoneNumber:
    """One contact number, as given and as bare digits (MSISDN).

    Two numbers are equal when their digits are. Printing one shows nothing of it: ask `reveal()` or `e164()`
    where it must be known, and nowhere else.
    """

    __slots__ = ("_given",)

    def __init__(self, given: str) -> None:
        self._given = given

    @classmethod
    def parse(cls, text: str) -> "PhoneNumber":
        """Read a number: an optional `+`, then 7 to 15 digits (ITU-T E.164) that do not start with 0.

        Blanks, dashes and brackets are allowed between the digits.

        Raises:
          ValueError: the text is not such a number. The message does not repeat it.
        """
        if not isinstance(text, str) or len(text) > _LONGEST or not _SHAPE.fullmatch(_FILLING.sub("", text)):
            raise ValueError("write a phone number like +919876543210: 7 to 15 digits, not starting with 0")
        return cls(text.strip())

    def reveal(self) -> str:
        """The number as it was given. For its owner, and for carriers."""
        return self._given

    @property
    def msisdn(self) -> str:
        """The digits alone, for matching what carriers send."""
        return re.sub(r"[^0-9]", "", self._given)

    @property
    def erased(self) -> bool:
        """Whether it is none any more: its owner was erased."""
        return self._given == ERASED

    def e164(self) -> str:
        """The number as carriers are asked to ring it: `+` and digits."""
        return "+" + self.msisdn

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PhoneNumber) and self.msisdn == other.msisdn

    def __lt__(self, other: "PhoneNumber") -> bool:
        return self.msisdn < other.msisdn

    def __hash__(self) -> int:
        return hash(self.msisdn)

    def __str__(self) -> str:
        return HIDDEN

    def __repr__(self) -> str:
        return f"PhoneNumber({HIDDEN})"


def masked(text: str, *, but: Collection[str] = ()) -> str:
    """The text with everything that could be a phone number replaced by `hidden`.

    Parameters:
      but: the digits of numbers that may be seen.
    """
    if not but:
        return _IN_TEXT.sub(HIDDEN, text)
    return _IN_TEXT.sub(lambda found: found[0] if PhoneNumber(found[0]).msisdn in but else HIDDEN, text)
