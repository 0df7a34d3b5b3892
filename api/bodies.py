"""Bodies: JSON read strictly, bounded, and checked field by field."""

import json
import math
from typing import Any, NoReturn

import falcon
from falcon import Request
from marshmallow import EXCLUDE, Schema, ValidationError, fields

from api.errors import FieldErrors

LARGEST = 1024 * 1024  # bytes


class Flag(fields.Boolean):
    """True or false, and nothing that only looks like it.

    Parameters:
      texts: also take the words that Python programs send, "True" and "False", and their lower case [M-5].
    """

    def __init__(self, *, texts: bool = False, **more: Any) -> None:
        super().__init__(**more)
        self._words = {"true": True, "True": True, "false": False, "False": False} if texts else {}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_more: Any) -> bool:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value in self._words:
            return self._words[value]
        raise ValidationError("Send true or false.")


def raw(req: Request, most: int = LARGEST) -> bytes:
    """The body's bytes, read once however often it is asked for.

    Parameters:
      most: how many there may be.

    Raises:
      falcon.HTTPContentTooLarge: there are more.
    """
    if not hasattr(req.context, "body"):
        length = req.content_length
        if length is not None and length > most:
            raise falcon.HTTPContentTooLarge
        chunked = length is None and req.env.get("wsgi.input_terminated")
        body = req.stream.read(most + 1) if chunked else req.bounded_stream.read(most + 1)
        if len(body) > most:
            raise falcon.HTTPContentTooLarge
        req.context.body = body
    return bytes(req.context.body)


def json_object(req: Request) -> dict[str, Any]:
    """The body as a JSON object.

    Raises:
      falcon.HTTPUnsupportedMediaType: it says it is something else.
      falcon.HTTPBadRequest: it is not an object in JSON and UTF-8, or holds what no field may: NUL, NaN, half a
        character.
    """
    media = (req.content_type or "application/json").partition(";")[0].strip().lower()
    if media != "application/json":
        raise falcon.HTTPUnsupportedMediaType(description="Send JSON, as application/json.")
    return parsed(raw(req))


def parsed(body: bytes) -> dict[str, Any]:
    """Bytes as a JSON object; raises as `json_object` does."""
    value = json_value(body)
    if not isinstance(value, dict):
        raise falcon.HTTPBadRequest(description="The body must be a JSON object, like {}.")
    return value


def json_value(body: bytes) -> Any:
    """Bytes as JSON of any kind.

    Raises:
      falcon.HTTPBadRequest: they are none, or hold what no field may.
    """
    try:
        text = body.decode("utf-8")
        value = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
        if "\\u" in text or "\0" in text:
            _refuse_odd_texts(value)
    except (ValueError, RecursionError) as error:
        raise falcon.HTTPBadRequest(
            description=f"The body is not JSON we can take: {_reason(error)}."
        ) from None
    return value


def checked(req: Request, schema: Schema) -> dict[str, Any]:
    """The body's fields, checked.

    Raises:
      FieldErrors: naming each wrong field.
    """
    return fields_of(json_object(req), schema)


def fields_of(body: dict[str, Any], schema: Schema) -> dict[str, Any]:
    """A read body's fields, checked; unknown ones are ignored."""
    try:
        return dict(schema.load(body, unknown=EXCLUDE))
    except ValidationError as error:
        raise FieldErrors(error.messages_dict) from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("a number is too large")
    return value


def _refuse_odd_texts(value: Any) -> None:
    """NUL ends a text in many a program, and half a surrogate pair is no character: neither is stored."""
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("a text holds a NUL character")
        value.encode("utf-8")
    elif isinstance(value, list):
        for item in value:
            _refuse_odd_texts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_odd_texts(key)
            _refuse_odd_texts(item)


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg.lower()} at line {error.lineno}, column {error.colno}"
    if isinstance(error, UnicodeEncodeError):
        return "a text holds half a surrogate pair"
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is not UTF-8"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error).partition(";")[0]
