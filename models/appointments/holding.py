"""Holding: alarms that are due but may not be made are put aside, so that no round has to look past them.

An alarm is held while its event is paused, and a call while its calendar may make no more of them. What holds it is
written down twice: at the alarm (`held_by`), by which the index `alarm_due` keeps it apart, and at its event
(`held_in`): `PAUSED`, the calendar's id, or 0. Whoever resumes an event, or moves it to another calendar, need not know
of this: an event that no longer stands as was written down is in an index of its own (`appointment_event_let_go`), and
the next round looks at its alarms anew. Calls stand in their calendar's line, the oldest first. Only its head is read,
when there is room; and later calls stand behind it.

None is lost. What an alarm is held by is what its event says, or 0: alarms are put aside while their event is locked,
by what it is then; it forgets that, locked likewise, when none of its alarms is held any more; and whoever changes an
alarm has it looked at anew. One that is put aside or let go too early or too late costs a look: what is made is decided
in `taking`, as if there were none of this.

Nothing here waits for a row that somebody else has locked: it is seen to in the next round.
"""

from datetime import datetime

from models.appointments.alarms import CALL
from models.bulk import Among, among
from models.database import Sql

PAUSED = -1
PAGE = 1000  # alarms of which is asked in one round whether they are to be put aside
EVENTS = 500  # events whose alarms are let go in one round
HEAD = 100  # alarms of a line that are looked at in one round: those that have missed their time need no room
MOST = 500  # of all lines

UNDER_WAY = """
    SELECT f.calendar_id, COUNT(*) AS calls
    FROM alarm_request AS o JOIN alarm AS b ON b.id = o.alarm_id
    JOIN appointment_event AS f ON f.id = b.event_id
    JOIN calendar AS d ON d.id = f.calendar_id
    WHERE o.status = 2 AND d.max_concurrent > 0
    GROUP BY f.calendar_id, d.max_concurrent
"""
FULL = f"SELECT calendar_id FROM ({UNDER_WAY} HAVING COUNT(*) >= d.max_concurrent) AS full_ones"
# The calendars that have a line: one look into the index for each, however long it is.
LINES = """
    WITH RECURSIVE line (id) AS (
        SELECT MIN(held_by) FROM alarm WHERE held_by > 0 AND due_at IS NOT NULL
        UNION ALL
        SELECT (SELECT MIN(n.held_by) FROM alarm AS n WHERE n.held_by > line.id AND n.due_at IS NOT NULL)
        FROM line WHERE line.id IS NOT NULL
    )
    SELECT id FROM line WHERE id IS NOT NULL
"""

_SKIP = " FOR NO KEY UPDATE SKIP LOCKED"
_SKIP_BOTH = " FOR NO KEY UPDATE OF a, e SKIP LOCKED"
_STANDS = f"CASE WHEN status = 3 THEN {PAUSED} ELSE calendar_id END"  # as the index spells it
_HELD = Sql(
    f"""
    SELECT a.id, e.id
    FROM (
        SELECT id FROM alarm WHERE held_by = 0 AND due_at <= %s AND status IN (1, 4)
        ORDER BY due_at, id LIMIT {PAGE}
    ) AS page
    JOIN alarm AS a ON a.id = page.id JOIN appointment_event AS e ON e.id = a.event_id
    WHERE a.held_by = 0 AND a.due_at <= %s AND a.status IN (1, 4)
        AND (e.status = 3 OR (a.method = {CALL} AND e.calendar_id IN ({FULL})))
        AND e.held_in IN (0, CASE WHEN e.status = 3 THEN {PAUSED} ELSE e.calendar_id END)
    {_SKIP_BOTH}
    """,
    sqlite={_SKIP_BOTH: ""},
)
_WRITE_DOWN = Among(f"UPDATE appointment_event SET held_in = {_STANDS} WHERE id = ANY(%s) AND held_in = 0")
_PUT_ASIDE = Among(
    """
    UPDATE alarm SET held_by = (SELECT e.held_in FROM appointment_event AS e WHERE e.id = alarm.event_id)
    WHERE id = ANY(%s)
    """
)
_CHANGED = Sql(
    f"""
    SELECT id FROM appointment_event WHERE held_in <> 0 AND held_in <> {_STANDS} ORDER BY id LIMIT {EVENTS}{_SKIP}
    """,
    sqlite={_SKIP: ""},
)
_LET_GO = Among(
    f"""
    UPDATE alarm SET held_by = 0
    WHERE id IN (SELECT id FROM alarm WHERE event_id = ANY(%s) AND held_by <> 0{_SKIP})
    """,
    sqlite={_SKIP: ""},
)
_FORGET = Among(
    """
    UPDATE appointment_event SET held_in = 0 WHERE id = ANY(%s) AND NOT EXISTS (
        SELECT 1 FROM alarm AS a WHERE a.event_id = appointment_event.id AND a.held_by <> 0)
    """
)
_HEADS = Sql(
    f"""
    SELECT head.id FROM ({LINES}) AS calendars
    CROSS JOIN LATERAL (SELECT w.id FROM alarm AS w WHERE w.held_by = calendars.id AND w.due_at <= %s
        ORDER BY w.due_at, w.id LIMIT {HEAD}) AS head
    WHERE calendars.id NOT IN ({FULL}) LIMIT {MOST}
    """,
    sqlite={
        "CROSS JOIN LATERAL (SELECT": "JOIN alarm AS head ON head.id IN (SELECT",
        f"LIMIT {HEAD}) AS head": f"LIMIT {HEAD})",
    },
)


def hold(now: datetime) -> bool:
    """Let go what is held no more, and put aside what is, inside a transaction.

    Returns:
      Whether there is more to do before it is worth while to look for what may be made.
    """
    return _let_go() or _put_aside(now)


def heads(now: datetime) -> list[int]:
    """The ids of the alarms that stand first in the lines of calendars that have room."""
    return [id for (id,) in _HEADS.all(now)]


def _let_go() -> bool:
    events = [id for (id,) in _CHANGED.all()]
    if events:
        _LET_GO(among(events))
        _FORGET(among(events))
    return len(events) == EVENTS


def _put_aside(now: datetime) -> bool:
    found = _HELD.all(now, now)
    if found:
        _WRITE_DOWN(among(sorted({event_id for _, event_id in found})))
        _PUT_ASIDE(among([alarm_id for alarm_id, _ in found]))
    return len(found) == PAGE
