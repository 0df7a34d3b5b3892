"""Reports of carriers that fitted nothing or could not be read: looked at, and taken again."""

import falcon
import structlog
from falcon import Request, Response

from api.pages.render import go, show
from api.paging import id_in_path
from api.replaying import CannotReplay, replay
from models.receipts import DONE, Receipt

log = structlog.get_logger(__name__)


class OneReceipt:
    """A report as it came."""

    for_ = "admin pages"

    def on_get(self, req: Request, resp: Response, receipt_id: str) -> None:
        """Show it, numbers and all."""
        row = Receipt.get_or_none(Receipt.id == id_in_path(receipt_id))
        if row is None:
            raise falcon.HTTPNotFound(description="There is no such report.")
        log.info("admin.receipt_read", by=req.context.caller.user_id, receipt=row.id)
        show(req, resp, "admin/receipt.html", receipt=row, again=row.body and row.outcome != DONE)


class Again:
    """The cause is mended: once more."""

    for_ = "admin pages"

    def on_post(self, req: Request, resp: Response, receipt_id: str) -> None:
        """Take it again by the function of its webhook. What it has done before is not done twice."""
        number = id_in_path(receipt_id)
        try:
            outcome, wrong = replay(number)
        except CannotReplay as error:
            raise falcon.HTTPBadRequest(description=f"{str(error).capitalize()}.") from None
        log.info("admin.receipt_replayed", by=req.context.caller.user_id, receipt=number, outcome=outcome)
        said = f"Report {number} is {outcome} now." + (f" {wrong}" if wrong else "")
        go(req, resp, f"/admin/operations/receipts/{number}", said)
