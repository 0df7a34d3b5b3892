"""Calls brought to where a test wants them, by what the product itself does, and what can be seen of them there."""

from typing import Any, NamedTuple

from models import clock
from models.database import transaction
from models.deliveries import Bridge, CallDataRecord, Push
from models.ledger import LedgerRow
from models.mentoring import Call, Event, Task, calling
from tests.house import SERVICE, Client, run_due

# The body of the reference, key by key.
REPORT: dict[str, Any] = {
    "conversationId": "23",
    "conversationEndTime": "2017-04-20 17:33:42.899903",
    "feedbackSubscriptionStatus": True,
    "cdrs": [
        {"id": "123", "startTime": "2017-04-20 17:31:18", "errorCause": "NO_ANSWER"},
        {"id": "456", "startTime": "2017-04-20 17:32:18", "errorCause": "NORMAL_CLEARING"},
    ],
    "totalTries": 2,
    "conversationSuccess": True,
    "beneficiary": "27123456789",
    "conversationStartTime": "2017-04-20 17:32:33.593300",
    "handler": "27987654321",
    "recordingUrl": "https://example.org/123/456.mp3",
    "scheduledCallId": "sc-1",
}
FAILURE = {**REPORT, "conversationSuccess": False, "conversationStartTime": None, "conversationEndTime": None,
           "recordingUrl": "", "cdrs": [REPORT["cdrs"][0]]}  # fmt: skip
PATH = "/comms/onion_dev_call_end/"


def pressed(client: Client, **more: Any) -> int:
    """A mentor has pressed start, and a worker has begun to ask the carrier: the phones may be ringing."""
    call_id = int(client.post("/mentor/call/", **more).json["id"])
    with transaction():
        LedgerRow.delete().where(LedgerRow.name == "dial").execute()
        _bridge(call_id).begin("simulator", 1)
    return call_id


def dialled(call_id: int, provider_id: str = "sc-1") -> None:
    """The carrier's answer to the dial has come."""
    with transaction():
        bridge = _bridge(call_id)
        bridge.accepted(bridge.attempts[-1], provider_id)


def refused(call_id: int) -> None:
    """The carrier will not ring."""
    with transaction():
        _bridge(call_id).fail("no such number")


def reported(client: Client, body: dict[str, Any], **changes: Any) -> Any:
    """OnionDev reports an end."""
    return client.post(PATH, {**body, **changes}, user=SERVICE)


def swept() -> int:
    """The sweep comes by."""
    return calling.sweep_timed_out()


def _bridge(call_id: int) -> Bridge:
    return Bridge.locked(Bridge.get(Bridge.reference == f"call:{call_id}").id)


class Story(NamedTuple):
    """A call, its events in order, the records of its legs, the pushes about it, and how many tasks there are."""

    call: Call
    events: list[str]
    records: list[tuple[str, str]]
    pushes: list[str]
    tasks: int

    @property
    def status(self) -> str:
        return self.call.status


def story(call_id: int) -> Story:
    """What came of a call, all that is owed done."""
    run_due()
    bridge = Bridge.get(Bridge.reference == f"call:{call_id}")
    about = ("start_call", "end_call", "call_failed", "feedback_requested")
    events = (
        Event.select().where((Event.object_id == call_id) & Event.event_type.in_(about)).order_by(Event.id)
    )
    records = (
        CallDataRecord.select().where(CallDataRecord.bridge == bridge).order_by(CallDataRecord.partner_id)
    )
    pushes = Push.select().where(Push.reference.in_((f"push:call:{call_id}", f"push:call-failed:{call_id}")))
    call = Call.get_by_id(call_id)
    tasks = Task.select().where(Task.mentor == call.caller_id).count()
    return Story(
        call, [event.event_type for event in events], [(record.partner_id, record.status) for record in records],
        [push.title for push in pushes.order_by(Push.id)], tasks,
    )  # fmt: skip


def just_now(moment: Any) -> bool:
    """Whether this happened within the last seconds, by the product's clock."""
    return moment is not None and 0 <= (clock.now() - moment).total_seconds() < 20
