"""Call data records out of a report that was kept: the body has been verified, when it came."""

import json
from collections.abc import Sequence

from providers.reports import oniondev, simulator
from providers.reports.base import CallEnded, Cdr

ONIONDEV_CALL_END = "oniondev.call_end"
SIMULATOR = "simulator"


def records(source: str, body: str) -> Sequence[Cdr]:
    """The records in a kept report.

    Parameters:
      source: whose report it is, as its receipt says.
      body: as it came.

    Raises:
      BadReport: it is no report of this source.
    """
    if source == ONIONDEV_CALL_END:
        return oniondev.read_call_end(json.loads(body)).ended.cdrs
    report = simulator.parsed(body.encode())
    return report.cdrs if isinstance(report, CallEnded) else ()
