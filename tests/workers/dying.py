"""Workers that die at a named point."""

import pytest

from models import rehearsal
from tests.house import run_due


class Died(BaseException):
    """The worker was killed here."""


def die_at(point: str) -> None:
    """Follow the due hints in a worker that dies at this point, this once."""

    def passed(here: str) -> None:
        if here == point:
            raise Died(point)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rehearsal, "point", passed)
        with pytest.raises(Died):
            run_due()
