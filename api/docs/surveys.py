"""What surveys have beside the routes of every resource: seals, answers, and the sound of audio files."""

from collections.abc import Mapping

from marshmallow import Schema, fields

from api.appointments.links import BASE
from api.appointments.sealing import NO_ID, PATH, SealBody
from api.appointments.surveys import SURVEYS
from api.docs.members import meaning
from api.docs.shapes import Shape
from api.docs.survey_examples import ANSWERS, SEALED
from api.docs.told import Told

NO_SEALING = "A branch of it leads into another survey, or its new name is wrong."


class Answer(Shape):
    """An answer, and how often it was given."""

    section__question = fields.String(metadata=meaning("What was asked."))
    response = fields.String(metadata=meaning("What was answered; of recordings how long they are."))
    count = fields.Integer(metadata=meaning("How often.", minimum=0))


class Problem(Shape):
    """What is wrong, told as if it were right: other programs look for it there."""

    error = fields.String(metadata=meaning("What is wrong."))


def more(sealed: type[Schema]) -> Mapping[str, Mapping[str, Mapping[str, Told]]]:
    """These routes, by the resource that they stand with.

    Parameters:
      sealed: the shape of a sealed survey.
    """
    seal = Told(takes=SealBody, sent={"name": "Spring"}, gives=sealed, shown=SEALED, status=201)
    return {
        SURVEYS.kind.name: {f"{BASE}{SURVEYS.kind.name}/{{row_id}}/seal/": {"POST": seal}},
        "sealed-survey": {
            f"{PATH}/": {"GET": Told(gives=Problem, shown=NO_ID)},
            f"{PATH}/{{row_id}}/": {"GET": Told(gives=(Answer(many=True), Problem), shown=ANSWERS)},
        },
    }
