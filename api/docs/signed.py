"""The bodies of signed webhooks, as they are read in `providers.reports.simulator`."""

from typing import Any

from marshmallow import fields, validate

from api.docs.reports import Body, flag, identifier
from providers.reports import simulator
from providers.reports.oniondev import LONGEST_ANSWER, MOST_ANSWERS
from providers.reports.reading import LONGEST_URL


def moment(**more: Any) -> fields.DateTime:
    """A time with Z or an offset."""
    return fields.DateTime(**more)


def cause(**more: Any) -> fields.String:
    """A Q.850 name, or any other."""
    return fields.String(**more, validate=validate.Length(max=64))


class Ring(Body):
    """An attempt to ring."""

    id = identifier(required=True)
    started_at = moment(required=True)
    cause = cause(required=True)


class Ended(Body):
    """How a call ended."""

    id = identifier(required=True)
    reference = identifier()
    success = fields.Boolean(required=True)
    conversation_id = identifier()
    started_at = moment(allow_none=True)
    ended_at = moment(allow_none=True)
    recording_url = fields.String(allow_none=True, metadata={"maxLength": LONGEST_URL})
    cdrs = fields.List(fields.Nested(Ring), validate=validate.Length(max=simulator.MOST_CDRS))


class Outcome(Body):
    """What became of a text of ours."""

    id = identifier(required=True)
    reference = identifier()
    cause = cause(allow_none=True)


Received = Body.from_dict(
    {
        "id": identifier(required=True),
        "from": identifier(required=True),
        "to": identifier(required=True),
        "body": fields.String(required=True, validate=validate.Length(max=simulator.LONGEST_BODY)),
    },
    name="Received",
)

Answers = Body.from_dict(
    {
        "id": identifier(required=True),
        "from": identifier(required=True),
        "reference": identifier(),
        "conversation_id": identifier(),
        "received_at": moment(allow_none=True),
        "answers": fields.List(
            fields.String(validate=validate.Length(max=LONGEST_ANSWER)),
            required=True,
            validate=validate.Length(max=MOST_ANSWERS),
        ),
    },
    name="Answers",
)


class CallEnded(Body):
    """The end of a call."""

    type = fields.String(required=True, validate=validate.Equal("call.ended"))
    data = fields.Nested(Ended, required=True)


class CallFeedback(Body):
    """Answers given after a call."""

    type = fields.String(required=True, validate=validate.Equal("call.feedback"))
    data = fields.Nested(Answers, required=True)


class Heard(Body):
    """What was heard: the answer itself, keys, silence, a recording, or the end of a transfer or conference."""

    id = identifier(required=True)
    reference = identifier()
    turn = fields.Integer(required=True, strict=True, validate=validate.Range(1, simulator.MOST_TURNS))
    what = fields.String(required=True, validate=validate.OneOf(simulator.HEARD))
    digits = fields.String(allow_none=True, validate=validate.Length(max=simulator.MOST_DIGITS))
    file = fields.String(allow_none=True, metadata={"maxLength": LONGEST_URL})
    seconds = fields.Float(allow_none=True, validate=validate.Range(0, simulator.LONGEST_CALL))
    cause = fields.String(allow_none=True, validate=validate.Length(max=simulator.LONGEST_CAUSE))
    machine = flag()


class LegEnded(Body):
    """How a call of one leg ended, and how many seconds after it was answered."""

    id = identifier(required=True)
    reference = identifier()
    cause = fields.String(required=True, validate=validate.Length(min=1, max=simulator.LONGEST_CAUSE))
    seconds = fields.Float(allow_none=True, validate=validate.Range(0, simulator.LONGEST_CALL))
    machine = flag()
    digits = fields.String(allow_none=True, validate=validate.Length(max=simulator.MOST_DIGITS))


class RingHeard(Body):
    """Something was heard in a call of one leg."""

    type = fields.String(required=True, validate=validate.Equal("ring.heard"))
    data = fields.Nested(Heard, required=True)


class RingEnded(Body):
    """The end of a call of one leg."""

    type = fields.String(required=True, validate=validate.Equal("ring.ended"))
    data = fields.Nested(LegEnded, required=True)


class TextOutcome(Body):
    """The fate of a text of ours."""

    type = fields.String(required=True, validate=validate.OneOf(["text.delivered", "text.failed"]))
    data = fields.Nested(Outcome, required=True)


class TextReceived(Body):
    """A text to us."""

    type = fields.String(required=True, validate=validate.Equal("text.received"))
    data = fields.Nested(Received, required=True)


SIGNED = (CallEnded, CallFeedback, RingHeard, RingEnded, TextOutcome, TextReceived)
