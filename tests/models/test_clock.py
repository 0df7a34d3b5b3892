"""The clock: UTC, and moved by a rehearsal's file."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models import clock
from models.settings import Settings


def _ahead() -> float:
    return (clock.now() - datetime.now(UTC)).total_seconds()


def test_now_is_aware_and_in_utc(home: Settings) -> None:
    assert clock.now().utcoffset() == timedelta()
    assert abs(_ahead()) < 1


@pytest.mark.parametrize("seconds", [86400, -3600.5, 0])
def test_a_rehearsal_moves_it(home: Settings, jump: Callable[[float], None], seconds: float) -> None:
    jump(seconds)

    assert _ahead() == pytest.approx(seconds, abs=1)


def test_every_writing_counts_however_quickly_they_follow(
    home: Settings, jump: Callable[[float], None]
) -> None:
    seen = []
    for seconds in range(0, 1000, 10):
        jump(seconds)
        seen.append(_ahead())

    assert seen == pytest.approx(range(0, 1000, 10), abs=1)


def test_a_file_that_is_being_written_does_not_move_time_back(
    home: Settings, jump: Callable[[float], None]
) -> None:
    jump(500)
    clock.now()

    Path(home.clock_offset_file).write_text("")

    assert _ahead() == pytest.approx(500, abs=1)


def test_without_the_file_it_is_now(home: Settings, jump: Callable[[float], None]) -> None:
    jump(500)
    clock.now()
    Path(home.clock_offset_file).unlink()

    assert abs(_ahead()) < 1
