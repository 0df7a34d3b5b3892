"""Login and logout."""

import re
import secrets

import falcon
from falcon import Request, Response

from api.auth import Authentication, Caller
from api.pages import cookies, session
from api.pages.forms import Form
from api.pages.render import go, show
from models.people.permissions import plans

# A form of ours is known before anybody is logged in, too: else somebody could be logged in as somebody else.
COOKIE = "trunkline_visitor"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
WRONG = "Wrong username or password."
NOT_YOURS = "These pages are for mentors, managers and administrators; this account cannot log in here."


class Login:
    """The login page. `start` is where one goes on to when no page was asked for."""

    for_ = "visitors"
    start = "/"

    def __init__(self, authentication: Authentication) -> None:
        self._authentication = authentication

    def on_get(self, req: Request, resp: Response) -> None:
        """Show the form; who is logged in already goes on."""
        if req.context.visit is not None:
            go(req, resp, local_path(req.get_param("next"), self.start))
            return
        self._show(req, resp, Form({"next": local_path(req.get_param("next"), self.start)}))

    def on_post(self, req: Request, resp: Response) -> None:
        """Log in. Whoever asks waits equally long for his answer."""
        session.check_csrf(req, req.cookies.get(COOKIE, ""))
        form = Form.sent(req)
        username, password = str(form.get("username")), str(form.get("password"))
        try:
            known = self._authentication.known(username, password)
        except falcon.HTTPTooManyRequests as error:
            resp.set_headers(error.headers or {})
            self._refuse(req, resp, form, str(error.description), falcon.HTTP_429)
            return
        if known is None:
            self._refuse(req, resp, form, WRONG, falcon.HTTP_403)
        elif not self.is_for(known.caller):
            self._refuse(req, resp, form, NOT_YOURS, falcon.HTTP_403)
        elif not session.begin(req, resp, known.caller.user_id, known.stored):
            self._refuse(req, resp, form, WRONG, falcon.HTTP_403)
        else:
            go(req, resp, local_path(str(form.get("next")), self.start))

    def is_for(self, caller: Caller) -> bool:
        """Whether a user has pages of his own here."""
        return bool(caller.mentor_id or caller.is_staff or plans(caller.user_id))

    def _refuse(self, req: Request, resp: Response, form: Form, text: str, status: str) -> None:
        again = Form({name: form.get(name) for name in ("username", "next")}, {"": [text]})
        self._show(req, resp, again, status)

    def _show(self, req: Request, resp: Response, form: Form, status: str = falcon.HTTP_200) -> None:
        token = req.cookies.get(COOKIE, "")
        if not _TOKEN.fullmatch(token):
            token = secrets.token_urlsafe(32)
            cookies.give(req, resp, COOKIE, token)
        left = req.get_param("left") is not None
        show(req, resp, "login.html", status=status, form=form, token=token, left=left)


class Logout:
    """The log-out button. `after` is where one is then."""

    for_ = "visitors"
    after = "/login?left"

    def on_post(self, req: Request, resp: Response) -> None:
        """Log out here. Who is logged out already is none the worse."""
        if req.context.visit is not None:
            session.check_csrf(req, req.context.visit.csrf)
            session.end(req, resp)
        go(req, resp, self.after)


def local_path(text: str | None, start: str = "/") -> str:
    """A path of ours to go on to; `start` for everything that leads or might lead elsewhere."""
    if not text or not re.fullmatch(r"/(?!/)[\x21-\x5b\x5d-\x7e]*", text):
        return start
    return text
