"""Sealing a survey, and what was answered in the calls that played it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import falcon
from falcon import HTTP_201, Request, Response
from marshmallow import ValidationError
from peewee import DoesNotExist, fn

from api.appointments import sent
from api.appointments.fields import Text
from api.appointments.keyed import made_once
from api.appointments.links import BASE, Links
from api.appointments.resources import CROSS, Body
from api.appointments.responders import READ, Responder
from api.appointments.surveys import SEALED, SURVEYS
from api.auth import REST
from api.bodies import raw
from api.errors import FieldErrors, refuse
from api.paging import id_in_path
from models.appointments.surveys import SealedSection, SealedSurvey, SurveyAggregate
from models.appointments.surveys.sealing import Unsealable, seal
from models.database import transaction

AGGREGATE = "surveyaggregate"
PATH = f"{BASE}{AGGREGATE}"
NO_ID, NO_SURVEY = {"error": "Please enter Survey ID."}, {"error": "Survey ID is not valid!"}


class SealBody(Body):
    """How a survey is to be sealed; an empty body will do."""

    name = Text(90, "What the copy is called; as the survey, if nothing is said.", blank=False)


class Sealing(Responder):
    """The seal on a survey."""

    allow = ("POST", "OPTIONS")

    def permission_for(self, verb: str) -> str:
        """Of sealed surveys: to make one."""
        return SEALED.kind.word(verb)

    def on_post(self, req: Request, resp: Response, row_id: str) -> None:
        """Seal a survey: copy it, with its sections and branches, as it is at this moment [O-17]."""
        values = sent.values(req) if raw(req) else {}
        caller, links = req.context.rest, Links.of(req)
        what = f"seal.{id_in_path(row_id)}"
        row = made_once(req, resp, what, values, SEALED, partial(sealed, caller, row_id, values))
        resp.status, resp.media = HTTP_201, SEALED.shown(row, links)
        resp.location = links.one(SEALED.kind.name, row.id)


def sealed(
    caller: Any, row_id: str, values: dict[str, Any], along: Callable[[Any], None] | None = None
) -> SealedSurvey:
    """Seal a survey of the caller's; `along` is told the copy in the transaction that makes it.

    Raises:
      falcon.HTTPNotFound: there is none such.
      FieldErrors: its new name is wrong, or a branch of it.
    """
    template = SURVEYS.found(caller, id_in_path(row_id), to_write=True)
    try:
        name = SealBody().load(values).get("name")
        with transaction("seal"):
            survey = seal(template.id, name=name)
            if along is not None:
                along(survey)
        return survey
    except ValidationError as error:
        raise FieldErrors(error.messages_dict) from None
    except DoesNotExist:
        raise falcon.HTTPNotFound(description="There is no such survey template.") from None
    except Unsealable as error:
        raise refuse(CROSS, str(error)) from None


class _Counted:
    """What the two ways of asking for answers have in common."""

    for_ = REST
    allow = READ

    def permission_for(self, _verb: str) -> str:
        """None: everybody may count the answers to his own surveys."""
        return ""


class NoAggregate(_Counted):
    """Which survey?"""

    def on_get(self, req: Request, resp: Response) -> None:
        """Ask for the id of a sealed survey."""
        resp.media = NO_ID


class Aggregate(_Counted):
    """What was answered, and how often."""

    def on_get(self, req: Request, resp: Response, row_id: str) -> None:
        """Count the answers to a sealed survey, section by section. What is no such survey is told as `error`."""
        try:
            survey = SEALED.found(req.context.rest, id_in_path(row_id))
        except falcon.HTTPNotFound:
            resp.media = NO_SURVEY
            return
        resp.media = [
            {"section__question": question, "response": response, "count": count}
            for _, question, response, count in answers(survey.id)
        ]


def answers(survey_id: int) -> Sequence[tuple[int, str, str, int]]:
    """How often each answer was given to a sealed survey: section's id, its question, the answer, and the count."""
    rows: Any = (
        SurveyAggregate.select(
            SealedSection.id, SealedSection.question, SurveyAggregate.response, SurveyAggregate.count
        )
        .join(SealedSection, on=SurveyAggregate.section == SealedSection.id)
        .where(SurveyAggregate.survey == survey_id)
        .order_by(SealedSection.order, SealedSection.id, fn.LENGTH(SurveyAggregate.response))
        .order_by_extend(SurveyAggregate.response)
    )
    return tuple(rows.tuples())
