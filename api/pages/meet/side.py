"""One party's side of a call request: what is known to the holder of a link, and what he can do now."""

from dataclasses import dataclass
from datetime import datetime

import falcon

from models import clock, settings
from models.callrequests import (
    CallRequest,
    CanceledCallRequestLog,
    Step,
    TimeSuggestion,
    joining,
    links,
    ringing,
)
from models.callrequests.reading import suggestions_of, with_parties
from models.callrequests.requests import ACCEPTED, CANCELED, DIAL_OUT, OPEN
from models.people.accounts import Account
from models.people.users import User

# One text for every link that opens nothing: altered, expired, of a request or a person that is not there any more.
DEAD = (
    "This link does not open anything, or not any more. Open the newest mail you have from us about this call, and "
    "take the link in it."
)
ACCEPT, DECLINE, AGREE, PROPOSE, CANCEL = "accept", "decline", "agree", "propose", "cancel"


@dataclass(frozen=True)
class Side:
    """A request as one of its parties sees it.

    `me` and `other` are loaded with their users; `offer` is the latest three times, `last` what happened last;
    `cancellation` is there when it was called off; `cancelled` is how many calls the reader has called off so far.
    """

    request: CallRequest
    me: Account
    other: Account
    offer: TimeSuggestion | None
    last: Step | None
    cancellation: CanceledCallRequestLog | None
    cancelled: int
    now: datetime

    @property
    def i_am_hero(self) -> bool:
        """Whether the reader is the one who was asked."""
        return self.me.id == self.request.hero_account_id

    @property
    def seen(self) -> str:
        """What changes whenever something happens to the request."""
        return str(self.last.id if self.last else 0)

    @property
    def offered(self) -> bool:
        """Whether the times to choose from are the other's: nobody agrees to his own."""
        return self.offer is not None and self.offer.account_id != self.me.id

    @property
    def open_times(self) -> list[datetime]:
        """Those of the three that are still to come."""
        return [time for time in self.offer.times if time >= self.now] if self.offer else []

    @property
    def why(self) -> str:
        """The reason that somebody gave for ending it; empty while nobody did."""
        return str(self.cancellation.reason if self.cancellation else self.request.reason)

    @property
    def over(self) -> bool:
        """Whether the agreed call has had its time: nobody is let in any more."""
        agreed = self.request.agreed_time
        return agreed is not None and agreed + joining.AGO < self.now

    @property
    def rung(self) -> bool:
        """Whether the two are rung at the agreed time; else both dial in."""
        return self.request.way == DIAL_OUT

    @property
    def missed(self) -> bool:
        """Whether they were rung, and did not get to talk."""
        return self.last is not None and self.last.step == ringing.NOT_CONNECTED

    @property
    def limited(self) -> bool:
        """Whether calling off is only done by force from now on."""
        accepted = self.request.status == ACCEPTED
        return accepted and self.cancelled >= settings.current().free_cancellations

    @property
    def can(self) -> list[str]:
        """What the page offers to do, which the rules of the API decide again when it is done."""
        if self.request.status == OPEN:
            alone = [DECLINE] if self.i_am_hero else [CANCEL]
            return [ACCEPT, DECLINE] if self.i_am_hero and not self.alone else alone
        if self.request.status != ACCEPTED or self.over:
            return []
        if self.request.agreed_time or self.alone:
            return [CANCEL]
        return [AGREE, PROPOSE, CANCEL] if self.offered and self.open_times else [PROPOSE, CANCEL]

    @property
    def alone(self) -> bool:
        """Whether the other cannot be reached any more: then nothing is left but to end it."""
        return not self.other.user.is_active


def opened(token: str) -> Side:
    """What a link opens. A constant number of queries.

    Raises:
      falcon.HTTPNotFound: nothing, and not why.
    """
    try:
        request_id, account_id = links.party(token)
    except (links.BadLink, links.Expired):
        raise falcon.HTTPNotFound(description=DEAD) from None
    request = with_parties().where(CallRequest.id == request_id).first()
    if request is None or account_id not in request.parties:
        raise falcon.HTTPNotFound(description=DEAD)
    me, other = request.requester, request.hero_account
    if account_id != me.id:
        me, other = other, me
    _refuse_the_gone(me)
    return Side(
        request=request, me=me, other=other, now=clock.now(),
        offer=suggestions_of(request_id).order_by(TimeSuggestion.id.desc()).first(),
        last=request.steps.order_by(Step.id.desc()).first(),
        cancellation=request.cancellations.first() if request.status == CANCELED else None,
        cancelled=me.cancellations.count() if request.status == ACCEPTED else 0,
    )  # fmt: skip


def subscriber(token: str) -> Account:
    """Whose mails a link ends; raises as `opened` does."""
    try:
        account_id = links.subscriber(token)
    except (links.BadLink, links.Expired):
        raise falcon.HTTPNotFound(description=DEAD) from None
    account: Account | None = Account.select(Account, User).join(User).where(Account.id == account_id).first()
    if account is None:
        raise falcon.HTTPNotFound(description=DEAD)
    _refuse_the_gone(account)
    return account


def _refuse_the_gone(account: Account) -> None:
    """The links of who was disabled or erased are dead.

    Raises:
      falcon.HTTPNotFound: he was.
    """
    if not account.user.is_active:
        raise falcon.HTTPNotFound(description=DEAD)
