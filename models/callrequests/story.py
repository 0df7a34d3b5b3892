"""The story of a call request: its moves, letters, reminders, bridge and conferences; who they are is numbers in it."""

from collections.abc import Callable, Iterator, Mapping

from models.callrequests import ringing
from models.callrequests.conferences import Conference, ConferenceCall, ConferenceLog
from models.callrequests.reminders import RequestReminder
from models.callrequests.requests import (
    CANCELED,
    DIAL_OUT,
    CallRequest,
    CanceledCallRequestLog,
    Step,
    TimeSuggestion,
)
from models.deliveries import Mail
from models.deliveries.story import Entry, Story


def call_request(call_request_id: int) -> Story | None:
    """What happened to a request; None when there is no such. Nobody's name, words, number or address is in it."""
    row = CallRequest.get_or_none(id=call_request_id)
    if row is None:
        return None
    told = [*_moves(row), *_suggestions(row), *_reminders(row), *_conferences(row)]
    return Story(told, _references(row))


STORIES: Mapping[str, Callable[[int], Story | None]] = {ringing.ORIGIN: call_request}


def _moves(row: CallRequest) -> Iterator[Entry]:
    asked = f"account {row.requester_id} asks hero {row.hero_id}, account {row.hero_account_id}"
    yield row.created_at, "requested", f"{asked}, for {row.estimated_length} minutes"
    for step in Step.select().where(Step.call_request == row).order_by(Step.id):
        yield step.timestamp, step.step, f"by account {step.account_id}" if step.account_id else ""
    for log in CanceledCallRequestLog.select().where(CanceledCallRequestLog.call_request == row):
        yield log.timestamp, "cancellation", f"{'after' if log.was_accepted else 'before'} it was accepted"
    if row.agreed_time and row.status != CANCELED:
        how = "the trunk rings both" if row.way == DIAL_OUT else "both dial in"
        yield row.agreed_time, "planned", f"the agreed time: {how}"


def _suggestions(row: CallRequest) -> Iterator[Entry]:
    for suggestion in TimeSuggestion.select().where(TimeSuggestion.call_request == row):
        times = ", ".join(f"{moment:%Y-%m-%dT%H:%MZ}" for moment in suggestion.times)
        yield suggestion.timestamp, "suggested", f"by account {suggestion.account_id}: {times}"


def _reminders(row: CallRequest) -> Iterator[Entry]:
    for reminder in RequestReminder.select().where(RequestReminder.call_request == row):
        cause = f", {reminder.cause}" if reminder.cause else ""
        told = f"of account {reminder.account_id}, due {reminder.due_at:%Y-%m-%dT%H:%MZ}{cause}"
        yield reminder.ended_at or reminder.due_at, f"reminder {reminder.state}", told


def _conferences(row: CallRequest) -> Iterator[Entry]:
    for call in ConferenceCall.select().where(ConferenceCall.call_request == row):
        yield call.created_at, "dialled in", f"account {call.account_id}, call {call.sid}"
    for conference in Conference.select().where(Conference.call_request == row):
        yield conference.created_at, "conference", conference.sid
        # The provider tells whole seconds: within one, its numbers tell the order.
        logs = ConferenceLog.select().where(ConferenceLog.conference == conference)
        for log in logs.order_by(ConferenceLog.timestamp, ConferenceLog.sequence):
            who = f", account {log.account_id}" if log.account_id else ""
            yield log.timestamp, log.event, f"{conference.sid}{who}"


def _references(row: CallRequest) -> list[str]:
    """What the deliveries made for it are called."""
    letters = Mail.select(Mail.reference).where((Mail.origin == ringing.ORIGIN) & (Mail.origin_id == row.id))
    reminders = RequestReminder.select(RequestReminder.id).where(RequestReminder.call_request == row)
    made = [letter.reference for letter in letters] + [reminder.reference for reminder in reminders]
    return [ringing.reference(row.id), *made]
