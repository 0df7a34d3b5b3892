"""The screen of audio files: uploaded by a form, listened to, renamed, replaced; by the rules of REST."""

from typing import Any

import falcon
import structlog
from falcon import Request, Response

from api.appointments import audio as rest
from api.errors import FieldErrors
from api.pages.forms import Form, uploaded
from api.pages.module.frame import show
from api.pages.module.inputs import Input, in_words
from api.pages.module.screens import Column, Screen
from api.pages.module.showing import OneRow
from api.pages.module.writing import ANOTHER, added_once
from api.pages.render import go
from api.pages.session import POLICY
from api.paging import id_in_path
from models import settings
from models.appointments.calendars import CalendarSetting
from models.appointments.surveys import SealedSection, SectionTemplate
from models.appointments.surveys.files import digest_of
from models.appointments.surveys.sounds import SUFFIXES
from models.idempotency import KeyReused

log = structlog.get_logger(__name__)

FILE = "audio_file"
_LISTENING = f"{POLICY}; media-src 'self'"


def kind_of(row: Any) -> str:
    """`WAV, 12 KiB`."""
    suffix = SUFFIXES.get(row.media, "")
    return f"{suffix[1:].upper()}, {-(-row.size // 1024)} KiB" if suffix else "no sound"


class AudioFiles(Screen):
    """Audio files."""

    resource = rest.AUDIO_FILES
    path = "/module/survey/audio"
    plural = "Audio files"
    intro = "What surveys play instead of speaking. A file that a sealed survey plays stays as it is."
    page = "module/audio_file.html"
    inputs = (Input("name", "Name"),)
    columns = (
        Column("Name", lambda row: row.name, "link"),
        Column("Kind", kind_of),
        Column("Uploaded", lambda row: row.created_date, "time"),
    )
    goes = "What surveys or settings play stays until they play something else."
    holders = (
        SectionTemplate.audiofile, SectionTemplate.invalid_audiofile, SealedSection.audiofile,
        SealedSection.invalid_audiofile, CalendarSetting.voicemail_audiofile,
    )  # fmt: skip

    def more(self, caller: Any, row: Any) -> dict[str, Any]:
        """What it is, and where its sound is."""
        return {
            "kind": kind_of(row),
            "sound": f"/rest-api/audio-files/{row.id}/file/" if row.audio_file else "",
        }


AUDIO = AudioFiles()


class Listening(OneRow):
    """The page of an audio file, which may be listened to."""

    def on_get(self, req: Request, resp: Response, row_id: str) -> None:
        """Show it."""
        super().on_get(req, resp, row_id)
        resp.set_header("Content-Security-Policy", _LISTENING)


class _Form:
    """What both forms share: a name, and a file beside it."""

    for_ = "module pages"

    @property
    def largest_form(self) -> int:
        """How many bytes a form with a file may have."""
        return rest.largest_form()

    def _sent(self, req: Request, form: Form) -> dict[str, Any]:
        content = uploaded(req, FILE)
        return {"name": form.get("name"), **({FILE: content} if content else {})}

    def _show(self, req: Request, resp: Response, form: Form, row: Any = None) -> None:
        status = falcon.HTTP_400 if form.errors else falcon.HTTP_200
        facts = {"screen": AUDIO, "row": row, "most": settings.current().audio_limit}
        show(req, resp, "module/audio_form.html", status=status, form=form, **facts)


class NewFile(_Form):
    """The form for one more."""

    def on_get(self, req: Request, resp: Response) -> None:
        """Show it."""
        AUDIO.needs(req.context.rest, "add")
        self._show(req, resp, Form())

    def on_post(self, req: Request, resp: Response) -> None:
        """Upload it, once."""
        form, caller = Form.sent(req), req.context.rest
        AUDIO.needs(caller, "add")
        try:
            sent = self._sent(req, form)
            same = {"name": sent["name"], "digest": digest_of(sent.get(FILE, b""))}
            made = added_once(
                caller, FILE, form.once, same, lambda: int(rest.AUDIO_FILES.made(caller, sent).id)
            )
        except FieldErrors as error:
            self._show(req, resp, form.wrong(in_words(_SHOWN, error.fields)))
        except KeyReused:
            self._show(req, resp, form.wrong({"": [ANOTHER]}))
        else:
            log.info("module.added", by=caller.user_id, kind=AUDIO.resource.kind.name, row=made)
            go(req, resp, AUDIO.at(made), "The file is uploaded.")


class ChangedFile(_Form):
    """The form of a file: another name, or another sound."""

    def on_get(self, req: Request, resp: Response, row_id: str) -> None:
        """Show it."""
        row = self._row(req, row_id)
        self._show(req, resp, Form({"name": row.name}), row)

    def on_post(self, req: Request, resp: Response, row_id: str) -> None:
        """Change it; without a file the one there is stays."""
        row, form = self._row(req, row_id), Form.sent(req)
        try:
            AUDIO.resource.changed(req.context.rest, row.id, self._sent(req, form), whole=False)
        except FieldErrors as error:
            self._show(req, resp, form.wrong(in_words(_SHOWN, error.fields)), row)
        except falcon.HTTPConflict as error:
            self._show(req, resp, form.wrong({FILE: [str(error.description)]}), row)
        else:
            log.info("module.changed", by=req.context.rest.user_id, kind=AUDIO.resource.kind.name, row=row.id)
            go(req, resp, AUDIO.at(row.id), "The changes are kept.")

    def _row(self, req: Request, row_id: str) -> Any:
        AUDIO.needs(req.context.rest, "change")
        return AUDIO.resource.found(req.context.rest, id_in_path(row_id), to_write=True)


_SHOWN = (Input("name", ""), Input(FILE, ""))  # the fields that what is wrong is said at
