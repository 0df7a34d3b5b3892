"""Times as the Mentoring Tool writes them: UTC, `Z`, microseconds only when there are any [M-4]."""

from datetime import UTC, datetime, timedelta


def written(moment: datetime | None) -> str | None:
    """`2016-01-14T08:56:59.152335Z`, `2016-12-23T17:30:00Z`, or null."""
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def seconds(span: timedelta | None) -> float | None:
    """A span in seconds, or null."""
    return None if span is None else span.total_seconds()
