"""Removing alarms, and events with theirs: what they have asked of carriers is called off first."""

from collections.abc import Sequence
from typing import Any

from models import clock
from models.appointments.alarms import Alarm, AlarmRequest
from models.appointments.callrequests import ABORT, CALLING, PENDING, AlarmCall
from models.appointments.events import Event
from models.appointments.ivr.calls import ORIGIN
from models.bulk import Among, among
from models.database import Sql, on_postgres
from models.deliveries import Delivery, Mail, Ring, Text
from models.deliveries.life import EXPIRED, OPEN, QUEUED, SENDING, UNCLEAR, UNENDED, UNKNOWN

CHUNK = 1000
CALLED_OFF = "called off"

_OF_ALARMS = "origin = 'alarm' AND origin_id IN ({places})"
_OF_REQUESTS = (
    "origin = 'alarm_request' AND origin_id IN (SELECT id FROM alarm_request WHERE alarm_id IN ({places}))"
)
_MADE: dict[type[Delivery], str] = {Ring: _OF_REQUESTS, Text: _OF_ALARMS, Mail: _OF_ALARMS}


def call_off(alarm_ids: Sequence[int]) -> None:
    """Have nothing more carried for these alarms, inside the transaction that removes them.

    Deliveries are held before alarms, as everywhere, also of calls that last: what is told of them waits. Whoever
    performs alarms meanwhile has written the last of them when theirs are held, so those are looked for once more; one
    that a worker is just beginning rings.
    """
    for first in range(0, len(alarm_ids), CHUNK):
        ids = alarm_ids[first : first + CHUNK]
        mine = AlarmRequest.select(AlarmRequest.id).where(AlarmRequest.alarm.in_(ids))
        theirs = (Ring.origin == ORIGIN) & Ring.origin_id.in_(mine)
        _held(Ring.select(Ring.id).where(theirs & Ring.status.in_(UNENDED)))
        _each(ids, "FOR UPDATE")
        _held(Alarm.select(Alarm.id).where(Alarm.id.in_(ids)))
        _each(ids, "FOR UPDATE SKIP LOCKED")
        _aborted(AlarmRequest.alarm.in_(ids))


def call_off_request(request_id: int) -> None:
    """Have nobody rung for an attempt any more, inside the transaction that removes it."""
    here = (Ring.origin == ORIGIN) & (Ring.origin_id == request_id)
    for ring in Ring.select(Ring.reference).where(here):
        Ring.call_off(ring.reference)
    _aborted(AlarmRequest.id == request_id)


def _aborted(attempts: Any) -> None:
    """Their calls wait for no end: what a carrier tells of an attempt that is gone is nobody's any more."""
    theirs = AlarmRequest.select(AlarmRequest.callrequest).where(attempts)
    AlarmCall.update(status=ABORT, updated_date=clock.now()).where(
        AlarmCall.id.in_(theirs), AlarmCall.status.in_((PENDING, CALLING))
    ).execute()


def remove_events(condition: Any) -> None:
    """Delete events, inside a transaction; their occurrences and alarms go with them."""
    ids = [event.id for event in Event.select(Event.id).where(condition)]
    found = set(ids)
    while ids:
        children = [
            event.id
            for first in range(0, len(ids), CHUNK)
            for event in Event.select(Event.id).where(Event.parent_event.in_(ids[first : first + CHUNK]))
        ]
        ids = [id for id in children if id not in found]
        found |= set(ids)
    for first in range(0, len(found), CHUNK):
        some = sorted(found)[first : first + CHUNK]
        call_off([alarm.id for alarm in Alarm.select(Alarm.id).where(Alarm.event.in_(some))])
    Event.delete().where(condition).execute()


def _held(rows: Any) -> None:
    """Lock rows until the transaction ends, in the order of their ids."""
    query = rows.order_by(rows.model.id)
    list((query.for_update() if on_postgres() else query).tuples())


def _each(alarm_ids: Sequence[int], held: str) -> None:
    """Have nothing carried any more that still waits for a carrier, or is being asked for.

    They are held by a statement of their own: only the next one sees what was begun by whoever had to be waited for.
    """
    places = ", ".join(["%s"] * len(alarm_ids))
    for table, made in _MADE.items():
        theirs = f"{made.format(places=places)} AND status IN ('{QUEUED}', '{SENDING}')"
        sql = Sql(f"SELECT id FROM {table._meta.table_name} WHERE {theirs} ORDER BY id {held}")
        if ids := [id for (id,) in sql.all(*alarm_ids)]:
            _ENDS[table](clock.now(), among(ids))


def _end(table: type[Delivery]) -> Among:
    """One that a carrier may have is asked about, but not asked for again."""
    name = table._meta.table_name
    pending = (
        f"EXISTS (SELECT 1 FROM attempt AS t WHERE t.channel = '{table.channel}' AND t.delivery_id = {name}.id "
        f"AND t.outcome IN ('{OPEN}', '{UNCLEAR}'))"
    )
    return Among(
        f"""
        UPDATE {name} SET cause = '{CALLED_OFF}',
            status = CASE WHEN {pending} THEN '{UNKNOWN}' ELSE '{EXPIRED}' END,
            ended_at = CASE WHEN {pending} THEN NULL ELSE %s END
        WHERE id = ANY(%s)
        """
    )


_ENDS = {table: _end(table) for table in _MADE}
