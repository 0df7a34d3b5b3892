"""What surveys have beside the routes of every resource: seals, answers, and the sound of audio files."""

from collections.abc import Mapping
from dataclasses import replace

import falcon
from marshmallow import Schema, fields

from api.appointments.audio import AUDIO_FILES
from api.appointments.audio import SEALED as PLAYED
from api.appointments.keyed import GONE
from api.appointments.links import BASE
from api.appointments.sealing import NO_ID, PATH, SealBody
from api.appointments.surveys import SURVEYS
from api.docs.members import meaning
from api.docs.shapes import Shape
from api.docs.survey_examples import ANSWERS, SEALED
from api.docs.told import Told

NO_SEALING = "A branch of it leads into another survey, or its new name is wrong."


Routes = Mapping[str, Mapping[str, Told]]
_NOTE = "Without a file it may be JSON as well."
_FILE = Told(
    media="audio/*", shown="(the file)", also={206: "The part that was asked for.", 304: "It is what you have."},
    errors={416: "The part that was asked for begins after the end."},
)  # fmt: skip


class Answer(Shape):
    """An answer, and how often it was given."""

    section__question = fields.String(metadata=meaning("What was asked."))
    response = fields.String(metadata=meaning("What was answered; of recordings how long they are."))
    count = fields.Integer(metadata=meaning("How often.", minimum=0))


class Problem(Shape):
    """What is wrong, told as if it were right: other programs look for it there."""

    error = fields.String(metadata=meaning("What is wrong."))


def more(sealed: type[Schema], audio: Routes) -> Mapping[str, Routes]:
    """These routes, by the resource that they stand with.

    Parameters:
      sealed: the shape of a sealed survey.
      audio: what is told of audio files as of every resource.
    """
    seal = Told(takes=SealBody, sent={"name": "Spring"}, gives=sealed, shown=SEALED, status=201, once=True)
    return {
        SURVEYS.kind.name: {f"{BASE}{SURVEYS.kind.name}/{{row_id}}/seal/": {"POST": seal}},
        "sealed-survey": {
            f"{PATH}/": {"GET": Told(gives=Problem, shown=NO_ID)},
            f"{PATH}/{{row_id}}/": {"GET": Told(gives=(Answer(many=True), Problem), shown=ANSWERS)},
        },
        AUDIO_FILES.kind.name: {
            **{
                path: {verb: _uploaded(verb, told) for verb, told in verbs.items()}
                for path, verbs in audio.items()
            },
            f"{BASE}{AUDIO_FILES.kind.name}/{{row_id}}/file/": {"GET": _FILE},
        },
    }


def _uploaded(verb: str, told: Told) -> Told:
    """What is told of a verb whose body is a form with a file."""
    if told.takes is None:
        return told
    errors: dict[int, str] = {413: "The file is over AUDIO_LIMIT."}
    errors |= {404: GONE} if verb == "POST" else {409: PLAYED}
    return replace(told, sends=falcon.MEDIA_MULTIPART, errors=errors, note=_NOTE)
