"""How a call request moves: asked, accepted or declined, times to and fro, agreed, cancelled, held.

Each is one transaction under the request's lock: who comes second finds it as the first one left it. What follows is
owed in the same transaction. Every refusal is one of `models.callrequests.refusals`, and changes nothing.
"""

from datetime import datetime
from typing import Any

from models import clock, settings
from models.callrequests import proposals, reminding, ringing
from models.callrequests.proposals import Times
from models.callrequests.reading import suggestions_of
from models.callrequests.refusals import (
    Duplicate,
    NoSuchRequest,
    NotYours,
    TooManyCancellations,
    WrongState,
    WrongTimes,
)
from models.callrequests.requests import (
    ACCEPTED,
    CANCELED,
    DECLINED,
    OPEN,
    SUCCESSFUL,
    CallRequest,
    CanceledCallRequestLog,
    Step,
    TimeSuggestion,
)  # fmt: skip
from models.database import on_postgres, transaction
from models.events import emit
from models.people import User
from models.people.accounts import Account


def accept(request_id: int, account_id: int, times: Times) -> CallRequest:
    """The hero would take the call, at one of three times.

    Raises:
      NoSuchRequest, NotYours, WrongTimes, WrongState
    """
    with transaction("callrequest"):
        request, now = _locked(request_id), clock.now()
        by_hero(request, account_id)
        proposals.check(times, now)
        if request.status != OPEN:
            raise WrongState("Only an open request can be accepted.")
        _both_here(request, account_id)
        request.status = ACCEPTED
        suggestion = _suggested(request, account_id, times, now)
        _moved(request, "accepted", account_id, now)
        emit("callrequest.accepted", call_request_id=request.id, suggestion_id=suggestion)
    return request


def decline(request_id: int, account_id: int, reason: str) -> CallRequest:
    """The hero would rather not, for a reason of 1 to 500 characters.

    Raises:
      NoSuchRequest, NotYours, WrongState
    """
    with transaction("callrequest"):
        request, now = _locked(request_id), clock.now()
        by_hero(request, account_id)
        if request.status != OPEN:
            raise WrongState("Only an open request can be declined.")
        request.status, request.reason = DECLINED, reason
        _moved(request, "declined", account_id, now)
        emit("callrequest.declined", call_request_id=request.id)
    return request


def suggest(request_id: int, account_id: int, times: Times) -> CallRequest:
    """Either party proposes three other times.

    Raises:
      NoSuchRequest, NotYours, WrongTimes, WrongState
      Duplicate: one of these moments was proposed before, by whomever.
    """
    with transaction("callrequest"):
        request, now = _locked(request_id), clock.now()
        by_party(request, account_id)
        proposals.check(times, now)
        _undecided(request)
        _both_here(request, account_id)
        proposed = {moment for earlier in suggestions_of(request.id) for moment in earlier.times}
        if not proposed.isdisjoint(times):
            raise Duplicate("One of these times was proposed before: propose others.")
        suggestion = _suggested(request, account_id, times, now)
        _moved(request, "new_times", account_id, now)
        emit("callrequest.countered", call_request_id=request.id, suggestion_id=suggestion)
    return request


def agree(request_id: int, account_id: int, time: datetime) -> CallRequest:
    """A party takes one of the times that the other one proposed last; both will be reminded, and perhaps rung.

    Raises:
      NoSuchRequest, NotYours, WrongTimes, WrongState
    """
    with transaction("callrequest"):
        request, now = _locked(request_id), clock.now()
        by_party(request, account_id)
        if time < now:
            raise WrongTimes({"agreed_time": ["This time has passed: propose new ones."]})
        _undecided(request)
        latest = suggestions_of(request.id).order_by(TimeSuggestion.id.desc()).first()
        if latest is None:
            raise WrongState("No times have been proposed yet.")
        if latest.account_id == account_id:
            raise WrongState("You proposed these times: the other one chooses.")
        if time not in latest.times:
            raise WrongTimes({"agreed_time": ["Choose one of the three times that were proposed last."]})
        _both_here(request, account_id)
        request.agreed_time, request.way = time, ringing.way_for(request)
        _moved(request, "agreed", account_id, now)
        emit("callrequest.agreed", call_request_id=request.id)
        reminding.plan(request, now)
        ringing.plan(request)
    return request


