"""Every page below `/module` on one screen."""

from typing import Any

import falcon

from api.pages.module import audio, branches, sections
from api.pages.module.access import Access
from api.pages.module.alarms import ALARMS
from api.pages.module.calendars import CALENDARS, SETTINGS
from api.pages.module.deleting import DeletedRow, DeletedRows
from api.pages.module.events import EVENTS, PAUSE, RESUME
from api.pages.module.frame import Front
from api.pages.module.listing import Rows
from api.pages.module.log import LOG
from api.pages.module.month import Month
from api.pages.module.people import CALENDAR_USERS, PROFILE
from api.pages.module.rehearsal import PATH, Rehearsed
from api.pages.module.screens import Screen
from api.pages.module.showing import OneRow
from api.pages.module.surveys import SEALED, SURVEYS, Sealing
from api.pages.module.texts import PATH as TEXTS
from api.pages.module.texts import Texts
from api.pages.module.writing import ChangedRow, NewRow

SCREENS: tuple[Screen, ...] = (EVENTS, ALARMS, CALENDARS, CALENDAR_USERS, SETTINGS, SURVEYS, SEALED)


def add(app: falcon.App[Any, Any]) -> None:
    """Give the application its pages below `/module`."""
    app.add_route("/module", Front())
    for screen in SCREENS:
        add_screen(app, screen)
    app.add_route(PATH, Rehearsed())
    app.add_route(TEXTS, Texts())
    app.add_route(LOG.path, Rows(LOG))
    app.add_route(f"{CALENDARS.path}/{{row_id}}/month", Month())
    app.add_route(f"{CALENDAR_USERS.path}/{{row_id}}/profile", ChangedRow(PROFILE))
    app.add_route(f"{CALENDAR_USERS.path}/{{row_id}}/access", Access())
    app.add_route(f"{EVENTS.path}/{{row_id}}/pause", PAUSE)
    app.add_route(f"{EVENTS.path}/{{row_id}}/resume", RESUME)
    add_surveys(app)


def add_surveys(app: falcon.App[Any, Any]) -> None:
    """The parts of surveys: sections, branches, the seal; and what they play."""
    app.add_route(f"{SURVEYS.path}/{{row_id}}/seal", Sealing())
    app.add_route(f"{SURVEYS.path}/{{row_id}}/section", sections.NewSection())
    app.add_route(f"{sections.PATH}/{{row_id}}", sections.OneSection())
    app.add_route(f"{sections.PATH}/{{row_id}}/move", sections.MovedSection())
    app.add_route(f"{sections.PATH}/{{row_id}}/delete", sections.DeletedSection())
    app.add_route(f"{sections.PATH}/{{row_id}}/branch", branches.NewBranch())
    app.add_route(f"{SURVEYS.path}/branch/{{row_id}}", branches.OneBranch())
    files = audio.AUDIO
    app.add_route(files.path, Rows(files))
    app.add_route(f"{files.path}/add", audio.NewFile())
    app.add_route(f"{files.path}/delete", DeletedRows(files))
    app.add_route(f"{files.path}/{{row_id}}", audio.Listening(files))
    app.add_route(f"{files.path}/{{row_id}}/change", audio.ChangedFile())
    app.add_route(f"{files.path}/{{row_id}}/delete", DeletedRow(files))


def add_screen(app: falcon.App[Any, Any], screen: Screen) -> None:
    """The pages that every screen has."""
    app.add_route(screen.path, Rows(screen))
    if screen.resource.writes and screen.resource.adds:
        app.add_route(f"{screen.path}/add", NewRow(screen))
    app.add_route(f"{screen.path}/{{row_id}}", OneRow(screen))
    if screen.resource.writes:
        app.add_route(f"{screen.path}/delete", DeletedRows(screen))
        app.add_route(f"{screen.path}/{{row_id}}/change", ChangedRow(screen))
        app.add_route(f"{screen.path}/{{row_id}}/delete", DeletedRow(screen))
