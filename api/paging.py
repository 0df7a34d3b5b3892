"""Lists: ten rows a page, with the URLs of its neighbours; and ids in paths."""

from collections.abc import Callable
from typing import Any

import falcon
from falcon import Request

PAGE = 10
LARGEST_ID = 2**63 - 1


def page(req: Request, query: Any, shown: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """One page of a list, as the API shows it.

    Parameters:
      query: an ordered query; for what may grow long, a list with milestones: see `models.lists`.
      shown: how a row is shown.

    Raises:
      falcon.HTTPNotFound: `?page=` is no number, or there is no such page.
    """
    number = number_of(req.get_param("page", default="1"))
    count = query.count()
    if number is None or number < 1 or (number > 1 and (number - 1) * PAGE >= count):
        raise falcon.HTTPNotFound(description="There is no such page.")
    rows = [shown(row) for row in query.paginate(number, PAGE)] if count else []
    here = f"{req.forwarded_scheme}://{req.netloc}{req.root_path}{req.path}"
    if req.env.get("PATH_INFO", "").endswith("/") and not here.endswith("/"):
        here += "/"
    return {
        "count": count,
        "next": f"{here}?page={number + 1}" if number * PAGE < count else None,
        "previous": f"{here}?page={number - 1}" if number > 1 else None,
        "results": rows,
    }


def id_in_path(text: str) -> int:
    """The id in a path.

    Raises:
      falcon.HTTPNotFound: not decimal digits, or more than a column holds.
    """
    number = number_of(text)
    if number is None:
        raise falcon.HTTPNotFound
    return number


def number_of(text: str) -> int | None:
    """The number that a text of decimal digits writes; None for anything else, and for more than a column holds."""
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        return None
    number = int(text)
    return number if number <= LARGEST_ID else None
