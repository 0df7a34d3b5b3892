"""What a request sent: an object in JSON, or a form."""

import io
from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qsl

import falcon
from falcon import Request
from falcon.media.multipart import MultipartFormHandler

from api.bodies import LARGEST, json_value, raw
from api.errors import FieldErrors

MOST_FIELDS = 200


def values(req: Request, *, most: int = LARGEST, files: Collection[str] = ()) -> dict[str, Any]:
    """The fields of the body, read as its media type says.

    Parameters:
      most: bytes that it may have.
      files: the parts of a form that are given as bytes.

    Raises:
      falcon.HTTPContentTooLarge: it has more.
      falcon.HTTPUnsupportedMediaType: neither JSON nor a form.
      falcon.HTTPBadRequest: it cannot be parsed.
      FieldErrors: it is JSON, but no object.
    """
    body, media = raw(req, most), (req.content_type or "application/json").partition(";")[0].strip().lower()
    if media == falcon.MEDIA_URLENCODED:
        return _form(body)
    if media == falcon.MEDIA_MULTIPART:
        return _parts(req, body, files)
    if media != falcon.MEDIA_JSON.partition(";")[0]:
        raise falcon.HTTPUnsupportedMediaType(description="Send JSON, or a form.")
    value = json_value(body)
    if not isinstance(value, dict):
        raise FieldErrors({"non_field_errors": ["The body must be a JSON object, like {}."]})
    return value


def _form(body: bytes) -> dict[str, Any]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise falcon.HTTPBadRequest(description="This is not a form that we can read.") from None
    return dict(pairs)


def _parts(req: Request, body: bytes, files: Collection[str]) -> dict[str, Any]:
    handler = MultipartFormHandler()
    handler.parse_options.max_body_part_buffer_size = len(body) + 1
    parts = handler.deserialize(io.BytesIO(body), req.content_type, len(body))
    try:
        data = [(part.name or "", part.get_data()) for part in parts]
        return {name: content if name in files else content.decode("utf-8") for name, content in data}
    except ValueError:
        raise falcon.HTTPBadRequest(description="This is not a form that we can read.") from None
