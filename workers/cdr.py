"""Call data records: what a carrier says about each attempt to ring, read from the report that was kept."""

from models.commands import RecordCdrs
from models.deliveries import Bridge, CallDataRecord
from models.mentoring import surveys
from models.receipts import Receipt
from providers.reports.records import records
from workers.actor import actor


@actor(RecordCdrs)
def record_cdrs(receipt_id: int) -> None:
    """Write each record down once, however often and in whatever order reports come.

    With the report the carrier's id of the call is known: surveys that overtook it are about this call.
    """
    receipt = Receipt.get_by_id(receipt_id)
    if not receipt.body:
        return  # kept for its time, or told of somebody who was erased
    bridge = Bridge.get(Bridge.reference == receipt.about)
    for cdr in records(receipt.source, receipt.body):
        CallDataRecord.record(bridge, cdr.id, cdr.started_at, cdr.cause)
    if bridge.origin == "call":
        surveys.overtaken(bridge.origin_id)
