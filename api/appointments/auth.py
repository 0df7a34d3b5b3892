"""Who asks on `/rest-api`, and whether he may: HTTP Basic, a token, or the session of the pages; then permissions."""

import hmac
from typing import Any

import falcon
from falcon import Request, Response

from api.appointments.callers import RestCaller
from api.appointments.links import Links
from api.appointments.responders import READ
from api.auth import REST, Authentication, credentials, refuse_strangers_pages
from api.pages.session import SAFE, visit_of
from models.people.rest_tokens import RestToken

_CHALLENGE = 'Basic realm="api"'
_JSON = "application/json; charset=utf-8"
_VERBS = {"POST": "add", "PUT": "change", "PATCH": "change", "DELETE": "delete"}
LONGEST = 200  # characters of a token; ours have 40


class RestAccess:
    """Middleware: a resource that is `for_` rest callers says by `permission_for` which permission a verb needs.

    Parameters:
      authentication: that of the other routes, so that a password is checked once for all.
    """

    def __init__(self, authentication: Authentication) -> None:
        self._authentication = authentication

    def process_request(self, req: Request, _resp: Response) -> None:
        """HEAD is answered like GET, without the body."""
        if req.method == "HEAD" and req.path.startswith("/rest-api"):
            req.context.head = True
            req.method = "GET"

    def process_resource(self, req: Request, _resp: Response, resource: Any, _params: dict[str, Any]) -> None:
        """Let the request in as `req.context.rest`, or refuse it: 401 (who are you?) or 403 (not you)."""
        if getattr(resource, "for_", None) != REST:
            return
        if req.method == "GET" and not req.env["PATH_INFO"].endswith("/"):
            query = f"?{req.query_string}" if req.query_string else ""
            raise falcon.HTTPMovedPermanently(f"{Links.of(req).root}{req.path}/{query}")
        refuse_strangers_pages(req)
        caller = req.context.rest = self._caller(req)
        answers = req.method == "OPTIONS" or hasattr(resource, f"on_{req.method.lower()}")
        needed = resource.permission_for(_VERBS.get(req.method, "view")) if answers else ""
        if needed and not caller.may(needed):
            raise falcon.HTTPForbidden(description=f"You lack the permission {needed}.")
        if answers and req.method not in _verbs(resource, caller):
            raise falcon.HTTPForbidden(description="Only superusers may change this.")

    def process_response(self, req: Request, resp: Response, resource: Any, _succeeded: bool) -> None:
        """Say which verbs there are, whatever the answer is, what its text is written in, and that nobody keeps it."""
        if req.context.get("head"):
            req.method = "HEAD"
        if getattr(resource, "for_", None) == REST:
            resp.set_header("Allow", ", ".join(_verbs(resource, req.context.get("rest"))))
            if not resp.get_header("Cache-Control"):
                resp.set_header("Cache-Control", "no-store")  # a browser asks by its session, too
            if resp.media is not None:
                resp.content_type = _JSON

    def _caller(self, req: Request) -> RestCaller:
        user_id = self._by_header(req) if req.auth else _by_session(req)
        caller = RestCaller.of(user_id) if user_id else None
        if caller is None:
            raise _unauthorized("Wrong username, password or token.")
        return caller

    def _by_header(self, req: Request) -> int | None:
        scheme, _, key = (req.auth or "").partition(" ")
        if scheme.lower() == "token":
            return RestToken.whose(key.strip()[:LONGEST])
        try:
            known = self._authentication.known(*credentials(req.auth))
        except falcon.HTTPUnauthorized as error:
            raise _unauthorized(error.description or "") from None
        return known.caller.user_id if known else None


def _verbs(resource: Any, caller: RestCaller | None) -> tuple[str, ...]:
    """The verbs that there are for a caller: where only superusers write, everybody else can only read."""
    if getattr(resource, "reserved", False) and not (caller and caller.is_superuser):
        return READ
    return tuple(resource.allow)


def _by_session(req: Request) -> int:
    """By the cookie that a browser sends from wherever it is: what changes something must come from a page of ours."""
    visit = visit_of(req)
    if visit is None:
        raise _unauthorized("Send your username and password by HTTP Basic, or a token, or log in.")
    given = req.get_header("X-CSRFToken", default="")
    ours = req.get_header("Sec-Fetch-Site") == "same-origin" or (
        visit.csrf and hmac.compare_digest(given.encode(), visit.csrf.encode())
    )
    if req.method not in SAFE and not ours:
        raise falcon.HTTPForbidden(description="Send the session's token in the X-CSRFToken header.")
    return visit.caller.user_id


def _unauthorized(text: str) -> falcon.HTTPUnauthorized:
    return falcon.HTTPUnauthorized(description=text, challenges=[_CHALLENGE])
