"""Calls of alarms: one attempt, its callrequest and the ring of its phone, for many alarms at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.appointments import failing
from models.appointments.alarms import IN_PROCESS, AlarmRequest
from models.appointments.callrequests import ALLOW_RETRY, CANNOT_RETRY, FAILURE, PENDING, SEALED, AlarmCall
from models.appointments.dialling import Dialled, Undiallable, dialled
from models.appointments.gateways import ACTIVE
from models.appointments.ivr.calls import ORIGIN
from models.appointments.taking import Due
from models.bulk import change_many, write_many
from models.deliveries import Ring

TIMELIMIT = 3600  # seconds that a call may last
SHORTEST_RING = 10  # seconds


@dataclass(slots=True)
class Attempt:
    """One attempt to call, planned. `number` counts those of the alarm; `refused` says why nobody is rung at all."""

    due: Due
    number: int
    dialled: Dialled | None
    refused: str
    next: failing.Next
    request_id: int = 0

    @property
    def made(self) -> int:
        """Attempts of the alarm so far, this one with them."""
        return self.due.num_attempt + 1


def planned(due: Due, number: int, now: datetime) -> Attempt:
    """An attempt, refused when its number is none or its gateway is out of use.

    Parameters:
      number: after the last attempt that is written down. Others may have been deleted: the carrier knows them still.
    """
    number = max(number, due.num_attempt + 1)
    try:
        if due.gateway_status != ACTIVE:
            raise Undiallable("the gateway is not active")
        to = dialled(due.alarm_phonenumber, due.removeprefix, due.addprefix)
    except Undiallable as error:
        made = due.num_attempt + 1
        after = failing.after(due.maxretry, made, failing.pause(due.retry_delay, made), now)
        return Attempt(due, number, None, str(error), after)
    return Attempt(due, number, to, "", failing.Next(IN_PROCESS, None))


def write(attempts: Sequence[Attempt], now: datetime) -> list[int]:
    """Write the attempts down, with the rings of those that are not refused, by a number of statements that is fixed.

    Returns:
      The rings' ids, in the order of the attempts that have one.
    """
    _requests(attempts, now)
    calls = write_many(AlarmCall, [_call(attempt, now) for attempt in attempts])
    linked = [(attempt.request_id, call) for attempt, call in zip(attempts, calls, strict=True)]
    change_many(AlarmRequest, ("id", "callrequest"), linked, "callrequest_id = v.callrequest_id")
    return write_many(Ring, [_ring(attempt, attempt.dialled, now) for attempt in attempts if attempt.dialled])


def _requests(attempts: Sequence[Attempt], now: datetime) -> None:
    """Make an attempt's row, or take the one that was posted."""
    own = [attempt for attempt in attempts if attempt.due.request_id is None]
    rows = [
        {
            "alarm": one.due.id,
            "attempt": one.number,
            "date": now,
            "status": one.next.status,
            "created_date": now,
        }
        for one in own
    ]
    for attempt, request_id in zip(own, write_many(AlarmRequest, rows), strict=True):
        attempt.request_id = request_id
    posted = [attempt for attempt in attempts if attempt.due.request_id is not None]
    for attempt in posted:
        attempt.request_id = attempt.due.request_id or 0
    taken = [(one.request_id, one.next.status, one.number) for one in posted]
    change_many(AlarmRequest, ("id", "status", "attempt"), taken, "status = v.status, attempt = v.attempt")


def _call(attempt: Attempt, now: datetime) -> dict[str, Any]:
    due = attempt.due
    return {
        "user": due.manager_id,
        "call_time": now,
        "call_type": ALLOW_RETRY if due.maxretry else CANNOT_RETRY,
        "status": FAILURE if attempt.refused else PENDING,
        "callerid": due.callerid or "",
        "caller_name": due.caller_name,
        "phone_number": due.alarm_phonenumber or "",
        "timeout": due.call_timeout,
        "timelimit": TIMELIMIT,
        "aleg_gateway": due.gateway_id,
        "content_type": SEALED,
        "object_id": due.survey_id or due.setting_survey_id,
        "alarm_request_id": attempt.request_id,
        "last_attempt_time": now,
        "created_date": now,
        "updated_date": now,
    }


def _ring(attempt: Attempt, to: Dialled, now: datetime) -> dict[str, Any]:
    due = attempt.due
    return {
        "reference": reference(due.id, attempt.number),
        "origin": ORIGIN,
        "created_at": now,
        "origin_id": attempt.request_id,
        "to": to.to,
        "dialled": to.dialled,
        "callerid": due.callerid or "",
        "caller_name": due.caller_name,
        "ring_seconds": max(SHORTEST_RING, due.call_timeout),
        "limit_seconds": TIMELIMIT,
    }


def reference(alarm_id: int, number: int) -> str:
    """What the carrier is to call an attempt."""
    return f"alarm:{alarm_id}:{number}"
