"""`/admin/activities`: what calls are about. The rules are those of the API."""

import json
from functools import partial
from typing import Any

import falcon
import structlog
from falcon import Request, Response

from api.errors import FieldErrors
from api.mentoring.activities import NewActivity
from api.once import keyed
from api.pages.forms import Form
from api.pages.render import go, show
from api.paging import LARGEST_ID, id_in_path
from models.idempotency import KeyReused
from models.mentoring import Activity
from models.writing import New, write

log = structlog.get_logger(__name__)

PAGE = 20
ANOTHER = "Another activity was added from this page already. To add this one too, press again."

_NEW = NewActivity()


class Activities:
    """All of them, the newest first."""

    for_ = "admin pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """List them."""
        before = req.get_param("before")
        here = Activity.id < (id_in_path(before) if before else LARGEST_ID)
        rows = list(Activity.select().where(here).order_by(Activity.id.desc()).limit(PAGE + 1))
        listed = {"older": rows[PAGE - 1].id if len(rows) > PAGE else None, "begun": bool(before)}
        show(req, resp, "admin/activities.html", activities=rows[:PAGE], listed=listed)


class NewOne:
    """The form for one more."""

    for_ = "admin pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """Show it."""
        _form(req, resp, Form({"active": True}))

    def on_post(self, req: Request, resp: Response) -> None:
        """Add it, once."""
        form, me = Form.sent(req), req.context.caller.user_id
        try:
            facts = _checked(form)
            same = json.dumps(facts, sort_keys=True)
            made, again = keyed(me, "activity", form.once, same, partial(_add, facts))
        except FieldErrors as error:
            _form(req, resp, form.wrong(error.fields))
            return
        except KeyReused:
            _form(req, resp, form.wrong({"": [ANOTHER]}))
            return
        if not again:
            log.info("admin.activity_added", by=me, activity=made)
        go(req, resp, "/admin/activities", "The activity is added.")


class OneActivity:
    """One of them."""

    for_ = "admin pages"

    def on_get(self, req: Request, resp: Response, activity_id: str) -> None:
        """Show it."""
        row = _one(activity_id)
        names = ("title", "description", "link", "active")
        _form(req, resp, Form({name: getattr(row, name) for name in names}), row)

    def on_post(self, req: Request, resp: Response, activity_id: str) -> None:
        """Change it. One that is not offered any more is kept for the calls that were about it."""
        row, form = _one(activity_id), Form.sent(req)
        try:
            facts = _checked(form)
        except FieldErrors as error:
            _form(req, resp, form.wrong(error.fields), row)
            return
        Activity.update(**facts).where(Activity.id == row.id).execute()
        log.info("admin.activity_changed", by=req.context.caller.user_id, activity=row.id)
        go(req, resp, "/admin/activities", "The changes are kept.")


def _one(activity_id: str) -> Activity:
    found: Activity | None = Activity.get_or_none(Activity.id == id_in_path(activity_id))
    if found is None:
        raise falcon.HTTPNotFound(description="There is no such activity.")
    return found


def _add(facts: dict[str, Any], key: New | None) -> int:
    return write(New(Activity, facts), *([key] if key else []))[0]


def _checked(form: Form) -> dict[str, Any]:
    ticked = Form({**form.values, "active": form.get("active") == "true"})
    return ticked.checked(_NEW)


def _form(req: Request, resp: Response, form: Form, activity: Activity | None = None) -> None:
    status = falcon.HTTP_400 if form.errors else falcon.HTTP_200
    show(req, resp, "admin/activity.html", status=status, form=form, activity=activity)
