"""Replaying: reports that fitted nothing, or could not be read, when they came, are taken again from their receipts.

By the same functions as the webhooks, so a replay does what the report would have done, and twice is as good as once.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import falcon

from api import carriers
from api.bodies import parsed
from api.callrequests import webhooks
from api.comms import oniondev
from api.errors import FieldErrors
from models.receipts import INVALID, Receipt
from providers.errors import BadReport
from providers.reports import simulator
from providers.reports.oniondev import read_call_end, read_feedback
from providers.reports.records import ONIONDEV_CALL_END, ONIONDEV_FEEDBACK, SIMULATOR


class CannotReplay(Exception):
    """There is nothing to take again; the text says why."""


def _call_end(body: bytes, receipt: Receipt) -> Any:
    return oniondev.take_call_end(read_call_end(parsed(body)), receipt)


def _feedback(body: bytes, receipt: Receipt) -> Any:
    return oniondev.take_feedback(read_feedback(parsed(body)).given, receipt)


def _simulators(body: bytes, receipt: Receipt) -> Any:
    return carriers.take([simulator.parsed(body)], receipt)


_TAKE: Mapping[str, Callable[[bytes, Receipt], Any]] = {
    ONIONDEV_CALL_END: _call_end,
    ONIONDEV_FEEDBACK: _feedback,
    SIMULATOR: _simulators,
    webhooks.EVENT: webhooks.take_event,
}


def replay(receipt_id: int) -> tuple[str, str]:
    """Take one report again. One that has had its effects has none again.

    Returns:
      Its outcome now, and what is still wrong with it.

    Raises:
      CannotReplay: there is no such receipt, or its body is not kept any more.
    """
    receipt = Receipt.get_or_none(Receipt.id == receipt_id)
    if receipt is None:
        raise CannotReplay(
            f"there is no receipt {receipt_id}; `trunkline receipts list` shows those there are"
        )
    if not receipt.body:
        raise CannotReplay(f"the body of receipt {receipt_id} is not kept any more")
    if receipt.source not in _TAKE:
        raise CannotReplay(f"reports of {receipt.source} are not taken again")
    said = Receipt.take_again(receipt_id, partial(_again, _TAKE[receipt.source]))
    wrong = said.fields if isinstance(said, FieldErrors) else {}
    told = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in wrong.items())
    return str(Receipt.get_by_id(receipt_id).outcome), told


def _again(take: Callable[[bytes, Receipt], Any], receipt: Receipt) -> Any:
    try:
        return take(str(receipt.body).encode(), receipt)
    except (BadReport, falcon.HTTPBadRequest) as error:
        fields = error.fields if isinstance(error, BadReport) else {"body": [error.description or ""]}
        receipt.settle(INVALID, note=str(error)[:500])
        return FieldErrors(fields)
