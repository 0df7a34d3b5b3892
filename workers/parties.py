"""Parties of an agreed call: remind each of it, ring both, and see whether they were connected."""

from models.callrequests import moving, reminding, ringing
from models.commands import RemindParty, RingParties, SettleRing
from workers.actor import actor


@actor(RemindParty, even_late=True)
def remind_party(reminder_id: int) -> None:
    """Text one party, if there is still what to remind of."""
    reminding.remind(reminder_id)


@actor(RingParties, even_late=True)
def ring_parties(call_request_id: int, agreed_time: int) -> None:
    """Have both rung, if that is still what they agreed."""
    ringing.ring(call_request_id, agreed_time)


@actor(SettleRing)
def settle_ring(call_request_id: int) -> None:
    """If the two have talked, the request was successful."""
    if ringing.connected(call_request_id):
        moving.hold(call_request_id)
