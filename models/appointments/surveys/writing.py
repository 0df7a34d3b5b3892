"""Writing surveys: one hand at a time, and every new node with the branch that its type begins with."""

from typing import Any

from peewee import DoesNotExist, fn

from models import clock
from models.appointments.surveys.sections import (
    CALL_TRANSFER,
    CAPTURE_DIGITS,
    CONFERENCE,
    MULTI_CHOICE,
    PLAY_MESSAGE,
    RATING,
    RECORD,
    SMS,
)
from models.appointments.surveys.templates import BranchingTemplate, SectionTemplate, SurveyTemplate
from models.database import on_postgres

ON, TIMEOUT, INVALID, ANY = "0", "timeout", "invalid", "any"  # keys of branches that are no digits pressed
BEGINS_WITH = {
    **dict.fromkeys((PLAY_MESSAGE, RECORD, CALL_TRANSFER, CONFERENCE, SMS), ON),
    **dict.fromkeys((MULTI_CHOICE, RATING, CAPTURE_DIGITS), TIMEOUT),
}


def held(template_id: int) -> SurveyTemplate | None:
    """The survey, held until the transaction ends: whoever edits any part of it or seals it holds it first."""
    query = SurveyTemplate.select().where(SurveyTemplate.id == template_id)
    return (query.for_update() if on_postgres() else query).first()  # type: ignore[no-any-return]  # Peewee is untyped


def add_section(template_id: int, **columns: Any) -> SectionTemplate:
    """Add a node at the end of a survey, its script the question as asked, with its first branch.

    Inside a transaction.

    Raises:
      DoesNotExist: somebody deleted the survey.
    """
    if held(template_id) is None:
        raise DoesNotExist(f"survey template {template_id}")
    last = SectionTemplate.select(fn.MAX(SectionTemplate.order)).where(SectionTemplate.survey == template_id)
    facts = columns | {
        "survey": template_id,
        "order": (last.scalar() or 0) + 1,
        "script": columns["question"],
    }
    now = clock.now()
    section: SectionTemplate = SectionTemplate.create(**facts, created_date=now, updated_date=now)
    if keys := BEGINS_WITH.get(section.type):
        BranchingTemplate.create(section=section, keys=keys, goto=None)
    return section
