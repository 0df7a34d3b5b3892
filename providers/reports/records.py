"""What is in a report that was kept: call data records, answers. The body has been verified, when it came."""

import json
from collections.abc import Sequence

from providers.reports import oniondev, simulator
from providers.reports.base import Answer, CallEnded, Cdr, FeedbackGiven

ONIONDEV_CALL_END = "oniondev.call_end"
ONIONDEV_FEEDBACK = "oniondev.feedback"
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


def answers(source: str, body: str) -> Sequence[Answer]:
    """The answers in a kept report. Parameters and errors as those of `records`."""
    if source == ONIONDEV_FEEDBACK:
        return oniondev.read_feedback(json.loads(body)).given.answers
    report = simulator.parsed(body.encode())
    return report.answers if isinstance(report, FeedbackGiven) else ()
