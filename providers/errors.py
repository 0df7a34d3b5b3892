"""The few ways a carrier can fail, and the ways its reports can be wrong."""

from collections.abc import Mapping, Sequence


class ProviderError(Exception):
    """A carrier did not do as asked; the text is for operators and names no phone number."""


class Unavailable(ProviderError):
    """Later: the carrier was not reached or said it cannot now. It has certainly not taken the request."""


class NoAnswer(Unavailable):
    """Later, and only after asking: the request left and no clear answer came, so it may have been taken."""


class Rejected(ProviderError):
    """Never: the carrier refused this request and would refuse it again."""


class BadReport(Exception):
    """A webhook's body is not a report we can read.

    Parameters:
      fields: what is wrong, by the field's name as the carrier spells it.
    """

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        super().__init__("; ".join(f"{name}: {' '.join(texts)}" for name, texts in fields.items()))
        self.fields = {name: list(texts) for name, texts in fields.items()}


class BadSignature(Exception):
    """A webhook was not signed with our secret, or is too old to be believed."""
