"""Writing surveys: one hand at a time, and every new node with the branch that its type begins with."""

from collections.abc import Collection
from typing import Any

from peewee import Case, DoesNotExist, fn

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


def hold_those_of(section_ids: Collection[int]) -> None:
    """Hold the surveys of these nodes likewise; always in one order, so that two hands never wait for each other."""
    theirs = SectionTemplate.select(SectionTemplate.survey).where(SectionTemplate.id.in_(list(section_ids)))
    query = SurveyTemplate.select(SurveyTemplate.id).where(SurveyTemplate.id.in_(theirs))
    list((query.for_update() if on_postgres() else query).order_by(SurveyTemplate.id))


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


def arrange(template_id: int, section_id: int = 0, place: int = 0) -> int:
    """Number the nodes of a survey from 1 on; `section_id` goes to `place`, or as near as there is one.

    Inside a transaction that holds the survey.

    Returns:
      Where that node stands now.
    """
    mine = SectionTemplate.survey == template_id
    rows = SectionTemplate.select(SectionTemplate.id).where(mine)
    order = [row.id for row in rows.order_by(SectionTemplate.order, SectionTemplate.id)]
    if section_id in order:
        order.remove(section_id)
        order.insert(min(max(place, 1), len(order) + 1) - 1, section_id)
    places = {row_id: number for number, row_id in enumerate(order, start=1)}
    if places:
        SectionTemplate.update(order=Case(SectionTemplate.id, list(places.items()))).where(mine).execute()
    return places.get(section_id, 0)