def cancel(request_id: int, account_id: int, reason: str, force: bool = False) -> CallRequest:
    """Either party calls it off, for a reason of 1 to 500 characters; nobody is reminded or rung any more.

    Parameters:
      force: however often he has cancelled before.

    Raises:
      NoSuchRequest, NotYours, WrongState
      TooManyCancellations: the request is accepted, and he has used up what is free.
    """
    with transaction("callrequest"):
        request, now = _locked(request_id), clock.now()
        by_party(request, account_id)
        if request.status not in (OPEN, ACCEPTED):
            raise WrongState("Only an open or accepted request can be cancelled.")
        was_accepted = request.status == ACCEPTED
        if was_accepted and not force:
            _still_free(account_id)
        CanceledCallRequestLog.create(
            call_request=request, account=account_id, reason=reason, was_accepted=was_accepted, timestamp=now
        )
        request.status = CANCELED
        _moved(request, "canceled", account_id, now)
        emit("callrequest.canceled", call_request_id=request.id)
        reminding.revoke(request)
        ringing.drop(request)
    return request


def hold(request_id: int) -> bool:
    """The two have really met. False, and nothing changes, unless they had a time and had not called it off."""
    with transaction("callrequest"):
        request = CallRequest.locked(request_id)
        if request is None or request.status != ACCEPTED or request.agreed_time is None:
            return False
        request.status = SUCCESSFUL
        _moved(request, "held", None, clock.now())
        emit("callrequest.held", call_request_id=request.id)
    return True


def by_hero(request: CallRequest, account_id: int) -> None:
    """Let only the request's own hero pass.

    Raises:
      NotYours
    """
    if account_id != request.hero_account_id:
        raise NotYours("Only the hero who was asked may do this.")


def by_party(request: CallRequest, account_id: int) -> None:
    """Let only the two whose request it is pass.

    Raises:
      NotYours
    """
    if account_id not in request.parties:
        raise NotYours("Only the two whose call request this is may do this.")


def _locked(request_id: int) -> CallRequest:
    request = CallRequest.locked(request_id)
    if request is None:
        raise NoSuchRequest("There is no such call request.")
    return request


def _undecided(request: CallRequest) -> None:
    """Times are talked of between acceptance and agreement."""
    if request.status != ACCEPTED:
        raise WrongState("This call request is not accepted, or not any more.")
    if request.agreed_time is not None:
        raise WrongState("A time is agreed already; whoever cannot keep it cancels.")


def _both_here(request: CallRequest, account_id: int) -> None:
    """No call can come of it while an operator keeps one of the two away; declining and cancelling always work."""
    here = (Account.id == request.other(account_id)) & User.is_active
    if not Account.select().join(User).where(here).exists():
        raise WrongState("The other one cannot be reached any more: decline or cancel.")


def _still_free(account_id: int) -> None:
    """Count his cancellations, one cancellation of his at a time: two at the limit cannot both slip by."""
    query: Any = Account.select(Account.id).where(Account.id == account_id)
    (query.for_update("FOR NO KEY UPDATE") if on_postgres() else query).get()
    logged = CanceledCallRequestLog.select().where(CanceledCallRequestLog.account == account_id).count()
    if logged >= settings.current().free_cancellations:
        raise TooManyCancellations("You have cancelled too often: send `force` to cancel all the same.")


def _suggested(request: CallRequest, account_id: int, times: Times, now: datetime) -> int:
    one, two, three = times
    row = {"datetime_one": one, "datetime_two": two, "datetime_three": three, "timestamp": now}
    return int(TimeSuggestion.insert(call_request=request.id, account=account_id, **row).execute())


def _moved(request: CallRequest, step: str, account_id: int | None, now: datetime) -> None:
    request.updated_at = now
    request.save()
    Step.insert(call_request=request.id, account=account_id, step=step, timestamp=now).execute()
