"""Audio files: uploaded, checked by what is in them, and served; what a sealed survey plays stays as it is."""

from typing import Any
from urllib.parse import quote

import falcon
import structlog
from falcon import Request, Response
from marshmallow import ValidationError, fields

from api.appointments import kinds, sent
from api.appointments.callers import RestCaller
from api.appointments.fields import Field, Name, Text, Url, When
from api.appointments.links import BASE, Links
from api.appointments.resources import Body, Resource, Wrong
from api.appointments.responders import Responder
from api.paging import id_in_path
from models import settings
from models.appointments.surveys import AudioFile, files
from models.appointments.surveys.sealing import is_sealed_in
from models.appointments.surveys.sounds import SUFFIXES, NoSound, media_of
from models.database import on_postgres
from models.people.users import User

log = structlog.get_logger(__name__)

FORM = 64 * 1024  # bytes that a form may have beside its file
SEALED = "A sealed survey plays this file: it stays as it is. Upload another one."
_AS_A_PART = "Send the file as a part of a multipart form."
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; media-src 'self'; sandbox",
    "Cache-Control": "private, no-cache",
    "Accept-Ranges": "bytes",
}


def largest_form() -> int:
    """How many bytes a form with a file may have."""
    return _most() + FORM


def _most() -> int:
    return settings.current().audio_limit << 20


def _too_large() -> str:
    return f"The file is over {settings.current().audio_limit} MiB."


class Sound(Field, fields.String):
    """The file itself, as a part of a form; told as the address where it is served."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        if not isinstance(value, bytes):
            raise ValidationError(_AS_A_PART)
        if len(value) > _most():
            raise ValidationError(_too_large())
        try:
            media_of(value)
        except NoSound as error:
            raise ValidationError(str(error)) from None
        return value

    def shown(self, row: Any, links: Links) -> Any:
        return f"{links.one(kinds.AUDIO_FILE.name, row.id)}file/" if row.audio_file else None


class AudioFileBody(Body):
    """A file that is played instead of spoken text."""

    url = Url(kinds.AUDIO_FILE)
    name = Text(150, "What it is called.", blank=False, required=True)
    audio_file = Sound(
        "The file: WAV (PCM), MP3 or OGG. It is told as the URL that it is served at.", null=True
    )
    user = Name("Whose it is, by username: always who uploaded it.", read_only=True)
    created_date = When("When it was uploaded.", read_only=True)
    updated_date = When("When it was changed last.", read_only=True)


class AudioFiles(Resource):
    """Audio files of whoever uploaded them."""

    kind = kinds.AUDIO_FILE
    body = AudioFileBody
    noun = "audio file"
    text = "Audio files are played in surveys instead of spoken text. What a file is, its content says, not its name."
    in_use = "A survey or a calendar setting plays this file: it cannot be deleted."

    def read(self, req: Request) -> dict[str, Any]:
        try:
            values = sent.values(req, most=largest_form(), files=("audio_file",))
        except falcon.HTTPContentTooLarge:
            raise falcon.HTTPContentTooLarge(description=_too_large()) from None
        file = values.get("audio_file")
        if isinstance(file, bytes) and len(file) > _most():
            raise falcon.HTTPContentTooLarge(description=_too_large())
        return values

    def query(self) -> Any:
        return AudioFile.select(AudioFile, User).join(User)

    def changed(self, caller: RestCaller, row_id: int, sent: dict[str, Any], *, whole: bool) -> Any:
        """Who sends the file's address back as it was told leaves the file as it is."""
        address = sent.get("audio_file")
        if isinstance(address, str) and address.endswith(f"{BASE}{self.kind.name}/{row_id}/file/"):
            sent = {name: value for name, value in sent.items() if name != "audio_file"}
        return super().changed(caller, row_id, sent, whole=whole)

    def wrong(self, caller: RestCaller, values: dict[str, Any], row: Any) -> Wrong:
        lacks = values.get("audio_file") is None and (row is None or "audio_file" in values)
        return {"audio_file": [_AS_A_PART]} if lacks else {}

    def ready(self, values: dict[str, Any], row: Any) -> None:
        """The file is on disk before a row names it."""
        content = values.pop("audio_file", None)
        if content:
            media = media_of(content)
            values |= {"media": media, "size": len(content), "digest": files.digest_of(content)}
            values["audio_file"] = files.keep(content, media)

    def make(self, caller: RestCaller, values: dict[str, Any]) -> Any:
        row = super().make(caller, {**values, "user": caller.user_id})
        row.user = User(id=caller.user_id, username=caller.username)
        return row

    def change(self, row: Any, values: dict[str, Any]) -> None:
        """Who seals a survey that plays it, and who replaces it, wait for each other: the row is held."""
        if "audio_file" in values:
            held = AudioFile.select(AudioFile.id).where(AudioFile.id == row.id)
            list(held.for_update() if on_postgres() else held)
            if is_sealed_in(row.id):
                raise falcon.HTTPConflict(description=SEALED)
        super().change(row, values)


class File(Responder):
    """The sound of an audio file."""

    def on_get(self, req: Request, resp: Response, row_id: str) -> None:
        """Play it. A part of it is given to who asks for one by `Range`."""
        row = self.resource.found(req.context.rest, id_in_path(row_id))
        content = _content(row)
        resp.set_headers(HEADERS)
        resp.etag = row.digest
        if req.if_none_match and row.digest in req.if_none_match:
            resp.status = falcon.HTTP_304
            return
        resp.content_type = row.media
        name = quote(f"{row.name}{SUFFIXES[row.media]}", safe="")
        resp.set_header("Content-Disposition", f"inline; filename*=UTF-8''{name}")
        first, last = _wanted(req, row.digest, len(content))
        if (first, last) != (0, len(content) - 1):
            resp.status = falcon.HTTP_206
            resp.content_range = (first, last, len(content))
        resp.data = content[first : last + 1]


def _content(row: AudioFile) -> bytes:
    path = files.path_of(row)
    try:
        if path is not None:
            return path.read_bytes()
    except FileNotFoundError:
        log.exception("audio.file_missing", audio_file=row.id)
    raise falcon.HTTPNotFound(description="The sound of this audio file is not here.")


def _wanted(req: Request, etag: str, size: int) -> tuple[int, int]:
    """The first and the last byte that are asked for; all, where it is no single range of bytes of this very file.

    Raises:
      falcon.HTTPRangeNotSatisfiable: it begins after the end.
    """
    try:
        asked = req.range if req.range_unit == "bytes" else None
    except falcon.HTTPInvalidHeader:
        asked = None
    if asked is None or req.get_header("If-Range", default=f'"{etag}"') != f'"{etag}"':
        return 0, size - 1
    first, last = asked
    if first < 0:
        return max(0, size + first), size - 1
    if first >= size:
        raise falcon.HTTPRangeNotSatisfiable(size)
    return first, size - 1 if last < 0 else min(last, size - 1)


AUDIO_FILES = AudioFiles()
