"""What happens in a conference's room: each report taken once, in whatever order, until the two have really met."""

from dataclasses import dataclass
from datetime import datetime

import structlog

from models import clock
from models.callrequests import moving
from models.callrequests.conferences import Conference, ConferenceCall, ConferenceLog
from models.callrequests.requests import CallRequest
from models.database import Sql
from models.people.heroes import Hero
from models.receipts import DONE, KEPT, UNMATCHED, Receipt

JOINED, LEFT, STARTED, ENDED = "participant-join", "participant-leave", "conference-start", "conference-end"
OF_SOMEBODY, OF_ALL = (JOINED, LEFT), (STARTED, ENDED)

log = structlog.get_logger(__name__)

_SEEN = Sql("SELECT DISTINCT event, account_id FROM conference_log WHERE conference_id = %s")


@dataclass(frozen=True)
class InRoom:
    """Something happened in a room, as the provider tells it.

    Parameters:
      friendly_name: what the room is called there.
      call_sid: whose call it is about; empty when it is about the room.
      sequence: the provider's number of the event.
      at: when it happened, where the provider said so.
    """

    conference_sid: str
    friendly_name: str
    event: str
    call_sid: str
    sequence: int
    at: datetime | None


def room(call_request_id: int) -> str:
    """What the provider is to call a request's room: nobody else's, and without anybody's name [D-26]."""
    return f"call-request-{call_request_id}"


def take(told: InRoom, receipt: Receipt) -> None:
    """Write down what happened; when by now the two have met, the request is successful.

    Parameters:
      receipt: of the report, to be settled.
    """
    if told.event not in (*OF_SOMEBODY, *OF_ALL):
        receipt.settle(KEPT, note=told.event)
        return
    call = ConferenceCall.get_or_none(sid=told.call_sid) if told.event in OF_SOMEBODY else None
    if told.event in OF_SOMEBODY and call is None:
        log.info("conference.unknown_call", event_told=told.event, conference=told.conference_sid)
        receipt.settle(UNMATCHED, note="of a call that was not let in")
        return
    conference = Conference.locked(told.conference_sid, told.friendly_name)
    _write(conference, told, call)
    if call is not None and conference.call_request_id is None:
        _belongs(conference, call.call_request_id)
    receipt.settle(DONE, about=_about(conference))
    if conference.call_request_id is not None and _met(conference):
        moving.hold(conference.call_request_id)


def _write(conference: Conference, told: InRoom, call: ConferenceCall | None) -> None:
    row = {
        "conference": conference.id,
        "event": told.event,
        "call_sid": told.call_sid,
        "sequence": told.sequence,
        "account": None if call is None else call.account_id,
        "timestamp": told.at or clock.now(),
    }
    ConferenceLog.insert(row).on_conflict_ignore().execute()


def _belongs(conference: Conference, call_request_id: int) -> None:
    """The first whose call is known tells which request it is about; it is shown under the hero's own short name."""
    hero = Hero.select().join(CallRequest).where(CallRequest.id == call_request_id).get()
    changes = {"call_request": call_request_id, "friendly_name": hero.slug}
    Conference.update(changes).where(Conference.id == conference.id).execute()
    conference.call_request_id = call_request_id


def _about(conference: Conference) -> str:
    request = conference.call_request_id
    return f"conference:{conference.id}" if request is None else f"callrequest:{request}"


def _met(conference: Conference) -> bool:
    """Whether it began, is over, and both parties were in it. The conference's row is locked."""
    seen = _SEEN.all(conference.id)
    request = CallRequest.get_by_id(conference.call_request_id)
    joined = {account for event, account in seen if event == JOINED}
    return {event for event, _ in seen}.issuperset(OF_ALL) and joined.issuperset(request.parties)
