"""What may stand in a request to the exchange, and the words for what may not."""

import json
from typing import Any, Literal

import falcon
from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate
from marshmallow.exceptions import SCHEMA

from providers.exchange.faults import OF_THE_REPORTS, OF_THE_REQUEST, Fault
from providers.exchange.phones import CAUSES, TEXTS

NUMBER = validate.Regexp(
    r"\+?[0-9]{3,15}\Z", error="must be 3 to 15 digits with an optional plus, like +919812345678"
)
DIALLED = validate.Regexp(
    r"\+?[0-9*#]{3,40}\Z", error="must be 3 to 40 digits, with prefixes of a gateway perhaps"
)
CHANNELS = ("call", "ring", "text", "mail", "push")
LONGEST_HOLD = 600.0  # seconds


class WrongBody(Exception):
    """A request that cannot be read; `fields` says what is wrong, field by field."""

    def __init__(self, fields: dict[str, Any]) -> None:
        super().__init__(str(sorted(fields)))
        self.fields = fields


def read(req: falcon.Request, schema: Schema) -> dict[str, Any]:
    """The checked JSON object of a request, whatever media type it claims (curl claims a form).

    Raises:
      WrongBody: with the names of the fields that are wrong.
    """
    return parse(req.bounded_stream.read(), schema)


def parse(raw: bytes, schema: Schema) -> dict[str, Any]:
    """As `read`, from the bytes of a body."""
    try:
        checked: dict[str, Any] = schema.load(json.loads(raw))
    except ValidationError as error:
        raise WrongBody(_by_field(error)) from error
    except (ValueError, RecursionError) as error:
        raise WrongBody({"body": ["must be a JSON object"]}) from error
    return checked


def _by_field(error: ValidationError) -> dict[str, Any]:
    messages = error.messages if isinstance(error.messages, dict) else {SCHEMA: error.messages}
    return {"body" if name == SCHEMA else name: texts for name, texts in messages.items()}


def _number() -> fields.String:
    return fields.String(required=True, validate=NUMBER)


def _text(least: int = 0, most: int = 100_000) -> fields.String:
    length = validate.Length(least, most)
    if least:
        return fields.String(required=True, validate=length)
    return fields.String(load_default="", validate=length)


def _schema(unknown: Literal["exclude", "raise"], **members: fields.Field[Any]) -> Schema:
    # From a dictionary, because one of the fields is called `from`.
    return Schema.from_dict(dict(members))(unknown=unknown)


_REFERENCE = _text(1, 200)
_ATTACHMENT = Schema.from_dict({"name": _text(1), "type": _text(1), "content": _text(0, 20_000_000)})

CALL = _schema(
    EXCLUDE,
    reference=_REFERENCE,
    a_number=_number(),
    b_number=_number(),
    shown_to_a=_text(0, 32),
    shown_to_b=_text(0, 32),
)
RING = _schema(
    EXCLUDE,
    reference=_REFERENCE,
    to=fields.String(required=True, validate=DIALLED),
    **{"from": _text(0, 32)},
    keys=_text(0, 40),
    name=_text(0, 100),
    ring_seconds=fields.Integer(load_default=30, validate=validate.Range(1, 86_400)),
    limit_seconds=fields.Integer(load_default=3600, validate=validate.Range(1, 86_400)),
)
TEXT = _schema(EXCLUDE, reference=_REFERENCE, to=_number(), **{"from": _text(1, 32)}, body=_text(1))
MAIL = _schema(
    EXCLUDE,
    reference=_REFERENCE,
    to=_text(3, 320),
    **{"from": _text(0, 1000)},
    subject=_text(),
    text=_text(0, 1_000_000),
    html=_text(0, 1_000_000),
    attachments=fields.List(fields.Nested(_ATTACHMENT), load_default=list),
    unsubscribe=_text(),
)
PUSH = _schema(
    EXCLUDE,
    reference=_REFERENCE,
    token=_text(1),
    title=_text(),
    body=_text(),
    data=fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict),
)
ONIONDEV_CALL = _schema(
    EXCLUDE,
    reference=_text(0, 200),
    handler=_number(),
    beneficiary=_number(),
    shown_to_handler=_text(0, 32),
    shown_to_beneficiary=_text(0, 32),
)
ONIONDEV_MESSAGE = _schema(
    EXCLUDE, reference=_text(0, 200), mobile=_number(), text=_text(1), sender=_text(0, 32)
)
FAULT = _schema(
    RAISE,
    channel=fields.String(load_default="*", validate=validate.OneOf([*CHANNELS, "*"])),
    kind=fields.String(required=True, validate=validate.OneOf([*OF_THE_REQUEST, *OF_THE_REPORTS])),
    share=fields.Float(load_default=Fault.share, validate=validate.Range(0, 1)),
    times=fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(1)),
    seconds=fields.Float(load_default=Fault.seconds, validate=validate.Range(0, LONGEST_HOLD)),
)
_SECONDS = fields.Float(validate=validate.Range(0, 86_400))
PHONE = _schema(
    RAISE,
    number=_number(),
    call=fields.String(validate=validate.OneOf(CAUSES)),
    text=fields.String(validate=validate.OneOf(TEXTS)),
    ring_s=_SECONDS,
    talk_s=_SECONDS,
    wait_s=_SECONDS,
    digits=fields.List(fields.String(validate=validate.Regexp(r"[0-9*#]+\Z"))),
    feedback=fields.List(fields.String()),
    dialect=fields.String(validate=validate.OneOf(["simulator", "oniondev", "twiml"])),
)
INBOUND_TEXT = _schema(
    RAISE,
    channel=fields.String(),
    **{"from": _number()},
    to=_number(),
    body=_text(1),
    dialect=fields.String(validate=validate.OneOf(["simulator", "oniondev"])),
)
INBOUND_CALL = _schema(
    RAISE,
    channel=fields.String(),
    **{"from": _number()},
    to=_number(),
    digits=fields.String(load_default="", validate=validate.Regexp(r"[0-9*#]*\Z")),
)
HANG_UP = _schema(RAISE, id=_text(1, 64))
INBOUND = _schema(EXCLUDE, channel=fields.String(required=True, validate=validate.OneOf(["text", "call"])))
