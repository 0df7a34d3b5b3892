"""Lists: ten rows a page, or folded where nobody ever paged."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import falcon
from falcon import Request
from marshmallow import ValidationError

from api.appointments.links import Links
from api.appointments.resources import Filter
from api.errors import FieldErrors
from api.paging import PAGE, number_of

Shown = Callable[[Sequence[Any], Links], list[dict[str, Any]]]


def page(req: Request, query: Any, shown: Shown) -> dict[str, Any]:
    """One page; `?page=` says which, a number or `last`.

    Raises:
      falcon.HTTPNotFound: there is no such page.
    """
    count, links = query.count(), Links.of(req)
    last = max(1, -(-count // PAGE))
    wanted = req.get_param("page", default="1")
    number = last if wanted == "last" else number_of(wanted)
    if number is None or not 1 <= number <= last:
        raise falcon.HTTPNotFound(description="There is no such page.")
    rows = shown(list(query.paginate(number, PAGE)), links) if count else []
    return {
        "count": count,
        "next": _neighbour(req, links, number + 1) if number < last else None,
        "previous": _neighbour(req, links, number - 1) if number > 1 else None,
        "results": rows,
    }


def _neighbour(req: Request, links: Links, number: int) -> str:
    """Another page of the same list: whatever narrows it stays."""
    query = [(name, text) for name, text in req.params.items() if name != "page" and isinstance(text, str)]
    return f"{links.root}{req.path}/?{urlencode([*query, ('page', number)])}"


def folded(rows: Sequence[dict[str, Any]], note: str) -> Any:
    """A list as older programs expect it: of no row a note, of one row that, of more an array."""
    return {"note": note} if not rows else rows[0] if len(rows) == 1 else list(rows)


def narrowed(req: Request, query: Any, filters: Sequence[Filter]) -> Any:
    """A list without what its filters leave out.

    Raises:
      FieldErrors: a filter holds what it cannot.
    """
    wrong = {}
    for filter_ in filters:
        text = req.get_param(filter_.name)
        if text is None:
            continue
        try:
            query = query.where(filter_.of(filter_.field.deserialize(text)))
        except ValidationError as error:
            wrong[filter_.name] = [str(text) for text in error.messages]
    if wrong:
        raise FieldErrors(wrong)
    return query
