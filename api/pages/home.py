"""`/`: the mentor's home."""

from falcon import Request, Response

from api.pages.render import show


class Home:
    """The mentee, the call, the thread and what happened."""

    for_ = "mentor pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """Show it."""
        show(req, resp, "home.html")
