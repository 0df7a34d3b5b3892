"""An attempt has failed: another one is to be made, or the alarm has failed and somebody is told so by a text."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from models.appointments.alarms import FAILURE, RETRY
from models.appointments.placeholders import filled, known
from models.numbers import PhoneNumber

ORIGIN = "alarm_failure"
SAID = "The call to #alarm_phonenumber# has failed after #num_attempt# attempts."
AT_ONCE = 5  # attempts that rang nowhere, after which more of them wait
SHORTEST_PAUSE, LONGEST_PAUSE = 60, 3600  # seconds
_FURTHEST = timedelta(days=365 * 10)  # a wait that is longer than that is as good as this


class Next(NamedTuple):
    """What becomes of the alarm and of the attempt, whose statuses are the same; `due_at` of another one, if any."""

    status: int
    due_at: datetime | None


def after(maxretry: int, num_attempt: int, retry_delay: int, now: datetime) -> Next:
    """What follows a failed attempt.

    Parameters:
      maxretry: attempts after the first.
      num_attempt: attempts so far, this one with them.
      retry_delay: seconds until the next; 0 or less: at once.
    """
    if maxretry < num_attempt:
        return Next(FAILURE, None)
    return Next(RETRY, now + min(timedelta(seconds=max(0, retry_delay)), _FURTHEST))


def pause(retry_delay: int, num_attempt: int) -> int:
    """Seconds until the attempt after one that rang nowhere, because none was asked for it or none took it.

    No phone slows those. Without this, alarms that can never be made and are to be tried again at once, for ever, would
    keep us and carriers busy with nothing else.
    """
    shortest = min(max(SHORTEST_PAUSE, num_attempt), LONGEST_PAUSE) if num_attempt > AT_ONCE else 0
    return max(retry_delay, shortest)


def text(alarm: Any, request_id: int, attempt: int, num_attempt: int) -> Mapping[str, Any] | None:
    """The text that tells somebody that all attempts have failed; None when nobody is to be told, or nobody can.

    Parameters:
      alarm: `Due`, or whatever has the same columns.
      attempt: the number of the attempt that failed last.
    """
    if not alarm.phonenumber_sms_failure or alarm.sms_gateway_id is None:
        return None
    try:
        to = PhoneNumber.parse(alarm.phonenumber_sms_failure)
    except ValueError:
        return None
    said = filled(_asked(alarm.data) or SAID, known(alarm.alarm_phonenumber, alarm.data))
    said = said.replace("#alarm_phonenumber#", alarm.alarm_phonenumber or "")
    return {
        "reference": f"alarm:{alarm.id}:{attempt}:failure",
        "origin": ORIGIN,
        "origin_id": request_id,
        "to": to,
        "body": said.replace("#num_attempt#", str(num_attempt)),
        "at_least_once": True,
        "sender": alarm.callerid or "",
        "gateway_id": alarm.sms_gateway_id,
    }


def _asked(data: str | None) -> str:
    """What the event's data says is to be said."""
    try:
        told = json.loads(data or "null")
    except (ValueError, RecursionError):
        return ""
    said = told.get("sms_failure") if isinstance(told, dict) else None
    return said if isinstance(said, str) and said.strip() else ""
