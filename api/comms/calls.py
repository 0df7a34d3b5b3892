"""`/comms/call/`: calls for the back office, and for those who take part in them."""

from typing import Any

import falcon
from falcon import Request, Response

from api import shown
from api.auth import Caller, may_write_comms
from api.paging import id_in_path, page
from models.database import transaction
from models.mentoring import Call, calling
from models.mentoring.lists import CALLS


class Calls:
    """All calls that the caller may see."""

    for_ = "users"

    def on_get(self, req: Request, resp: Response) -> None:
        """List the calls that the caller may see."""
        me = req.context.caller
        listed = CALLS.all() if me.sees_all else CALLS.of(me.own_id)
        resp.media = page(req, listed, lambda row: _shown(row, me))


class OneCall:
    """One call. What the caller takes no part in does not exist for him."""

    for_ = "users"

    def on_get(self, req: Request, resp: Response, call_id: str) -> None:
        """Show the call."""
        resp.media = _shown(_visible(req, call_id), req.context.caller)

    def on_put(self, req: Request, resp: Response, call_id: str) -> None:
        """The end notice of any provider: `end_time` becomes now, every time; the effects come once [M-34]."""
        may_write_comms(req)
        with transaction("webhook"):
            call = calling.ended(_visible(req, call_id).id, again=True)
        resp.media = _shown(call, req.context.caller)

    on_patch = on_put


def visible(me: Caller) -> Any:
    """The calls that this caller may see, as a query."""
    if me.sees_all:
        return Call.select()
    return Call.select().where((Call.caller == me.own_id) | (Call.receiver == me.own_id))


def _visible(req: Request, call_id: str) -> Call:
    call: Call | None = visible(req.context.caller).where(Call.id == id_in_path(call_id)).first()
    if call is None:
        raise falcon.HTTPNotFound(description="There is no such call.")
    return call


def _shown(row: Call, me: Caller) -> dict[str, Any]:
    return shown.call_with_partner(row) if me.sees_all else shown.call(row)
