"""What of alarms is under way with a carrier: until it has ended, nobody else writes down how it stands."""

from datetime import timedelta
from typing import Any

from models import clock
from models.appointments.alarms import IN_PROCESS, PENDING, RETRY, AlarmRequest
from models.database import Sql, on_postgres

TELLING = timedelta(hours=25)  # no text and no mail is tried for longer
_TOLD = "status IN ('queued', 'sending', 'unknown') AND created_at > %s"
_RINGS = f"""
    SELECT 1 FROM alarm_request AS r JOIN delivery_ring AS d ON d.origin = 'alarm_request' AND d.origin_id = r.id
    WHERE r.status = {IN_PROCESS} AND d.status IN ('queued', 'sending', 'sent', 'unknown')
"""
_OF_ALARM = Sql(
    f"""
    {_RINGS} AND r.alarm_id = %s
    UNION ALL SELECT 1 FROM delivery_text WHERE origin = 'alarm' AND origin_id = %s AND {_TOLD}
    UNION ALL SELECT 1 FROM delivery_mail WHERE origin = 'alarm' AND origin_id = %s AND {_TOLD}
    """
)
_OF_REQUEST = Sql(f"{_RINGS} AND r.id = %s")


class UnderWay(Exception):
    """Something is under way, and its end will tell how it stands."""


def begins_anew(alarm_id: int, status: int | None) -> None:
    """Make sure that a status that is to be written begins no second attempt, in a transaction that holds the alarm.

    Raises:
      UnderWay: it would, beside the one that is under way.
    """
    if status not in (PENDING, RETRY):
        return
    since = clock.now() - TELLING
    if _OF_ALARM.one(alarm_id, alarm_id, since, alarm_id, since):
        raise UnderWay


def request_changes(request_id: int, values: dict[str, Any]) -> None:
    """Make sure that nobody parts an attempt from its call, in the transaction that writes these of its columns.

    Raises:
      UnderWay: it is under way, and is to stand otherwise, or to be another alarm's, or another call's.
    """
    names = {"status": "status", "alarm": "alarm_id", "callrequest": "callrequest_id"}
    if not names.keys() & values.keys():
        return
    query = AlarmRequest.select().where(AlarmRequest.id == request_id)
    request = (query.for_update() if on_postgres() else query).first()
    if request is None or all(
        values[name] == getattr(request, column) for name, column in names.items() if name in values
    ):
        return
    if _OF_REQUEST.one(request_id):
        raise UnderWay
