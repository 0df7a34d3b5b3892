"""Requests brought to an agreed time by what the product itself does, and what can be seen of their reminders."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from models import clock
from models.callrequests import CallRequest, RequestReminder, Step, asking, moving
from models.callrequests.asking import Wish
from models.deliveries import Text
from models.ledger import LedgerRow
from models.people.accounts import Account
from tests.callrequests.members import Member, Members
from workers.actors import RUNNERS

Jump = Callable[[float], None]

QUARTER, SECOND = timedelta(minutes=15), timedelta(seconds=1)
AT = datetime(2027, 1, 4, 18, 0, tzinfo=UTC)


def be(jump: Jump, moment: datetime) -> None:
    """It is now this moment."""
    jump((moment - datetime.now(UTC)).total_seconds())


def offered(requester: Member, hero: Member, at: datetime) -> CallRequest:
    """Asked and accepted, the hero proposing this time and two more."""
    wish = Wish(requester.account.id, hero.hero_id, hero.account.id, "About databases", 30, clock.now())
    request_id = asking.ask(wish)
    return moving.accept(request_id, hero.account.id, (at, at + QUARTER, at + 2 * QUARTER))


def agreed(requester: Member, hero: Member, at: datetime) -> CallRequest:
    """The two have agreed on this time."""
    return moving.agree(offered(requester, hero, at).id, requester.account.id, at)


def planned(members: Members, jump: Jump, *, now: datetime = AT - timedelta(hours=3)) -> CallRequest:
    """Rita and tom have agreed on `AT`, three hours before it."""
    be(jump, now)
    return agreed(members.rita, members.tom, AT)


def cancelled(request: CallRequest) -> None:
    """The requester calls it off."""
    moving.cancel(request.id, request.requester_id, "Something came up", force=True)


def texts() -> list[tuple[str, str]]:
    """The texts made so far, each with the number it goes to."""
    return [(text.to.e164(), text.body) for text in Text.select().order_by(Text.id)]


def states() -> list[str]:
    """What became of each reminder, the requester's first."""
    return [reminder.state for reminder in RequestReminder.select().order_by(RequestReminder.id)]


def steps(request: CallRequest) -> list[str]:
    """What happened to a request, in order."""
    return [step.step for step in Step.select().where(Step.call_request == request).order_by(Step.id)]


def number(member: Member) -> str:
    """A member's, as carriers have it."""
    return str(member.account.phone.e164())


def prefer(*who: Member, **changes: Any) -> None:
    """Have them be rung, or whatever is said."""
    Account.update(changes or {"call_me": True}).where(
        Account.id.in_([one.account.id for one in who])
    ).execute()


def work(*names: str) -> None:
    """Do what is due of these names, each hint twice."""
    here = LedgerRow.name.in_(names) & (LedgerRow.due_at <= clock.now())
    for row in LedgerRow.select().where(here).order_by(LedgerRow.id):
        for _ in range(2):
            RUNNERS[row.name](row.id, row.attempt)


def standing(request: CallRequest) -> str:
    """The request's status now."""
    return str(CallRequest.get_by_id(request.id).status)
