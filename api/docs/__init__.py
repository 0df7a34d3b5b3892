"""`/docs/`: the API as an OpenAPI document and as a page, both made of the routes themselves."""

from functools import cached_property
from typing import Any

import falcon
from falcon import Request, Response

from api.docs import document, page


class Papers:
    """What is said of an application; written when it is first asked for, when all routes are there."""

    def __init__(self, app: falcon.App[Any, Any]) -> None:
        self._app = app

    @cached_property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document."""
        return document.made_of(self._app)

    @cached_property
    def page(self) -> str:
        """The same for people."""
        return page.written(self.document)


class Docs:
    """The documentation page."""

    for_ = "everyone"

    def __init__(self, papers: Papers) -> None:
        self._papers = papers

    def on_get(self, _req: Request, resp: Response) -> None:
        """This page. It needs no script and asks nobody for anything."""
        resp.content_type = falcon.MEDIA_HTML
        resp.set_header("Content-Security-Policy", page.POLICY)
        resp.text = self._papers.page


class OpenApi:
    """The document for programs."""

    for_ = "everyone"

    def __init__(self, papers: Papers) -> None:
        self._papers = papers

    def on_get(self, _req: Request, resp: Response) -> None:
        """This documentation as an OpenAPI 3.1 document."""
        resp.media = self._papers.document
