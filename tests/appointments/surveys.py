"""Surveys that tests write, seal and play."""

from typing import Any

from models.appointments.surveys import BranchingTemplate, SealedSection, SealedSurvey, SurveyTemplate
from models.appointments.surveys.sealing import seal
from models.appointments.surveys.sections import HANGUP, PLAY_MESSAGE, RATING
from models.appointments.surveys.writing import add_section
from models.database import transaction
from models.people import User


def written(user: User, *sections: dict[str, Any], name: str = "Reminder") -> SurveyTemplate:
    """A survey of these nodes. `branches` of a node maps keys to the place of another node, or None to hang up."""
    with transaction():
        template: SurveyTemplate = SurveyTemplate.create(name=name, user=user)
        rows = []
        for section in sections:
            columns = {key: value for key, value in section.items() if key != "branches"}
            rows.append(add_section(template.id, **{"question": "?"} | columns))
        for row, section in zip(rows, sections, strict=True):
            for keys, place in section.get("branches", {}).items():
                goto = None if place is None else rows[place]
                BranchingTemplate.insert(section=row, keys=keys, goto=goto).on_conflict(
                    conflict_target=[BranchingTemplate.section, BranchingTemplate.keys],
                    update={BranchingTemplate.goto: goto},
                ).execute()
    return template


def nodes(sealed: SealedSurvey) -> list[SealedSection]:
    """Its nodes, in order."""
    mine = SealedSection.select().where(SealedSection.survey == sealed.id)
    return list(mine.order_by(SealedSection.order))


def reminder(user: User) -> SealedSurvey:
    """The appointment reminder of the books: 1 confirms, 2 cancels, 3 asks for another day."""
    question = (
        "Hello, you have an appointment with {doc_name}. Press 1 to confirm, 2 to cancel, 3 to reschedule."
    )
    asked = {"type": RATING, "question": question, "rating_laps": 3, "retries": 1, "completed": True}
    asked["branches"] = {"1": 1, "2": 2, "3": 3, "timeout": 4, "invalid": 4}
    said = ("Confirmed.", "Cancelled.", "We will call you.")
    answers = [{"type": PLAY_MESSAGE, "question": text, "branches": {"0": 4}} for text in said]
    template = written(user, asked, *answers, {"type": HANGUP, "question": "Good bye."})
    return seal(template.id)
