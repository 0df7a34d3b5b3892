"""Who looks at a page: the session behind the cookie, whom a page is for, and what every page's answer carries."""

import hmac
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import falcon
from falcon import Request, Response

from api.appointments.callers import RestCaller
from api.auth import CALLER, JOINED, PAGES, Caller, refuse_strangers_pages
from api.pages import cookies, forms
from api.pages.render import show
from models import clock
from models.database import Sql
from models.people.permissions import PLANS
from models.people.sessions import WebSession, digest

COOKIE = "trunkline_session"
SAFE = ("GET", "HEAD", "OPTIONS")

# Only files of our own, no frame, no form to elsewhere, nothing inline.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# A page whose address is itself the key to it: told to no other site, and found by no search.
SECRET = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
NOT_PAGES = ("mentor", "comms", "carriers", "api", "rest-api", "docs", "health", "metrics")

_VISIT = Sql(
    f"""
    SELECT {CALLER}, p.first_name, p.username, s.csrf, mp.first_name, {PLANS}
    FROM {JOINED} JOIN web_session AS s ON s.user_id = p.id LEFT JOIN person AS mp ON mp.id = m.user_id
    WHERE s.token_hash = %s AND s.expires_at > %s AND p.is_active
    """
)


@dataclass(frozen=True, slots=True)
class Visit:
    """A logged-in user on one browser: `name` is what he is called, `mentee` what his mentee is called, and `plans` is
    whether there are pages of appointments for him.
    """

    caller: Caller
    name: str
    mentee: str
    csrf: str
    plans: bool

    def called(self, contact_id: int | None) -> str:
        """What a mentee of the mentor's is called: he may have had another once, whose name is not his to know now."""
        return self.mentee if contact_id == self.caller.mentee_id else "an earlier mentee"


class Visitors:
    """Middleware for pages, which are `for_` `mentor pages`, `admin pages`, `module pages` (appointments, by the rules
    of `/rest-api`), `visitors` (anybody, logged in or not), `holders of a link` (who need not log in: the page knows
    them by its address), or `browsers` (files: nobody asks who wants them).
    """

    def process_resource(self, req: Request, resp: Response, resource: Any, _params: dict[str, Any]) -> None:
        """Find out who looks, send to the login page who is not logged in, and refuse forms that are not ours."""
        if resource.for_ not in PAGES:
            return
        req.context.page = True
        if resource.for_ == "browsers":
            return
        if resource.for_ == "holders of a link":
            resp.set_headers(SECRET)
            req.context.error_page = "meet/error.html"
            refuse_strangers_pages(req)
            return
        visit = req.context.visit = visit_of(req)
        if resource.for_ == "visitors":
            return
        if visit is None:
            raise _log_in_first(req)
        _let_in(req, visit, resource.for_)
        req.context.largest_form = getattr(resource, "largest_form", 0)  # bytes; of pages that take files
        if req.method not in SAFE and hasattr(resource, f"on_{req.method.lower()}"):
            check_csrf(req, visit.csrf)

    def process_response(self, req: Request, resp: Response, _resource: Any, _succeeded: bool) -> None:
        """Show what went wrong as a page to who reads pages, and have every browser careful with ours."""
        page = getattr(req.context, "page", False)
        if not page and not _lost(req):
            return
        if resp.status_code >= 400 and isinstance(resp.media, dict) and _reads_pages(req):
            said, status = resp.media.get("detail", "Something in this form cannot be taken."), resp.status
            resp.media = None
            template = getattr(req.context, "error_page", "error.html")
            show(req, resp, template, status=status, said=said, code=resp.status_code)
        for name, value in HEADERS.items():
            if not resp.get_header(name):
                resp.set_header(name, value)
        if not resp.get_header("Cache-Control"):
            resp.set_header("Cache-Control", "no-store")


def visit_of(req: Request) -> Visit | None:
    """Who is logged in on the browser that asks; None when nobody is, or not any more."""
    token = req.cookies.get(COOKIE)
    row = _VISIT.one(digest(token), clock.now()) if token else None
    if row is None:
        return None
    *caller, first_name, username, csrf, mentee, plans = row
    return Visit(Caller.of(caller), first_name or username, mentee or "your mentee", csrf, bool(plans))


def begin(req: Request, resp: Response, user_id: int, stored: str) -> bool:
    """Log a user in on this browser, with a token that was never used before.

    Parameters:
      stored: the password's hash that his password was right for.
    """
    WebSession.end(req.cookies.get(COOKIE, ""))
    token = WebSession.open(user_id, stored)
    if token is not None:
        cookies.give(req, resp, COOKIE, token)
    return token is not None


def end(req: Request, resp: Response) -> None:
    """Log this browser out."""
    WebSession.end(req.cookies.get(COOKIE, ""))
    cookies.take_back(resp, COOKIE)


def check_csrf(req: Request, expected: str) -> None:
    """Refuse a form that was not made for this session.

    Raises:
      falcon.HTTPForbidden: its token is missing or another.
    """
    given = forms.read(req).get("csrf", "")
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise falcon.HTTPForbidden(
            description="This form is too old, or not from this page. Go back, reload the page and try again."
        )


def _log_in_first(req: Request) -> Exception:
    if not _reads_pages(req):
        return falcon.HTTPUnauthorized(description="Log in first.")
    wanted = req.relative_uri if req.method in SAFE else "/"
    return falcon.HTTPSeeOther("/login" if wanted == "/" else f"/login?next={quote(wanted, safe='/')}")


def _let_in(req: Request, visit: Visit, wanted: str) -> None:
    """Let the visitor in as who he is on such pages, or raise what sends him elsewhere."""
    req.context.caller = visit.caller
    if wanted == "mentor pages":
        req.context.caller = visit.caller.as_mentor()
        if not visit.caller.mentor_id:
            raise _not_a_mentor(req, visit)
    elif wanted == "module pages":
        rest = RestCaller.of(visit.caller.user_id) if visit.plans else None
        if rest is None:
            raise falcon.HTTPForbidden(
                description="Only managers and their calendar users may see this page."
            )
        req.context.rest = rest
    elif not visit.caller.is_staff:
        raise falcon.HTTPForbidden(description="Only administrators may see this page.")


def _not_a_mentor(req: Request, visit: Visit) -> Exception:
    if req.path == "/" and (visit.caller.is_staff or visit.plans):
        return falcon.HTTPSeeOther("/admin" if visit.caller.is_staff else "/module")
    return falcon.HTTPForbidden(description="Only mentors may see this page.")


def _reads_pages(req: Request) -> bool:
    return req.client_prefers((falcon.MEDIA_HTML, falcon.MEDIA_JSON)) == falcon.MEDIA_HTML


def _lost(req: Request) -> bool:
    """Whether this is a browser at an address that is neither a page nor a route of the API."""
    first = req.path.lstrip("/").partition("/")[0]
    return req.uri_template is None and first not in NOT_PAGES and "text/html" in req.accept
