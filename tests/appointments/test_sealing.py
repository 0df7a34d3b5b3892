"""A sealed survey is a whole copy of what was written, and stays as it was whatever is written afterwards."""

from functools import partial
from typing import Any

import pytest
from peewee import DoesNotExist

from models.appointments.surveys import (
    AudioFile,
    BranchingTemplate,
    SealedBranching,
    SealedSection,
    SealedSurvey,
    SectionTemplate,
    SurveyTemplate,
)
from models.appointments.surveys.sealing import COPIED, Unsealable, is_sealed_in, seal
from models.appointments.surveys.sections import (
    CALL_TRANSFER,
    CAPTURE_DIGITS,
    CONFERENCE,
    DNC,
    HANGUP,
    MULTI_CHOICE,
    PLAY_MESSAGE,
    RATING,
    RECORD,
    SMS,
)  # fmt: skip
from models.appointments.surveys.writing import add_section, held
from models.database import transaction
from tests.appointments.surveys import nodes, written
from tests.conformance import holds
from tests.house import Staff
from tests.mentoring.racing import Track


def seen(sealed: SealedSurvey) -> list[Any]:
    """Everything of a sealed survey, branches by places."""
    rows = nodes(sealed)
    places: dict[int | None, int | None] = {row.id: place for place, row in enumerate(rows)} | {None: None}
    return [
        (
            {field.name: row.__data__[field.name] for field in COPIED},
            {branch.keys: places[branch.__data__["goto"]] for branch in row.branches},
        )
        for row in rows
    ]


@holds("section-template: its default branch")
@pytest.mark.parametrize(
    ("types", "keys"),
    [
        ((PLAY_MESSAGE, RECORD, CALL_TRANSFER, CONFERENCE, SMS), ["0"]),
        ((MULTI_CHOICE, RATING, CAPTURE_DIGITS), ["timeout"]),
        ((HANGUP, DNC), []),
    ],
)
def test_a_new_section_begins_with_the_branch_of_its_type(staff: Staff, types, keys):
    """§4.9"""
    template = written(staff.admin, *[{"type": one, "question": f"Number {one}"} for one in types])

    for place, section in enumerate(template.sections.order_by(SectionTemplate.order), start=1):
        assert (section.order, section.script) == (place, section.question)
        assert [(one.keys, one.goto) for one in section.branches] == [(key, None) for key in keys]


def test_a_section_of_a_survey_that_is_gone_is_refused(staff: Staff):
    with pytest.raises(DoesNotExist), transaction():
        add_section(999, question="?")


@holds("sealed-survey: sealing copies deeply, and later edits change nothing")
def test_sealing_copies_every_column_and_maps_every_branch(staff: Staff):
    audio = AudioFile.create(name="hello", user=staff.admin)
    full = {field.name: f"text of {field.name}" for field in COPIED if field.field_type == "TEXT"}
    full |= {field.name: n for n, field in enumerate(COPIED, 20) if field.field_type in ("INT", "BIGINT")}
    full |= {"audiofile": audio, "invalid_audiofile": audio, "validate_number": False, "completed": True}
    full |= {"type": CAPTURE_DIGITS, "branches": {"1": 1, "any": 0, "timeout": None}}
    template = written(staff.admin, full, {"type": HANGUP}, name="Yearly")
    template.description, template.tts_language = "once a year", "pt"
    template.save()

    sealed = seal(template.id)

    assert (sealed.name, sealed.user, sealed.tts_language) == ("Yearly", staff.admin, "pt")
    assert sealed.description == "once a year"
    (columns, branches), (_, none) = seen(sealed)
    assert branches == {"1": 1, "any": 0, "timeout": None}
    assert none == {}
    full |= {"order": 1, "script": full["question"], "audiofile": audio.id, "invalid_audiofile": audio.id}
    assert columns == {field.name: full[field.name] for field in COPIED}
    assert is_sealed_in(audio.id)
    assert not is_sealed_in(audio.id + 1)


def test_a_copy_may_have_another_name_and_every_sealing_is_a_copy_of_its_own(staff: Staff):
    template = written(staff.admin, {"branches": {"0": 0}}, name="Draft")

    first, second = seal(template.id), seal(template.id, name="Spring")

    assert [first.name, second.name] == ["Draft", "Spring"]
    assert seen(first) == seen(second)
    assert not {row.id for row in nodes(first)} & {row.id for row in nodes(second)}


def test_a_survey_without_sections_can_be_sealed(staff: Staff):
    assert nodes(seal(written(staff.admin).id)) == []


@holds("sealed-survey: sealing copies deeply, and later edits change nothing")
def test_no_later_edit_changes_what_was_sealed(staff: Staff):
    """[REF 169]"""
    template = written(staff.admin, {"branches": {"0": 1}}, {"type": HANGUP, "question": "Bye"})
    sealed = seal(template.id)
    before = seen(sealed)

    SectionTemplate.update(script="changed", type=DNC, retries=9).execute()
    BranchingTemplate.update(goto=None, keys="timeout").execute()
    SurveyTemplate.update(name="changed", tts_language="fr").execute()
    assert (seen(sealed), SealedSurvey.get_by_id(sealed.id).name) == (before, "Reminder")
    template.delete_instance()

    assert SectionTemplate.select().count() == 0
    assert (seen(sealed), SealedSurvey.get_by_id(sealed.id).tts_language) == (before, "en")


def test_a_branch_into_another_survey_is_refused_and_nothing_is_left_behind(staff: Staff):
    other = written(staff.admin, {}).sections.get()
    template = written(staff.admin, {})
    BranchingTemplate.update(goto=other).where(
        BranchingTemplate.section.in_(template.sections.select(SectionTemplate.id))
    ).execute()

    with pytest.raises(Unsealable, match="leads into another survey"):
        seal(template.id)

    assert [table.select().count() for table in (SealedSurvey, SealedSection, SealedBranching)] == [0, 0, 0]
    with pytest.raises(DoesNotExist):
        seal(999)


def _retell(template_id: int, text: str) -> None:
    with transaction():
        held(template_id)
        for section in SectionTemplate.select().where(SectionTemplate.survey == template_id):
            SectionTemplate.update(script=text).where(SectionTemplate.id == section.id).execute()
        BranchingTemplate.update(keys=text).where(
            BranchingTemplate.section.in_(
                SectionTemplate.select(SectionTemplate.id).where(SectionTemplate.survey == template_id)
            )
        ).execute()


def _grow(template_id: int) -> None:
    with transaction():
        add_section(template_id, question="grown")


@pytest.mark.servers
def test_edits_at_once_are_in_the_copy_whole_or_not_at_all(staff: Staff, track: Track):
    for number in range(40):
        template = written(staff.admin, *[{"question": "old", "script": "old"}] * 3)
        new = str(number)

        sealed, *_ = track.race(
            partial(seal, template.id),
            partial(_retell, template.id, new),
            partial(_grow, template.id),
            partial(_grow, template.id),
        )

        rows = [row for row in seen(sealed) if row[0]["script"] != "grown"]
        first = {columns["script"] for columns, _ in rows[:3]}
        keys = {key for _, branches in rows[:3] for key in branches}
        assert (first, keys) in (({"old"}, {"0"}), ({new}, {new}))
        assert [columns["order"] for columns, _ in seen(sealed)] == list(range(1, len(seen(sealed)) + 1))
        assert template.sections.count() == 5
