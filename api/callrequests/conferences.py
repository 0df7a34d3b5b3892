"""`/api/v1/conferences`: the rooms in which one's call requests were kept, and who came and went."""

from typing import Any

import falcon
from falcon import Request, Response

from api.callrequests.times import written
from api.paging import page
from models.callrequests.conferences import Conference, ConferenceLog, attended_by, logs_of
from providers.reports.reading import is_identifier

THE_ROOM = "Conference"  # whose doing it is when it is nobody's


class Conferences:
    """One's own."""

    for_ = "members"

    def on_get(self, req: Request, resp: Response) -> None:
        """List the conferences of one's own call requests, oldest first."""
        resp.media = page(req, attended_by(req.context.member.account_id), shown)


class OneConference:
    """One of them."""

    for_ = "members"

    def on_get(self, req: Request, resp: Response, sid: str) -> None:
        """Show a conference and what happened in it, to the two whose call request it is."""
        if not is_identifier(sid) or not Conference.select().where(Conference.sid == sid).exists():
            raise falcon.HTTPNotFound(description="There is no such conference.")
        own = attended_by(req.context.member.account_id).where(Conference.sid == sid).first()
        if own is None:
            raise falcon.HTTPForbidden(description="Only the two whose call it was may look at it.")
        resp.media = {**shown(own), "logs": [_log(row) for row in logs_of(own)]}


def shown(row: Conference) -> dict[str, Any]:
    """A conference with the request that it kept; nobody's number.

    Parameters:
      row: of `attended_by`.
    """
    request: Any = row.call_request  # never None here
    return {
        "sid": row.sid,
        "friendly_name": row.friendly_name,
        "call_request": {
            "id": request.id,
            "user": request.requester.full_name,
            "hero": request.hero_account.full_name,
            "message": request.message,
            "estimated_length": request.estimated_length,
            "agreed_time": written(request.agreed_time),
        },
        "created": written(row.created_at),
    }


def _log(row: ConferenceLog) -> dict[str, Any]:
    user = row.account.full_name if row.account else THE_ROOM
    return {"user": user, "action": row.event, "timestamp": written(row.timestamp)}
