"""Call requests as their parties are shown them: nobody's address, nobody's number."""

from typing import Any

from api.callrequests.profiles import limited
from api.callrequests.times import written
from models.callrequests.asking import Wish
from models.callrequests.reading import Whole
from models.callrequests.requests import OPEN, CallRequest, TimeSuggestion
from models.people.accounts import Account


def call_request(row: Whole) -> dict[str, Any]:
    """A request and all that was proposed."""
    request, suggestions = row
    people = {one.id: one for one in (request.requester, request.hero_account)}
    return {
        **_asked(request.id, request.requester.uuid, request),
        "status": request.status,
        "reason": request.reason,
        "times": [_suggestion(one, people[one.account_id]) for one in suggestions],
        "agreed_time": written(request.agreed_time),
        "created": written(request.created_at),
        "updated": written(request.updated_at),
    }


def just_asked(request_id: int, requester: str, wish: Wish) -> dict[str, Any]:
    """What `call_request` shows of a new request, without asking the database.

    Parameters:
      requester: her UUID.
    """
    asked_at = written(wish.asked_at)
    standing: dict[str, Any] = {"status": OPEN, "reason": "", "times": [], "agreed_time": None}
    return {**_asked(request_id, requester, wish), **standing, "created": asked_at, "updated": asked_at}


def _asked(request_id: int, requester: str, asked: CallRequest | Wish) -> dict[str, Any]:
    return {
        "id": request_id,
        "user": requester,
        "hero": asked.hero_id,
        "message": asked.message,
        "estimated_length": asked.estimated_length,
    }


def _suggestion(row: TimeSuggestion, account: Account) -> dict[str, Any]:
    return {
        "user": limited(account),
        "datetime_one": written(row.datetime_one),
        "datetime_two": written(row.datetime_two),
        "datetime_three": written(row.datetime_three),
        "timestamp": written(row.timestamp),
    }
