"""The list of a screen: page by page, narrowed by its filters."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import falcon
from falcon import Request, Response
from marshmallow import ValidationError

from api.appointments import fields as rest
from api.appointments.callers import RestCaller
from api.errors import FieldErrors, refuse
from api.pages.forms import Form
from api.pages.module import zones
from api.pages.module.days import begin_of
from api.pages.module.frame import show
from api.pages.module.inputs import entries
from api.pages.module.screens import Screen
from api.paging import number_of

PAGE = 20
DAY = "Write a date, like 2026-12-23."


class Rows:
    """The list of a screen's rows."""

    for_ = "module pages"

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def on_get(self, req: Request, resp: Response) -> None:
        """List what one may see; `?page=` and the filters narrow it."""
        screen, caller = self._screen, req.context.rest
        screen.needs(caller, "view")
        kind, form = screen.resource.kind, _asked(req, screen)
        query = screen.rows().where(kind.visible(caller))
        try:
            query, status = _narrowed(query, screen, form, caller), falcon.HTTP_200
        except FieldErrors as error:
            form, status = form.wrong(error.fields), falcon.HTTP_400
        count = query.count()
        number, last = _page(req, count)
        found = list(query.order_by(*screen.order()).paginate(number, PAGE)) if count else []
        columns = screen.columns_for(caller)
        timed = any(column.shape == "time" for column in columns)
        clocks = _clocks(screen, caller, found) if timed else [None] * len(found)
        rows = [(row, kind.id_of(row), zone) for row, zone in zip(found, clocks, strict=True)]
        facts = {
            "columns": columns, "rows": rows, **({"zone_here": clocks[0]} if len({*clocks} - {None}) == 1 else {}),
            "count": count, "number": number, "last": last, "asked": _query(form),
            "filters": _filters(screen, caller, form), "may_add": screen.may(caller, "add"),
            "may_delete": screen.may(caller, "delete"),
        }  # fmt: skip
        show(
            req,
            resp,
            screen.list_page,
            status=status,
            screen=screen,
            form=form,
            **facts,
            **screen.above(caller),
        )


def _clocks(screen: Screen, caller: RestCaller, found: Sequence[Any]) -> list[ZoneInfo]:
    """On which clock each row's times are; that of who looks is asked for once, where it is needed."""
    theirs = [screen.zone({}, row) for row in found]
    his = zones.of_caller(caller.user_id) if None in theirs else zones.UTC
    return [zone or his for zone in theirs]


def _asked(req: Request, screen: Screen) -> Form:
    given = {one.name: (req.get_param(one.name) or "").strip() for one in screen.filters}
    return Form({name: text for name, text in given.items() if text})


def _query(form: Form) -> str:
    """The filters, to go on with."""
    return urlencode(list(form.values.items()))


def _page(req: Request, count: int) -> tuple[int, int]:
    """Which page is asked for, and which is the last.

    Raises:
      falcon.HTTPNotFound: there is no such page.
    """
    last, number = max(1, -(-count // PAGE)), number_of(req.get_param("page") or "1")
    if number is None or not 1 <= number <= last:
        raise falcon.HTTPNotFound(description="There is no such page.")
    return number, last


def _narrowed(query: Any, screen: Screen, form: Form, caller: RestCaller) -> Any:
    """The rows that the filters leave, as those of REST do.

    Raises:
      FieldErrors: a filter holds what it cannot.
    """
    wrong: dict[str, list[str]] = {}
    for filter_ in screen.resource.filters:
        text = form.values.get(filter_.name)
        if not text:
            continue
        try:
            if isinstance(filter_.field, rest.When):
                text = _midnight(filter_.name, text, zones.of_caller(caller.user_id))
            query = query.where(filter_.of(filter_.field.deserialize(text)))
        except FieldErrors as error:
            wrong |= error.fields
        except ValidationError as error:
            wrong[filter_.name] = [str(text) for text in error.messages]
    if wrong:
        raise FieldErrors(wrong)
    return query


def _midnight(name: str, text: str, zone: ZoneInfo) -> str:
    """When a day begins somewhere."""
    try:
        return begin_of(date.fromisoformat(text), zone).isoformat()
    except (ValueError, OverflowError):
        raise refuse(name, DAY) from None


def _filters(screen: Screen, caller: RestCaller, form: Form) -> Any:
    """The filters as a form's fields; of moments, days are asked for. Nothing has to be chosen."""
    fields = {filter_.name: filter_.field for filter_ in screen.resource.filters}
    made = entries(screen.filters, fields, caller, form, narrows=True)
    return [(one, "date" if one.type == "datetime-local" else one.type) for one in made]
