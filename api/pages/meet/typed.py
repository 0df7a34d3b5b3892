"""What a party typed on his page: three times by his own wall clock, one that he chose, or a reason."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from api import times
from api.callrequests.bodies import Reason
from api.errors import FieldErrors, refuse
from api.pages.forms import Form
from api.pages.local_times import read
from models.callrequests.proposals import NAMES, Times

_REASON = Reason()
CLOCKS = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(0, 60, 15)]


class Row(NamedTuple):
    """One of the three times as the form has it: its name in the API, its two fields, what it is called."""

    name: str
    day: str
    clock: str
    label: str


ROWS = tuple(
    Row(name, f"{name}_day", f"{name}_clock", label)
    for name, label in zip(NAMES, ("First time", "Second time", "Third time"), strict=True)
)


def three_times(form: Form, zone: ZoneInfo) -> Times:
    """The three, as moments.

    Raises:
      FieldErrors: naming all that are no time, or none in this zone.
    """
    moments: list[datetime] = []
    wrong: dict[str, list[str]] = {}
    for row in ROWS:
        try:
            moments.append(_moment(form, row, zone))
        except FieldErrors as error:
            wrong |= error.fields
    if wrong:
        raise FieldErrors(wrong)
    one, two, three = moments
    return one, two, three


def chosen(form: Form) -> datetime:
    """The moment that was chosen of those proposed.

    Raises:
      FieldErrors: none was.
    """
    try:
        return times.read(form.get("agreed_time"))
    except ValueError:
        raise refuse("agreed_time", "Choose one of the times.") from None


def reason(form: Form) -> str:
    """The reason that was given.

    Raises:
      FieldErrors: none was, or one too long.
    """
    return str(form.checked(_REASON)["reason"])


def _moment(form: Form, row: Row, zone: ZoneInfo) -> datetime:
    day, hour = form.get(row.day).strip(), form.get(row.clock).strip()
    if not day or not hour:
        raise refuse(row.name, "Choose a day." if not day else "Choose a time of that day.")
    return read(row.name, f"{day}T{hour}", zone=zone)[0]
