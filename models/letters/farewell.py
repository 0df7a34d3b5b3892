"""The letter to who is left when the other party of a call request was erased. It names nobody, and is his to keep."""

from typing import Any

from models.callrequests import CallRequest, links
from models.letters import invitations, paper
from models.letters.posting import post, unwelcome
from models.letters.speaking import spoken
from models.people.accounts import Account

REFERENCE = "callrequest-over"  # and the request's id: one for each request
NOBODY = "somebody who has left"


def farewell(request: CallRequest, receiver: Account) -> None:
    """Tell the other party that no call will come of a request, in the caller's transaction; once, if he wants mails.

    Parameters:
      request: its message stays out, unless it is the receiver's own.
    """
    if receiver.id != request.requester_id:
        request.message = ""
    if unwelcome(receiver) or not receiver.email_notifications:
        return
    agreed_time = spoken(receiver.local(request.agreed_time)) if request.agreed_time else ""
    files = (invitations.file(request, receiver, NOBODY, invitations.CANCEL),) if agreed_time else ()
    known = {
        "agreed_time": agreed_time, "zone": receiver.timezone, "page": links.page(request.id, receiver.id),
        "unsubscribe": links.unsubscribe(receiver.id),
    }  # fmt: skip
    sheet = paper.sheet("farewell", str(receiver.user.first_name), files=files, **known)
    envelope: dict[str, Any] = {
        "origin": "callrequest",
        "origin_id": request.id,
        "unsubscribe": known["unsubscribe"],
    }
    post(sheet, reference=f"{REFERENCE}:{request.id}", to=receiver.email, **envelope)
