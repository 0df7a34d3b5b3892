"""How attempts end: the alarm, its attempt and its callrequest follow the delivery, in the same transaction.

The delivery's row is held already; then the attempt's is, then the alarm's: everybody keeps to that order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from models import clock, donotcall, events
from models.appointments import failing, reopening, telling, verdicts
from models.appointments.alarms import FAILURE, IN_PROCESS, RETRY, SUCCESS, Alarm, AlarmRequest
from models.appointments.alarms import PENDING as ALARM_PENDING
from models.appointments.callrequests import CALLING, PENDING, AlarmCall
from models.appointments.callrequests import FAILURE as CALL_FAILED
from models.appointments.callrequests import SUCCESS as CALL_MADE
from models.appointments.cdr import CallDetailRecord
from models.appointments.ivr.calls import ORIGIN
from models.bulk import Over
from models.database import Sql, utc
from models.deliveries import Delivery, Mail, Text
from models.deliveries.story import clean
from models.numbers import ERASED

LONGEST_CAUSE = 500
_RANG = ("ANSWER", "BUSY", "NOANSWER", "CANCEL")
_FINAL = (donotcall.CAUSE, ERASED)  # who wants no calls, or was erased, is not asked again


@dataclass(slots=True)
class Held:
    """An attempt and its alarm, held until the transaction ends; what of the setting matters, as it is now.

    What comes from the setting or the callrequest is None where there is none.
    """

    request_id: int
    request_status: int
    attempt: int
    id: int
    status: int
    maxretry: int
    retry_delay: int
    num_attempt: int
    alarm_phonenumber: str | None
    phonenumber_sms_failure: str | None
    data: str | None
    voicemail: bool | None
    amd_behavior: int | None
    callerid: str | None
    sms_gateway_id: int | None
    call_id: int | None
    user_id: int | None
    request_uuid: str
    gateway_id: int | None
    shown: str
    phone_number: str
    call_time: Any


_RINGING = Over(
    {"request": "BIGINT", "uuid": "TEXT"},
    """
    UPDATE callrequest SET status = %s, aleg_uuid = v.uuid, updated_date = %s
    FROM v JOIN alarm_request AS r ON r.id = v.request
    WHERE callrequest.id = r.callrequest_id AND callrequest.status = %s
    """,
)
_HELD = Sql(
    """
    SELECT r.id, r.status, COALESCE(r.attempt, 0), a.id, a.status, a.maxretry, a.retry_delay, a.num_attempt,
        a.alarm_phonenumber, a.phonenumber_sms_failure, e.data, s.voicemail, s.amd_behavior, s.callerid,
        s.sms_gateway_id, q.id, q.user_id, q.request_uuid, q.aleg_gateway_id, q.callerid, q.phone_number, q.call_time
    FROM alarm_request AS r JOIN alarm AS a ON a.id = r.alarm_id
    JOIN appointment_event AS e ON e.id = a.event_id
    LEFT JOIN calendar_user_profile AS p ON p.user_id = e.creator_id
    LEFT JOIN calendar_setting AS s ON s.id = p.calendar_setting_id
    LEFT JOIN callrequest AS q ON q.id = r.callrequest_id
    WHERE r.id = %s FOR UPDATE OF r, a
    """,
    sqlite={" FOR UPDATE OF r, a": ""},
)


def held(request_id: int) -> Held | None:
    """An attempt, locked with its alarm; None when it has been deleted."""
    row = _HELD.one(request_id)
    if row is None:
        return None
    found = Held(*row)
    found.call_time = utc(found.call_time)
    return found


@events.listens("ring.accepted", ORIGIN, many=True)
def accepted(told: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """A carrier has taken calls: they ring."""
    ringing = [(request_id, facts["provider_id"] or "") for request_id, facts in told]
    _RINGING(ringing, (CALLING, clock.now(), PENDING))


@events.listens("ring.reported", ORIGIN)
def reported(
    request_id: int, *, callid: str, cause: str, duration: float, machine: bool, greeted: bool, **_more: Any
) -> None:
    """The call is over, by a carrier's word, which may come late: it is recorded anyway, and decides if it is first."""
    attempt = held(request_id)
    if attempt is None:
        return
    _record(attempt, callid, cause, duration, machine)
    if attempt.request_status != IN_PROCESS:
        return
    if verdicts.reached(cause, machine, greeted, bool(attempt.voicemail), attempt.amd_behavior):
        _end_call(attempt, CALL_MADE, cause, duration)
        _end_request(attempt, SUCCESS, callstatus=verdicts.q850(cause), duration=int(duration))
        _end_alarm(attempt.id, SUCCESS, None)
    else:
        failed(attempt, cause, duration=duration)


@events.listens("ring.failed", ORIGIN)
def refused(request_id: int, *, cause: str) -> None:
    """No carrier takes it, or none may."""
    attempt = held(request_id)
    if attempt is not None and attempt.request_status == IN_PROCESS:
        failed(attempt, cause)


