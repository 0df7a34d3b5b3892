"""What times may be proposed for a call: soon enough to be meant, late enough to be read, on the quarter hour."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from models import settings
from models.callrequests.refusals import WrongTimes

NAMES = ("time_one", "time_two", "time_three")
SAME = "Propose three different times."

Times = tuple[datetime, datetime, datetime]


def faults(moment: datetime, now: datetime) -> list[str]:
    """What is wrong with one time by itself; nothing, if it may be proposed.

    The grid is UTC's, and so everybody's: all zones are whole quarters of an hour apart.
    """
    lead = settings.current().suggestion_lead
    wrong = []
    if moment < now + lead:
        wrong.append(f"Propose a time at least {lead // timedelta(minutes=1)} minutes from now.")
    if moment.minute % 15 or moment.second or moment.microsecond:
        wrong.append("Propose a time on the quarter hour: minute 0, 15, 30 or 45, and no seconds.")
    return wrong


def check(times: Times, now: datetime) -> None:
    """See that three times may be proposed together.

    Raises:
      WrongTimes: naming all that is wrong.
    """
    wrong: Mapping[str, list[str]] = {
        name: found for name, moment in zip(NAMES, times, strict=True) if (found := faults(moment, now))
    }
    if not wrong and len(set(times)) < len(times):
        wrong = {"detail": [SAME]}
    if wrong:
        raise WrongTimes(wrong)
