"""Calls of alarms while they last: what a carrier heard goes into the engine, what is done next goes back to it."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

import structlog

from models import donotcall, events
from models.appointments import answering
from models.appointments.alarms import AlarmRequest
from models.appointments.callrequests import SEALED, AlarmCall
from models.appointments.ivr import legs
from models.appointments.ivr.actions import Action, AddToDnc, Answer, Complete, Hangup, SendText
from models.appointments.ivr.connecting import unwanted
from models.appointments.ivr.engine import heard
from models.appointments.ivr.greeting import greet, setting_of
from models.appointments.ivr.inputs import Done, Input
from models.appointments.ivr.keeping import keep
from models.appointments.ivr.scripts import Script, Talk
from models.appointments.ivr.states import State
from models.appointments.placeholders import known
from models.appointments.surveys.sealed import SealedSurvey
from models.deliveries import Ring, Text
from models.numbers import PhoneNumber

log = structlog.get_logger(__name__)

ORIGIN = "alarm_request"
OF_OURS = (Answer, Complete, AddToDnc, SendText)  # nothing that the line hears of


def hear(ring: Ring, turn: int, what: Input | None, *, machine: bool = False) -> None:
    """Take what was heard, inside a transaction that holds the ring's row. A turn out of order changes nothing.

    Parameters:
      turn: counts what was heard, from 1.
      what: None when somebody answered.
      machine: whether a machine seems to have answered.
    """
    call = _call(ring)
    survey = SealedSurvey.get_or_none(SealedSurvey.id == call.object_id) if call else None
    if ring.over or turn != ring.turn + 1 or call is None or survey is None:
        return
    talk = _talk(call, survey)
    if what is None:
        state, actions = greet(talk, call, machine=machine)
    else:
        state, actions = heard(talk, State.from_json(str(ring.state)), what)
    if isinstance(what, Done):
        legs.record(ring, call, turn, talk.contact, what)
    _keep(ring, call, survey.id, turn, actions)
    line = [as_told(action) for action in actions if not isinstance(action, OF_OURS)]
    ring.took(turn, state.as_json(), json.dumps(line), machine=machine)


def said(ring: Ring | None, turn: int) -> list[dict[str, Any]]:
    """What is done after a turn, as the carrier is told it: the same however often it asks; otherwise it hangs up."""
    if ring is None or ring.over or ring.turn != turn:
        return [as_told(Hangup())]
    return list(json.loads(str(ring.said)))


def as_told(action: Action) -> dict[str, Any]:
    """One action for the line, as JSON: `{"do": "collect", "digits": 1, …}`."""
    return {"do": type(action).__name__.lower(), **asdict(action)}


def _call(ring: Ring) -> AlarmCall | None:
    """The attempt's callrequest, unless somebody has put one in its place that names nothing to be played."""
    if ring.origin != ORIGIN:
        return None
    request = AlarmRequest.get_or_none(AlarmRequest.id == ring.origin_id)
    if request is None:
        return None
    here = (AlarmCall.id == request.callrequest_id) & (AlarmCall.content_type == SEALED)
    return AlarmCall.get_or_none(here)


def _talk(call: AlarmCall, survey: SealedSurvey) -> Talk:
    """The survey that the callrequest names, for the alarm that it is made for."""
    request = AlarmRequest.get_or_none(AlarmRequest.id == call.alarm_request_id)
    alarm = request.alarm if request else None
    contact = (alarm and alarm.alarm_phonenumber) or call.phone_number
    values = known(contact, alarm.event.data if alarm else None)
    transfer_to = (alarm.phonenumber_transfer or "") if alarm else ""
    talk = Talk(Script.load(survey), contact, call.callerid, values, transfer_to)
    return replace(talk, unwanted=unwanted(talk, call))


def _keep(ring: Ring, call: AlarmCall, survey_id: int, turn: int, actions: Iterable[Action]) -> None:
    """What follows for us: answers, the alarm's result, opt-outs, texts."""
    actions = list(actions)
    result = keep(call.id, survey_id, actions)
    if result is not None:
        events.tell(answering.HAPPENED, ORIGIN, ring.origin_id, result=result)
    for action in actions:
        if isinstance(action, SendText):
            _text(ring, call, turn, action)
        elif isinstance(action, AddToDnc):
            _opt_out(action.number, ring.reference)


def _text(ring: Ring, call: AlarmCall, turn: int, action: SendText) -> None:
    """A text goes through the gateway of the setting, from the number that the call came from."""
    try:
        to = PhoneNumber.parse(action.to)
    except ValueError:
        log.warning("ring.text_to_nobody", reference=ring.reference, section=action.section_id)
        return
    reference = f"{ring.reference}:text:{turn}:{action.section_id}"
    setting = setting_of(call)
    text = Text.create(
        reference=reference, origin="survey", origin_id=ring.id, to=to, body=action.text, at_least_once=True,
        sender=call.callerid, gateway_id=setting.__data__.get("sms_gateway") if setting else None,
    )  # fmt: skip
    events.emit("text.requested", text_id=text.id)


def _opt_out(number: str, reference: str) -> None:
    """Nobody calls or texts the number any more. There is none when whose alarm it was has been erased meanwhile."""
    donotcall.add(number, "survey", f"chosen in the call {reference}")
