"""Sweeping: attempts and alarms that nobody has told the end of are ended, so that none is under way for ever."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import structlog

from models import clock
from models.appointments import outcomes, ringing
from models.appointments.alarms import CALL, FAILURE, IN_PROCESS, AlarmRequest
from models.appointments.callrequests import AlarmCall
from models.appointments.ivr.calls import ORIGIN
from models.appointments.under_way import TELLING
from models.database import LOST as AWAY
from models.database import Sql, db, transaction
from models.deliveries import Ring
from models.logs import spoken

log = structlog.get_logger(__name__)

GRACE = timedelta(minutes=15)  # until a carrier has taken a call, or it is too late for that
SILENT = "nobody has told how it ended"
LOST = "its attempt is gone"
MOST = 200  # rows in one round

_ALARMS = Sql(
    f"""
    UPDATE alarm SET status = {FAILURE}, due_at = NULL, cause = %s WHERE id IN (
        SELECT a.id FROM alarm AS a WHERE a.status = {IN_PROCESS}
            AND NOT EXISTS (SELECT 1 FROM alarm_request AS r WHERE r.alarm_id = a.id AND r.status = {IN_PROCESS})
            AND (a.method = {CALL} OR NOT EXISTS (
                SELECT 1 FROM delivery_text AS t WHERE t.origin = 'alarm' AND t.origin_id = a.id
                    AND t.status IN ('queued', 'sending', 'unknown') AND t.created_at > %s
                UNION ALL SELECT 1 FROM delivery_mail AS m WHERE m.origin = 'alarm' AND m.origin_id = a.id
                    AND m.status IN ('queued', 'sending', 'unknown') AND m.created_at > %s))
        ORDER BY a.id LIMIT {MOST} FOR UPDATE SKIP LOCKED)
    """
)


def sweep() -> int:
    """End what is silent for longer than a call can ring and last. Returns how many.

    An attempt has then failed, and another follows if there is to be one; its call, if it still waits for a carrier,
    is called off first. An alarm that is under way without anything being done for it has failed.
    """
    now = clock.now()
    earliest = now - timedelta(seconds=ringing.TIMELIMIT) - GRACE
    begun = AlarmCall.call_time
    under_way = (
        AlarmRequest.select(AlarmRequest.id, AlarmRequest.date, AlarmCall.call_time, AlarmCall.timeout)
        .join(
            AlarmCall, on=AlarmRequest.callrequest == AlarmCall.id, join_type="LEFT OUTER JOIN", attr="call"
        )
        .where((AlarmRequest.status == IN_PROCESS) & ((begun < earliest) | begun.is_null()))
        .order_by(AlarmRequest.id)
    )
    count = 0
    for request in _each(under_way):
        call = getattr(request, "call", None)
        since = call.call_time if call and call.call_time else request.date
        limit = timedelta(seconds=ringing.TIMELIMIT + (call.timeout if call and call.call_time else 0))
        if since < now - limit - GRACE:
            count += _swept(int(request.id))
    with transaction("alarms.swept"):
        return count + _ALARMS.count(LOST, now - TELLING, now - TELLING)


def _each(under_way: Any) -> Iterator[AlarmRequest]:
    """All of them, a page after the other: many that may still last keep none behind them from being ended."""
    last, more = 0, True
    while more:
        page = list(under_way.where(AlarmRequest.id > last).limit(MOST))
        yield from page
        more = len(page) == MOST
        last = page[-1].id if page else last


def _swept(request_id: int) -> bool:
    """End one attempt; one for which nothing can follow ends all the same, and the others with it."""
    with transaction("attempt.swept"):
        try:
            with db.atomic():
                return _ended(request_id)
        except AWAY:
            raise
        except Exception as error:  # whatever it is about one attempt: it must not keep the others under way
            log.error("attempt.lost", request_id=request_id, error=spoken(error))
            return _closed(request_id)


def _ended(request_id: int) -> bool:
    """As if a carrier had said that it failed. The ring is held first, as everywhere."""
    mine = (Ring.origin == ORIGIN) & (Ring.origin_id == request_id)
    for ring in Ring.select(Ring.reference).where(mine):
        Ring.call_off(ring.reference)
    attempt = outcomes.held(request_id)
    if attempt is None:
        return _closed(request_id)
    if attempt.request_status != IN_PROCESS:
        return False
    outcomes.failed(attempt, SILENT)
    return True


def _closed(request_id: int) -> bool:
    here = (AlarmRequest.id == request_id) & (AlarmRequest.status == IN_PROCESS)
    return bool(AlarmRequest.update(status=FAILURE).where(here).execute())
