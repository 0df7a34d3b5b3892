"""`/comms/onion_dev_…/`: what OnionDev reports, in OnionDev's own words."""

from functools import partial

import falcon
from falcon import Request, Response

from api.auth import may_write_comms
from api.bodies import json_object, raw
from api.errors import FieldErrors, refuse
from models import tracing
from models.callrequests import matching as callrequests
from models.database import transaction
from models.deliveries import Bridge
from models.mentoring import Call, Message, matching, surveys
from models.people import Contact
from models.receipts import DONE, INVALID, UNMATCHED, Receipt
from models.replies import heeding
from providers.errors import BadReport
from providers.reports.base import CallEnded, FeedbackGiven, TextReceived
from providers.reports.oniondev import OnionDevCallEnd, read_call_end, read_feedback, read_message
from providers.reports.records import ONIONDEV_CALL_END, ONIONDEV_FEEDBACK

ONIONDEV = "oniondev"
MESSAGE = "oniondev.message"
NO_MENTEE = "This is no mentee's number."


class CallEnds:
    """The end of a call."""

    for_ = "users"

    def on_post(self, req: Request, resp: Response) -> None:
        """Take the report of a call's end: keep it, find the call, and move the call; all in one transaction."""
        may_write_comms(req)
        try:
            report = read_call_end(json_object(req))
        except BadReport as error:
            raise _invalid(req, ONIONDEV_CALL_END, error) from None
        wrong = Receipt.take(ONIONDEV_CALL_END, raw(req), partial(take_call_end, report))
        if wrong is not None:
            raise wrong
        resp.media = dict(report.echo)


def take_call_end(report: OnionDevCallEnd, receipt: Receipt) -> FieldErrors | None:
    """The effects. What is wrong is returned, not raised: the receipt stays either way."""
    ended = report.ended
    rung = callrequests.by_id(ONIONDEV, ended.provider_id)
    call = None if rung else matching.reported_call(ended.provider_id, ended.conversation_id, report.handler)
    if call is None:
        rung = rung or callrequests.by_number(report.handler)
        if rung is not None:
            _reported(Bridge.locked(rung.id), ended, receipt)
            return None
        receipt.settle(UNMATCHED)
        text = "No call fits: neither this id, nor the conversationId, nor a running call of the handler."
        return refuse("scheduledCallId", text)
    if matching.conversation_is_anothers(ended.conversation_id, call.id):
        receipt.settle(INVALID, note="the conversation belongs to another call")
        return refuse("conversationId", "Another call has this conversation already.")
    note = "" if matching.fits(call, report.handler, report.beneficiary) else "the numbers are not the call's"
    bridge = Bridge.locked(Bridge.get(Bridge.reference == f"call:{call.id}").id)
    _learn_call_id(call, ended)
    _reported(bridge, ended, receipt, note)
    return None


def _reported(bridge: Bridge, ended: CallEnded, receipt: Receipt, note: str = "") -> None:
    receipt.settle(DONE, about=bridge.reference, note=note)
    bridge.reported(
        success=ended.success, receipt_id=receipt.id, conversation_id=ended.conversation_id,
        started_at=ended.started_at, ended_at=ended.ended_at, recording_url=ended.recording_url,
    )  # fmt: skip


def _invalid(req: Request, source: str, error: BadReport) -> FieldErrors:
    """Keep a report that cannot be read, for a person to look at."""
    with transaction("webhook"):
        Receipt.keep(source, raw(req)).settle(INVALID, note=str(error)[:500])
    return FieldErrors(error.fields)


def _learn_call_id(call: Call, ended: CallEnded) -> None:
    """A report that overtook the dial's answer brings the id that the answer would have brought."""
    if ended.provider_id and call.call_id is None:
        Call.update(call_id=ended.provider_id).where((Call.id == call.id) & Call.call_id.is_null()).execute()


class GivenFeedback:
    """Answers to a survey, all or some so far."""

    for_ = "users"

    def on_post(self, req: Request, resp: Response) -> None:
        """Take answers to a survey: keep the report, make or find the feedback; a worker reads the answers."""
        may_write_comms(req)
        try:
            report = read_feedback(json_object(req))
        except BadReport as error:
            raise _invalid(req, ONIONDEV_FEEDBACK, error) from None
        came = Receipt.take(ONIONDEV_FEEDBACK, raw(req), partial(take_feedback, report.given))
        if isinstance(came, FieldErrors):
            raise came
        resp.status = falcon.HTTP_201 if came else falcon.HTTP_200
        resp.media = dict(report.echo)


def take_feedback(given: FeedbackGiven, receipt: Receipt) -> bool | FieldErrors:
    """Whether this is a survey's first report. What is wrong is returned, not raised: the receipt stays either way."""
    survey = surveys.Survey(
        number=given.sender, complete=given.complete, started_at=given.started_at,
        conversation_id=given.conversation_id, survey_id=given.survey_id, cdr_id=given.cdr_id, handlers_too=True,
    )  # fmt: skip
    first = surveys.take(survey, receipt)
    if first is None:
        return refuse("cdr.callerid", "Send the number of the mentee who answered, or of his mentor.")
    return first


class ReceivedMessages:
    """A text that a mentee sent."""

    for_ = "users"

    def on_post(self, req: Request, resp: Response) -> None:
        """Take a mentee's text, and pass it to the mentor.

        STOP and its like are heeded. From a service account or an administrator, so are START and answers to alarms,
        and all of these also of who is no mentee. Equal texts are separate messages, unless they share a `messageId`
        [M-38].
        """
        may_write_comms(req)
        try:
            text = read_message(json_object(req))
        except BadReport as error:
            raise FieldErrors(error.fields) from None
        received = text.received
        mentee = Contact.by_number(received.sender)
        believed = req.context.caller.sees_all
        if mentee is not None and mentee.is_mentor:
            mentee = None
        if mentee is None and not (believed and heeding.may_mean(received.body)):
            raise refuse("mobile", NO_MENTEE)
        same = f"message {received.message_id}" if received.message_id else f"request {tracing.current()}"
        wrong = Receipt.take(MESSAGE, raw(req), partial(_receive, mentee, received, believed), once_by=same)
        if wrong is not None:
            raise wrong
        resp.status = falcon.HTTP_201
        resp.media = dict(text.echo)


def _receive(
    mentee: Contact | None, received: TextReceived, believed: bool, receipt: Receipt
) -> FieldErrors | None:
    """The effects. What is wrong is returned, not raised: the receipt stays either way."""
    heeded = heeding.heed(received.sender, received.recipient, received.body, receipt, believed=believed)
    message = Message.receive_message(mentee, received.body) if mentee else None
    if message is None and heeded is None:
        receipt.settle(UNMATCHED)
        return refuse("mobile", NO_MENTEE)
    receipt.settle(DONE, about=f"message:{message.id}" if message else heeded)
    return None
