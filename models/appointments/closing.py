"""Until when something that may be done now may still be done today."""

from collections.abc import Sequence
from datetime import UTC, datetime

from models.appointments.recurrence.walls import DAY
from models.appointments.windows import Hours, Window, next_open

_NEVER = datetime.max.replace(tzinfo=UTC)


def closes(hours: Sequence[Hours], now: datetime) -> datetime:
    """The first moment from now on at which one of these is not open; far away when all always are.

    Parameters:
      hours: all of them are open now.
    """
    ends = [next_open([Hours(_rest(one.window), one.zone)], now) for one in hours]
    return min((end for end in ends if end is not None), default=_NEVER)


def _rest(window: Window) -> Window:
    """The rest of the day."""
    return Window((window.last + 1) % DAY, (window.first - 1) % DAY)
