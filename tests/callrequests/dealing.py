"""Call requests brought by the API to where a test begins, and what can be seen of them in the tables."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from models.callrequests import CallRequest, CanceledCallRequestLog, RequestReminder, Step, TimeSuggestion
from models.ledger import LedgerRow
from tests.callrequests.members import Member

QUARTER = timedelta(minutes=15)
MIDNIGHT = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
ASKED = {"message": "This is a general summary or reason for the call", "estimated_length": 15}
WHY = {"reason": "Something came up"}
ACTIONS = ("accept", "decline", "new-times", "agreed-time", "cancel")


def quarter(number: int) -> datetime:
    """The quarters of an hour that may be proposed, from `MIDNIGHT` on."""
    return MIDNIGHT + number * QUARTER


def three(first: int = 0) -> dict[str, str]:
    """A body that proposes three quarters of an hour, from that one on."""
    return {
        name: quarter(first + place).isoformat()
        for place, name in enumerate(("time_one", "time_two", "time_three"))
    }


def one(number: int = 0) -> dict[str, str]:
    """A body that agrees to a quarter of an hour."""
    return {"agreed_time": quarter(number).isoformat()}


def path(request: int, action: str = "") -> str:
    """Where a request is asked."""
    return f"call-requests/{request}/{action}{'/' if action else ''}"


def fitting(action: str) -> dict[str, Any]:
    """A good body for an action, as the first of its kind."""
    usual = {"accept": three(), "new-times": three(3), "agreed-time": one()}
    return usual.get(action, WHY)


def good(answer: Any) -> dict[str, Any]:
    """What an answer holds; it has to be a good one."""
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def asked(requester: Member, hero: Member) -> int:
    """An open request."""
    return int(good(requester.post("call-requests/", {**ASKED, "hero_id": hero.hero_id}))["id"])


def accepted(requester: Member, hero: Member) -> int:
    """An accepted one, the hero having proposed the first three quarters."""
    request = asked(requester, hero)
    good(hero.patch(path(request, "accept"), three()))
    return request


def agreed(requester: Member, hero: Member) -> int:
    """One with a time, the first quarter."""
    request = accepted(requester, hero)
    good(requester.patch(path(request, "agreed-time"), one()))
    return request


def cancelled(requester: Member, hero: Member, by: Member | None = None) -> int:
    """One that was called off while it was open; by the requester, if nobody else is named."""
    request = asked(requester, hero)
    good((by or requester).patch(path(request, "cancel"), WHY))
    return request


def declined(requester: Member, hero: Member) -> int:
    """One that the hero declined."""
    request = asked(requester, hero)
    good(hero.patch(path(request, "decline"), WHY))
    return request


def picture(request: int) -> dict[str, Any]:
    """All that the tables hold of a request, to be compared with another moment's."""
    row = CallRequest.get_by_id(request)
    times = TimeSuggestion.select().where(TimeSuggestion.call_request == request).order_by(TimeSuggestion.id)
    logged = CanceledCallRequestLog.select().where(CanceledCallRequestLog.call_request == request)
    reminders = RequestReminder.select().where(RequestReminder.call_request == request)
    return {
        "row": dict(row.__data__),
        "times": [(one.account_id, one.times) for one in times],
        "steps": steps(request),
        "cancelled": [(one.account_id, one.reason, one.was_accepted) for one in logged],
        "reminders": Counter((one.account_id, one.agreed_time, one.state) for one in reminders),
        "owed": owed(),
    }


def steps(request: int) -> list[tuple[str, int | None]]:
    """What happened to a request and through whom, in order."""
    rows = Step.select().where(Step.call_request == request).order_by(Step.id)
    return [(step.step, step.account_id) for step in rows]


def owed() -> Counter[tuple[str, str]]:
    """All commands that are owed, with their ids."""
    return Counter((row.name, row.args) for row in LedgerRow.select())
