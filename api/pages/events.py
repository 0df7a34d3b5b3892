"""`/events`: all that ever happened, newest first."""

from falcon import Request, Response

from api.pages.home import with_texts
from api.pages.newest import newest
from api.pages.render import show
from models.mentoring.lists import EVENTS


class Events:
    """The event log."""

    for_ = "mentor pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """Show a screenful."""
        show(
            req,
            resp,
            "events.html",
            log=newest(req, EVENTS.of(req.context.caller.mentor_id, with_texts()).latest),
        )
