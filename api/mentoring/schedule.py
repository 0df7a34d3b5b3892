"""`/mentor/schedule/`: the calls that a mentor means to make; his mentee is told, and he is reminded."""

from datetime import datetime
from functools import partial
from typing import Any

import falcon
from falcon import Request, Response
from marshmallow import Schema, fields

from api import shown
from api.bodies import checked
from api.errors import refuse
from api.once import once
from api.paging import LARGEST_ID, id_in_path, page
from api.times import Moment
from models.mentoring import ScheduledCall
from models.mentoring.scheduling import (
    NoSuchActivity,
    NotAhead,
    NotScheduled,
    cancel_call,
    reschedule_call,
    schedule_call,
)
from models.writing import New

_NOT_AHEAD = "Write a time in the future."
_NO_ACTIVITY = "Send the id of an activity that is offered, as a number, or null."
_NOT_OFFERED = "This activity is not offered: choose another one, or none."


class NewScheduledCall(Schema):
    """A call as a mentor schedules it."""

    call_time = Moment(required=True)
    activity = fields.Integer(strict=True, allow_none=True, error_messages={"invalid": _NO_ACTIVITY})


class MovedCall(Schema):
    """Its new time. What it is about stays."""

    call_time = Moment(required=True)


_NEW, _PUT, _PATCH = NewScheduledCall(), MovedCall(), MovedCall(partial=True)


class Schedule:
    """The mentor's schedule."""

    for_ = "mentors"

    def on_get(self, req: Request, resp: Response) -> None:
        """List the calls that the mentor scheduled, but for cancelled ones."""
        mine = ScheduledCall.of(req.context.caller.mentor_id).order_by(ScheduledCall.id)
        resp.media = page(req, mine, shown.scheduled_call)

    def on_post(self, req: Request, resp: Response) -> None:
        """Schedule a call. The mentee is told by a text; the mentor will be reminded."""
        body = checked(req, _NEW)
        same = f"{body['call_time'].isoformat()} {body.get('activity')}"
        made = once(req, resp, "schedule", same, partial(scheduled, req, body))
        resp.status = falcon.HTTP_201
        resp.media = shown.scheduled_call(ScheduledCall.get_by_id(made))


def scheduled(req: Request, body: dict[str, Any], key: New | None) -> int:
    """Schedule a call whose `call_time` and `activity` are read; returns its id.

    Raises:
      FieldErrors: the time is past, or the activity is not offered.
    """
    me, activity = req.context.caller, body.get("activity")
    try:
        if activity is not None and not 0 < activity <= LARGEST_ID:
            raise NoSuchActivity
        return schedule_call(me.mentor_id, me.mentee_id, body["call_time"], activity, key)
    except NotAhead:
        raise refuse("call_time", _NOT_AHEAD) from None
    except NoSuchActivity:
        raise refuse("activity", _NOT_OFFERED) from None


class OneScheduledCall:
    """One call of the mentor's schedule. Others', and cancelled ones, do not exist for him."""

    for_ = "mentors"

    def on_get(self, req: Request, resp: Response, scheduled_call_id: str) -> None:
        """Show the scheduled call."""
        resp.media = shown.scheduled_call(own(req, scheduled_call_id))

    def on_put(self, req: Request, resp: Response, scheduled_call_id: str) -> None:
        """Move the call to another time. The mentee is told, and the reminders move with it."""
        row = own(req, scheduled_call_id)
        resp.media = shown.scheduled_call(moved(row, checked(req, _PUT)["call_time"]))

    def on_patch(self, req: Request, resp: Response, scheduled_call_id: str) -> None:
        """Move the call to another time, as PUT does; without `call_time` nothing changes."""
        row = own(req, scheduled_call_id)
        change = checked(req, _PATCH)
        resp.media = shown.scheduled_call(moved(row, change["call_time"]) if change else row)

    def on_delete(self, req: Request, resp: Response, scheduled_call_id: str) -> None:
        """Cancel the call. The mentee is told if it was still to come, and nobody is reminded."""
        cancelled(req.context.caller.mentor_id, scheduled_call_id)
        resp.status = falcon.HTTP_204


def own(req: Request, scheduled_call_id: str) -> ScheduledCall:
    """A call of the mentor's own schedule.

    Raises:
      falcon.HTTPNotFound: he has none such, or has cancelled it.
    """
    here = ScheduledCall.id == id_in_path(scheduled_call_id)
    row: ScheduledCall | None = ScheduledCall.of(req.context.caller.mentor_id).where(here).first()
    if row is None:
        raise _none()
    return row


def moved(row: ScheduledCall, call_time: datetime) -> ScheduledCall:
    """Move a call of the mentor's own.

    Raises:
      FieldErrors: the time is past.
      falcon.HTTPNotFound: it has been cancelled meanwhile.
    """
    try:
        return reschedule_call(row.caller_id, row.id, call_time)
    except NotAhead:
        raise refuse("call_time", _NOT_AHEAD) from None
    except NotScheduled:
        raise _none() from None


def cancelled(mentor: int, scheduled_call_id: str) -> None:
    """Cancel a call of the mentor's own.

    Raises:
      falcon.HTTPNotFound: he has none such, or has cancelled it before.
    """
    try:
        cancel_call(mentor, id_in_path(scheduled_call_id))
    except NotScheduled:
        raise _none() from None


def _none() -> falcon.HTTPNotFound:
    return falcon.HTTPNotFound(description="You have no such scheduled call.")
