"""`/api/v1/call-requests/`: somebody asks a hero for a call; the two parties see it."""

from functools import partial
from typing import Any

import falcon
from falcon import Request, Response
from peewee import IntegrityError

from api.bodies import json_object
from api.callrequests import bodies, shown
from api.callrequests.refusals import answered
from api.once import once
from api.paging import id_in_path, page
from models.callrequests import reading
from models.callrequests.asking import Wish, ask
from models.callrequests.lists import ListOf
from models.callrequests.refusals import NotYours
from models.people.tokens import Member
from models.writing import New

_AGAIN = "You have asked this hero before, and the request is still open."


class CallRequests:
    """The call requests that one has made, and those that one has got."""

    for_ = "members"

    def on_get(self, req: Request, resp: Response) -> None:
        """List the requests in which one is requester or hero."""
        resp.media = page(req, ListOf(req.context.member.account_id), shown.call_request)

    def on_post(self, req: Request, resp: Response) -> None:
        """Ask a hero for a call. He gets a letter."""
        me: Member = req.context.member
        _verified(me)
        wish = bodies.wish(json_object(req), me)
        same = f"{wish.hero_id} {wish.estimated_length} {wish.message}"
        made: list[int] = []
        try:
            request_id = once(req, resp, "callrequest", same, partial(_ask, wish, made))
        except IntegrityError:
            raise falcon.HTTPConflict(description=_AGAIN) from None
        resp.media = shown.just_asked(request_id, me.uuid, wish) if made else _told(request_id)


def _ask(wish: Wish, made: list[int], key: New | None) -> int:
    made.append(ask(wish, key))
    return made[0]


def _verified(me: Member) -> None:
    """Who asks has shown that he can be reached, and can pay."""
    facts = {
        "mail address": me.email_verified,
        "phone": me.phone_verified,
        "means of payment": me.payment_verified,
    }
    if missing := [name for name, verified in facts.items() if not verified]:
        raise falcon.HTTPForbidden(description=f"First verify your {' and your '.join(missing)}.")


class OneCallRequest:
    """One call request, for its parties and for staff."""

    for_ = "members"

    def on_get(self, req: Request, resp: Response, call_request_id: str) -> None:
        """Show the request."""
        me: Member = req.context.member
        with answered():
            row = reading.found(id_in_path(call_request_id))
            if me.account_id not in row.parties and not me.is_staff:
                raise NotYours("Only the two whose call request this is may see it.")
        resp.media = shown.call_request(*reading.whole([row]))


def _told(request_id: int) -> dict[str, Any]:
    return shown.call_request(*reading.whole([reading.found(request_id)]))
