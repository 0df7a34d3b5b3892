"""The page of one row: what is known of it, and what can be done."""

from falcon import Request, Response

from api.pages.module.frame import show
from api.pages.module.screens import Screen
from api.paging import id_in_path


class OneRow:
    """The page of one row."""

    for_ = "module pages"

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def on_get(self, req: Request, resp: Response, row_id: str) -> None:
        """Show it; what is out of one's sight is not there."""
        screen, caller = self._screen, req.context.rest
        screen.needs(caller, "view")
        row = screen.resource.found(caller, id_in_path(row_id))
        number = screen.resource.kind.id_of(row)
        owned = screen.owned(caller, number)
        facts = {
            "row": row, "row_id": number, "title": screen.title(row), "zone_here": screen.clock(caller, {}, row),
            "facts": screen.facts(caller, row), "may_change": owned and screen.may(caller, "change"),
            "may_delete": owned and screen.may(caller, "delete"),
        }  # fmt: skip
        show(req, resp, screen.page, screen=screen, **facts, **screen.more(caller, row))
