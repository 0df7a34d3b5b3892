"""`/carriers/…`: signed webhooks of carriers that report in the trunk's own terms."""

from dataclasses import asdict
from functools import partial
from typing import Any

import falcon
from falcon import Request, Response

from api.bodies import raw
from api.errors import FieldErrors
from models import settings
from models.appointments.ivr import calls
from models.appointments.ivr.inputs import Digits, Done, Input, Recorded, Silence
from models.deliveries import Bridge, Ring, Text
from models.mentoring import matching, messages, surveys
from models.receipts import DONE, KEPT, UNMATCHED, Receipt
from models.replies import heeding
from providers.errors import BadReport, BadSignature
from providers.reports import simulator
from providers.reports.base import (
    CallEnded,
    FeedbackGiven,
    Kept,
    Report,
    RingEnded,
    RingHeard,
    TextOutcome,
    TextReceived,
)
from providers.reports.records import SIMULATOR


class SimulatorReports:
    """What the simulator says of calls, texts and surveys."""

    for_ = "everyone"

    def on_post(self, req: Request, resp: Response) -> None:
        """Verify the signature, keep the report, and take its effects once; answered after the commit."""
        secret = settings.current().simulator_secret
        if not secret:
            raise falcon.HTTPNotFound(description="No simulator reports here: SIMULATOR_SECRET is not set.")
        body = raw(req)
        try:
            reports = simulator.read(req.headers, body, secret=secret)
        except BadSignature:
            raise falcon.HTTPUnauthorized(description="The signature is not ours.") from None
        except BadReport as error:
            raise FieldErrors(error.fields) from None
        resp.media = {"outcome": Receipt.take(SIMULATOR, body, partial(take, reports)) or DONE}
        if isinstance(reports[0], RingHeard):
            resp.media["actions"] = _actions(reports[0])


def take(reports: list[Report], receipt: Receipt) -> str:
    """The effects of the reports in one webhook; returns the receipt's outcome."""
    for report in reports:
        _take_one(report, receipt)
    return receipt.outcome


def _take_one(report: Report, receipt: Receipt) -> None:
    if isinstance(report, CallEnded):
        _call_ended(report, receipt)
    elif isinstance(report, RingHeard):
        _ring_heard(report, receipt)
    elif isinstance(report, RingEnded):
        _ring_ended(report, receipt)
    elif isinstance(report, TextOutcome):
        text = Text.known(report.reference, report.provider_id, SIMULATOR)
        receipt.settle(DONE if text else UNMATCHED, about=text.reference if text else "")
        if text is not None:
            text.report(report.delivered, report.cause)
    elif isinstance(report, TextReceived):
        _text_received(report, receipt)
    elif isinstance(report, FeedbackGiven):
        surveys.take(_survey(report), receipt)
    elif isinstance(report, Kept):
        receipt.settle(KEPT, note=report.kind[:100])


def _text_received(report: TextReceived, receipt: Receipt) -> None:
    """What it asks for is done, and a mentor reads it all the same."""
    heeded = heeding.heed(report.sender, report.recipient, report.body, receipt)
    message = messages.take_text(report.sender, report.body)
    about = f"message:{message.id}" if message else heeded or ""
    receipt.settle(UNMATCHED if message is None and heeded is None else DONE, about=about)


def _call_ended(report: CallEnded, receipt: Receipt) -> None:
    known = Bridge.known(report.reference, report.provider_id, SIMULATOR)
    if known is None:
        receipt.settle(UNMATCHED)
        return
    bridge = Bridge.locked(known.id)
    receipt.settle(DONE, about=bridge.reference)
    facts = asdict(report)
    if bridge.origin == "call" and matching.conversation_is_anothers(
        report.conversation_id, bridge.origin_id
    ):
        facts["conversation_id"] = None  # a carrier that counts from 1 again: the end is no less an end
    told = ("success", "conversation_id", "started_at", "ended_at", "recording_url")
    bridge.reported(receipt_id=receipt.id, **{name: facts[name] for name in told})


def _ring(report: RingHeard | RingEnded, receipt: Receipt) -> Ring | None:
    """The call of one leg that a report speaks of, held."""
    known = Ring.known(report.reference, report.provider_id, SIMULATOR)
    receipt.settle(DONE if known else UNMATCHED, about=known.reference if known else "")
    return Ring.locked(known.id) if known else None


def _ring_heard(report: RingHeard, receipt: Receipt) -> None:
    ring = _ring(report, receipt)
    if ring is not None:
        calls.hear(ring, report.turn, _input(report), machine=report.machine)


def _ring_ended(report: RingEnded, receipt: Receipt) -> None:
    ring = _ring(report, receipt)
    if ring is not None:
        ring.reported(
            cause=report.cause, duration=report.seconds, machine=report.machine, digits=report.digits
        )


def _actions(report: RingHeard) -> list[dict[str, Any]]:
    """What was said to a turn when it was heard first: the same, however often it is reported."""
    return calls.said(Ring.known(report.reference, report.provider_id, SIMULATOR), report.turn)


def _input(report: RingHeard) -> Input | None:
    """None for the answer itself."""
    match report.what:
        case "digits":
            return Digits(report.digits)
        case "silence":
            return Silence()
        case "recorded":
            return Recorded(report.file, report.seconds)
        case "done":
            return Done(report.cause, report.seconds)
    return None


def _survey(report: FeedbackGiven) -> surveys.Survey:
    bridge = Bridge.known(report.reference, report.cdr_id, SIMULATOR)
    return surveys.Survey(
        number=report.sender, complete=report.complete, started_at=report.started_at,
        conversation_id=report.conversation_id, cdr_id=report.cdr_id,
        call=bridge.origin_id if bridge is not None and bridge.origin == "call" else None,
    )  # fmt: skip
