"""Sweeping: attempts and alarms that nobody has told the end of are ended, so that none is under way for ever.

A call that a carrier has, or may have (`ring.unknown`, to which nobody listens), is under way for as long as it may
ring and last, from when the carrier was asked for it last. Until then nobody is rung anew, who may be talking just now,
and its calendar has no room for another: nothing gives that back sooner but the carrier's word, asked or told, or a
person's (`trunkline settle`). That nothing was heard on the line proves only that we did not hear of it. From then on
it is over, whatever became of it, and there is nothing to wait for.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from models import clock
from models.appointments import outcomes
from models.appointments.alarms import CALL, FAILURE, IN_PROCESS, AlarmRequest
from models.appointments.ivr.calls import ORIGIN
from models.appointments.ringing import TIMELIMIT
from models.appointments.under_way import TELLING
from models.database import LOST as AWAY
from models.database import Sql, db, transaction, utc
from models.deliveries import Ring
from models.logs import spoken

log = structlog.get_logger(__name__)

ASKED = timedelta(minutes=3)  # until a carrier has surely heard what it was asked, or never will
GRACE = timedelta(minutes=15)  # until a carrier is asked for a call, or it is too late for that
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
_UNDER_WAY = f"""
    SELECT r.id, COALESCE(q.call_time, r.date), COALESCE(q.timeout, 0), t.begun_at, d.ring_seconds + d.limit_seconds
    FROM alarm_request AS r LEFT JOIN callrequest AS q ON q.id = r.callrequest_id
    LEFT JOIN delivery_ring AS d ON d.origin = '{ORIGIN}' AND d.origin_id = r.id
    LEFT JOIN attempt AS t ON t.channel = 'ring' AND t.delivery_id = d.id AND t.number = (
        SELECT MAX(l.number) FROM attempt AS l WHERE l.channel = 'ring' AND l.delivery_id = d.id)
    WHERE r.status = {IN_PROCESS}
"""
_LONG = Sql(f"{_UNDER_WAY} AND COALESCE(q.call_time, r.date) < %s AND r.id > %s ORDER BY r.id LIMIT %s")
_ONE = Sql(f"{_UNDER_WAY} AND r.id = %s")


def sweep() -> int:
    """End what is silent for longer than a call can ring and last. Returns how many.

    An attempt has then failed, and another follows if there is to be one; its call, if it still waits for a carrier,
    is called off first. An alarm that is under way without anything being done for it has failed.
    """
    now = clock.now()
    count = sum(_swept(request_id) for request_id in _over(now))
    with transaction("alarms.swept"):
        return count + _ALARMS.count(LOST, now - TELLING, now - TELLING)


def _over(now: datetime) -> Iterator[int]:
    """Attempts that must be over, a page after the other: many that may still last keep none behind them under way."""
    last, more = 0, True
    while more:
        page = _LONG.all(now - timedelta(seconds=TIMELIMIT), last, MOST)
        yield from (row[0] for row in page if _ends(row) < now)
        more = len(page) == MOST
        last = page[-1][0] if page else last


def _ends(row: Sequence[Any]) -> datetime:
    """The moment until which an attempt may last, by a row of the statements above."""
    _, begun, timeout, asked, lasts = row
    since = utc(asked or begun) or clock.now()
    return since + (
        timedelta(seconds=lasts) + ASKED if asked else timedelta(seconds=TIMELIMIT + timeout) + GRACE
    )


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
    rings = list(Ring.select(Ring.id, Ring.reference).where(mine))
    for ring in rings:
        Ring.locked(ring.id)
    row = _ONE.one(request_id)
    if row is not None and _ends(row) >= clock.now():
        return False  # a carrier has just been asked for it again
    for ring in rings:
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
