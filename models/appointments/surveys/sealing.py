"""Sealing: a deep copy of a survey that nobody changes any more; it is what is played and counted."""

from typing import Any

from peewee import DoesNotExist

from models.appointments.surveys.sealed import SealedBranching, SealedSection, SealedSurvey
from models.appointments.surveys.sections import Section
from models.appointments.surveys.templates import BranchingTemplate, SectionTemplate
from models.appointments.surveys.writing import held
from models.database import on_postgres, transaction

COPIED = [field for field in Section._meta.sorted_fields if field.name != "id"]


class Unsealable(Exception):
    """The survey cannot be sealed; the message says what to mend."""


def seal(template_id: int, *, name: str | None = None) -> SealedSurvey:
    """Copy a survey as it is at this moment, in one transaction.

    It and its nodes are held meanwhile: an edit that goes on at the same time is in the copy whole, or not at all.

    Parameters:
      name: of the copy; by default the survey's own.

    Raises:
      DoesNotExist: somebody deleted it.
      Unsealable: a branch leads into another survey.
    """
    with transaction("seal"):
        template = held(template_id)
        if template is None:
            raise DoesNotExist(f"survey template {template_id}")
        sealed: SealedSurvey = SealedSurvey.create(
            name=template.name if name is None else name,
            user=template.user_id,
            tts_language=template.tts_language,
            description=template.description,
        )
        copies = {section.id: _copy(section, sealed) for section in _sections(template_id)}
        _branch(copies)
        return sealed


def is_sealed_in(audio_id: int) -> bool:
    """Whether a sealed survey plays this file, so that another one in its place would change what was sealed."""
    played = (SealedSection.audiofile == audio_id) | (SealedSection.invalid_audiofile == audio_id)
    return bool(SealedSection.select().where(played).exists())


def _sections(template_id: int) -> list[SectionTemplate]:
    sections = SectionTemplate.select().where(SectionTemplate.survey == template_id)
    ordered = sections.order_by(SectionTemplate.order, SectionTemplate.id)
    return list(ordered.for_update() if on_postgres() else ordered)


def _copy(section: SectionTemplate, sealed: SealedSurvey) -> int:
    """The id of a node's copy."""
    columns: dict[str, Any] = {field.name: section.__data__[field.name] for field in COPIED}
    return int(SealedSection.insert(survey=sealed.id, **columns).execute())


def _branch(copies: dict[int, int]) -> None:
    """Copy the branches of these nodes, leading among the copies as they led among the nodes."""
    rows = []
    branches = BranchingTemplate.select().where(BranchingTemplate.section.in_(list(copies)))
    for branch in branches.order_by(BranchingTemplate.id):
        section_id, goto_id = branch.__data__["section"], branch.__data__["goto"]
        if goto_id is not None and goto_id not in copies:
            raise Unsealable(f"The branch '{branch.keys}' of section {section_id} leads into another survey.")
        goto = None if goto_id is None else copies[goto_id]
        rows.append({"keys": branch.keys, "section": copies[section_id], "goto": goto})
    if rows:
        SealedBranching.insert_many(rows).execute()
