"""Dial-out: at the agreed time the trunk rings both parties and joins them, neither seeing the other's number."""

from datetime import datetime
from typing import Any

from peewee import fn

from models import clock, flow, ledger
from models.callrequests.requests import ACCEPTED, DIAL_IN, DIAL_OUT, CallRequest, Step
from models.commands import RingParties
from models.deliveries import Bridge
from models.deliveries.life import DELIVERED, EXPIRED, FAILED
from models.donotcall import DoNotCall
from models.events import emit, listens
from models.people import User
from models.people.accounts import Account

ORIGIN = "callrequest"
NOT_CONNECTED = "not_connected"  # the step after ringing in vain; both may still dial in


def way_for(request: CallRequest) -> str:
    """How the two will meet: rung, when either would rather be and both can be; else both dial in."""
    return DIAL_OUT if any(one.call_me for one in _parties(request)) and _reachable(request) else DIAL_IN


def can_ring(request: CallRequest) -> bool:
    """Whether both will be rung, as far as can be told now."""
    return bool(request.way == DIAL_OUT and _reachable(request))


def plan(request: CallRequest) -> None:
    """Owe the ringing at the agreed time, where that is the way, in the transaction that agrees it."""
    if request.way == DIAL_OUT:
        command = RingParties(request.id, clock.microseconds(request.agreed_time))
        ledger.enqueue(command, due=request.agreed_time, key=_key(request.id))


def drop(request: CallRequest) -> None:
    """Ring nobody, in the transaction that calls the request off. Its row is locked.

    A dial that no carrier has yet is called off; one that a carrier may have rings.
    """
    ledger.withdraw(_key(request.id))
    Bridge.call_off(reference(request.id))


def ring(call_request_id: int, instant: int) -> None:
    """Have both rung, if that is still what they agreed.

    Parameters:
      instant: the agreed time that this was owed for, in microseconds since 1970.
    """
    request = CallRequest.locked(call_request_id)
    if request is None or request.status != ACCEPTED or clock.microseconds(request.agreed_time) != instant:
        return
    until = _useful_until(request)
    if (until is not None and clock.now() >= until) or not can_ring(request):
        _note_not_connected(request)
        return
    first, second = _in_order(request)
    bridge = Bridge.create(
        reference=reference(request.id), origin=ORIGIN, origin_id=request.id,
        a_number=first.phone, b_number=second.phone,
    )  # fmt: skip
    emit("bridge.requested", until=until, bridge_id=bridge.id)


def reference(call_request_id: int) -> str:
    """What its bridge is called."""
    return f"callrequest:{call_request_id}"


@listens("bridge.reported", ORIGIN)
def reported(call_request_id: int, *, receipt_id: int, **_told: object) -> None:
    """A carrier says how it went; which report counts is seen when it is looked at."""
    emit("callrequest.reported", call_request_id=call_request_id, receipt_id=receipt_id)
    emit("callrequest.rung", call_request_id=call_request_id)


@listens("bridge.failed", ORIGIN)
@listens("bridge.expired", ORIGIN)
def not_dialled(call_request_id: int, *, cause: str) -> None:
    """No carrier will ring: refused for good, out of patience, or too late to be useful."""
    emit("callrequest.rung", call_request_id=call_request_id)


def connected(call_request_id: int) -> bool:
    """Whether the two have talked over the bridge; when they have not, that is noted.

    Looked at in a transaction of its own: a report has locked the bridge, and a cancellation locks the request first.
    """
    request = CallRequest.locked(call_request_id)
    bridge = Bridge.get_or_none(Bridge.reference == reference(call_request_id))
    if request is None or bridge is None:
        return False
    if bridge.status in (FAILED, EXPIRED):
        _note_not_connected(request)
    return bool(bridge.status == DELIVERED)


def _note_not_connected(request: CallRequest) -> None:
    """Once, and only while they may still meet in the conference. The request's row is locked."""
    here = (Step.call_request == request.id) & (Step.step == NOT_CONNECTED)
    if request.status == ACCEPTED and not Step.select().where(here).exists():
        Step.create(call_request=request, step=NOT_CONNECTED)


def _key(call_request_id: int) -> str:
    return f"ring:{call_request_id}"


def _parties(request: CallRequest) -> tuple[Any, Any]:
    """Requester and hero; of each it is known whether he is `unwanted`: on the do-not-call list."""
    listed: Any = (DoNotCall.msisdn == fn.SUBSTR(Account.phone, 2)) & DoNotCall.lifted_at.is_null()
    unwanted = fn.EXISTS(DoNotCall.select(DoNotCall.id).where(listed)).alias("unwanted")
    here = Account.id.in_(request.parties)
    found = {one.id: one for one in Account.select(Account, User, unwanted).join(User).where(here)}
    return found[request.requester_id], found[request.hero_account_id]


def _reachable(request: CallRequest) -> bool:
    """Whether both have verified numbers, and neither an operator nor he himself keeps one of them from being rung."""
    return all(
        one.phone and one.phone_verified and one.user.is_active and not one.unwanted
        for one in _parties(request)
    )


def _in_order(request: CallRequest) -> tuple[Account, Account]:
    """Who is rung first: the one who would rather be rung; the requester, when both would."""
    requester, hero = _parties(request)
    return (hero, requester) if hero.call_me and not requester.call_me else (requester, hero)


def _useful_until(request: CallRequest) -> datetime | None:
    """When nobody waits for the ringing any more, by the patience that pipelines.yaml gives it."""
    patience = flow.current().actors[RingParties.name].expires
    return None if patience is None else request.agreed_time + patience
