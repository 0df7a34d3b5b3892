"""Lists that are read newest first: one screenful, and the way to what is older."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from falcon import Request

from api.paging import id_in_path
from models.milestones import LAST_ID

SCREEN = 50


@dataclass(frozen=True)
class Newest:
    """Rows, the newest first; `older` is the id to go on before, and `begun` whether this is not the beginning."""

    rows: list[Any]
    older: int | None
    begun: bool


def newest(req: Request, latest: Callable[..., Any], size: int = SCREEN) -> Newest:
    """The screenful that `?before=` asks for.

    Parameters:
      latest: gives at most so many rows with smaller ids than `before`, the newest first.

    Raises:
      falcon.HTTPNotFound: `?before=` is no id.
    """
    given = req.get_param("before")
    before = LAST_ID if given is None else id_in_path(given)
    rows = list(latest(size + 1, before=before))
    return Newest(rows[:size], rows[size - 1].id if len(rows) > size else None, given is not None)
