"""What is wrong, told to the client: `{"detail": text}`, or `{field: [texts]}` for what stands in a body."""

from collections.abc import Mapping, Sequence
from typing import Any

import falcon
import structlog
from falcon import Request, Response

from models import tracing
from models.database import LOST, db
from models.donotcall import Unwanted
from models.logs import spoken
from models.numbers import Erased

log = structlog.get_logger(__name__)


class FieldErrors(Exception):
    """Fields of the body are wrong; nothing was written.

    Parameters:
      fields: what is wrong with each, in words that say what would be right.
    """

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        super().__init__(", ".join(fields))
        self.fields = {name: list(texts) for name, texts in fields.items()}


def refuse(field: str, text: str) -> FieldErrors:
    """The error for one field."""
    return FieldErrors({field: [text]})


def install(app: falcon.App[Any, Any]) -> None:
    """Give the application our errors."""
    app.set_error_serializer(_serialize)
    app.add_error_handler(Exception, _broken)
    app.add_error_handler(falcon.HTTPError, _told)
    app.add_error_handler(FieldErrors, _wrong_fields)
    app.add_error_handler(Erased, _erased)
    app.add_error_handler(Unwanted, _unwanted)
    for lost in LOST:
        app.add_error_handler(lost, _database_away)


def _serialize(_req: Request, resp: Response, error: falcon.HTTPError) -> None:
    _say(resp, {"detail": error.description or error.title})


def _say(resp: Response, wrong: dict[str, Any]) -> None:
    """Errors are JSON, whatever the answer would have been."""
    resp.content_type = falcon.MEDIA_JSON
    resp.media = wrong


def _told(req: Request, resp: Response, error: falcon.HTTPError, _params: dict[str, Any]) -> None:
    resp.status = error.status
    resp.set_headers(error.headers or {})
    log.info("request.refused", method=req.method, route=req.uri_template, status=resp.status_code)
    _say(resp, {"detail": error.description or DETAILS.get(resp.status_code, error.title)})


DETAILS = {
    404: "There is nothing here.",
    405: "This route does not take that verb; the Allow header names those it does.",
    413: "The body is over 1 MiB.",
}
ERASED = "This person was erased on request: nobody can be reached or changed here any more."


def _wrong_fields(_req: Request, resp: Response, error: FieldErrors, _params: dict[str, Any]) -> None:
    resp.status = falcon.HTTP_400
    _say(resp, error.fields)


def _erased(_req: Request, resp: Response, _error: Erased, _params: dict[str, Any]) -> None:
    resp.status = falcon.HTTP_409
    _say(resp, {"detail": ERASED})


def _unwanted(_req: Request, resp: Response, error: Unwanted, _params: dict[str, Any]) -> None:
    resp.status = falcon.HTTP_409
    _say(resp, {"detail": str(error)})


def _database_away(req: Request, resp: Response, error: Exception, _params: dict[str, Any]) -> None:
    db.obj.let_go()
    log.error("request.database_away", method=req.method, path=req.uri_template, error=spoken(error))
    resp.status = falcon.HTTP_503
    resp.set_header("Retry-After", "2")
    text = "The database is away for the moment. What you sent may have been written or not: try again, with the same "
    _say(resp, {"detail": text + "Idempotency-Key where there was one."})


def _broken(req: Request, resp: Response, error: Exception, _params: dict[str, Any]) -> None:
    log.error("request.broken", method=req.method, path=req.uri_template, error=spoken(error))
    resp.status = falcon.HTTP_500
    _say(resp, {"detail": f"This is our fault; it is logged under {tracing.current()}."})
