"""`/admin/left-alone`: numbers that nobody calls or texts any more, and what was said of each."""

from collections.abc import Callable

import falcon
import structlog
from falcon import Request, Response

from api.appointments.left_alone import SaidBody
from api.errors import FieldErrors
from api.pages.forms import Form
from api.pages.render import go, show
from models import donotcall
from models.donotcall import DoNotCall

log = structlog.get_logger(__name__)

HERE = "/admin/left-alone"
SHOWN = 200  # the latest; `trunkline dnc list` shows all

_SAID = SaidBody()


class LeftAlone:
    """The latest of them, with the forms to add and to lift one."""

    for_ = "admin pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """List them."""
        _list(req, resp, Form())

    def on_post(self, req: Request, resp: Response) -> None:
        """Add a number."""
        _do(
            req,
            resp,
            donotcall.add,
            "Nobody calls or texts this number any more.",
            "It was on the list already.",
        )


class Lift:
    """The way off the list."""

    for_ = "admin pages"

    def on_post(self, req: Request, resp: Response) -> None:
        """Take a number off, because who has it asked for that."""
        _do(
            req, resp, donotcall.lift, "This number may be called and texted again.", "It is not on the list."
        )


def _do(req: Request, resp: Response, change: Callable[..., bool], done: str, as_before: str) -> None:
    form, me = Form.sent(req), req.context.caller.user_id
    try:
        said = form.checked(_SAID)
    except FieldErrors as error:
        _list(req, resp, form.wrong(error.fields))
        return
    changed = change(said["number"], f"user:{me}", said["proof"], said["language"])
    log.info(f"admin.number_{change.__name__}", by=me, changed=changed)
    go(req, resp, HERE, done if changed else as_before)


def _list(req: Request, resp: Response, form: Form) -> None:
    standing = DoNotCall.select().where(DoNotCall.lifted_at.is_null())
    rows = list(standing.order_by(DoNotCall.id.desc()).limit(SHOWN))
    status = falcon.HTTP_400 if form.errors else falcon.HTTP_200
    show(req, resp, "admin/left_alone.html", status=status, form=form, rows=rows, count=standing.count())
