"""`/mentor/activity/`: what calls are about. Administrators keep the list, mentors choose from it [M-12]."""

from typing import Any

import falcon
from falcon import Request, Response
from marshmallow import Schema, fields, validate

from api import shown
from api.auth import Caller
from api.bodies import Flag, checked
from api.paging import id_in_path, page
from models.mentoring import Activity

_LONG = validate.Length(max=2000, error="Write at most 2000 characters.")
_TITLE = validate.Regexp(r"(?s)(?=.*\S).{1,200}\Z", error="Write 1 to 200 characters, not only blanks.")


def _link(value: str) -> None:
    if value:
        wrong = "Write a web address like https://example.org/, or nothing."
        validate.URL(schemes={"http", "https"}, require_tld=False, error=wrong)(value)


class NewActivity(Schema):
    """An activity as administrators send it."""

    title = fields.String(required=True, validate=_TITLE)
    description = fields.String(validate=_LONG)
    link = fields.String(validate=[_LONG, _link])
    active = Flag()


_NEW = NewActivity()


class Activities:
    """All activities; for mentors, those on offer."""

    for_ = "users"

    def on_get(self, req: Request, resp: Response) -> None:
        """List the activities; for mentors, those on offer."""
        resp.media = page(req, _offered(req.context.caller).order_by(Activity.id), shown.activity)

    def on_post(self, req: Request, resp: Response) -> None:
        """Add an activity."""
        _only_admins(req.context.caller)
        resp.media = shown.activity(Activity.create(**checked(req, _NEW)))
        resp.status = falcon.HTTP_201


class OneActivity:
    """One activity. For mentors, one that is not on offer does not exist."""

    for_ = "users"

    def on_get(self, req: Request, resp: Response, activity_id: str) -> None:
        """Show the activity."""
        resp.media = shown.activity(_one(req.context.caller, activity_id))

    def on_put(self, req: Request, resp: Response, activity_id: str) -> None:
        """Change the activity; what is not sent stays. One that is no longer active is kept, and not offered."""
        _only_admins(req.context.caller)
        activity = _one(req.context.caller, activity_id)
        Activity.update(**checked(req, _NEW)).where(Activity.id == activity.id).execute()
        resp.media = shown.activity(Activity.get_by_id(activity.id))


def _offered(me: Caller) -> Any:
    if me.is_staff:
        return Activity.select()
    if not me.mentor_id:
        raise falcon.HTTPForbidden(description="Only mentors and administrators may use this.")
    return Activity.select().where(Activity.active)


def _one(me: Caller, activity_id: str) -> Activity:
    activity: Activity | None = _offered(me).where(Activity.id == id_in_path(activity_id)).first()
    if activity is None:
        raise falcon.HTTPNotFound(description="There is no such activity.")
    return activity


def _only_admins(me: Caller) -> None:
    if not me.is_staff:
        raise falcon.HTTPForbidden(description="Only administrators may change activities.")
