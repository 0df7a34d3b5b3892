"""Taking what is due: alarms, and attempts that somebody posted, each with all that decides what is done with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models.appointments.alarms import CALL
from models.appointments.holding import FULL, LINES, UNDER_WAY, heads
from models.bulk import Among, among
from models.database import Sql, utc

MOST = 500  # alarms in one round
SOON = timedelta(seconds=10)


@dataclass(slots=True)
class Due:
    """One alarm that is due, its rows held until the transaction ends.

    What comes from its event's creator's setting is None where he has none. `request_id` is of the attempt that was
    posted; None of the alarm's own. Of a posted one, `due_at` is its date, and `status` that of one to be tried again.
    """

    id: int
    request_id: int | None
    status: int
    due_at: datetime
    date_start_notice: datetime
    alarm_phonenumber: str | None
    alarm_email: str | None
    daily_start: str
    daily_stop: str
    maxretry: int
    retry_delay: int
    num_attempt: int
    method: int
    survey_id: int | None
    phonenumber_sms_failure: str | None
    recipient_timezone: str | None
    data: str | None
    calendar_id: int
    max_concurrent: int | None
    manager_id: int | None
    timezone: str
    quiet_start: str | None
    quiet_stop: str | None
    callerid: str | None
    caller_name: str
    call_timeout: int
    setting_survey_id: int
    sms_gateway_id: int | None
    gateway_id: int
    gateway_status: int
    addprefix: str
    removeprefix: str
    sms_text: str | None
    subject: str | None
    message_plaintext: str
    message_html: str
    from_email: str
    from_name: str

    @classmethod
    def of(cls, row: Sequence[Any]) -> "Due":
        """A row of the statements below."""
        due = cls(*row)
        due.due_at = utc(due.due_at) or due.due_at
        due.date_start_notice = utc(due.date_start_notice) or due.date_start_notice
        return due


COLUMNS = """
    a.date_start_notice, a.alarm_phonenumber, a.alarm_email, a.daily_start, a.daily_stop, a.maxretry, a.retry_delay,
    a.num_attempt, a.method, a.survey_id, a.phonenumber_sms_failure, a.recipient_timezone, e.data, e.calendar_id,
    c.max_concurrent, p.manager_id, s.timezone, s.quiet_start, s.quiet_stop, s.callerid, s.caller_name,
    s.call_timeout, s.survey_id, s.sms_gateway_id, g.id, g.status, g.addprefix, g.removeprefix, x.sms_text, m.subject,
    m.message_plaintext, m.message_html, m.from_email, m.from_name
"""
JOINED = """
    JOIN appointment_event AS e ON e.id = a.event_id
    JOIN calendar AS c ON c.id = e.calendar_id
    LEFT JOIN calendar_user_profile AS p ON p.user_id = e.creator_id
    LEFT JOIN calendar_setting AS s ON s.id = p.calendar_setting_id
    LEFT JOIN gateway AS g ON g.id = s.aleg_gateway_id
    LEFT JOIN sms_template AS x ON x.id = a.sms_template_id
    LEFT JOIN mail_template AS m ON m.id = a.mail_template_id
