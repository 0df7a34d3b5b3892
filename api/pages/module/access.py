"""What a calendar user may see when he logs in himself: his manager ticks it, his own rows and nobody else's [O-2]."""

from falcon import Request, Response

from api.pages.forms import read
from api.pages.module.people import CALENDAR_USERS, SIGHTS
from api.pages.render import go
from api.paging import id_in_path
from models.database import transaction
from models.people.permissions import give, take


class Access:
    """The form that says what a calendar user may see. What else somebody granted him stays."""

    for_ = "module pages"

    def on_post(self, req: Request, resp: Response, row_id: str) -> None:
        """Grant what is ticked, and take back what is not, from this moment on."""
        caller, sent = req.context.rest, read(req)
        CALENDAR_USERS.needs(caller, "change")
        row = CALENDAR_USERS.resource.found(caller, id_in_path(row_id), to_write=True)
        ticked = {word: text for word, text in SIGHTS.items() if sent.get(word) == "true"}
        with transaction("module.access"):
            take(row.id, [word for word in SIGHTS if word not in ticked])
            if ticked:
                give(row.id, list(ticked))
        seen = ", ".join(ticked.values())
        said = f"may log in and see: {seen}" if seen else "may not see anything here any more"
        go(req, resp, CALENDAR_USERS.at(row.id), f"{row.username} {said}.")
