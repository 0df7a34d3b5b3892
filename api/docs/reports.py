"""The bodies that OnionDev and the simulator send, as they are read in `providers.reports`."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from providers.reports import oniondev
from providers.reports.reading import LONGEST_ID, LONGEST_URL

_WALL_CLOCK = r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?$"


class Body(Schema):
    """Something sent to us; what we do not know in it is ignored."""

    class Meta:
        unknown = EXCLUDE


def identifier(**more: Any) -> fields.Raw:
    """An id of theirs: a text or a whole number."""
    kinds = ["string", "integer"] if more.get("required") else ["string", "integer", "null"]
    return fields.Raw(**more, metadata={"type": kinds, "maxLength": LONGEST_ID})


def wall_clock(**more: Any) -> fields.String:
    """A time of day in India."""
    return fields.String(**more, metadata={"pattern": _WALL_CLOCK})


def flag(**more: Any) -> fields.Raw:
    """A boolean, also as Python programs write it."""
    return fields.Raw(**more, metadata={"enum": [True, False, "true", "True", "false", "False"]})


class Attempt(Body):
    """A call data record."""

    id = identifier(required=True)
    startTime = wall_clock(required=True)
    errorCause = fields.String(required=True, validate=validate.Length(max=oniondev.LONGEST_CAUSE))


class CallEnd(Body):
    """The end of a call."""

    scheduledCallId = identifier()
    conversationId = identifier()
    handler = identifier()
    beneficiary = identifier()
    conversationStartTime = wall_clock(allow_none=True)
    conversationEndTime = wall_clock(allow_none=True)
    conversationSuccess = flag()
    recordingUrl = fields.String(allow_none=True, metadata={"maxLength": LONGEST_URL})
    cdrs = fields.List(fields.Nested(Attempt), validate=validate.Length(max=oniondev.MOST_CDRS))
    totalTries = fields.Raw()
    feedbackSubscriptionStatus = fields.Raw()


class GivenAnswer(Body):
    """An answer to a survey's question."""

    answer = fields.Raw(metadata={"type": ["string", "number", "null"], "maxLength": oniondev.LONGEST_ANSWER})
    questionTime = wall_clock(allow_none=True)
    order = fields.Raw(metadata={"type": ["number", "string"], "pattern": r"^-?[0-9]{1,9}(\.[0-9]{1,9})?$"})


class SurveyCall(Body):
    """The call in which a survey was held."""

    id = identifier()
    callerid = identifier(required=True)
    start_time = wall_clock(allow_none=True)


class GivenFeedback(Body):
    """Answers to a survey, all or some so far."""

    conversationId = identifier()
    surveyId = identifier()
    complete = flag()
    completed = flag()
    cdr = fields.Nested(SurveyCall, required=True)
    records = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(GivenAnswer),
        required=True,
        metadata={"maxProperties": oniondev.MOST_ANSWERS, "type": ["object", "string"]},
    )


class ReceivedText(Body):
    """A text that a mentee sent."""

    mobile = identifier(required=True)
    text = fields.String(allow_none=True, metadata={"minLength": 1, "maxLength": oniondev.LONGEST_TEXT})
    message = fields.String(allow_none=True, metadata={"minLength": 1, "maxLength": oniondev.LONGEST_TEXT})
    messageId = identifier()