"""
_PAUSED = 3
_HELD = {" FOR NO KEY UPDATE OF a SKIP LOCKED": "", " FOR NO KEY UPDATE OF r, a SKIP LOCKED": ""}

_ALARMS = Sql(
    f"""
    SELECT a.id, NULL, a.status, a.due_at, {COLUMNS}
    FROM alarm AS a {JOINED}
    WHERE a.held_by = 0 AND a.due_at <= %s AND a.status IN (1, 4) AND COALESCE(e.status, 1) <> {_PAUSED}
        AND (a.method <> {CALL} OR (e.calendar_id NOT IN ({FULL}) AND e.calendar_id NOT IN ({LINES})))
    ORDER BY a.due_at, a.id LIMIT {MOST}
    FOR NO KEY UPDATE OF a SKIP LOCKED
    """,
    sqlite=_HELD,
)
_IN_LINE = Among(
    f"""
    SELECT a.id, NULL, a.status, a.due_at, {COLUMNS}
    FROM alarm AS a {JOINED}
    WHERE a.id = ANY(%s) AND a.held_by > 0 AND a.due_at <= %s AND a.status IN (1, 4)
        AND COALESCE(e.status, 1) <> {_PAUSED}
    ORDER BY a.due_at, a.id
    FOR NO KEY UPDATE OF a SKIP LOCKED
    """,
    sqlite=_HELD,
)
_POSTED = Sql(
    f"""
    SELECT a.id, r.id, 4, r.date, {COLUMNS}
    FROM alarm_request AS r JOIN alarm AS a ON a.id = r.alarm_id {JOINED}
    WHERE r.status = 1 AND r.attempt IS NULL AND r.date <= %s AND a.status <> 2
        AND NOT EXISTS (SELECT 1 FROM alarm_request AS w WHERE w.alarm_id = a.id AND w.status = 2 AND w.attempt > 0)
        AND COALESCE(e.status, 1) <> {_PAUSED} AND e.calendar_id NOT IN ({FULL})
    ORDER BY r.date, r.id LIMIT {MOST}
    FOR NO KEY UPDATE OF r, a SKIP LOCKED
    """,
    sqlite=_HELD,
)

_ONE = Sql(
    f"SELECT a.id, NULL, a.status, a.due_at, {COLUMNS} FROM alarm AS a {JOINED} WHERE a.id = %s FOR NO KEY UPDATE OF a",
    sqlite={" FOR NO KEY UPDATE OF a": ""},
)
_SOONEST = Sql("SELECT MIN(due_at) FROM alarm WHERE held_by = 0 AND due_at > %s AND due_at <= %s")
_CALENDARS = Among(
    "SELECT id FROM calendar WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
    sqlite={" FOR NO KEY UPDATE": ""},
)
_ATTEMPTS = Among(
    """
    SELECT alarm_id, MAX(attempt) FROM alarm_request
    WHERE alarm_id = ANY(%s) AND attempt IS NOT NULL GROUP BY alarm_id
    """
)


def alarms(now: datetime) -> list[Due]:
    """Alarms that are due and not put aside, the oldest first; none of a paused event, no calls of a full calendar."""
    return [Due.of(row) for row in _ALARMS.all(now)]


def in_line(now: datetime) -> list[Due]:
    """Calls that waited in the line of a calendar that has room now, likewise; there may be less room than calls."""
    ids = heads(now)
    return [Due.of(row) for row in _IN_LINE.all(among(ids), now)] if ids else []


def one(alarm_id: int) -> Due | None:
    """An alarm that is under way, or waits, held likewise; None when it is gone."""
    row = _ONE.one(alarm_id)
    return Due.of(row) if row else None


def soonest(now: datetime) -> datetime | None:
    """When the next alarm is due, if that is soon; it may be one of a paused event."""
    return utc(_SOONEST.one(now, now + SOON)[0])


def posted(now: datetime) -> list[Due]:
    """Attempts that somebody posted, likewise; one of each alarm at a time, and none while another is under way."""
    found: dict[int, Due] = {}
    for row in _POSTED.all(now):
        found.setdefault(row[0], Due.of(row))
    return list(found.values())


def rooms(dues: Sequence[Due]) -> dict[int, int]:
    """How many calls each calendar that has a limit may begin now, by its id.

    The calendars are held until the transaction ends, so that two who ask at once do not take the same room.
    """
    limits = {due.calendar_id: due.max_concurrent for due in dues if (due.max_concurrent or 0) > 0}
    if not limits:
        return {}
    _CALENDARS.all(among(list(limits)))
    under_way = dict(Sql(f"SELECT calendar_id, calls FROM ({UNDER_WAY}) AS u").all())
    return {id: limit - under_way.get(id, 0) for id, limit in limits.items()}


def attempts(alarm_ids: Sequence[int]) -> dict[int, int]:
    """The number of each alarm's last attempt; alarms without any are left out."""
    return dict(_ATTEMPTS.all(among(alarm_ids))) if alarm_ids else {}
