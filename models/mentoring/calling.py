"""What happens to a call: started, taken by the carrier, ended, failed. Every path is safe twice, late and reversed."""

from collections.abc import Mapping
from typing import Any

from models import clock, settings
from models.database import transaction
from models.deliveries import Bridge
from models.events import emit, following, listens
from models.mentoring.calls import INACTIVE, RUNNING, SCHEDULED, Call
from models.mentoring.events import Event
from models.mentoring.schedule import meant
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


@listens("bridge.accepted", "call")
def dialled(call_id: int, *, provider_id: str | None) -> None:
    """The carrier took the dial."""
    Call(id=call_id, __no_default__=True).dial(provider_id)


@listens("bridge.failed", "call")
@listens("bridge.expired", "call")
def not_dialled(call_id: int, *, cause: str) -> None:
    """No carrier will ring: refused for good, out of patience, or too late to be useful."""
    call = Call.locked(call_id)
    if call.status in RUNNING:
        call.failed()


@listens("bridge.reported", "call")
def reported(call_id: int, *, success: bool, receipt_id: int, facts: Mapping[str, Any]) -> None:
    """The carrier reports an end; which one this is, the locked row tells (specification 8)."""
    call = Call.locked(call_id)
    emit("call.reported", call_id=call_id, receipt_id=receipt_id)
    if success:
        call.handle_ended_successful(facts)
    elif call.status in RUNNING:
        call.end_time = clock.now()
        call.partner_id = facts.get("conversation_id") or call.partner_id
        call.failed()


def ended(call_id: int, *, again: bool = False) -> Call:
    """The end notice without a report: a running call has been successful; what has not been rung is not rung.

    Parameters:
      again: whether `end_time` becomes now also when it is filled, as the generic provider's notice does [M-34].
    """
    Bridge.call_off(f"call:{call_id}")  # first, as reports do: the bridge's row, then the call's
    call = Call.locked(call_id)
    call.ended(again=again)
    return call


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
