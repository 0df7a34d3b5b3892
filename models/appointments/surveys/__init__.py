"""Surveys: what a phone call says and asks. Templates are edited; sealed copies are what is played and counted."""

from models.appointments.surveys.audio import AudioFile
from models.appointments.surveys.results import SurveyAggregate, SurveyResult
from models.appointments.surveys.sealed import SealedBranching, SealedSection, SealedSurvey
from models.appointments.surveys.templates import BranchingTemplate, SectionTemplate, SurveyTemplate

__all__ = [
    "AudioFile", "BranchingTemplate", "SealedBranching", "SealedSection", "SealedSurvey", "SectionTemplate",
    "SurveyAggregate", "SurveyResult", "SurveyTemplate",
]  # fmt: skip
