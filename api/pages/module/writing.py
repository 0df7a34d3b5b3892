"""The forms of a screen: a new row, and a row that is changed. What they send is written as REST writes it."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import falcon
import structlog
from falcon import Request, Response

from api.appointments.callers import RestCaller
from api.errors import FieldErrors
from api.once import keyed
from api.pages.forms import Form
from api.pages.module import inputs
from api.pages.module.frame import show
from api.pages.module.screens import Screen
from api.pages.render import go
from api.paging import id_in_path
from models.database import transaction
from models.idempotency import IdempotencyKey, KeyReused
from models.writing import New

log = structlog.get_logger(__name__)

ANOTHER = "Another one was added from this page already. To add this one too, press again."
LONGEST = 200  # characters that an address may give for a field


class NewRow:
    """The form for one more."""

    for_ = "module pages"

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def on_get(self, req: Request, resp: Response) -> None:
        """Show it; the query fills in what it names."""
        screen, caller = self._screen, req.context.rest
        screen.needs(caller, "add")
        given = {one.name: (req.get_param(one.name) or "")[:LONGEST] for one in screen.inputs}
        begun = screen.begins(caller, {name: text for name, text in given.items() if text})
        _form(req, resp, screen, Form(inputs.empty(screen.inputs, screen.resource.fields, begun)), None)

    def on_post(self, req: Request, resp: Response) -> None:
        """Add it, once."""
        screen, form = self._screen, Form.sent(req)
        screen.needs(req.context.rest, "add")
        try:
            made, said = _added(req, screen, form)
        except FieldErrors as error:
            _form(req, resp, screen, form.wrong(inputs.in_words(screen.inputs, error.fields)), None)
        except KeyReused:
            _form(req, resp, screen, form.wrong({"": [ANOTHER]}), None)
        else:
            log.info("module.added", by=req.context.rest.user_id, kind=screen.resource.kind.name, row=made)
            go(req, resp, screen.at(made), " ".join([f"The {screen.noun} is added.", *said]))


class ChangedRow:
    """The form of a row."""

    for_ = "module pages"

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def on_get(self, req: Request, resp: Response, row_id: str) -> None:
        """Show it as it stands."""
        screen = self._screen
        row, zone = self._row(req, row_id)
        values = inputs.standing(screen.inputs, screen.resource.fields, row, zone)
        _form(req, resp, screen, Form(values), row)

    def on_post(self, req: Request, resp: Response, row_id: str) -> None:
        """Change it."""
        screen, form, caller = self._screen, Form.sent(req), req.context.rest
        row, _ = self._row(req, row_id)
        number = screen.resource.kind.id_of(row)
        zone = screen.clock(caller, form.values, row)
        try:
            sent, said = inputs.body(screen.inputs, screen.resource.fields, form, zone, row)
            screen.resource.changed(caller, number, sent, whole=False)
        except FieldErrors as error:
            _form(req, resp, screen, form.wrong(inputs.in_words(screen.inputs, error.fields)), row)
            return
        log.info("module.changed", by=caller.user_id, kind=screen.resource.kind.name, row=number)
        go(req, resp, screen.at(number), " ".join(["The changes are kept.", *said]))

    def _row(self, req: Request, row_id: str) -> Any:
        self._screen.needs(req.context.rest, "change")
        row = self._screen.resource.found(req.context.rest, id_in_path(row_id), to_write=True)
        return row, self._screen.clock(req.context.rest, {}, row)


def _added(req: Request, screen: Screen, form: Form) -> tuple[int, list[str]]:
    """Make the row: the same form sent twice makes one. Returns its id, and what is to be said of it besides."""
    caller, resource = req.context.rest, screen.resource
    sent, said = inputs.body(screen.inputs, resource.fields, form, screen.clock(caller, form.values, None))

    def add() -> int:
        return resource.kind.id_of(resource.made(caller, sent))

    if inputs.PASSWORD in sent:  # a hash is slow, no work for a transaction; and no username is there twice
        return add(), said
    return added_once(caller, resource.kind.name, form.once, sent, add), said


def added_once(
    caller: RestCaller, what: str, once: str, sent: Mapping[str, Any], add: Callable[[], int]
) -> int:
    """Add a row by `add`, which gives its id; what the same form sent before has the id of that.

    Parameters:
      what: is added; a form's `once` holds for that alone.

    Raises:
      KeyReused: the form has sent something else before.
    """

    def make(key: New | None) -> int:
        with transaction("module.added"):
            made = add()
            if key is not None:
                IdempotencyKey.create(**{**key.values, "object_id": made})
        return made

    made, _ = keyed(caller.user_id, f"module.{what}", once, json.dumps(sent, sort_keys=True), make)
    return made


def _form(req: Request, resp: Response, screen: Screen, form: Form, row: Any) -> None:
    caller, there = req.context.rest, row is not None
    shown = inputs.entries(screen.inputs, screen.resource.fields, caller, form, standing=there)
    facts: dict[str, Any] = {"entries": shown, "row": row}
    if row is not None:
        zone = screen.clock(caller, form.values, row)
        facts |= {"row_id": screen.resource.kind.id_of(row), "title": screen.title(row), "zone_here": zone}
    status = falcon.HTTP_400 if form.errors else falcon.HTTP_200
    show(req, resp, "module/form.html", status=status, screen=screen, form=form, **facts)
