"""`/schedule`: the calls that a mentor means to make: listed, added, moved, cancelled."""

from functools import partial

import falcon
from falcon import Request, Response

from api.errors import FieldErrors
from api.mentoring.schedule import cancelled, moved, own, scheduled
from api.once import keyed
from api.pages.forms import Form
from api.pages.home import coming
from api.pages.local_times import read, typed
from api.pages.render import go, local, show, zone
from models import clock
from models.idempotency import KeyReused
from models.mentoring import Activity, ScheduledCall
from models.mentoring.schedule import LATE

MOST = 200  # how many calls to come are shown; who has more of them reads on later
PAST = 10


class Schedule:
    """The schedule, and the form to add a call."""

    for_ = "mentor pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """Show what is to come, and lately was."""
        _show(req, resp, Form())

    def on_post(self, req: Request, resp: Response) -> None:
        """Schedule a call; the mentee is told."""
        form, me = Form.sent(req), req.context.caller
        try:
            call_time, remark = read("call_time", form.get("call_time"))
            body = {"call_time": call_time, "activity": _activity(form)}
            same = f"{call_time.isoformat()} {body['activity']}"
            keyed(me.user_id, "schedule", form.once, same, partial(scheduled, req, body))
        except FieldErrors as error:
            _show(req, resp, form.wrong(error.fields), falcon.HTTP_400)
        except KeyReused:
            text = "Another call was scheduled from this page already. To schedule this one too, press again."
            _show(req, resp, form.wrong({"": [text]}), falcon.HTTP_400)
        else:
            told = f"{req.context.visit.mentee} is told by a text."
            go(
                req,
                resp,
                "/schedule",
                f"Scheduled for {local(call_time)} ({zone()}). {told} {remark}".strip(),
            )


class OneScheduledCall:
    """`/schedule/:id`: one call to come: to be moved, or to be cancelled."""

    for_ = "mentor pages"

    def on_get(self, req: Request, resp: Response, scheduled_call_id: str) -> None:
        """Show it."""
        row = own(req, scheduled_call_id)
        show(req, resp, "scheduled.html", row=row, form=Form({"call_time": typed(row.call_time)}))

    def on_post(self, req: Request, resp: Response, scheduled_call_id: str) -> None:
        """Move it; the mentee is told."""
        row, form = own(req, scheduled_call_id), Form.sent(req)
        before = row.call_time
        try:
            call_time, remark = read("call_time", form.get("call_time"), before)
            moved(row, call_time)
        except FieldErrors as error:
            show(req, resp, "scheduled.html", status=falcon.HTTP_400, row=row, form=form.wrong(error.fields))
            return
        if call_time == before:
            said = "The call stays where it was."
        else:
            told = req.context.visit.called(row.callee_id)
            said = f"Moved to {local(call_time)} ({zone()}). A text tells {told}. {remark}"
        go(req, resp, "/schedule", said.strip())


class Cancelling:
    """`/schedule/:id/cancel`: the cancel button."""

    for_ = "mentor pages"

    def on_post(self, req: Request, resp: Response, scheduled_call_id: str) -> None:
        """Cancel the call; the mentee is told, if it was still to come."""
        row = own(req, scheduled_call_id)
        cancelled(req.context.caller.mentor_id, scheduled_call_id)
        go(req, resp, "/schedule", f"The call on {local(row.call_time)} ({zone()}) is cancelled.")


def _activity(form: Form) -> int | None:
    """The chosen activity; 0, which none has, for what is no id."""
    given = str(form.get("activity"))
    if not given:
        return None
    return int(given) if given.isascii() and given.isdigit() and len(given) < 20 else 0


def _show(req: Request, resp: Response, form: Form, status: str = falcon.HTTP_200) -> None:
    me = req.context.caller.mentor_id
    gone = ScheduledCall.of(me).where(ScheduledCall.call_time <= clock.now() - LATE)
    offered = Activity.select().where(Activity.active).order_by(Activity.title).limit(MOST)
    show(
        req, resp, "schedule.html", status=status, form=form, coming=list(coming(me).limit(MOST)),
        past=list(gone.order_by(ScheduledCall.call_time.desc()).limit(PAST)),
        activities=[("", "Nothing in particular"), *((row.id, row.title) for row in offered)],
    )  # fmt: skip
