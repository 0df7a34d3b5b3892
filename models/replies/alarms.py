"""Answers to alarms that came as texts: 1, 2, 3 or a word is the result of the latest one that still waits for it."""

from datetime import datetime

from models import events, settings
from models.appointments.alarms import NO_RESULT, Alarm
from models.database import Sql
from models.numbers import PhoneNumber

ORIGIN = "alarm"  # who listens for `alarm.answered` is told the alarm's id
MOST = 20  # alarms of one number that may be waiting

# By delivery_text_alarm, an index of the texts of alarms by the digits they went to.
_TO = """REPLACE(REPLACE(REPLACE(REPLACE(REPLACE("to", '+', ''), ' ', ''), '-', ''), '(', ''), ')', '')"""
_WAITING = Sql(
    f"""
    SELECT t.reference, a.id FROM delivery_text AS t JOIN alarm AS a ON a.id = t.origin_id
    WHERE t.origin = 'alarm' AND {_TO} = %s AND t.created_at BETWEEN %s AND %s
        AND t.status IN ('sending', 'sent', 'delivered', 'unknown') AND (a.result IS NULL OR a.result = {NO_RESULT})
    ORDER BY t.id DESC LIMIT {MOST}
    """
)


def answer(number: PhoneNumber, result: int, at: datetime) -> str | None:
    """Take an answer, in the transaction that takes its text; what listens to alarms' answers follows.

    Parameters:
      result: what it says: confirmed, cancelled or rescheduled.
      at: when it came: nobody answers what was said later, however late his text is taken.

    Returns:
      What the text of the alarm was called that it answers; None when none to this number waits.
    """
    since = at - settings.current().alarm_reply_window
    for reference, alarm_id in _WAITING.all(number.msisdn, since, at):
        waits = Alarm.result.is_null() | (
            Alarm.result == NO_RESULT
        )  # another answer may have come this moment
        if Alarm.update(result=result).where((Alarm.id == alarm_id) & waits).execute():
            events.tell("alarm.answered", ORIGIN, alarm_id, result=result)
            return str(reference)
    return None
