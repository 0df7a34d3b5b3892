"""The answers of every resource: one responder for its list, one for its rows."""

from functools import partial
from typing import Any

from falcon import HTTP_201, HTTP_204, Request, Response

from api.appointments.keyed import made_once
from api.appointments.links import BASE, Links
from api.appointments.lists import folded, narrowed, page
from api.appointments.resources import Resource
from api.auth import REST
from api.paging import id_in_path

READ = ("GET", "HEAD", "OPTIONS")


class Responder:
    """What all have: for whom they are, which permission a verb needs, and which verbs there are."""

    for_ = REST
    allow: tuple[str, ...] = READ

    def __init__(self, resource: Resource) -> None:
        self.resource = resource

    def permission_for(self, verb: str) -> str:
        """The permission that a verb (`view`, `add`, `change`, `delete`) needs; empty when it needs none."""
        return self.resource.kind.word(verb) if self.resource.guarded else ""

    @property
    def reserved(self) -> bool:
        """Whether only superusers may do more than read."""
        return self.resource.reserved


class Rows(Responder):
    """A list that can only be read."""

    def on_get(self, req: Request, resp: Response) -> None:
        """List the rows that one may see, the oldest first."""
        resource, kind = self.resource, self.resource.kind
        query = resource.query().where(kind.visible(req.context.rest)).order_by(kind.id)
        query = narrowed(req, query, resource.filters)
        if resource.fold:
            resp.media = folded(resource.listed(list(query), Links.of(req)), resource.fold)
        else:
            resp.media = page(req, query, resource.listed)


class WritableRows(Rows):
    """A list to which can be added."""

    allow = ("GET", "POST", "HEAD", "OPTIONS")

    def on_post(self, req: Request, resp: Response) -> None:
        """Make a row."""
        links, resource = Links.of(req), self.resource
        values = resource.read(req)
        make = partial(resource.made, req.context.rest, values)
        row = made_once(req, resp, resource.kind.name, values, resource, make)
        resp.status = HTTP_201
        resp.location = links.one(resource.kind.name, resource.kind.id_of(row))
        resp.media = resource.echoed(row, values, links)


class OneRow(Responder):
    """A row that can only be read."""

    def on_get(self, req: Request, resp: Response, row_id: str) -> None:
        """Show a row."""
        row = self.resource.found(req.context.rest, id_in_path(row_id))
        resp.media = self.resource.shown(row, Links.of(req))


class OneWritableRow(OneRow):
    """A row that can be changed and deleted."""

    allow = ("GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")

    def on_put(self, req: Request, resp: Response, row_id: str) -> None:
        """Change a row; every required field must be sent."""
        self._change(req, resp, row_id, whole=True)

    def on_patch(self, req: Request, resp: Response, row_id: str) -> None:
        """Change what is sent of a row."""
        self._change(req, resp, row_id, whole=False)

    def on_delete(self, req: Request, resp: Response, row_id: str) -> None:
        """Delete a row."""
        self.resource.removed(req.context.rest, id_in_path(row_id))
        resp.status = HTTP_204

    def _change(self, req: Request, resp: Response, row_id: str, *, whole: bool) -> None:
        resource = self.resource
        values = resource.read(req)
        row = resource.changed(req.context.rest, id_in_path(row_id), values, whole=whole)
        resp.media = resource.echoed(row, values, Links.of(req))


class Root:
    """`/rest-api/` itself: where everything is."""

    for_ = REST
    allow = READ

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    def permission_for(self, _verb: str) -> str:
        """None: whoever is known may see what there is."""
        return ""

    def on_get(self, req: Request, resp: Response) -> None:
        """Tell the URLs of all resources."""
        links = Links.of(req)
        resp.media = {name: links.many(name) for name in self._names}


def path_of(resource: Resource) -> str:
    """Where a resource stands."""
    return f"{BASE}{resource.kind.name}"


def add(app: Any, *resources: Resource) -> None:
    """Add the two routes of each resource."""
    for resource in resources:
        many = WritableRows if resource.writes and resource.adds else Rows
        one = OneWritableRow if resource.writes else OneRow
        app.add_route(path_of(resource), many(resource))
        app.add_route(f"{path_of(resource)}/{{row_id}}", one(resource))
