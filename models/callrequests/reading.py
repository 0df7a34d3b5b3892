"""Call requests with what is shown beside them: their two parties and what times these proposed."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from models.callrequests.refusals import NoSuchRequest
from models.callrequests.requests import CallRequest, TimeSuggestion
from models.people import User
from models.people.accounts import Account


class Whole(NamedTuple):
    """A request, loaded with its parties and their users; `suggestions` from the oldest to the latest."""

    request: CallRequest
    suggestions: list[TimeSuggestion]


def with_parties() -> Any:
    """The query for requests with their parties and these's users, in one statement."""
    requester, hero = Account.alias(), Account.alias()
    asking, asked = User.alias(), User.alias()
    return (
        CallRequest.select(CallRequest, requester, asking, hero, asked)
        .join_from(CallRequest, requester, on=CallRequest.requester == requester.id, attr="requester")
        .join_from(requester, asking, on=requester.user == asking.id, attr="user")
        .join_from(CallRequest, hero, on=CallRequest.hero_account == hero.id, attr="hero_account")
        .join_from(hero, asked, on=hero.user == asked.id, attr="user")
    )


def found(request_id: int) -> CallRequest:
    """One request with its parties.

    Raises:
      NoSuchRequest
    """
    request: CallRequest | None = with_parties().where(CallRequest.id == request_id).first()
    if request is None:
        raise NoSuchRequest("There is no such call request.")
    return request


def whole(requests: Iterable[CallRequest]) -> list[Whole]:
    """Requests, loaded with their parties, and all their suggestions: one statement for however many."""
    rows = list(requests)
    by_request = defaultdict[int, list[TimeSuggestion]](list)
    for suggestion in suggestions_of(*(row.id for row in rows)):
        by_request[suggestion.call_request_id].append(suggestion)
    return [Whole(row, by_request[row.id]) for row in rows]


def suggestions_of(*request_ids: int) -> Any:
    """The suggestions of these requests, the oldest first, as a query."""
    return (
        TimeSuggestion.select()
        .where(TimeSuggestion.call_request.in_(request_ids))
        .order_by(TimeSuggestion.id)
    )
