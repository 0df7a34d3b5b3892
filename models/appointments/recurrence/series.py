"""What comes next in a series: its rule, its end and its count."""

from datetime import datetime, tzinfo

from models.appointments.recurrence.occurrences import following, names_start
from models.appointments.recurrence.params import Params


def next_start(
    frequency: str,
    params: Params,
    series_start: datetime,
    zone: tzinfo,
    after: datetime,
    end_period: datetime | None,
    produced_so_far: int,
) -> datetime | None:
    """When the next occurrence of a series starts: the first strictly after a moment; None when the series is over.

    Parameters: `series_start` is the root's start, never a later occurrence's: interval and rule are counted from it,
    however many occurrences were skipped. `end_period` is the last moment at which one may start, None for no end.
    `produced_so_far` counts the occurrences made after the root, skipped ones not among them: the root's `occ_count`
    is 0 and counts towards `count` only when its start is one that the rule names.
    """
    if params.count is not None:
        root = names_start(frequency, params, series_start, zone)
        if produced_so_far + root >= params.count:
            return None
    found = following(frequency, params, series_start, zone, after)
    over = found is None or (end_period is not None and found > end_period)
    return None if over else found
