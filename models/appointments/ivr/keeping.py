"""What a talking call leaves behind: its answers, how often each was given, and what they mean to its alarm."""

from collections import Counter
from collections.abc import Iterable

from models.appointments.alarms import CONFIRMED, RESCHEDULED, Alarm, AlarmRequest
from models.appointments.callrequests import AlarmCall
from models.appointments.ivr.actions import Action, Answer, Complete
from models.appointments.ivr.entries import band
from models.appointments.surveys.results import SurveyAggregate, SurveyResult
from models.database import on_postgres

RESULTS = range(CONFIRMED, RESCHEDULED + 1)


def keep(call_id: int, survey_id: int, actions: Iterable[Action]) -> int | None:
    """Keep what is for the books among these actions, in the transaction that keeps the call's new state.

    Kept again, they change nothing. A node answered anew has its last answer, and is counted under that alone.

    Parameters:
      call_id: of the callrequest; it is held until the transaction ends.

    Returns:
      What the alarm's result has become, when it has changed.
    """
    query = AlarmCall.select().where(AlarmCall.id == call_id)
    call: AlarmCall = (query.for_update() if on_postgres() else query).get()
    counts: Counter[tuple[int, str]] = Counter()
    changed = None
    for action in actions:
        if isinstance(action, Complete):
            AlarmCall.update(completed=True).where(AlarmCall.id == call_id).execute()
        elif isinstance(action, Answer):
            _answer(call_id, action, counts)
            if action.rating:
                changed = _result(call, int(action.response)) or changed
    _count(survey_id, counts)
    return changed


def _answer(call_id: int, answer: Answer, counts: Counter[tuple[int, str]]) -> None:
    """Keep an answer: the unique key of call and node decides whether it is the first."""
    told = {
        "response": answer.response,
        "record_file": answer.record_file,
        "recording_duration": answer.seconds,
    }
    keys = {"callrequest": call_id, "section": answer.section_id}
    first = SurveyResult.insert(**keys, **told).on_conflict_ignore().as_rowcount().execute()
    if not first:
        mine = (SurveyResult.callrequest == call_id) & (SurveyResult.section == answer.section_id)
        before = SurveyResult.get(mine)
        counts[answer.section_id, _counted(before)] -= 1
        SurveyResult.update(**told).where(mine).execute()
    counts[answer.section_id, answer.counted] += 1


def _counted(result: SurveyResult) -> str:
    """What a kept answer was counted under."""
    return band(result.recording_duration or 0) if result.record_file else str(result.response)


def _count(survey_id: int, counts: Counter[tuple[int, str]]) -> None:
    """Count up and down, always in one order, so that calls at once never wait for each other in a circle."""
    for (section_id, response), more in sorted(counts.items()):
        if not more:
            continue
        row = {"survey": survey_id, "section": section_id, "response": response, "count": more}
        SurveyAggregate.insert(**row).on_conflict(
            conflict_target=[SurveyAggregate.survey, SurveyAggregate.section, SurveyAggregate.response],
            update={SurveyAggregate.count: SurveyAggregate.count + more},
        ).execute()
    given_up = [key for key, more in counts.items() if more < 0]
    for section_id, response in sorted(given_up):
        SurveyAggregate.delete().where(
            SurveyAggregate.survey == survey_id,
            SurveyAggregate.section == section_id,
            SurveyAggregate.response == response,
            SurveyAggregate.count <= 0,
        ).execute()


def _result(call: AlarmCall, number: int) -> int | None:
    """A rating from 1 to 3 is the alarm's result; the number if that is news."""
    if number not in RESULTS or not call.alarm_request_id:
        return None
    alarms = AlarmRequest.select(AlarmRequest.alarm).where(AlarmRequest.id == call.alarm_request_id)
    other = Alarm.result.is_null() | (Alarm.result != number)
    changed = Alarm.update(result=number).where(Alarm.id.in_(alarms), other).execute()
    return number if changed else None
