"""`/api/v1/call-requests/:id/accept/` and the like: what moves a call request, and who may."""

from collections.abc import Callable
from typing import Any

from falcon import Request, Response
from marshmallow import Schema

from api.bodies import checked
from api.callrequests import shown
from api.callrequests.bodies import AgreedTime, Cancellation, Reason, ThreeTimes
from api.callrequests.refusals import answered
from api.paging import id_in_path
from models.callrequests import moving, reading
from models.callrequests.proposals import NAMES, Times
from models.callrequests.requests import CallRequest
from models.database import transaction

Rule = Callable[[CallRequest, int], None]
Move = Callable[[int, int, dict[str, Any]], CallRequest]

_TIMES, _AGREED, _REASON, _CANCELLATION = ThreeTimes(), AgreedTime(), Reason(), Cancellation()


class Accept:
    """A hero's yes."""

    for_ = "members"

    def on_patch(self, req: Request, resp: Response, call_request_id: str) -> None:
        """Accept an open request, and propose three times. Only the hero who was asked may; the other one is told."""
        resp.media = _moved(req, call_request_id, moving.by_hero, _TIMES, _accept)


class Decline:
    """A hero's no."""

    for_ = "members"

    def on_patch(self, req: Request, resp: Response, call_request_id: str) -> None:
        """Decline an open request. Only the hero who was asked may; the other one is told the reason."""
        resp.media = _moved(req, call_request_id, moving.by_hero, _REASON, _decline)


class NewTimes:
    """A party's other times."""

    for_ = "members"

    def on_patch(self, req: Request, resp: Response, call_request_id: str) -> None:
        """Propose three other times for an accepted request. Either party may, as often as need be."""
        resp.media = _moved(req, call_request_id, moving.by_party, _TIMES, _suggest)


class Agree:
    """A party's agreement."""

    for_ = "members"

    def on_patch(self, req: Request, resp: Response, call_request_id: str) -> None:
        """Agree to one of the times that the other party proposed last. Both are reminded of the call by a text."""
        resp.media = _moved(req, call_request_id, moving.by_party, _AGREED, _agree)


class Cancel:
    """A party's end of it."""

    for_ = "members"

    def on_patch(self, req: Request, resp: Response, call_request_id: str) -> None:
        """Cancel an open or accepted request. Either party may; the reason is only told to the other one."""
        resp.media = _moved(req, call_request_id, moving.by_party, _CANCELLATION, _cancel)


def _moved(req: Request, call_request_id: str, rule: Rule, schema: Schema, move: Move) -> dict[str, Any]:
    """The request as it stands after a move.

    Who may not move it is told so before his body is read [D-5]. The parties of a request never change, so they are
    looked at before it is locked.
    """
    me: int = req.context.member.account_id
    with answered():
        before = reading.found(id_in_path(call_request_id))
        rule(before, me)
        body = checked(req, schema)
        with transaction("callrequest"):
            after = move(before.id, me, body)
            suggestions = list(reading.suggestions_of(before.id))
    after.requester, after.hero_account = before.requester, before.hero_account
    return shown.call_request(reading.Whole(after, suggestions))


def _accept(request_id: int, me: int, body: dict[str, Any]) -> CallRequest:
    return moving.accept(request_id, me, _times(body))


def _decline(request_id: int, me: int, body: dict[str, Any]) -> CallRequest:
    return moving.decline(request_id, me, body["reason"])


def _suggest(request_id: int, me: int, body: dict[str, Any]) -> CallRequest:
    return moving.suggest(request_id, me, _times(body))


def _agree(request_id: int, me: int, body: dict[str, Any]) -> CallRequest:
    return moving.agree(request_id, me, body["agreed_time"])


def _cancel(request_id: int, me: int, body: dict[str, Any]) -> CallRequest:
    return moving.cancel(request_id, me, body["reason"], body["force"])


def _times(body: dict[str, Any]) -> Times:
    one, two, three = (body[name] for name in NAMES)
    return one, two, three
