"""Pages out of templates: escaped, with the times of our zone, and one sentence about what was just done."""

import base64
import hmac
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import falcon
from falcon import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.pages import cookies
from api.pages.assets import address
from models import clock, settings

SAID = "trunkline_said"
LONGEST = 500  # characters of a sentence: browsers drop a cookie of more than 4 KiB

_ENV = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)


def show(
    req: Request, resp: Response, template: str, *, status: str | int = falcon.HTTP_200, **facts: Any
) -> None:
    """Answer with a page.

    Parameters:
      template: its file in `templates/`.
      facts: what it is about. All pages also know `visit` (who looks, or None), `here` (the path) and `done` (what
        was just done, in a sentence, or an empty text).
    """
    resp.status = status
    resp.content_type = falcon.MEDIA_HTML
    resp.text = fragment(req, template, done=_take_said(req, resp), **facts)


def fragment(req: Request, template: str, **facts: Any) -> str:
    """The text of a template, for a part of a page that is refreshed by itself."""
    visit = getattr(req.context, "visit", None)
    return _ENV.get_template(template).render(visit=visit, here=req.path, **facts)


def go(req: Request, resp: Response, path: str, said: str = "") -> None:
    """After a form: on to a page, which says once what was done."""
    resp.status = falcon.HTTP_303
    resp.location = path
    if said:
        text = base64.urlsafe_b64encode(said[:LONGEST].encode()).decode().rstrip("=")
        cookies.give(req, resp, SAID, f"{text}.{_seal(req, text)}")


def _take_said(req: Request, resp: Response) -> str:
    given = req.cookies.get(SAID)
    if not given:
        return ""
    cookies.take_back(resp, SAID)
    text, _, seal = given.partition(".")
    if getattr(req.context, "visit", None) is None or not hmac.compare_digest(
        seal.encode(), _seal(req, text).encode()
    ):
        return ""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()


def _seal(req: Request, text: str) -> str:
    """Only this session says something to this session; to who has none, anybody could."""
    visit = getattr(req.context, "visit", None)
    return hmac.digest(visit.csrf.encode() if visit else b"", text.encode(), "sha256").hex()


def local(moment: datetime | None, zone: ZoneInfo | None = None) -> str:
    """`Sun 22 Nov, 13:24`; with the year, when it is another than this.

    Parameters:
      zone: where; by default in the zone of the settings.
    """
    if moment is None:
        return ""
    there, here = (time.astimezone(zone or settings.current().zone) for time in (moment, clock.now()))
    year = "" if there.year == here.year else f" {there.year}"
    return f"{there:%a} {there.day} {there:%b}{year}, {there:%H:%M}"


def stamp(moment: datetime) -> str:
    """The same moment for machines."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def zone() -> str:
    """The zone's name, as people read it."""
    return settings.current().local_zone.replace("_", " ")


def span(length: timedelta | None) -> str:
    """`1 min 9 s`; an empty text for none."""
    if length is None:
        return ""
    minutes, rest = divmod(int(length.total_seconds()), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def article(noun: str) -> str:
    """`a calendar`, `an event`."""
    return f"{'an' if noun[:1] in 'aeio' else 'a'} {noun}"


_ENV.filters |= {"local": local, "stamp": stamp, "span": span, "a": article}
_ENV.globals |= {"zone": zone, "asset": address}
