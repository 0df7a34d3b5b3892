"""Why a call request does not move: the API makes statuses of these, the pages sentences. Nothing was changed."""

from collections.abc import Mapping, Sequence


class Refused(Exception):
    """Base of all refusals; its text says what would be right."""


class NoSuchRequest(Refused):
    """There is no call request with this id."""


class NotYours(Refused):
    """Who asks may not do this: he is no party, not the hero, or suspended."""


class NoSuchHero(Refused):
    """Nobody can be asked under this id: no hero, not accepted, not active, suspended, or who asks himself."""


class WrongTimes(Refused):
    """Times that cannot be taken.

    Parameters:
      fields: what is wrong with each, by its name in the API; `detail` for all together.
    """

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        super().__init__(" ".join(text for texts in fields.values() for text in texts))
        self.fields = fields


class WrongState(Refused):
    """As the request stands, this cannot be done."""


class Duplicate(Refused):
    """It is there already."""


class TooManyCancellations(Refused):
    """He has cancelled too often to cancel an accepted request for free."""
