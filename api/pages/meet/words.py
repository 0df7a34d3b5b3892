"""What the page says of a call request, to the one party or the other."""

import re
from datetime import datetime, timedelta

from api.pages.meet.side import Side
from api.pages.render import local
from models import settings
from models.callrequests import CanceledCallRequestLog, Step
from models.callrequests.requests import ACCEPTED, CANCELED, DECLINED, OPEN, SUCCESSFUL
from models.letters.paper import one_line
from models.numbers import ERASED
from models.people.accounts import Account

FORCE = "Tick this, if you want to cancel all the same."


def name(account: Account) -> str:
    """What a party is called in a sentence."""
    return full_name(account) if _gone(account) else one_line(account.user.first_name) or full_name(account)


def full_name(account: Account) -> str:
    """As others are told it; who was erased has none any more."""
    return "Somebody" if _gone(account) else one_line(account.full_name) or "Somebody"


def _gone(account: Account) -> bool:
    return bool(account.user.first_name == ERASED)


def title(side: Side) -> str:
    """Who wants to talk to whom."""
    other = full_name(side.other)
    asked = side.i_am_hero and side.request.status == OPEN
    return f"{other} would like to talk to you" if asked else f"Your call with {other}"


def tag(side: Side) -> tuple[str, str]:
    """Where it stands in a word, and of which kind that is."""
    request = side.request
    if request.status == ACCEPTED and side.over:
        return "Over", ""
    if request.status == ACCEPTED:
        return ("Agreed", "good") if request.agreed_time else ("Looking for a time", "busy")
    return {
        OPEN: ("Not answered yet", "busy"),
        DECLINED: ("Declined", "bad"),
        CANCELED: ("Cancelled", "bad"),
        SUCCESSFUL: ("Held", "good"),
    }[request.status]


def standing(side: Side) -> tuple[str, str]:
    """Where it stands, and what comes next."""
    request, other = side.request, name(side.other)
    if request.status in (OPEN, ACCEPTED) and side.alone:
        return f"{other} cannot be reached any more.", ""
    if request.status == ACCEPTED:
        return _of_accepted(side, other)
    if request.status == OPEN:
        asked = "When could you talk?", f"Offer three times; {other} chooses one, or proposes others."
        return asked if side.i_am_hero else (f"{other} has not answered yet.", _mailed(side))
    if request.status == DECLINED:
        return ("You declined." if side.i_am_hero else f"{other} declined."), ""
    if request.status == CANCELED:
        return (f"{_who(side, side.cancellation)} cancelled." if side.cancellation else "Cancelled."), ""
    return f"You and {other} have talked.", ""


def _of_accepted(side: Side, other: str) -> tuple[str, str]:
    if side.request.agreed_time:
        return ("The time of this call is over." if side.over else f"You talk to {other}"), ""
    if not side.open_times:
        return "The proposed times have passed.", "Propose others."
    if side.offered:
        return f"{other} proposes three times.", "Choose one, or propose others."
    return "You proposed three times.", f"{other} chooses one, or proposes others. {_mailed(side)}".strip()


def _mailed(side: Side) -> str:
    return "You get a mail as soon as that happens." if side.me.email_notifications else ""


def happened(side: Side) -> str:
    """The last thing that happened to the request, in a sentence."""
    if side.last is None or side.last.step not in _STEPS:
        return ""
    if side.last.account_id is None:
        return _STEPS[side.last.step]
    when = local(side.request.agreed_time, side.me.zone)
    return f"{_who(side, side.last)} {_STEPS[side.last.step].format(when=when)}"


_STEPS = {
    "accepted": "accepted, and proposed three times.",
    "declined": "declined.",
    "new_times": "proposed other times.",
    "agreed": "agreed to {when}.",
    "canceled": "cancelled meanwhile.",
    "held": "The call has taken place.",
    "not_connected": "We rang you both, but could not connect you.",
}


def thanks(side: Side) -> str:
    """What the reader just did, if he was the last who did something."""
    if side.last is None or side.last.account_id != side.me.id:
        return ""
    other = name(side.other)
    return {
        "accepted": f"Thank you. Now it is up to {other}.",
        "declined": "You have declined.",
        "new_times": f"Thank you. Now it is up to {other}.",
        "agreed": "Thank you. It is settled.",
        "canceled": "You have cancelled.",
    }.get(side.last.step, "")


def theirs(side: Side, moment: datetime) -> str:
    """The same moment for the other, where his clock shows another time: `13:00 for Tom`."""
    mine, his = side.me.local(moment), side.other.local(moment)
    if mine.utcoffset() == his.utcoffset():
        return ""
    shown = f"{his:%H:%M}" if mine.date() == his.date() else local(moment, side.other.zone)
    return f"{shown} for {name(side.other)}"


def twice(side: Side, moment: datetime) -> str:
    """Which one is meant, of a time that comes twice in the night when the reader's clocks go back."""
    here = side.me.local(moment)
    if here.replace(fold=1 - here.fold).utcoffset() == here.utcoffset():
        return ""
    return f"the {'second' if here.fold else 'first'} {here:%H:%M} of that night, as the clocks go back"


def number() -> tuple[str, str]:
    """The one number that anybody is shown here, the conference's: for telephones, and for people."""
    dialled = settings.current().conference_number
    grouped = re.sub(r"^(\+1)(\d{3})(\d{3})(\d{4})$", r"\1 \2 \3 \4", dialled)
    return dialled, grouped


def lead() -> int:
    """How many minutes from now the earliest time is that may be proposed."""
    return settings.current().suggestion_lead // timedelta(minutes=1)


def zone(account: Account) -> str:
    """A zone's name as people read it."""
    return str(account.timezone).replace("_", " ")


def _who(side: Side, deed: Step | CanceledCallRequestLog) -> str:
    return "You" if deed.account_id == side.me.id else name(side.other)
