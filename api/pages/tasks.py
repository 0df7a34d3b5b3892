"""`/tasks`: the to-do list."""

from falcon import Request, Response

from api.pages.render import show


class Tasks:
    """The to-do list."""

    for_ = "mentor pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """Show it."""
        show(req, resp, "home.html")
