"""`/docs/`: every route with its verbs and what they do, made from the routes themselves."""

import inspect
from html import escape
from typing import Any

import falcon
from falcon import Request, Response
from falcon.inspect import inspect_routes

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Trunkline: the API</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2733}}
h2{{font:600 1rem ui-monospace,monospace;margin:2rem 0 .3rem}} dt{{float:left;width:5rem;font-weight:600}}
dd{{margin:0 0 .4rem 5rem}} p{{color:#55606b}}</style>
<h1>Trunkline: the API</h1>
<p>JSON in, JSON out; every route answers with and without a trailing slash. HTTP Basic authentication, except where
it says everyone. Lists are paged by <code>?page=N</code>. Errors are <code>{{"detail": "…"}}</code>, or
<code>{{"field": ["…"]}}</code> for what is wrong in a body.</p>{routes}</html>"""


class Docs:
    """The documentation page."""

    for_ = "everyone"

    def __init__(self, app: falcon.App[Any, Any]) -> None:
        self._app = app

    def on_get(self, _req: Request, resp: Response) -> None:
        """List the routes."""
        routes = sorted(inspect_routes(self._app), key=lambda route: route.path)
        resp.content_type = falcon.MEDIA_HTML
        resp.text = _PAGE.format(routes="".join(_route(self._app, route) for route in routes))


def _route(app: falcon.App[Any, Any], route: Any) -> str:
    found: Any = app._router.find(route.path.replace("{", "").replace("}", ""))
    resource = found[0]
    verbs = [method for method in route.methods if not method.internal]
    rows = "".join(
        f"<dt>{escape(verb.method)}</dt><dd>{escape(_first_line(verb, resource))}</dd>" for verb in verbs
    )
    return f"<h2>{escape(route.path)}/ <small>({escape(resource.for_)})</small></h2><dl>{rows}</dl>"


def _first_line(verb: Any, resource: Any) -> str:
    return (inspect.getdoc(getattr(resource, verb.function_name)) or "").partition("\n")[0]
