"""Content types: the kinds of rows that others may name without referring to them."""

from typing import Any

import falcon
from falcon import Request, Response

from api.appointments.links import BASE, Links
from api.appointments.responders import READ
from api.auth import REST
from api.paging import id_in_path

NAME = "content-type"
PATH = f"{BASE}{NAME}"

# By id, which stays: name, app label and model, as other programs know them.
TYPES = {
    1: ("calendar setting", "appointment", "calendarsetting"),
    2: ("calendar", "appointment", "calendar"),
    3: ("rule", "appointment", "rule"),
    4: ("event", "appointment", "event"),
    5: ("alarm", "appointment", "alarm"),
    6: ("alarm request", "appointment", "alarmrequest"),
    7: ("survey template", "survey", "survey_template"),
    8: ("survey", "survey", "survey"),
    9: ("audio file", "audiofield", "audiofile"),
}
_NUMBERS = {model: number for number, (_name, _app, model) in TYPES.items()}


def model_of(number: int) -> str:
    """What a content type's model is called.

    Raises:
      ValueError: there is no such content type.
    """
    if number not in TYPES:
        raise ValueError("There is no such row.")
    return TYPES[number][2]


def number_of(model: str) -> int:
    """The id of the content type of a model."""
    return _NUMBERS[model]


class _Readable:
    """What the list and one of them have in common: they are read, by who may."""

    for_ = REST
    allow = READ

    def permission_for(self, verb: str) -> str:
        """The permission that a verb needs."""
        return f"{verb}_contenttype"


class ContentTypes(_Readable):
    """All of them."""

    def on_get(self, req: Request, resp: Response) -> None:
        """List the content types."""
        links = Links.of(req)
        if req.get_param("page", default="1") not in ("1", "last"):
            raise falcon.HTTPNotFound(description="There is no such page.")
        rows = [told(number, links) for number in TYPES]
        resp.media = {"count": len(rows), "next": None, "previous": None, "results": rows}


class OneContentType(_Readable):
    """One of them."""

    def on_get(self, req: Request, resp: Response, row_id: str) -> None:
        """Show a content type."""
        number = id_in_path(row_id)
        if number not in TYPES:
            raise falcon.HTTPNotFound(description="There is no such content type.")
        resp.media = told(number, Links.of(req))


def told(number: int, links: Links) -> dict[str, Any]:
    """A content type as it is told."""
    name, app_label, model = TYPES[number]
    return {"url": links.one(NAME, number), "name": name, "app_label": app_label, "model": model}
