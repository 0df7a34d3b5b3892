"""Nodes: the sections of a survey as people read them, with where each leads, written or sealed alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.appointments.surveys import TYPES
from models.appointments.ivr.entries import ASKING
from models.appointments.surveys import (
    AudioFile,
    BranchingTemplate,
    SealedBranching,
    SealedSection,
    SectionTemplate,
)
from models.appointments.surveys.sections import (
    CALL_TRANSFER,
    CAPTURE_DIGITS,
    CONFERENCE,
    MULTI_CHOICE,
    RATING,
    RECORD,
    SMS,
)
from models.appointments.surveys.writing import ANY, INVALID, ON, TIMEOUT

ORDER = (ON, TIMEOUT, INVALID, ANY)
_DIGITS = range(10)


@dataclass(frozen=True)
class Lead:
    """A branch: on what, in words, and to which node; `number` is None where the call ends."""

    id: int
    keys: str
    on: str
    number: int | None
    question: str


@dataclass(frozen=True)
class Node:
    """A section: its place, what it does, sentences about it, and its branches.

    `reached`: something leads here, or the survey begins here.
    """

    id: int
    number: int
    question: str
    does: str
    said: tuple[str, ...]
    leads: tuple[Lead, ...]
    reached: bool


def of_template(survey_id: int) -> list[Node]:
    """The nodes of a survey that is written, in three statements."""
    sections = SectionTemplate.select().where(SectionTemplate.survey == survey_id)
    return _nodes(sections, SectionTemplate, BranchingTemplate)


def of_sealed(survey_id: int) -> list[Node]:
    """Those of a sealed one."""
    sections = SealedSection.select().where(SealedSection.survey == survey_id)
    return _nodes(sections, SealedSection, SealedBranching)


def _nodes(query: Any, table: Any, branching: Any) -> list[Node]:
    sections = list(query.order_by(table.order, table.id))
    numbers = {section.id: number for number, section in enumerate(sections, start=1)}
    branches = list(branching.select().where(branching.section.in_(list(numbers)))) if sections else []
    audio = _names(sections)
    reached = {branch.goto_id for branch in branches}
    by_id = {section.id: section for section in sections}
    return [
        Node(
            section.id, number, section.question, TYPES.get(section.type, "play a message").capitalize(),
            tuple(said(section, audio)),
            tuple(
                _lead(branch, section, by_id, numbers)
                for branch in sorted(branches, key=_first)
                if branch.section_id == section.id
            ),
            number == 1 or section.id in reached,
        )
        for section, number in ((section, numbers[section.id]) for section in sections)
    ]  # fmt: skip


def _names(sections: Sequence[Any]) -> Mapping[int, str]:
    """What the audio files of these sections are called."""
    used = {section.__data__[name] for section in sections for name in ("audiofile", "invalid_audiofile")}
    found = AudioFile.select(AudioFile.id, AudioFile.name).where(AudioFile.id.in_(list(used - {None})))
    return {row.id: row.name for row in found}


def _first(branch: Any) -> tuple[bool, int, str]:
    """Digits in order, then the others."""
    named = branch.keys in ORDER[1:]
    return (named, ORDER.index(branch.keys) if named else len(branch.keys), branch.keys)


def _lead(branch: Any, section: Any, by_id: Mapping[int, Any], numbers: Mapping[int, int]) -> Lead:
    goto = branch.goto_id
    question = by_id[goto].question if goto in by_id else ""
    return Lead(branch.id, branch.keys, on(section, branch.keys), numbers.get(goto), question)


def on(section: Any, keys: str) -> str:
    """When a branch is taken, in words."""
    if section.type not in ASKING:
        return "Then" if keys in (ON, TIMEOUT) else f"Never ({keys})"
    words = {
        TIMEOUT: "When nothing is pressed", INVALID: "After a wrong entry", ANY: "On any other entry"
    }  # fmt: skip
    if keys in words:
        return words[keys]
    meaning = getattr(section, f"key_{keys}", "") if section.type == MULTI_CHOICE and len(keys) == 1 else ""
    return f"On {keys}, {meaning}" if meaning else f"On {keys}"


def offered(section: Any) -> list[tuple[str, str]]:
    """The keys that a branch of this node can have, with what they mean; none where any digits may be."""
    if section.type not in ASKING:
        digits = [ON]
    elif section.type == MULTI_CHOICE:
        digits = [str(digit) for digit in _DIGITS if getattr(section, f"key_{digit}").strip()]
    elif section.type == RATING and section.rating_laps <= max(_DIGITS):
        digits = [str(rating) for rating in range(1, section.rating_laps + 1)]
    else:
        return []
    more = (TIMEOUT, INVALID, ANY) if section.type in ASKING else ()
    return [(keys, on(section, keys)) for keys in (*digits, *more)]


def said(section: Any, audio: Mapping[int, str]) -> list[str]:
    """What there is to know of a section, in sentences."""
    told = []
    if name := audio.get(section.__data__["audiofile"]):
        told.append(f"Plays the file “{name}”.")
    elif section.script and section.script != section.question:
        told.append(f"Says: “{section.script}”")
    told += _does(section)
    if name := audio.get(section.__data__["invalid_audiofile"]):
        told.append(f"Plays “{name}” after a wrong entry.")
    if section.type in ASKING:
        again = {0: "does not ask again", 1: "asks once more"}.get(
            section.retries, f"asks {section.retries} times more"
        )
        told.append(f"Waits {max(1, section.timeout)} s for an entry, and {again}.")
    if section.completed:
        told.append("A call that comes here is complete.")
    return told


def _does(section: Any) -> list[str]:
    if section.type == MULTI_CHOICE:
        keys = [(digit, getattr(section, f"key_{digit}").strip()) for digit in _DIGITS]
        choice = " · ".join(f"{digit} {text}" for digit, text in keys if text)
        return [f"Takes {choice}." if choice else "Takes nothing yet: no key means anything."]
    if section.type == RATING:
        return [f"Takes 1 to {max(1, section.rating_laps)}."]
    if section.type == CAPTURE_DIGITS:
        limits = f", from {section.min_number} to {section.max_number}" if section.validate_number else ""
        return [f"Takes up to {section.number_digits} digits{limits}."]
    if section.type == RECORD:
        return [f"Records until {max(1, section.timeout)} s of silence, or #."]
    if section.type == CALL_TRANSFER:
        asked = f", who must press {section.confirm_key}" if section.confirm_key else ""
        return [f"Connects with {section.phonenumber or 'whom the event names'}{asked}."]
    if section.type == CONFERENCE:
        return [f"Joins the conference {section.conference or 'of this section'}."]
    if section.type == SMS:
        return [f"Texts: “{section.sms_text}”" if section.sms_text else "Texts nothing yet."]
    return []
