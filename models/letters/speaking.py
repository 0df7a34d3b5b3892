"""Speaking of moments: as letters and pages write them, by the clock of whoever reads them."""

from datetime import datetime

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def spoken(moment: datetime) -> str:
    """`December 25, 06:00 AM`: a moment by the clock of its zone, in English whatever the locale.

    Where the clock shows it twice, as on the night it goes back, the name of the zone's time follows.
    """
    half = "AM" if moment.hour < 12 else "PM"
    clock = f"{moment.hour % 12 or 12:02}:{moment.minute:02} {half}"
    twice = moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()
    return f"{MONTHS[moment.month - 1]} {moment.day:02}, {clock}{f' {moment:%Z}' if twice else ''}"
