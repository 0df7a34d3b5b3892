"""The shapes of answers. Every key is always there, and no other: what the API really sends is held against them."""

from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from models.mentoring.calls import MOVES
from models.mentoring.events import DESCRIPTIONS
from models.mentoring.messages import SYSTEM, USER
from models.mentoring.notes import BEST_RATING, QUALITIES, STATES
from models.mentoring.tasks import STATUSES
from models.receipts import DONE, INVALID, KEPT, UNMATCHED


class Shape(Schema):
    """An answer."""

    class Meta:
        unknown = RAISE

    def on_bind_field(self, _name: str, field: fields.Field[Any]) -> None:
        """No key is ever left out; what there is not is null."""
        field.required = True


def time(**more: Any) -> fields.DateTime:
    """A moment as `api.times` writes it."""
    return fields.DateTime(**more)


class Mentee(Shape):
    """A mentee for administrators."""

    id = fields.String(metadata={"pattern": "^[0-9]+$"})
    username = fields.String()
    first_name = fields.String()
    last_name = fields.String()
    email = fields.String()
    password = fields.String(validate=validate.Equal(""))
    contact_number = fields.String()
    external_id = fields.String(allow_none=True)


class Mentor(Mentee):
    """A mentor for administrators."""

    mentee = fields.Integer(allow_none=True)
    profile_pic = fields.String()
    job_title = fields.String()
    motivation = fields.String()
    inspiration = fields.String()


class Call(Shape):
    """A call for the two who take part in it."""

    id = fields.Integer()
    start_time = time()
    end_time = time(allow_none=True)
    caller = fields.Integer()
    receiver = fields.Integer()
    status = fields.String(validate=validate.OneOf(sorted(MOVES)))
    status_display = fields.String(
        validate=validate.OneOf(["Successful", "Scheduled", "Inactive", "In progress"])
    )
    activity = fields.Integer(allow_none=True)
    scheduled_call = fields.Integer(allow_none=True)
    feedback_task = fields.Integer(allow_none=True)
    partner_start_time = time(allow_none=True)
    partner_end_time = time(allow_none=True)
    duration = fields.Float(allow_none=True)
    lag = fields.Float(allow_none=True)


class CallWithPartner(Call):
    """A call for administrators and service accounts."""

    recording_url = fields.String(allow_none=True, metadata={"format": "uri"})
    partner_id = fields.String(allow_none=True)
    call_id = fields.String(allow_none=True)


class PassedMessage(Shape):
    """A message as the back office sees it."""

    id = fields.Integer()
    time_sent = time()
    sender_contact = fields.String()
    recipient_contact = fields.String(allow_none=True)
    content = fields.String()


class Message(PassedMessage):
    """A message as the mentor sees it."""

    sender = fields.String()
    recipient = fields.String(allow_none=True)
    message_type = fields.String(validate=validate.OneOf([USER, SYSTEM]))


class Event(Shape):
    """An entry of the event log."""

    id = fields.Integer()
    occured_at = time()
    event_type = fields.String(validate=validate.OneOf(list(DESCRIPTIONS)))
    description = fields.String(validate=validate.OneOf(list(DESCRIPTIONS.values())))
    relevant_mentor = fields.Integer()
    object_id = fields.Integer()


class Task(Shape):
    """Something the mentor has yet to do, or has done."""

    id = fields.Integer()
    mentor = fields.Integer()
    description = fields.String()
    link = fields.String()
    due_date = time(allow_none=True)
    status = fields.String(validate=validate.OneOf(STATUSES))


class ScheduledCall(Shape):
    """A call that the mentor means to make."""

    id = fields.Integer()
    created_at = time()
    call_time = time()
    caller = fields.Integer()
    callee = fields.Integer()
    activity = fields.Integer(allow_none=True)


class CallNoteV1(Shape):
    """A call note of older apps."""

    id = fields.Integer()
    version = fields.Integer(validate=validate.Equal(1))
    mentor = fields.Integer()
    call = fields.Integer()
    created_at = time()
    mentee_state = fields.String(allow_none=True, validate=validate.OneOf(STATES))
    discussion = fields.String()
    follow_up = fields.String()


class CallNoteV2(CallNoteV1):
    """A call note of today's app."""

    version = fields.Integer(validate=validate.Equal(2))
    rating = fields.Integer(validate=validate.Range(1, BEST_RATING))
    call_quality = fields.String(validate=validate.OneOf(QUALITIES))


class Activity(Shape):
    """What a call can be about."""

    id = fields.Integer()
    title = fields.String()
    description = fields.String()
    link = fields.String()
    active = fields.Boolean()


class Registered(Shape):
    """Whether the mentor's device is known."""

    registered = fields.Boolean()


class Feedback(Shape):
    """What a mentee answered after a call."""

    id = fields.Integer()
    sender_id = fields.Integer()
    call_id = fields.Integer(allow_none=True)
    complete = fields.Boolean()
    content = fields.String()


class TakenReport(Shape):
    """What became of a signed report."""

    outcome = fields.String(validate=validate.OneOf([DONE, UNMATCHED, INVALID, KEPT]))


class TakenTurn(TakenReport):
    """What became of a report of what was heard in a call of one leg, and what is done there next, in order.

    `do` is `play`, `speak`, `collect`, `record`, `transfer`, `conference` or `hangup`; the other keys tell the rest.
    """

    actions = fields.List(
        fields.Dict(
            keys=fields.String(), metadata={"required": ["do"], "properties": {"do": {"type": "string"}}}
        )
    )


class Health(Shape):
    """How the process is."""

    database = fields.String(validate=validate.Equal("up"))
    oldest_due_s = fields.Float()


class HealthGone(Shape):
    """How it is without its database."""

    database = fields.String(validate=validate.Equal("away"))
    oldest_due_s = fields.Float(allow_none=True)


class Detail(Shape):
    """What is wrong with a request."""

    detail = fields.String()
