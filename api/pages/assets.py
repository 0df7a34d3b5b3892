"""The pages' own files: one style sheet, a little script, an icon. Read once, served by name, kept by browsers."""

import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

import falcon
from falcon import Request, Response

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


class Asset(NamedTuple):
    """One file and the mark that changes with it."""

    content: bytes
    media: str
    mark: str


@cache
def assets() -> dict[str, Asset]:
    """All files by name. What is not here is not served: a path is never put together from a request."""
    found = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES}
    return {
        name: Asset(content, TYPES[Path(name).suffix], hashlib.sha256(content).hexdigest()[:16])
        for name, content in found.items()
    }


def address(name: str) -> str:
    """Where a file is to be had; another address when it has changed."""
    return f"/static/{name}?v={assets()[name].mark}"


class Assets:
    """`/static/…`"""

    for_ = "browsers"

    def on_get(self, req: Request, resp: Response, name: str) -> None:
        """Serve the file; for a year, when it was asked for by its mark."""
        asset = assets().get(name)
        if asset is None:
            raise falcon.HTTPNotFound
        current = req.get_param("v") == asset.mark
        resp.set_header("Cache-Control", "public, max-age=31536000, immutable" if current else "no-cache")
        resp.etag = asset.mark
        if req.if_none_match and asset.mark in req.if_none_match:
            resp.status = falcon.HTTP_304
            return
        resp.content_type = asset.media
        resp.data = asset.content
