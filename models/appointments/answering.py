"""What somebody answered to an alarm: the customer's own system is told, where it asked to be."""

import base64
import json

from models import clock, events, settings
from models.appointments.alarms import CANCELLED, CONFIRMED, Alarm, AlarmRequest
from models.appointments.users import CalendarUserProfile
from models.database import on_postgres
from models.deliveries import Hook
from models.keys import key_for

HAPPENED = "alarm.answered"
ORIGIN = "alarm"  # of hooks

TYPES = {CONFIRMED: "alarm.confirmed", CANCELLED: "alarm.cancelled"}


def secret_of(user_id: int) -> str:
    """What signs all that is told to a manager's own systems: for him and for nobody else.

    It follows from SECRET_KEY: another one gives everybody another secret.
    """
    return "whsec_" + base64.b64encode(key_for(f"hooks of {user_id}")).decode()


@events.listens(HAPPENED, "alarm_request")
def answered_on_the_phone(request_id: int, *, result: int) -> None:
    """The result of the alarm whose call this is has changed, in this transaction."""
    request = AlarmRequest.get_or_none(AlarmRequest.id == request_id)
    if request is not None and request.alarm_id is not None:
        answered(request.alarm_id, result=result)


@events.listens(HAPPENED, ORIGIN)
def answered(alarm_id: int, *, result: int) -> None:
    """The alarm's result has changed, in this transaction: a confirmation or a cancellation is told, once.

    Who changes his mind is told of again, with an id of its own; what nobody has heard of him before is not told any
    more, lest it be heard last.
    """
    if result not in TYPES:
        return
    query = Alarm.select().where(Alarm.id == alarm_id)
    alarm = (query.for_update() if on_postgres() else query).first()
    url = (alarm.url_confirm if result == CONFIRMED else alarm.url_cancel) if alarm else None
    if not url:
        return
    earlier = Hook.select().where((Hook.origin == ORIGIN) & (Hook.origin_id == alarm_id)).count()
    Hook.call_off(_reference(alarm_id, earlier))
    hook = Hook.create(
        reference=_reference(alarm_id, earlier + 1), origin=ORIGIN, origin_id=alarm_id, url=url,
        body=_body(alarm, result), user_id=_owner(alarm),
    )  # fmt: skip
    events.emit("hook.requested", hook_id=hook.id)


def _reference(alarm_id: int, number: int) -> str:
    return f"alarm:{alarm_id}:answer:{number}"


def _body(alarm: Alarm, result: int) -> str:
    """What is told: which alarm, of which event, and no word of whom it was for."""
    base = f"{settings.current().api_url}/rest-api"
    told = {
        "type": TYPES[result],
        "timestamp": clock.now().isoformat(timespec="seconds").replace("+00:00", "Z"),
        "data": {
            "alarm": f"{base}/alarm/{alarm.id}/",
            "event": f"{base}/event/{alarm.event_id}/",
            "result": result,
        },
    }
    return json.dumps(told, separators=(",", ":"))


def _owner(alarm: Alarm) -> int:
    """The manager of who made the event; without one, himself."""
    creator = int(alarm.event.creator_id)
    profile = CalendarUserProfile.get_or_none(CalendarUserProfile.user == creator)
    return int(profile.manager_id) if profile else creator
