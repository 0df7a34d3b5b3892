"""Workers that die at a named point."""

from collections.abc import Callable

import pytest

from models import rehearsal
from tests.house import run_due


class Died(BaseException):
    """The worker was killed here."""


def die_at(point: str, nth: int = 1, run: Callable[[], object] = run_due) -> None:
    """Follow the due hints in a worker that dies as it passes this point for the n-th time, this once.

    Parameters:
      run: what follows them.
    """
    left = nth

    def passed(here: str) -> None:
        nonlocal left
        left -= here == point
        if here == point and not left:
            raise Died(point)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rehearsal, "point", passed)
        with pytest.raises(Died):
            run()
