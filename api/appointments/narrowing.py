"""Filters that several lists share [O-8]. Whatever they say, a list has only what its reader may see."""

from collections.abc import Iterable
from typing import Any

from api.appointments.fields import When
from api.appointments.resources import Filter


def between(column: Any, what: str) -> tuple[Filter, ...]:
    """By when something is.

    Parameters:
      column: the moment.
      what: the rows and what happens to them then, as in `Events that begin`.
    """
    return (
        Filter("start_after", When(f"{what} then or later."), lambda value: column >= value),
        Filter("start_before", When(f"{what} then or earlier."), lambda value: column <= value),
    )


def through(column: Any, table: Any, filters: Iterable[Filter], *names: str) -> tuple[Filter, ...]:
    """By what holds of the row of another table to which `column` refers: those of its filters that are named."""
    return tuple(_through(column, table, filter_) for filter_ in filters if filter_.name in names)


def _through(column: Any, table: Any, inner: Filter) -> Filter:
    return Filter(
        inner.name, inner.field, lambda value: column.in_(table.select(table.id).where(inner.of(value)))
    )
