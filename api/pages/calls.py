"""`/calls`: to start and to end one, what became of them all, and the note of each."""

from functools import partial
from typing import Any

import falcon
from falcon import Request, Response
from peewee import JOIN

from api.errors import FieldErrors
from api.mentoring.calls import own, start
from api.mentoring.notes import LATEST, SCHEMAS, written
from api.once import keyed
from api.pages.forms import Form
from api.pages.newest import newest
from api.pages.render import go, show
from api.paging import number_of
from models.database import transaction
from models.donotcall import Unwanted
from models.mentoring import Activity, Call, CallNote, calling
from models.mentoring.calls import RUNNING
from models.mentoring.lists import CALLS
from models.mentoring.notes import QUALITIES, STATES


class Calls:
    """The history of calls; the call button posts here."""

    for_ = "mentor pages"

    def on_get(self, req: Request, resp: Response) -> None:
        """Show a screenful, newest first."""
        calls = newest(req, CALLS.of(req.context.caller.mentor_id, _with_activity_and_note()).latest)
        show(req, resp, "calls.html", calls=calls)

    def on_post(self, req: Request, resp: Response) -> None:
        """Start a call; the button of one page, pressed twice, starts one.

        Its key is `once` of the page: the call that was the latest when the page was made.
        """
        form = Form.sent(req)
        try:
            _, again = keyed(req.context.caller.user_id, "call", f"page:{form.once}", "", partial(start, req))
            said = "This call has been started already." if again else "Your phone will ring in a moment."
        except Unwanted as error:
            said = str(error)
        go(req, resp, "/", said)


class EndOfCall:
    """`/calls/:id/end`: the end button."""

    for_ = "mentor pages"

    def on_post(self, req: Request, resp: Response, call_id: str) -> None:
        """End the call."""
        with transaction("webhook"):
            calling.ended(own(req, call_id).id)
        go(req, resp, "/", "The call has ended.")


class OneCall:
    """`/calls/:id`: how a call went, and its note: to be read, or to be written."""

    for_ = "mentor pages"

    def on_get(self, req: Request, resp: Response, call_id: str) -> None:
        """Show it."""
        self._show(req, resp, call_id, Form())

    def on_post(self, req: Request, resp: Response, call_id: str) -> None:
        """Write the note; the task to do so is done with that."""
        call, form = own(req, call_id), Form.sent(req)
        try:
            answers = Form({**_answers(form), "call": call.id}).checked(SCHEMAS[LATEST])
            written(LATEST, answers, req.context.caller.mentor_id)
        except FieldErrors as error:
            wrong = {("" if name == "call" else name): texts for name, texts in error.fields.items()}
            self._show(req, resp, call_id, form.wrong(wrong), falcon.HTTP_400)
        except falcon.HTTPConflict:
            go(req, resp, f"/calls/{call.id}", "This call has its note already; it stands below.")
        else:
            go(req, resp, f"/calls/{call.id}", "Your note is kept, and the task is done.")

    def _show(
        self, req: Request, resp: Response, call_id: str, form: Form, status: str = falcon.HTTP_200
    ) -> None:
        call = own(req, call_id)
        show(
            req, resp, "call.html", status=status, call=call, form=form, running=call.status in RUNNING,
            note=CallNote.get_or_none(CallNote.call == call.id), qualities=QUALITIES,
            states=[(state, state.capitalize()) for state in STATES],
            activity=Activity.get_or_none(Activity.id == call.activity) if call.activity else None,
        )  # fmt: skip


def _answers(form: Form) -> dict[str, Any]:
    """What was chosen and written; what was left alone is not sent on, and digits are a number."""
    answers: dict[str, Any] = {name: value for name, value in form.values.items() if value.strip()}
    rating = answers.get("rating", "")
    number = number_of(rating)
    return answers if number is None else {**answers, "rating": number}


def _with_activity_and_note() -> Any:
    """All calls, each with the `about` of its activity and the `note_id` of its note, where there are any."""
    query = Call.select(Call, Activity.title.alias("about"), CallNote.id.alias("note_id"))
    query = query.join(Activity, JOIN.LEFT_OUTER, on=Activity.id == Call.activity).switch(Call)
    return query.join(CallNote, JOIN.LEFT_OUTER, on=CallNote.call == Call.id).objects()
