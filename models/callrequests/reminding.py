"""Reminders of an agreed call: each party is owed one text, and whether there is still a call is asked when it goes."""

from datetime import datetime, timedelta

from models import clock, ledger, settings
from models.callrequests import ringing
from models.callrequests.reminders import (
    EXPIRED,
    FAILED,
    HANDED,
    PENDING,
    REVOKED,
    SENT,
    SKIPPED,
    UNKNOWN,
    RequestReminder,
)
from models.callrequests.requests import ACCEPTED, CallRequest
from models.commands import RemindParty
from models.deliveries import Text
from models.events import emit, listens
from models.letters.paper import one_line
from models.people.accounts import Account

ORIGIN = "callrequest_reminder"
MINUTE = timedelta(minutes=1)


def plan(request: CallRequest, now: datetime) -> None:
    """Owe both parties a reminder of the time just agreed, in the transaction that agrees it.

    Parameters:
      now: a reminder whose moment is over by then is due at once.
    """
    due = max(now, request.agreed_time - settings.current().reminder_lead)
    for account_id in request.parties:
        reminder = RequestReminder.create(
            call_request=request, account=account_id, agreed_time=request.agreed_time, due_at=due
        )
        ledger.enqueue(RemindParty(reminder.id), due=due, key=reminder.key, expires=request.agreed_time)


def revoke(request: CallRequest) -> None:
    """Remind nobody of the request any more, in the transaction that calls it off. Its row is locked.

    A text that no carrier has yet is called off; one that a carrier may have is not, and goes on as it does.
    """
    for reminder in RequestReminder.select().where(RequestReminder.call_request == request.id):
        ledger.withdraw(reminder.key)
        if not _move(reminder.id, REVOKED, PENDING) and Text.call_off(reminder.reference):
            _move(reminder.id, REVOKED, HANDED)


def remind(reminder_id: int) -> None:
    """Send a reminder, if there is still what to remind of and who can be reached; note what came of it otherwise."""
    request_id = RequestReminder.get_by_id(reminder_id).call_request_id
    request = CallRequest.locked(request_id)
    reminder = RequestReminder.get_by_id(reminder_id)  # as it is now that nobody else moves it
    if request is None or reminder.state != PENDING:
        return
    if request.status != ACCEPTED or request.agreed_time != reminder.agreed_time:
        _move(reminder.id, REVOKED, PENDING)
    elif clock.now() >= reminder.agreed_time:
        _move(reminder.id, EXPIRED, PENDING, cause="its last useful moment passed")
    elif cause := _needless(request, reminder.account):
        _move(reminder.id, SKIPPED, PENDING, cause=cause)
    else:
        _hand_over(reminder, request, reminder.account)


def _needless(request: CallRequest, account: Account) -> str:
    """Why a party gets no text, in words; empty for most."""
    if not account.user.is_active:
        return "the account is closed"
    if not Account.get_by_id(request.other(account.id)).user.is_active:
        return "the other's account is closed"
    return "" if account.phone and account.phone_verified else "no verified phone"


def _hand_over(reminder: RequestReminder, request: CallRequest, account: Account) -> None:
    text = Text.create(
        reference=reminder.reference, origin=ORIGIN, origin_id=reminder.id, to=account.phone,
        body=wording(request, account.id, clock.now()),
    )  # fmt: skip
    reminder.state = HANDED
    reminder.save(only=[RequestReminder.state])
    emit("text.requested", until=request.agreed_time, text_id=text.id)


def wording(request: CallRequest, account_id: int, now: datetime) -> str:
    """What one party is told: whom he meets, in how many minutes, and how. Never the other's number."""
    other = one_line(Account.get_by_id(request.other(account_id)).full_name) or "Somebody"
    minutes = minutes_left(request.agreed_time - now)
    start = f"Your call with {other} starts in {minutes} minute{'' if minutes == 1 else 's'}."
    number = settings.current().conference_number
    if ringing.can_ring(request):
        return f"{start} We will ring you. If that fails, join by dialing {number}."
    return f"{start} Join by dialing {number}."


def minutes_left(left: timedelta) -> int:
    """To the nearest minute, and at least one."""
    return max(1, (left + MINUTE / 2) // MINUTE)


@listens("text.accepted", ORIGIN)
def accepted(reminder_id: int, *, provider_id: str | None) -> None:
    """A carrier has its text."""
    _move(reminder_id, SENT, HANDED, UNKNOWN, EXPIRED)


@listens("text.delivered", ORIGIN)
def delivered(reminder_id: int, *, cause: str) -> None:
    """The phone has its text, whatever was said of it before."""
    _move(reminder_id, SENT, HANDED, UNKNOWN, EXPIRED, FAILED)


@listens("text.failed", ORIGIN)
def failed(reminder_id: int, *, cause: str) -> None:
    """No carrier takes its text, or the carrier says that it never arrived."""
    _move(reminder_id, FAILED, HANDED, UNKNOWN, SENT, cause=cause)


@listens("text.expired", ORIGIN)
def expired(reminder_id: int, *, cause: str) -> None:
    """No carrier took its text in time."""
    _move(reminder_id, EXPIRED, HANDED, UNKNOWN, cause=cause)


@listens("text.unknown", ORIGIN)
def unknown(reminder_id: int, *, cause: str) -> None:
    """Nobody can say whether a carrier has its text."""
    _move(reminder_id, UNKNOWN, HANDED, cause=cause)


def _move(reminder_id: int, state: str, *old: str, cause: str | None = None) -> bool:
    """Have a reminder be in another state, if it is in one of the old ones."""
    here = (RequestReminder.id == reminder_id) & RequestReminder.state.in_(old)
    ended = {"state": state, "cause": cause, "ended_at": clock.now()}
    return bool(RequestReminder.update(ended).where(here).execute() == 1)
