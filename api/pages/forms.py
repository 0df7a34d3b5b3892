"""Forms: what a page's form sent, checked by the rules of the API, and shown again with what is wrong."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import falcon
from falcon import Request
from marshmallow import Schema

from api.appointments import sent
from api.bodies import fields_of, raw
from api.errors import refuse

MOST_FIELDS = 200
BEGINNING = 64 * 1024  # bytes that are read of a form that is too large: what was typed comes before the file
FILES = ("audio_file",)  # the fields of our forms that are files


def read(req: Request) -> dict[str, str]:
    """The fields of the form that was sent, line ends as one character; read once however often it is asked for.

    Raises:
      falcon.HTTPUnsupportedMediaType, falcon.HTTPBadRequest, falcon.HTTPContentTooLarge: it is no form of ours.
    """
    if not hasattr(req.context, "form"):
        media = (req.content_type or "").partition(";")[0].strip().lower()
        largest = req.context.get("largest_form")
        if media == falcon.MEDIA_URLENCODED:
            pairs = _pairs(req)
        elif media == falcon.MEDIA_MULTIPART and largest:
            pairs = _parts(req, largest)
        else:
            raise falcon.HTTPUnsupportedMediaType(description="Send the form of the page.")
        if any("\0" in text for pair in pairs for text in pair):
            raise falcon.HTTPBadRequest(description="A text holds a NUL character.")
        req.context.form = {name: text.replace("\r\n", "\n") for name, text in pairs}
    return dict(req.context.form)


def uploaded(req: Request, name: str) -> bytes:
    """The file that came with the form in this field; empty when none was chosen.

    Raises:
      FieldErrors: it was too large to be taken.
    """
    read(req)
    if too_large := req.context.get("too_large"):
        raise refuse(name, too_large)
    files: Mapping[str, bytes] = req.context.get("files") or {}
    return files.get(name, b"")


def _pairs(req: Request) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            raw(req).decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise falcon.HTTPBadRequest(description="This is not a form that we can read.") from None


def _parts(req: Request, largest: int) -> list[tuple[str, str]]:
    """Those of a form with files, which are kept aside; of one that is too large, those that come before its file."""
    try:
        values = sent.values(req, most=largest, files=FILES)
    except falcon.HTTPContentTooLarge:
        req.context.too_large = f"This file is too large: choose one of less than {largest >> 20} MiB."
        _cut_short(req)
        values = sent.values(req, most=largest, files=FILES)
    req.context.files = {name: value for name, value in values.items() if isinstance(value, bytes)}
    return [(name, value) for name, value in values.items() if isinstance(value, str)]


def _cut_short(req: Request) -> None:
    """Read of a form no more than its beginning, and end it after the last part that is whole.

    Raises:
      falcon.HTTPContentTooLarge: none is.
    """
    boundary = falcon.parse_header(req.content_type or "")[1].get("boundary", "").encode()
    begun = b"" if req.content_length is None else req.bounded_stream.read(BEGINNING)
    whole, ends, _ = begun.rpartition(b"\r\n--" + boundary)
    if not boundary or not whole:
        raise falcon.HTTPContentTooLarge(description=req.context.too_large)
    req.context.body = whole + ends + b"--\r\n"


@dataclass
class Form:
    """A form as it is shown: `values` by field, and `errors` by field, each a list of sentences.

    `once` is a key of its own, so that the same form sent twice has one effect.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    once: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    @classmethod
    def sent(cls, req: Request) -> "Form":
        """The form that was sent."""
        values = read(req)
        once = values.get("once", "")[:255]
        return cls(values, once=once) if once else cls(values)

    def checked(self, schema: Schema) -> dict[str, Any]:
        """Its fields by the rules of the API.

        Raises:
          FieldErrors: naming each wrong field.
        """
        return fields_of(dict(self.values), schema)

    def wrong(self, errors: Mapping[str, Sequence[str]]) -> "Form":
        """The same again with what is wrong, to be sent once more."""
        return Form(self.values, errors)

    def get(self, name: str) -> Any:
        """What stands in a field; an empty text where nothing does."""
        value = self.values.get(name)
        return "" if value is None else value
