"""Times as people type them: without a zone, in ours or their own, on days when the clocks are changed too."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from api.errors import refuse
from api.times import LATEST
from models import settings

_SHAPES = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M")
_RIGHT = "Write a date and a time, like 2026-12-23T17:30."


def typed(moment: datetime, zone: ZoneInfo | None = None) -> str:
    """A moment as a field for date and time holds it; by default in the zone of the settings."""
    return f"{moment.astimezone(zone or settings.current().zone):%Y-%m-%dT%H:%M}"


def read(
    name: str, text: str, standing: datetime | None = None, zone: ZoneInfo | None = None
) -> tuple[datetime, str]:
    """The moment that was typed, and a sentence about it where it could mean two.

    A time that is left out when the clocks go forward is refused. Of one that comes twice when they go back, the first
    is taken, and that is said.

    Parameters:
      name: of the field.
      standing: what the field held: typed again, it means that very moment.
      zone: whose wall clock is meant; by default that of the settings.

    Raises:
      FieldErrors: it is no time, or one that does not exist in that zone.
    """
    if standing is not None and text == typed(standing, zone):
        return standing, ""
    zone = zone or settings.current().zone
    local = _parsed(name, text).replace(tzinfo=zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        after = local.replace(fold=0).astimezone(UTC).astimezone(zone)
        raise refuse(
            name,
            f"The clocks go forward that day in {zone}, and {local:%H:%M} is left out. Write {after:%H:%M}, "
            "or another time.",
        )
    if local.replace(fold=1).utcoffset() != local.utcoffset():
        return (
            moment,
            f"The clocks go back that day, and {local:%H:%M} comes twice: the first of them is taken.",
        )
    return moment, ""


def _parsed(name: str, text: str) -> datetime:
    for shape in _SHAPES:
        try:
            found = datetime.strptime(text.strip(), shape)  # noqa: DTZ007  # its zone is ours, given by the caller
        except ValueError:
            continue
        if 1 < found.year <= LATEST:  # the first and the last years have no place in every zone
            return found
    raise refuse(name, _RIGHT)
