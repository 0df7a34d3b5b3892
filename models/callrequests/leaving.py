"""Leaving: whoever was erased has no calls any more, and the other party of each is told that it is off."""

from models import clock
from models.callrequests import reminding, ringing
from models.callrequests.requests import ACCEPTED, CANCELED, OPEN, CallRequest, CanceledCallRequestLog, Step
from models.database import transaction
from models.letters.farewell import farewell
from models.people.accounts import Account


def leave(account_id: int) -> int:
    """Cancel his open requests, and those accepted whose call is not past, without a word of his. Returns how many.

    Each in a transaction of its own. One whose call should be on by now ends as calls do.
    """
    his = (CallRequest.requester == account_id) | (CallRequest.hero_account == account_id)
    going = CallRequest.status.in_((OPEN, ACCEPTED))
    found = [request.id for request in CallRequest.select(CallRequest.id).where(his & going)]
    return sum(_end(request_id, account_id) for request_id in found)


def _end(request_id: int, account_id: int) -> bool:
    with transaction("callrequest"):
        request, now = CallRequest.locked(request_id), clock.now()
        if request is None or not _ahead(request):
            return False
        row = {
            "account": account_id,
            "reason": "",
            "was_accepted": request.status == ACCEPTED,
            "timestamp": now,
        }
        CanceledCallRequestLog.insert(call_request=request.id, **row).on_conflict_ignore().execute()
        Step.insert(call_request=request.id, account=account_id, step="canceled", timestamp=now).execute()
        request.status, request.updated_at = CANCELED, now
        request.save(only=[CallRequest.status, CallRequest.updated_at])
        reminding.revoke(request)
        ringing.drop(request)
        tell_other(request, account_id)
    return True


def tell_other(request: CallRequest, account_id: int) -> None:
    """Tell the other party, in the caller's transaction, that the request is over.

    Parameters:
      account_id: of the one who was erased.
    """
    farewell(request, Account.get_by_id(request.other(account_id)))


def _ahead(request: CallRequest) -> bool:
    if request.status == ACCEPTED:
        return request.agreed_time is None or request.agreed_time > clock.now()
    return bool(request.status == OPEN)
