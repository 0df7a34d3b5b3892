"""Dead commands: looked at, owed again, or dropped."""

from datetime import datetime
from typing import Any

import falcon
import structlog
from falcon import Request, Response

from api.pages.render import go, show
from api.paging import id_in_path
from models import graveyard
from models.numbers import masked

log = structlog.get_logger(__name__)

BACK = "/admin/operations"
GONE = "It is not dead any more: somebody else has dealt with it."


class DeadCommand:
    """One of them."""

    for_ = "admin pages"

    def on_get(self, req: Request, resp: Response, command_id: str) -> None:
        """Show all that is known of it."""
        row = graveyard.one(id_in_path(command_id))
        if row is None:
            raise falcon.HTTPNotFound(description="There is no dead command with this id.")
        row["error"] = masked(row["error"] or "")
        row |= {name: datetime.fromisoformat(row[name]) for name in ("created_at", "died_at")}
        show(req, resp, "admin/dead.html", command=row)


class Replay:
    """Mended: once more."""

    for_ = "admin pages"

    def on_post(self, req: Request, resp: Response, command_id: str) -> None:
        """Owe it again, with all its patience. What it did before is not done twice."""
        done = graveyard.replay([id_in_path(command_id)]) == 1
        _finish(req, resp, "replayed", command_id, "is owed again" if done else "")


class Drop:
    """Not wanted any more."""

    for_ = "admin pages"

    def on_post(self, req: Request, resp: Response, command_id: str) -> None:
        """Forget it for good."""
        done = graveyard.drop(id_in_path(command_id))
        _finish(req, resp, "dropped", command_id, "is dropped" if done else "")


def _finish(req: Request, resp: Response, what: str, command_id: str, said: str) -> None:
    if said:
        facts: dict[str, Any] = {"by": req.context.caller.user_id, "command": int(command_id)}
        log.info(f"admin.command_{what}", **facts)
    go(req, resp, BACK, f"Command {command_id} {said}." if said else GONE)
