"""`/mentor/call/`: a mentor starts a call to his mentee, and looks at his calls."""

from functools import partial

import falcon
from falcon import Request, Response

from api import shown
from api.once import once
from api.paging import id_in_path, page
from models.database import transaction
from models.mentoring import Call, calling
from models.mentoring.lists import CALLS
from models.writing import New


class Calls:
    """The mentor's calls."""

    for_ = "mentors"

    def on_get(self, req: Request, resp: Response) -> None:
        """List the calls that the mentor started."""
        resp.media = page(req, CALLS.of(req.context.caller.mentor_id), shown.call)

    def on_post(self, req: Request, resp: Response) -> None:
        """Start a call. The body is ignored; a worker asks a carrier to ring both phones."""
        made = once(req, resp, "call", "", partial(start, req))
        resp.status = falcon.HTTP_201
        resp.media = shown.call(Call.get_by_id(made))


def start(req: Request, key: New | None) -> int:
    """Have the caller's phone rung, and his mentee's; returns the call's id.

    Raises:
      Unwanted: one of them is not to be called.
    """
    caller = req.context.caller
    numbers = (caller.number, caller.reaching_mentee(calling=True))
    return calling.start_call(caller.mentor_id, caller.mentee_id, numbers, key)


class OneCall:
    """One of the mentor's calls. Others' do not exist for him."""

    for_ = "mentors"

    def on_get(self, req: Request, resp: Response, call_id: str) -> None:
        """Show the call."""
        resp.media = shown.call(own(req, call_id))

    def on_put(self, req: Request, resp: Response, call_id: str) -> None:
        """For development: say that the call has ended. The body is ignored."""
        with transaction("webhook"):
            call = calling.ended(own(req, call_id).id)
        resp.media = shown.call(call)

    on_patch = on_put


def own(req: Request, call_id: str) -> Call:
    """The mentor's own call.

    Raises:
      falcon.HTTPNotFound: he has no such call.
    """
    here = (Call.id == id_in_path(call_id)) & (Call.caller == req.context.caller.mentor_id)
    call: Call | None = Call.get_or_none(here)
    if call is None:
        raise falcon.HTTPNotFound(description="You have no such call.")
    return call
