"""The story of an alarm: when it was due, its attempts and how they ended; no number, address or word is in it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta

from models.appointments.alarms import CALL, CONFIRMED, SMS, Alarm, AlarmRequest
from models.appointments.callrequests import AlarmCall
from models.appointments.cdr import CallDetailRecord
from models.appointments.ringing import reference
from models.appointments.telling import ORIGIN
from models.deliveries import Hook, Mail, Text
from models.deliveries.story import Entry, Story, clean

_STATUSES = {1: "pending", 2: "in process", 3: "failure", 4: "retry", 5: "success"}
_CALLS = {
    1: "pending", 2: "failure", 3: "retry", 4: "success", 5: "abort", 6: "pause", 7: "calling",
}  # fmt: skip
_METHODS = {CALL: "call", SMS: "text"}
_RESULTS = {0: "no result", CONFIRMED: "confirmed", 2: "cancelled", 3: "rescheduled"}


def alarm(alarm_id: int) -> Story | None:
    """What happened to an alarm; None when there is no such."""
    row = Alarm.get_or_none(Alarm.id == alarm_id)
    if row is None:
        return None
    requests = list(AlarmRequest.select().where(AlarmRequest.alarm == row.id).order_by(AlarmRequest.id))
    entries = [*_alarm(row), *(entry for request in requests for entry in _attempt(request))]
    return Story(entries, _references(row, requests))


STORIES: Mapping[str, Callable[[int], Story | None]] = {"alarm": alarm}


def _alarm(row: Alarm) -> Iterator[Entry]:
    how = _METHODS.get(row.method, "mail")
    yield (
        row.created_date,
        "written down",
        f"event {row.event_id}, by {how}, for {row.date_start_notice:%Y-%m-%dT%H:%M:%SZ}",
    )
    cause = f": {clean(row.cause)}" if row.cause else ""
    told = f"{row.num_attempt} attempts, {_RESULTS.get(row.result or 0, row.result)}{cause}"
    if row.due_at is not None:
        yield row.due_at, f"due ({_STATUSES[row.status]})", told
    else:
        due = row.date_start_notice - timedelta(seconds=row.advance_notice)
        yield due, "due", f"since then: {_STATUSES[row.status]} after {told}"


def _attempt(request: AlarmRequest) -> Iterator[Entry]:
    what = f"attempt {request.attempt}" if request.attempt else "posted attempt"
    status = _STATUSES.get(request.status or 1, "pending")
    yield request.date, what, f"request {request.id}: {status}"
    call = AlarmCall.get_or_none(AlarmCall.id == request.callrequest_id) if request.callrequest_id else None
    if call is None:
        return
    cause = f": {clean(call.hangup_cause)}" if call.hangup_cause else ""
    stands = _CALLS.get(call.status or 1, "pending")
    yield call.updated_date, f"{what}: call", f"callrequest {call.id}: {stands}{cause}"
    for record in CallDetailRecord.select().where(CallDetailRecord.callrequest_id == call.id):
        meant = f"{record.disposition}, {record.hangup_cause}, {record.billsec:g} s, leg {record.leg_type}"
        yield record.starting_date, f"{what}: record", meant


def _references(row: Alarm, requests: Sequence[AlarmRequest]) -> list[str]:
    """What the deliveries made for it are called."""
    rung = [reference(int(row.id), request.attempt) for request in requests if request.attempt]
    told = [
        str(delivery.reference)
        for table in (Text, Mail, Hook)
        for delivery in table.select(table.reference).where(
            (table.origin == ORIGIN) & (table.origin_id == row.id)
        )
    ]
    return [*rung, *(f"{one}:failure" for one in rung), *told]