@events.listens("ring.expired", ORIGIN)
def expired(request_id: int, *, cause: str) -> None:
    """No carrier took it in time. If it is only that its hours are over, it waits for the next, at no cost."""
    attempt = held(request_id)
    if attempt is None or attempt.request_status != IN_PROCESS:
        return
    waits = attempt.status == IN_PROCESS and attempt.call_time is not None
    opens = reopening.next_hours(attempt.id, attempt.call_time, clock.now()) if waits else None
    if opens is None:
        failed(attempt, cause)
        return
    made = max(0, attempt.num_attempt - 1)
    _end_call(attempt, CALL_FAILED, reopening.CLOSED, None)
    _end_request(attempt, RETRY)
    _wait(attempt.id, opens, status=RETRY if made else ALARM_PENDING, num_attempt=made)


def failed(attempt: Held, cause: str, *, duration: float | None = None) -> None:
    """An attempt has come to nothing: the alarm is tried again, or has failed, and somebody is told so.

    Parameters:
      attempt: one that is under way, held.
      cause: the Q.850 name of why the call ended, or why there was none.
    """
    now = clock.now()
    known = duration is not None
    _end_call(attempt, CALL_FAILED, cause, duration)
    callstatus = verdicts.q850(cause) if known else 0
    if attempt.status != IN_PROCESS:  # somebody has ended the alarm meanwhile, or begun it anew
        _end_request(attempt, FAILURE, callstatus=callstatus)
        return
    retries = 0 if cause in _FINAL else attempt.maxretry
    rang = known and verdicts.disposition(cause) in _RANG
    delay = attempt.retry_delay if rang else failing.pause(attempt.retry_delay, attempt.num_attempt)
    then = failing.after(retries, attempt.num_attempt, delay, now)
    _end_request(attempt, then.status, callstatus=callstatus)
    told = clean(cause)[:LONGEST_CAUSE]
    here = (Alarm.id == attempt.id) & (Alarm.status == IN_PROCESS)
    Alarm.update(status=then.status, due_at=then.due_at, cause=told).where(here).execute()
    if then.status == FAILURE:
        row = failing.text(attempt, attempt.request_id, attempt.attempt, attempt.num_attempt)
        if row:
            text = Text.create(**row)
            events.emit("text.requested", text_id=text.id)


def _record(attempt: Held, callid: str, cause: str, duration: float, machine: bool) -> None:
    """The call's detail record, once."""
    if attempt.call_id is None or attempt.user_id is None:
        return
    CallDetailRecord.insert(
        user_id=attempt.user_id,
        request_uuid=attempt.request_uuid,
        used_gateway_id=attempt.gateway_id,
        callrequest_id=attempt.call_id,
        callid=callid,
        callerid=attempt.shown,
        phone_number=attempt.phone_number,
        starting_date=attempt.call_time,
        duration=duration,
        billsec=duration,
        disposition=verdicts.disposition(cause),
        hangup_cause=cause,
        hangup_cause_q850=verdicts.q850(cause),
        amd_status=verdicts.amd_status(cause, machine),
    ).on_conflict_ignore().execute()


def _end_call(attempt: Held, status: int, cause: str, duration: float | None) -> None:
    if attempt.call_id is not None:
        told = {"status": status, "hangup_cause": clean(cause)[:LONGEST_CAUSE], "updated_date": clock.now()}
        AlarmCall.update(**told, duration=duration).where(AlarmCall.id == attempt.call_id).execute()


def _end_request(attempt: Held, status: int, **facts: int) -> None:
    AlarmRequest.update(status=status, **facts).where(AlarmRequest.id == attempt.request_id).execute()


def _end_alarm(alarm_id: int, status: int, cause: str | None) -> None:
    here = (Alarm.id == alarm_id) & (Alarm.status == IN_PROCESS)
    Alarm.update(status=status, due_at=None, cause=cause).where(here).execute()


def _wait(alarm_id: int, until: datetime, **changes: int) -> None:
    here = (Alarm.id == alarm_id) & (Alarm.status == IN_PROCESS)
    Alarm.update(due_at=until, cause=reopening.CLOSED, **changes).where(here).execute()


def _told(alarm_id: int, **_facts: Any) -> None:
    """A carrier has taken the alarm's text or mail."""
    _end_alarm(alarm_id, SUCCESS, None)


def _untold(alarm_id: int, *, cause: str = "", **_facts: Any) -> None:
    """None will."""
    _end_alarm(alarm_id, FAILURE, clean(cause)[:LONGEST_CAUSE])


def _late(table: type[Delivery], alarm_id: int, *, cause: str = "", **_facts: Any) -> None:
    """None has in time. If it is only that its hours are over, it waits for the next."""
    mine = (table.origin == telling.ORIGIN) & (table.origin_id == alarm_id)
    asked = table.select(table.created_at).where(mine).order_by(table.id.desc()).first()
    opens = reopening.next_hours(alarm_id, asked.created_at, clock.now()) if asked else None
    if opens is None:
        _untold(alarm_id, cause=cause)
    else:
        _wait(alarm_id, opens, status=ALARM_PENDING)


for _table in (Text, Mail):
    for _happened in ("accepted", "delivered"):
        events.listens(f"{_table.word}.{_happened}", telling.ORIGIN)(_told)
    events.listens(f"{_table.word}.failed", telling.ORIGIN)(_untold)
    events.listens(f"{_table.word}.expired", telling.ORIGIN)(partial(_late, _table))
