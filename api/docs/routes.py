"""The routes as the application's own router has them."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import falcon
from falcon.inspect import inspect_routes

_BARE = re.compile(r"/(health|metrics)|.*\.\w+")  # what machines have always asked for without a slash

_DECISION = re.compile(r" \[M-\d+\]")  # names a line of the specification, which readers of the page have not


@dataclass(frozen=True)
class Verb:
    """One verb of one route, and the responder that answers it."""

    path: str
    verb: str
    resource: Any
    responder: Any

    @property
    def for_(self) -> str:
        """Whom the resource is for."""
        return str(self.resource.for_)

    @property
    def ids(self) -> list[str]:
        """The names of the ids in the path."""
        return re.findall(r"\{(\w+)\}", self.path)

    @property
    def told(self) -> tuple[str, str]:
        """The first sentence of the responder's docstring, and the rest of it."""
        text = _DECISION.sub("", " ".join((inspect.getdoc(self.responder) or "").split()))
        first, _, rest = text.partition(". ")
        return first.rstrip("."), rest


def verbs(app: falcon.App[Any, Any]) -> Iterator[Verb]:
    """Every verb of every route of the API; the web's pages are not part of it."""
    for route in sorted(inspect_routes(app), key=lambda route: route.path):
        found: Any = app._router.find(re.sub(r"[{}]", "", route.path))
        resource = found[0]
        if type(resource).__module__.startswith("api.pages"):
            continue
        for method in route.methods:
            if not method.internal:
                responder = getattr(resource, method.function_name)
                yield Verb(documented(route.path), method.method, resource, responder)


def documented(path: str) -> str:
    """A route's path as the documentation writes it: it answers with and without the slash."""
    return path if _BARE.fullmatch(path) else path.rstrip("/") + "/"
