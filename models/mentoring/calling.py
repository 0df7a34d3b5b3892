"""What happens to a call: started, taken by the carrier, ended, failed. Every path is safe twice, late and reversed."""

from collections.abc import Mapping
from typing import Any

from models import clock, settings
from models.database import Sql, transaction, utc
from models.deliveries import Bridge
from models.events import emit, following, listens
from models.mentoring.calls import INACTIVE, INPROGRESS, RUNNING, SCHEDULED, SUCCESSFUL, Call
from models.mentoring.events import Event
from models.mentoring.schedule import meant
from models.mentoring.tasks import Task
from models.numbers import PhoneNumber
from models.writing import IdOf, New, write


def start_call(
    mentor: int, mentee: int, numbers: tuple[PhoneNumber, PhoneNumber], once: New | None = None
) -> int:
    """A mentor presses start: the call, its bridge and the command to dial, in one transaction.

    Parameters:
      mentor, mentee: contact ids.
      numbers: the mentor's and the mentee's.
      once: the row of an idempotency key, whose `object_id` is the call's.

    Raises:
      peewee.IntegrityError: the idempotency key was used before.
    """
    now = clock.now()
    scheduled_call, activity = meant(mentor, now)
    call = New(
        Call,
        {
            "start_time": now, "caller": mentor, "receiver": mentee, "standing": SCHEDULED,
            "scheduled_call": scheduled_call, "activity": activity,
        },
    )  # fmt: skip
    bridge = New(
        Bridge,
        {
            "reference": IdOf(0, "call:"), "origin": "call", "origin_id": IdOf(0),
            "a_number": numbers[0], "b_number": numbers[1], "created_at": now,
        },
    )  # fmt: skip
    commands = following("call.requested", call_id=IdOf(0), bridge_id=IdOf(1))
    return write(call, bridge, *commands, *([once] if once else []))[0]


_DIALLED = Sql(
    """
    UPDATE call SET status = CASE WHEN status = 'scheduled' THEN 'inprogress' ELSE status END,
        call_id = CASE WHEN call_id IS NULL AND NOT EXISTS (SELECT 1 FROM call AS other WHERE other.call_id = %s)
                       THEN %s ELSE call_id END
    WHERE id = %s RETURNING status, start_time, caller_id
    """
)


@listens("bridge.accepted", "call")
def dialled(call_id: int, *, provider_id: str | None) -> None:
    """The carrier took the dial. A call that has ended meanwhile stays ended."""
    status, start_time, mentor = _DIALLED.one(provider_id, provider_id, call_id)
    Event.note("start_call", mentor, call_id, at=None if status == INPROGRESS else utc(start_time))
    emit("call.dialled", call_id=call_id)


@listens("bridge.failed", "call")
@listens("bridge.expired", "call")
def not_dialled(call_id: int, *, cause: str) -> None:
    """No carrier will ring: refused for good, out of patience, or too late to be useful."""
    call = Call.locked(call_id)
    if call.status in RUNNING:
        call.status = INACTIVE
        call.save()
        _failed(call)


@listens("bridge.reported", "call")
def reported(call_id: int, *, success: bool, receipt_id: int, facts: Mapping[str, Any]) -> None:
    """The carrier reports an end; which one this is, the locked row tells (specification 8)."""
    call = Call.locked(call_id)
    emit("call.reported", call_id=call_id, receipt_id=receipt_id)
    if success:
        handle_ended_successful(call, facts)
    elif call.status in RUNNING:
        call.end_time = clock.now()
        call.partner_id = facts.get("conversation_id") or call.partner_id
        call.status = INACTIVE
        call.save()
        _failed(call)


def handle_ended_successful(call: Call, facts: Mapping[str, Any]) -> None:
    """A conversation took place, says the provider. Only the first such report has effects."""
    if call.status == SUCCESSFUL and call.has_partner_data:
        return
    first = call.status != SUCCESSFUL
    call.tell_partner_data(facts)
    if first:
        call.end_time = clock.now()
        _succeed(call)
    call.save()


def ended(call_id: int, *, again: bool = False) -> Call:
    """The end notice without a report: a running call has been successful; what has not been rung is not rung.

    Parameters:
      again: whether `end_time` becomes now also when it is filled, as the generic provider's notice does [M-34].
    """
    Bridge.call_off(f"call:{call_id}")  # first, as reports do: the bridge's row, then the call's
    call = Call.locked(call_id)
    if call.end_time is None or again:
        call.end_time = clock.now()
        if call.status in RUNNING:
            _succeed(call)
        call.save()
    return call


def _succeed(call: Call) -> None:
    call.status = SUCCESSFUL
    call.feedback_task = Task.for_feedback(call.caller_id, call.start_time)
    Event.note("end_call", call.caller_id, call.id)
    Event.note("feedback_requested", call.caller_id, call.id)
    emit("call.ended", call_id=call.id)


def _failed(call: Call) -> None:
    Event.note("call_failed", call.caller_id, call.id)
    emit("call.failed", call_id=call.id)


def sweep_timed_out(limit: int = 200) -> int:
    """Move the calls that nobody reported the end of to `inactive`, without an `end_time`. Returns how many."""
    oldest = clock.now() - settings.current().call_timeout
    here = Call.standing.in_(RUNNING) & Call.end_time.is_null() & (Call.start_time < oldest)
    swept = 0
    for found in Call.select(Call.id).where(here).order_by(Call.id).limit(limit):
        with transaction():
            call = Call.locked(found.id)
            if call.status in RUNNING and call.has_timed_out():
                call.status = INACTIVE
                call.save()
                Event.note("call_failed", call.caller_id, call.id)
                swept += 1
    return swept
