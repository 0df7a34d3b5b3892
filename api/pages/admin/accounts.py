"""`/admin/accounts`: programs that report for providers, and the administrators themselves."""

import secrets

import falcon
import structlog
from falcon import Request, Response

from api.errors import FieldErrors
from api.mentoring.people import NewMentee
from api.pages.forms import Form, read
from api.pages.render import go, show
from api.paging import id_in_path
from models.people import User, logins
from models.people.changing import Taken, add_user

log = structlog.get_logger(__name__)

SHOWN = 200  # programs and administrators are few


_NEW = NewMentee(only=("username", "email"))  # what is checked of these is checked of all


class Accounts:
    """All of them, and the form for one more service account."""

    for_ = "admin pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """List them."""
        _list(req, resp, Form())

    def on_post(self, req: Request, resp: Response) -> None:
        """Add a service account with a password of ours, which this answer shows, and nothing ever after."""
        form, password = Form.sent(req), secrets.token_urlsafe(24)
        try:
            facts = form.checked(_NEW)
            made = add_user(facts["username"], password, email=facts.get("email", ""), service=True)
        except FieldErrors as error:
            _list(req, resp, form.wrong(error.fields))
            return
        except Taken:
            _list(req, resp, form.wrong({"username": ["Somebody else has it already."]}))
            return
        log.info("admin.service_added", by=req.context.caller.user_id, user=made.id)
        show(req, resp, "admin/password.html", user=made, password=password)


class NewPassword:
    """Another password for a service account."""

    for_ = "admin pages"

    def on_post(self, req: Request, resp: Response, user_id: str) -> None:
        """Make one, which this answer shows, and nothing ever after. The old one stops at once."""
        user, password = _account(user_id), secrets.token_urlsafe(24)
        if user.is_staff:
            raise falcon.HTTPForbidden(description="Administrators choose their own passwords.")
        logins.change_password(user.username, password)
        log.info("admin.service_password", by=req.context.caller.user_id, user=user.id)
        show(req, resp, "admin/password.html", user=user, password=password)


class Access:
    """Whether an account may log in."""

    for_ = "admin pages"

    def on_post(self, req: Request, resp: Response, user_id: str) -> None:
        """Let it in, or no more."""
        user, allowed = _account(user_id), read(req).get("allowed") == "true"
        if user.id == req.context.caller.user_id and not allowed:
            raise falcon.HTTPForbidden(description="You cannot shut yourself out; ask another administrator.")
        logins.let_in(user.username, allowed)
        log.info("admin.account_access", by=req.context.caller.user_id, user=user.id, allowed=allowed)
        said = "may log in again" if allowed else "may not log in any more"
        go(req, resp, "/admin/accounts", f"{user.username} {said}.")


def _account(user_id: str) -> User:
    here = (User.id == id_in_path(user_id)) & (User.is_service | User.is_staff)
    found: User | None = User.get_or_none(here)
    if found is None:
        raise falcon.HTTPNotFound(description="There is no such account.")
    return found


def _list(req: Request, resp: Response, form: Form) -> None:
    rows = list(User.select().where(User.is_service | User.is_staff).order_by(User.id.desc()).limit(SHOWN))
    status = falcon.HTTP_400 if form.errors else falcon.HTTP_200
    facts = {
        "programs": [row for row in rows if row.is_service],
        "admins": [row for row in rows if row.is_staff],
    }
    show(req, resp, "admin/accounts.html", status=status, form=form, **facts)
