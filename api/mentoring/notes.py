"""`/mentor/callnote/`: what a mentor notes down about a call, once; the form has two versions [M-21]."""

from typing import Any

import falcon
from falcon import Request, Response
from marshmallow import Schema, fields, validate

from api import shown
from api.bodies import fields_of, json_object
from api.errors import refuse
from api.paging import LARGEST_ID, id_in_path, page
from models.mentoring.lists import NOTES
from models.mentoring.notes import (
    BEST_RATING,
    LONGEST,
    QUALITIES,
    STATES,
    VERSIONS,
    AlreadyNoted,
    BaseCallNote,
    NotEnded,
)

LATEST = max(VERSIONS)

_STATE = validate.OneOf(STATES, error=f"Send one of {', '.join(STATES)}.")
_TEXT = validate.Length(max=LONGEST, error=f"Write at most {LONGEST} characters.")
_FILLED = validate.Regexp(r"(?s).*\S", error="Write something, not only blanks.")


class NewNote(Schema):
    """What every version asks."""

    call = fields.Integer(required=True, strict=True)
    follow_up = fields.String(allow_none=True, validate=_TEXT)


class NoteV1(NewNote):
    """What older apps send."""

    mentee_state = fields.String(required=True, validate=_STATE)
    discussion = fields.String(required=True, validate=[_TEXT, _FILLED])


class NoteV2(NewNote):
    """What today's app sends."""

    rating = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(1, BEST_RATING, error=f"Send a whole number from 1 to {BEST_RATING}."),
    )
    call_quality = fields.String(
        required=True, validate=validate.OneOf(QUALITIES, error=f"Send one of {', '.join(QUALITIES)}.")
    )
    mentee_state = fields.String(allow_none=True, validate=_STATE)
    discussion = fields.String(allow_none=True, validate=_TEXT)


SCHEMAS: dict[int, Schema] = {1: NoteV1(), 2: NoteV2()}


class Notes:
    """The mentor's notes."""

    for_ = "mentors"

    def on_get(self, req: Request, resp: Response) -> None:
        """List the notes that the mentor wrote."""
        resp.media = page(req, NOTES.of(req.context.caller.mentor_id), shown.call_note)

    def on_post(self, req: Request, resp: Response) -> None:
        """Note down a call that has ended; its feedback task is done with that."""
        body = json_object(req)
        version = body.get("version", LATEST)
        if type(version) is not int or version not in VERSIONS:
            raise refuse("version", f"Send one of {', '.join(map(str, VERSIONS))}, or leave it out.")
        note = written(version, fields_of(body, SCHEMAS[version]), req.context.caller.mentor_id)
        if note is None:
            raise falcon.HTTPNotFound(description="You have no such call.")
        resp.status = falcon.HTTP_201
        resp.media = shown.call_note(note)


class OneNote:
    """One of the mentor's notes. Others' do not exist for him."""

    for_ = "mentors"

    def on_get(self, req: Request, resp: Response, note_id: str) -> None:
        """Show the note."""
        mine = BaseCallNote.mentor == req.context.caller.mentor_id
        note = BaseCallNote.get_or_none((BaseCallNote.id == id_in_path(note_id)) & mine)
        if note is None:
            raise falcon.HTTPNotFound(description="You have no such call note.")
        resp.media = shown.call_note(note)


def written(version: int, answers: dict[str, Any], mentor: int) -> BaseCallNote | None:
    """Write a note of a call of the mentor's own; None when he has no such call.

    Raises:
      FieldErrors: the call has not ended.
      falcon.HTTPConflict: it has its note.
    """
    call_id = answers.pop("call")
    if not 0 < call_id <= LARGEST_ID:
        return None
    given = {name: answer for name, answer in answers.items() if answer is not None}
    try:
        return VERSIONS[version].write(call_id, mentor, given)
    except NotEnded:
        raise refuse("call", "The call has not ended yet.") from None
    except AlreadyNoted:
        raise falcon.HTTPConflict(description="This call has its note; there is one per call.") from None
