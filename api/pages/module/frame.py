"""The frame of all pages below `/module`: which of them somebody may see, and whether he may do a thing."""

from typing import Any

import falcon
from falcon import Request, Response

from api.appointments import kinds
from api.appointments.callers import RestCaller
from api.pages import render

# The way through the pages: path, name, and the kind of row that one must be allowed to view.
MENU = (
    ("/module/event", "Events", kinds.EVENT),
    ("/module/alarm", "Alarms", kinds.ALARM),
    ("/module/rehearsal", "Rehearsal", kinds.EVENT),
    ("/module/calendar", "Calendars", kinds.CALENDAR),
    ("/module/calendar_user", "Calendar users", kinds.CALENDAR_USER),
    ("/module/calendar_setting", "Settings", kinds.CALENDAR_SETTING),
    ("/module/survey", "Surveys", kinds.SURVEY_TEMPLATE),
    ("/module/text", "Texts", kinds.SMS_TEMPLATE),
)
# The same of pages to which another one leads; the last is what one must be allowed to view to come there.
BEHIND = (
    ("/module/alarm_request", "Attempts", kinds.ALARM_REQUEST, kinds.ALARM),
    ("/module/survey/sealed", "Sealed surveys", kinds.SEALED_SURVEY, kinds.SURVEY_TEMPLATE),
    ("/module/survey/audio", "Audio files", kinds.AUDIO_FILE, kinds.SURVEY_TEMPLATE),
)


class Front:
    """`/module` itself: on to the first page that one may see."""

    for_ = "module pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """Lead on."""
        pages = menu(req.context.rest)
        if not pages:
            raise falcon.HTTPForbidden(description="You may not see anything of appointments.")
        render.go(req, resp, pages[0][0])


def menu(caller: RestCaller) -> list[tuple[str, str]]:
    """Path and name of each page that he may see, of those behind another one where he cannot come by that."""

    def sees(kind: kinds.Kind) -> bool:
        return caller.may(kind.word("view"))

    pages = [(path, name) for path, name, kind in MENU if sees(kind)]
    return pages + [(path, name) for path, name, kind, by in BEHIND if sees(kind) and not sees(by)]


def show(req: Request, resp: Response, template: str, **facts: Any) -> None:
    """Answer with a page below `/module`; parameters as for `render.show`."""
    render.show(req, resp, template, menu=menu(req.context.rest), **facts)
