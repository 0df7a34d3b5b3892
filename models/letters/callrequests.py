"""Letters N1 to N9: what each party of a call request is told, once for each step, in words of what happened then."""

from typing import Any

from models import settings
from models.callrequests import CallRequest, CanceledCallRequestLog, TimeSuggestion, links
from models.callrequests.requests import DIAL_OUT
from models.letters import invitations, paper
from models.letters.farewell import farewell
from models.letters.posting import post, unwelcome, withhold
from models.letters.speaking import spoken
from models.people import User
from models.people.accounts import Account

ORIGIN = "callrequest"


def requested(call_request_id: int) -> None:
    """N1: somebody asks a hero for a call."""
    request = CallRequest.get_by_id(call_request_id)
    app = f"{settings.current().web}/call-requests/accept-or-decline/{request.id}"
    _send("N1", request, request.hero_account_id, "request", app=app)


def suggested(suggestion_id: int) -> None:
    """N2, N4, N5: one party offers times to the other; the hero's first ones say that he accepted."""
    suggestion = TimeSuggestion.get_by_id(suggestion_id)
    request: CallRequest = suggestion.call_request
    first = not _suggestions(request).where(TimeSuggestion.id < suggestion.id).exists()
    kind = "N5" if suggestion.account_id == request.requester_id else "N2" if first else "N4"
    receiver = request.other(suggestion.account_id)
    app = f"{settings.current().web}/call-request/{request.id}"
    facts: dict[str, Any] = {"moments": suggestion.times, "accepted": kind == "N2", "app": app}
    _send(kind, request, receiver, "times", part=f":{suggestion.id}", **facts)


def declined(call_request_id: int) -> None:
    """N3: the hero would rather not."""
    request = CallRequest.get_by_id(call_request_id)
    app = f"{settings.current().web}/#heros"
    _send("N3", request, request.requester_id, "decline", app=app, reason=request.reason)


def agreed(call_request_id: int) -> None:
    """N6, N7: a time is agreed. Whoever offered the last times is told: the other one chose."""
    request = CallRequest.get_by_id(call_request_id)
    receiver = _suggestions(request).order_by(TimeSuggestion.id.desc()).get().account_id
    kind = "N6" if receiver == request.requester_id else "N7"
    lead = round(settings.current().reminder_lead.total_seconds() / 60)
    how: dict[str, Any] = {"rung": request.way == DIAL_OUT, "number": settings.current().conference_number}
    _send(kind, request, receiver, "agreement", method=invitations.REQUEST, lead=lead, **how)


def cancelled(call_request_id: int) -> None:
    """N8 confirms it to the one who cancelled, N9 tells the other one why."""
    request = CallRequest.get_by_id(call_request_id)
    log = CanceledCallRequestLog.get(CanceledCallRequestLog.call_request == request.id)
    facts: dict[str, Any] = {"reason": log.reason, "was_accepted": log.was_accepted}
    _send("N8", request, log.account_id, "confirmation", method=invitations.CANCEL, **facts)
    _send("N9", request, request.other(log.account_id), "cancellation", method=invitations.CANCEL, **facts)


def _suggestions(request: CallRequest) -> Any:
    return TimeSuggestion.select().where(TimeSuggestion.call_request == request.id)


def _send(
    kind: str,
    request: CallRequest,
    receiver_id: int,
    template: str,
    *,
    part: str = "",
    method: str = "",
    **facts: Any,
) -> None:
    """Post one letter, or write down that its receiver wants none.

    Parameters:
      part: what its reference needs beside the request's id.
      method: what its calendar file says, if a time was agreed; empty for no file.
    """
    who = Account.select(Account, User).join(User).where(Account.id.in_(request.parties))
    accounts: dict[int, Account] = {account.id: account for account in who}
    receiver, other = accounts[receiver_id], accounts[request.other(receiver_id)]
    envelope: dict[str, Any] = {
        "reference": f"{kind}:{request.id}{part}",
        "origin": ORIGIN,
        "origin_id": request.id,
    }
    if refusal := _refusal(receiver, other):
        withhold(cause=refusal, **envelope)
        if kind != "N1" and other.erased:
            farewell(request, receiver)
        return
    name = paper.one_line(other.full_name) or "Somebody"
    moments = [spoken(receiver.local(moment)) for moment in facts.pop("moments", ())]
    agreed_time = spoken(receiver.local(request.agreed_time)) if request.agreed_time else ""
    known = {
        "other": name, "message": request.message, "minutes": request.estimated_length, "moments": moments,
        "agreed_time": agreed_time, "zone": receiver.timezone, "page": links.page(request.id, receiver.id),
        "unsubscribe": links.unsubscribe(receiver.id),
    }  # fmt: skip
    files = (invitations.file(request, receiver, name, method),) if method and agreed_time else ()
    sheet = paper.sheet(template, str(receiver.user.first_name), files=files, **known, **facts)
    post(sheet, to=receiver.email, unsubscribe=known["unsubscribe"], **envelope)


def _refusal(receiver: Account, other: Account) -> str:
    """Why a letter is not sent, in words; empty for most."""
    if other.erased:
        return "whom it is about was erased"
    return unwelcome(receiver) or ("" if receiver.email_notifications else "he wants no mails")
