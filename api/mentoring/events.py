"""`/mentor/event/`: what happened to the mentor's calls and messages. Read-only."""

import falcon
from falcon import Request, Response

from api import shown
from api.paging import id_in_path, page
from models.mentoring import Event
from models.mentoring.lists import EVENTS


class Events:
    """The mentor's event log."""

    for_ = "mentors"

    def on_get(self, req: Request, resp: Response) -> None:
        """List what happened, oldest first."""
        resp.media = page(req, EVENTS.of(req.context.caller.mentor_id), shown.event)


class OneEvent:
    """One entry. Others' do not exist for him."""

    for_ = "mentors"

    def on_get(self, req: Request, resp: Response, event_id: str) -> None:
        """Show the entry."""
        mine = Event.relevant_mentor == req.context.caller.mentor_id
        event = Event.get_or_none((Event.id == id_in_path(event_id)) & mine)
        if event is None:
            raise falcon.HTTPNotFound(description="You have no such event.")
        resp.media = shown.event(event)
