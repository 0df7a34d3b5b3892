"""Deleting one row of a screen or several: first a page that says which and what goes with them, then the deed."""

from collections.abc import Sequence
from typing import Any

import falcon
import structlog
from falcon import Request, Response

from api.pages.forms import read
from api.pages.module.frame import show
from api.pages.module.screens import Screen
from api.pages.render import go
from api.paging import id_in_path

log = structlog.get_logger(__name__)

TICKED = "row-"  # what the names of the boxes in a list begin with; the id follows
CHOOSE = "Nothing was ticked, so nothing is deleted."


class DeletedRow:
    """The end of one row; what its page sends goes to where several are deleted."""

    for_ = "module pages"

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def on_get(self, req: Request, resp: Response, row_id: str) -> None:
        """Ask whether it is meant."""
        _ask(req, resp, self._screen, _owned(req, self._screen, [id_in_path(row_id)]), "")


class DeletedRows:
    """The end of all rows that were ticked in the list."""

    for_ = "module pages"

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def on_get(self, req: Request, resp: Response) -> None:
        """Nothing is ticked here: back to the list."""
        go(req, resp, self._screen.path)

    def on_post(self, req: Request, resp: Response) -> None:
        """Ask whether it is meant, and, when it is, delete them."""
        screen, sent = self._screen, read(req)
        ids = [id_in_path(name.removeprefix(TICKED)) for name in sent if name.startswith(TICKED)]
        rows, asked = _owned(req, screen, ids), sent.get("asked", "")
        if not rows:
            go(req, resp, screen.list_with(asked), CHOOSE)
        elif sent.get("sure") == "yes":
            _delete(req, resp, screen, rows, asked)
        else:
            _ask(req, resp, screen, rows, asked)


def _owned(req: Request, screen: Screen, ids: Sequence[int]) -> list[Any]:
    """The rows to be deleted, all of them the caller's.

    Raises:
      falcon.HTTPForbidden: he may not delete such rows.
      falcon.HTTPNotFound: one is not his, or has gone.
    """
    caller, kind = req.context.rest, screen.resource.kind
    screen.needs(caller, "delete")
    mine = screen.rows().where(kind.mine(caller) & kind.id.in_(list(ids))) if ids else []
    rows = sorted(mine, key=kind.id_of)
    if len(rows) != len(set(ids)):
        raise falcon.HTTPNotFound(
            description=f"There is no such {screen.noun}: it may have been deleted meanwhile."
        )
    return rows


def _ask(req: Request, resp: Response, screen: Screen, rows: Sequence[Any], asked: str) -> None:
    """Ask of what can be deleted; of what is in use, say so."""
    id_of = screen.resource.kind.id_of
    in_use = screen.in_use([id_of(row) for row in rows])
    held = [row for row in rows if id_of(row) in in_use]
    free = [row for row in rows if id_of(row) not in in_use]
    _show(req, resp, screen, free, held, asked, screen.resource.in_use if held else "")


def _show(
    req: Request,
    resp: Response,
    screen: Screen,
    free: Sequence[Any],
    held: Sequence[Any],
    asked: str,
    wrong: str,
    status: str = falcon.HTTP_200,
) -> None:
    """The page, with a button only where something can be deleted."""
    named, kept = (
        [(screen.resource.kind.id_of(row), screen.label(row)) for row in rows] for rows in (free, held)
    )
    facts = {"rows": named, "held": kept, "asked": asked, "back": screen.list_with(asked), "wrong": wrong}
    show(req, resp, "module/delete.html", status=status, screen=screen, **facts)


def _delete(req: Request, resp: Response, screen: Screen, rows: Sequence[Any], asked: str) -> None:
    """Delete what can go, each by itself; what others refer to is shown again with the reason."""
    caller, why, gone = req.context.rest, "", 0
    kept: list[Any] = []
    for row in rows:
        try:
            screen.resource.removed(caller, screen.resource.kind.id_of(row))
            gone += 1
        except falcon.HTTPConflict as error:
            kept, why = [*kept, row], str(error.description)
        except falcon.HTTPNotFound:  # with another of them, or by somebody else's hand
            gone += 1
    log.info("module.deleted", by=caller.user_id, kind=screen.resource.kind.name, rows=gone)
    said = f"The {screen.noun} is deleted." if gone == 1 else f"{gone} {screen.plural.lower()} are deleted."
    if kept:
        _show(req, resp, screen, [], kept, asked, f"{said} {why}" if gone else why, falcon.HTTP_409)
    else:
        go(req, resp, screen.list_with(asked), said)
